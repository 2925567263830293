"""Whole launches of a design's RTL in Verilator, with memories of the documented model."""
