"""C simulation: the emitted C++ compiled by g++ and run on fibers with bounded streams."""
