"""How wide values are, by what they are for."""

RESIDUAL_BITS = 24
NARROW_BITS = 16
"""What is computed once for each channel and then multiplied: norm results, gates, x, B, C."""
WIDE_BITS = 24
"""dt, dt · x, y and products of 16-bit values."""
PRODUCT_BITS = 32
"""Results of out_proj before the deferred norm, and logits."""
VECTOR_BITS = 16
"""Weights that are vectors."""
