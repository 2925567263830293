"""Number formats, widths and ranges of the ops with a state, and of the decay."""

import numpy as np

from lmc.dialects.ssm import (
    BlockType,
    CausalConv1dStepOp,
    DecayOp,
    FixedType,
    SelectiveStateUpdateOp,
    format_of,
    shape_of,
)
from lmc.interpreter.common import state_layout
from lmc.interpreter.float_recurrence import walk_states
from lmc.ir.editing import symbol
from lmc.numerics import ranges
from lmc.quantization.basis import Basis, rounded
from lmc.quantization.exact import check_product, check_rescaled, fixed
from lmc.quantization.formats import (
    block_format,
    power_of_two_format,
    static_format,
    with_scale,
)
from lmc.quantization.op_formats import OpFormats, WeightFormat
from lmc.quantization.rules import (
    FloatValues,
    FoundRanges,
    Weights,
    calibrates,
    checks_widths,
    quantizes,
)
from lmc.quantization.tables import function_table
from lmc.quantization.value_bits import NARROW_BITS, WIDE_BITS

DECAY_FORMAT = FixedType.of(18, 16)
DECAY_ARGUMENT = FixedType.of(22, 17)
"""dt · A from -16, where exp is below the resolution of the decay, to 0."""


@quantizes(CausalConv1dStepOp)
def conv(op: CausalConv1dStepOp, basis: Basis) -> OpFormats:
    """The state holds operands as they are; the bias has the scale of the products."""
    operand, weight = basis.fixed(op.input), basis.vector(op.weight, power_of_two_format)
    weights: dict[str, WeightFormat] = {symbol(op.weight): rounded(weight)}
    if op.bias is not None:
        frac, mul = operand.frac.data + weight.frac.data, operand.mul.data
        weights[symbol(op.bias)] = rounded(with_scale(frac, mul, basis.weight_peak(op.bias)))
    result = basis.activation(op.result, NARROW_BITS)
    return OpFormats({op.state: operand, op.new_state: operand, op.result: result}, weights)


@checks_widths(CausalConv1dStepOp)
def conv_widths(op: CausalConv1dStepOp, weights: Weights) -> None:
    """The accumulator, rescaled."""
    weight = weights[symbol(op.weight)]
    kernel, operand = fixed(format_of(weight.type)), fixed(op.input)
    taps = shape_of(weight.type)[1]
    magnitude = taps * ranges.largest(kernel.bits.data) * ranges.largest(operand.bits.data)
    if op.bias is not None:
        bias = fixed(format_of(weights[symbol(op.bias)].type))
        magnitude += ranges.largest(bias.bits.data)
    ranges.signed_width(magnitude, "the accumulator of a convolution")
    frac = operand.frac.data + kernel.frac.data
    check_rescaled(magnitude, frac, operand.mul.data, fixed(op.result))


@quantizes(DecayOp)
def decay(op: DecayOp, basis: Basis) -> OpFormats:
    """By a table of exp on dt · A."""
    table = function_table("exp", DECAY_ARGUMENT, DECAY_FORMAT, basis.hint(op.result))
    return OpFormats(
        {op.result: DECAY_FORMAT},
        weights={symbol(op.weight): rounded(basis.vector(op.weight, static_format))},
        tables={"table": table},
        properties={"argument": DECAY_ARGUMENT},
    )


@checks_widths(DecayOp)
def decay_widths(op: DecayOp, weights: Weights) -> None:
    """dt · A, rescaled to the table's argument."""
    weight = fixed(format_of(weights[symbol(op.weight)].type))
    check_product(fixed(op.dt), weight, fixed(op.argument))


@calibrates(SelectiveStateUpdateOp)
def state_ranges(op: SelectiveStateUpdateOp, values: FloatValues) -> FoundRanges:
    """The recurrence again from the cold state: only its last state is a result."""
    layout = state_layout(op)
    kept, dt, x, b = (values[value] for value in (op.decay, op.dt, op.x, op.b))
    dtx = layout.by_channel(dt) * x
    added = layout.channels(dtx)
    cold = np.zeros((*added.shape[1:3], layout.size, added.shape[-1]), np.float32)
    states = walk_states(cold, layout.decays(kept), added, layout.columns(b))
    largest = max(max(float(state.max()), -float(state.min())) for _, _, state in states)
    return {"dtx": float(np.abs(dtx).max()), op.new_state: largest}


@quantizes(SelectiveStateUpdateOp)
def state_update(op: SelectiveStateUpdateOp, basis: Basis) -> OpFormats:
    """The state is block floating point; everything has power-of-two scales."""
    size, config = shape_of(op.state.type)[-1], basis.config.state
    state = block_format(config.bits, config.group, size, basis.peak(op.new_state))
    result = power_of_two_format(WIDE_BITS, basis.peak(op.result))
    return OpFormats(
        {op.state: state, op.new_state: state, op.result: result},
        weights={symbol(op.d): rounded(basis.vector(op.d, power_of_two_format))},
        properties={"dtx": power_of_two_format(WIDE_BITS, basis.intermediate_peak(op, "dtx"))},
    )


@checks_widths(SelectiveStateUpdateOp)
def state_update_widths(op: SelectiveStateUpdateOp, weights: Weights) -> None:
    """The sums of the new state and of the output."""
    state = format_of(op.state.type)
    assert isinstance(state, BlockType)
    block = (state.bits.data, state.frac.data)
    kept, dtx, x, b, c = (_pair(fixed(each)) for each in (op.decay, op.dtx, op.x, op.b, op.c))
    ranges.state_width(kept, block, dtx, b)
    skip = _pair(fixed(format_of(weights[symbol(op.d)].type)))
    ranges.output_width(shape_of(op.state.type)[-1], block, c, skip, x)


def _pair(fmt: FixedType) -> tuple[int, int]:
    return fmt.bits.data, fmt.frac.data
