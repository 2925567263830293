"""Passes, one module a pass; the file is named after the pass."""
