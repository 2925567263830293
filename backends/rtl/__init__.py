"""SystemVerilog from the dataflow level: task -> netlist -> text."""
