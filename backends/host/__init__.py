"""The host program, in XRT's native C++ API; the C simulation compiles the same text."""
