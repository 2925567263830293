"""Building level-4 loop nests, and what can be worked out from them before any C++ is printed."""
