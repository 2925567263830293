"""Widths of memory words and of what lies in them."""

WORD_BITS = 512
"""Width of a memory word: the widest that one port of the memories in question takes in a cycle."""
LONGEST_PROMPT, ID_BITS = 1 << 16, 32
"""Token ids that the images of prompt and tokens hold, and bits of one."""
TABLE_BASE_BITS, TABLE_SLOPE_BITS, LISTED_BITS = 32, 32, 32
"""Widths of a piecewise linear table's entries and of listed values."""
