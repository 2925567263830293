"""Which level of lmc's IR a module is at."""

from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Attribute, Operation

from lmc.dialects.ssm import BlockType, FixedType, PseudoFloatType, WeightOp, WeightType

TRACED, MODEL, QUANTIZED, SCHEDULED, DATAFLOW = 0, 1, 2, 3, 4
COMPUTATION_ORDER = "lmc.computation_order"
"""Module attribute that `reorder-computation` leaves."""
INTERMEDIATES = "lmc.intermediates"
"""Module attribute that `tile-and-fuse` leaves."""
SCHEDULES = (COMPUTATION_ORDER, INTERMEDIATES)
_FORMATS = (BlockType, FixedType, PseudoFloatType, WeightType)


def level_of(module: ModuleOp) -> int | None:
    """The level: 0 traced, 1 model, 2 quantized, 3 scheduled, 4 dataflow; None if it is none."""
    dialects: set[str] = set()
    quantized = False
    for op in module.walk():
        dialects.add(op.name.partition(".")[0])
        quantized = quantized or _is_quantized(op)
    if "dataflow" in dialects:
        return DATAFLOW
    if "torch" in dialects:
        return TRACED
    if "ssm" in dialects:
        scheduled = any(name in module.attributes for name in SCHEDULES)
        return MODEL if not quantized else SCHEDULED if scheduled else QUANTIZED
    return None


def _is_quantized(op: Operation) -> bool:
    types: list[Attribute] = [op.type] if isinstance(op, WeightOp) else list(op.result_types)
    return any(isinstance(t, TensorType) and isinstance(t.element_type, _FORMATS) for t in types)
