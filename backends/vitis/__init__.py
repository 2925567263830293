"""Prints what AMD's tools and make build a design folder with."""
