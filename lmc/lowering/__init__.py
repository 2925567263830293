"""From `ssm` ops to tasks and streams: one pattern an op, one engine for all linear layers.

A plugin adds the pattern of its own op with `lmc.lowering.lowers`.
"""

from lmc.lowering.function import lower_function
from lmc.lowering.patterns import lowers

__all__ = ["lower_function", "lowers"]
