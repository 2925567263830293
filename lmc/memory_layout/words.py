"""Widths of memory words and of images."""

WORD_BITS = 512
"""Width of a memory word: the widest that one port of the memories in question takes in a cycle."""
LONGEST_PROMPT = 1 << 16
"""Token ids that the images of prompt and tokens hold."""
