"""lmc: a compiler from PyTorch Mamba language models to FPGA accelerators."""
