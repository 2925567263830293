"""Logic synthesis of a design's RTL by yosys, module by module."""
