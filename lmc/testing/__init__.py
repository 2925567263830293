"""Helps the tests of passes, in lmc and in packages of plugins."""
