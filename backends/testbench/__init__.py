"""Prints testbenches of single kernels, and what records their vectors."""
