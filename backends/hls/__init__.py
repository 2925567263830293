"""HLS C++ from the dataflow dialect: kernels, the shared header, the link configuration."""
