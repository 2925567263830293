"""Designs as Python objects: what the commands do, with results to work with and to look at."""
