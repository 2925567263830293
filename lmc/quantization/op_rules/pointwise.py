"""Number formats and widths of ops that work element by element, or cut vectors."""

from lmc.dialects.ssm import (
    AddOp,
    BiasOp,
    MulOp,
    QuantizeOp,
    RequantizeOp,
    ScaleChannelsOp,
    SiluOp,
    SoftplusOp,
    SplitOp,
    format_of,
)
from lmc.ir.editing import symbol
from lmc.numerics import ranges
from lmc.quantization.basis import Basis, rounded
from lmc.quantization.exact import check_product, check_rescaled, fixed
from lmc.quantization.formats import power_of_two_format, static_format, with_scale
from lmc.quantization.op_formats import OpFormats
from lmc.quantization.rules import Weights, checks_widths, quantizes
from lmc.quantization.tables import function_table
from lmc.quantization.value_bits import NARROW_BITS, WIDE_BITS

_DT_HEADROOM = 8.0
"""Times the largest time step on calibration text that its format holds."""


@quantizes(BiasOp)
def bias(op: BiasOp, basis: Basis) -> OpFormats:
    """The weight has the operand's scale."""
    operand = basis.fixed(op.input)
    weight = with_scale(operand.frac.data, operand.mul.data, basis.weight_peak(op.weight))
    return OpFormats(
        {op.result: basis.activation(op.result, operand.bits.data)},
        weights={symbol(op.weight): rounded(weight)},
    )


@checks_widths(BiasOp)
def bias_widths(op: BiasOp, weights: Weights) -> None:
    """The sum, rescaled."""
    operand, weight = fixed(op.input), fixed(format_of(weights[symbol(op.weight)].type))
    magnitude = ranges.largest(operand.bits.data) + ranges.largest(weight.bits.data)
    check_rescaled(magnitude, operand.frac.data, operand.mul.data, fixed(op.result))


@quantizes(ScaleChannelsOp)
def scale_channels(op: ScaleChannelsOp, basis: Basis) -> OpFormats:
    """A weight with a static scale, and its product."""
    return OpFormats(
        {op.result: basis.activation(op.result, WIDE_BITS)},
        weights={symbol(op.weight): rounded(basis.vector(op.weight, static_format))},
    )


@checks_widths(ScaleChannelsOp)
def scale_channels_widths(op: ScaleChannelsOp, weights: Weights) -> None:
    """The product, rescaled."""
    weight = fixed(format_of(weights[symbol(op.weight)].type))
    check_product(fixed(op.input), weight, fixed(op.result))


@quantizes(SplitOp)
def split(op: SplitOp, basis: Basis) -> OpFormats:
    """Pieces have the operand's format."""
    return OpFormats(dict.fromkeys(op.pieces, basis.fixed(op.input)))


@quantizes(SiluOp)
def silu(op: SiluOp, basis: Basis) -> OpFormats:
    """By a table."""
    result = basis.activation(op.result, NARROW_BITS)
    table = function_table("silu", basis.fixed(op.input), result, basis.hint(op.result))
    return OpFormats({op.result: result}, tables={"table": table})


@quantizes(SoftplusOp)
def softplus(op: SoftplusOp, basis: Basis) -> OpFormats:
    """By a table; dt has a power-of-two scale and room for more than was seen."""
    result = power_of_two_format(WIDE_BITS, basis.ranges.peak(op.result) * _DT_HEADROOM)
    table = function_table("softplus", basis.fixed(op.input), result, basis.hint(op.result))
    return OpFormats({op.result: result}, tables={"table": table})


@quantizes(MulOp)
def mul(op: MulOp, basis: Basis) -> OpFormats:
    """A wide product."""
    return OpFormats({op.result: basis.activation(op.result, WIDE_BITS)})


@checks_widths(MulOp)
def mul_widths(op: MulOp, _weights: Weights) -> None:
    """The product, rescaled."""
    check_product(fixed(op.lhs), fixed(op.rhs), fixed(op.result))


@quantizes(AddOp)
def add(op: AddOp, basis: Basis) -> OpFormats:
    """The residual stream."""
    return OpFormats({op.result: basis.residual})


@checks_widths(AddOp)
def add_widths(op: AddOp, _weights: Weights) -> None:
    """The aligned sum, rescaled."""
    terms = [(ranges.largest(x.bits.data), x.frac.data) for x in (fixed(op.lhs), fixed(op.rhs))]
    magnitude, frac = ranges.aligned_sum(terms)
    ranges.signed_width(magnitude, "the sum")
    check_rescaled(magnitude, frac, 1, fixed(op.result))


@checks_widths(RequantizeOp)
def requantize_widths(op: RequantizeOp, _weights: Weights) -> None:
    """The operand, rescaled."""
    operand = fixed(op.input)
    magnitude = ranges.largest(operand.bits.data)
    check_rescaled(magnitude, operand.frac.data, operand.mul.data, fixed(op.result))


@checks_widths(SplitOp, SiluOp, SoftplusOp, QuantizeOp)
def no_further_widths(_op: SplitOp | SiluOp | SoftplusOp | QuantizeOp, _weights: Weights) -> None:
    """What is computed fits by the way in which tables and the scales of blocks are chosen."""
