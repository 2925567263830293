"""A netlist as SystemVerilog: one module for a task."""
