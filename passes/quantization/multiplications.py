"""How many multiplications a token needs only because scales are not powers of two."""

import math

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation

from lmc.dialects.ssm import (
    BiasOp,
    CausalConv1dStepOp,
    DecayOp,
    FixedType,
    LayersOp,
    MulOp,
    QuantizeOp,
    RequantizeOp,
    RMSNormOp,
    ScaleChannelsOp,
    ScaleOp,
    WeightOp,
    format_of,
    shape_of,
)
from lmc.numerics.rounding import rescale_plan
from lmc.passes.editing import symbol, weights_of


def count_rescaling_multiplications(module: ModuleOp) -> int:
    """Multiplications for changes of scale that are no shifts, in one decode step."""
    weights = weights_of(module)
    total = 0
    for op in module.walk():
        layers = op.parent_op()
        count = layers.count.value.data if isinstance(layers, LayersOp) else 1
        if _multiplies(op, weights):
            total += count * math.prod(shape_of(op.results[0].type))
    return total


def _multiplies(op: Operation, weights: dict[str, WeightOp]) -> bool:
    """Whether each element of the op's first result takes such a multiplication."""
    if isinstance(op, QuantizeOp):
        return _mul(format_of(op.input.type)) != 1 or op.table is not None
    scales = _scales(op, weights)
    return scales is not None and rescale_plan(0, scales[0], 0, 0, scales[1]).multiplier != 1


def _scales(op: Operation, weights: dict[str, WeightOp]) -> tuple[int, int] | None:
    """The mantissas of the scales before and after an op's `rescale`; None if it has none.

    Linear layers, embeddings and the state update have power-of-two scales only.
    """
    if isinstance(op, BiasOp | CausalConv1dStepOp | RequantizeOp | RMSNormOp | ScaleOp):
        return _mul(format_of(op.operands[0].type)), _mul(format_of(op.results[0].type))
    if isinstance(op, MulOp):
        lhs, rhs = _mul(format_of(op.lhs.type)), _mul(format_of(op.rhs.type))
        return lhs * rhs, _mul(format_of(op.result.type))
    if isinstance(op, ScaleChannelsOp):
        scale = _mul(format_of(weights[symbol(op.weight)].type))
        return _mul(format_of(op.input.type)) * scale, _mul(format_of(op.result.type))
    if isinstance(op, DecayOp):
        scale = _mul(format_of(weights[symbol(op.weight)].type))
        return _mul(format_of(op.dt.type)) * scale, _mul(op.argument)
    return None


def _mul(fmt: Attribute | None) -> int:
    return fmt.mul.data if isinstance(fmt, FixedType) else 1
