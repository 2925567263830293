"""From `ssm` ops to tasks and streams, in steps: one pattern an op, then the shared matrix unit,
then memory images.

A plugin adds the pattern of its own op with `lmc.lowering.lowers`.
"""

from lmc.lowering.function import lower_function
from lmc.lowering.images import stream_images
from lmc.lowering.matrix_unit import share_matrix_unit
from lmc.lowering.patterns import lowers
from lmc.lowering.states import stream_states

__all__ = ["lower_function", "lowers", "share_matrix_unit", "stream_images", "stream_states"]
