"""What a module asks of a design, before it is lowered."""

from collections.abc import Sequence

from xdsl.dialects import func
from xdsl.dialects.builtin import TensorType
from xdsl.ir import Operation

from lmc.allocation.demand import Demand, MatrixDemand, StateDemand
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.lowering.engine import engine_shape, matrix_tiling
from lmc.lowering.step import DecodeStep, decode_step
from lmc.lowering.tiling import planes_of
from lmc.weights.store import layer_widths


def model_demand(function: func.FuncOp, module_ops: Sequence[Operation], port_bits: int) -> Demand:
    """The demand of a decode step on ports of `port_bits` bits.

    Raises:
        LmcError: the model is not quantized, not rolled, or has formats that can't be lowered.
    """
    step = decode_step(function, module_ops)
    shape = engine_shape(step.linears, step.weights, port_bits)
    matrices = [
        MatrixDemand(
            name := op.weight.root_reference.data,
            matrix_tiling(op, step.weights, shape.inputs),
            tuple(map(planes_of, layer_widths(step.weights[name]))),
        )
        for op in step.linears
    ]
    side, stored = _side_bytes(step)
    layers = step.layers
    return Demand(
        matrices, shape, step.layer_count, _state(layers), _conv_bits(layers), side, stored
    )


def _state(layers: ssm.LayersOp) -> StateDemand:
    for argument in layers.block.args:
        found = ssm.format_of(argument.type)
        if isinstance(found, ssm.BlockType):
            dims, group = ssm.shape_of(argument.type), found.group.data
            rows = dims[0] * (dims[1] if len(dims) == 3 else 1)
            bits = group * found.bits.data
            return StateDemand(rows, dims[-1] // group, bits, ssm.EXPONENT_BITS)
    raise LmcError("the layers have no SSM state in block floating point: run quantize first")


def _conv_bits(layers: ssm.LayersOp) -> int:
    total = 0
    for argument in layers.block.args[1:]:
        found = ssm.format_of(argument.type)
        if isinstance(found, ssm.FixedType):
            total += _count(argument.type) * found.bits.data
    return total


def _count(type_: object) -> int:
    assert isinstance(type_, TensorType)
    count = 1
    for size in type_.get_shape():
        count *= size
    return count


def _side_bytes(step: DecodeStep) -> tuple[int, int]:
    """(bytes a token, bytes in memory) of weight vectors and of the embedding."""
    token = stored = 0
    for weight in step.weights.values():
        found = ssm.format_of(weight.type)
        if isinstance(found, ssm.FixedType):
            size = _count(weight.type) * found.bits.data // 8
            size *= step.layer_count if weight.layers is not None else 1
            token, stored = token + size, stored + size
    for op in step.ops:
        if isinstance(op, ssm.EmbeddingOp):
            weight = step.weights[op.weight.root_reference.data]
            found = ssm.format_of(weight.type)
            if isinstance(found, ssm.WeightType):
                rows, columns = weight.type.get_shape()
                token += columns * found.bits.data // 8
                stored += rows * columns * found.bits.data // 8
    return token, stored
