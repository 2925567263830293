"""Which level of lmc's IR a module is at."""

from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Attribute, Operation

from lmc.dialects.ssm import (
    BlockType,
    FixedType,
    FusedOp,
    PseudoFloatType,
    WeightOp,
    WeightType,
)
from lmc.ir.attributes import COMPUTATION_ORDER

TRACED, MODEL, QUANTIZED, SCHEDULED, DATAFLOW = 0, 1, 2, 3, 4
_FORMATS = (BlockType, FixedType, PseudoFloatType, WeightType)


def level_of(module: ModuleOp) -> int | None:
    """The level: 0 traced, 1 model, 2 quantized, 3 scheduled, 4 dataflow; None if it is none."""
    dialects: set[str] = set()
    quantized, scheduled = False, COMPUTATION_ORDER in module.attributes
    for op in module.walk():
        dialect = op.name.partition(".")[0]
        if dialect == "dataflow":
            return DATAFLOW
        dialects.add(dialect)
        quantized = quantized or is_quantized(op)
        scheduled = scheduled or isinstance(op, FusedOp)
    if "torch" in dialects:
        return TRACED
    if "ssm" in dialects:
        return MODEL if not quantized else SCHEDULED if scheduled else QUANTIZED
    return None


def is_quantized(op: Operation) -> bool:
    """Whether an op is below the quantization line: a result, or the weight, has integers."""
    types: list[Attribute] = [op.type] if isinstance(op, WeightOp) else list(op.result_types)
    return any(isinstance(t, TensorType) and isinstance(t.element_type, _FORMATS) for t in types)
