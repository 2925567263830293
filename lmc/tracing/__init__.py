"""Where a design's float model, integers and C++ part: every value of a few tokens, compared."""
