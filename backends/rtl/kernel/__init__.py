"""Kernels as SystemVerilog: their tasks joined by FIFOs, and the interfaces that a platform has."""
