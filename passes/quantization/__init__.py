"""Helpers of `quantize` and `rewrite-power-of-two`: formats from ranges, tables, widths."""
