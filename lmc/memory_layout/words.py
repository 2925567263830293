"""Memory words, files of them, and how many token ids a design takes."""

WORD_BITS = 512
"""Width of a memory word: the widest that one port of the memories in question takes in a cycle."""
LONGEST_PROMPT = 1 << 16
"""Token ids that the images of prompt and tokens hold."""
IMAGE_SUFFIX = ".bin"
"""What the file of a bank's words is called, after the bank's name."""
