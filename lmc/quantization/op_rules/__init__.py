"""The quantization rules of lmc's own ops, by the modules of the dialect; importing registers them.

They know no more than a rule of a plugin does.
"""

from lmc.quantization.op_rules import pointwise, recurrence, vectors

__all__ = ["pointwise", "recurrence", "vectors"]
