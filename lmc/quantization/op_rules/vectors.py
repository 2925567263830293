"""Number formats and widths of ops on whole vectors: embedding, linear layers, norms, rotation."""

from xdsl.dialects.builtin import ModuleOp

from lmc.dialects.ssm import (
    BlockType,
    EmbeddingOp,
    FixedType,
    GatedNormOp,
    LinearOp,
    PseudoFloatType,
    RMSNormOp,
    RMSScaleOp,
    RotateOp,
    ScaleOp,
    WeightType,
    format_of,
    is_for_study,
    shape_of,
)
from lmc.ir.editing import refuse, symbol, tables_of
from lmc.numerics import ranges
from lmc.numerics.tables import norm_epsilon
from lmc.quantization.basis import Basis
from lmc.quantization.config import ActivationConfig, WeightConfig
from lmc.quantization.exact import check_rescaled, fixed
from lmc.quantization.formats import activation_format, power_of_two_format
from lmc.quantization.op_formats import ActivationFormat, OpFormats
from lmc.quantization.roles import Role, is_normalized, role_of
from lmc.quantization.rules import Weights, checks_widths, quantizes
from lmc.quantization.tables import RECIPROCAL_BITS, rsqrt_table
from lmc.quantization.value_bits import NARROW_BITS, PRODUCT_BITS, WIDE_BITS


@quantizes(EmbeddingOp)
def embedding(op: EmbeddingOp, basis: Basis) -> OpFormats:
    """Rows begin the residual stream."""
    matrix = basis.matrix(op.weight, Role.EMBEDDING.module, basis.config.weights.embedding)
    return OpFormats({op.result: basis.residual}, weights={symbol(op.weight): matrix})


@checks_widths(EmbeddingOp)
def embedding_widths(op: EmbeddingOp, weights: Weights) -> None:
    """An integer times its scale, rescaled."""
    weight = format_of(weights[symbol(op.weight)].type)
    assert isinstance(weight, WeightType)
    scale = ranges.largest_scale(weight.mantissa.data, weight.exponent.data)
    magnitude = ranges.largest(weight.bits.data) * scale
    check_rescaled(magnitude, weight.frac.data, 1, fixed(op.result))


@quantizes(LinearOp)
def linear(op: LinearOp, basis: Basis) -> OpFormats:
    """Matrix and activation as the configuration says for the layer's role."""
    role = role_of(op)
    weight: WeightConfig = getattr(basis.config.weights, role.module)
    operand: ActivationConfig = getattr(basis.config.activations, role.module)
    (elements,) = shape_of(op.input.type)
    peak = basis.ranges.peak(op.input)
    fmt = activation_format(operand, elements, peak, basis.fixed(op.input), weight.group)
    # The accumulator is too wide to be multiplied: only power-of-two scales.
    bits = PRODUCT_BITS if role in (Role.WRITER, Role.HEAD) else NARROW_BITS
    if role is Role.INNER and is_normalized(op.result):
        bits = WIDE_BITS  # pieces of one scale; before their norms, one can be far below another
    return OpFormats(
        {op.result: power_of_two_format(bits, basis.peak(op.result))},
        weights={symbol(op.weight): basis.matrix(op.weight, role.module, weight)},
        activations={0: ActivationFormat(fmt, operand.scale)},
    )


@checks_widths(LinearOp)
def linear_widths(op: LinearOp, weights: Weights) -> None:
    """The accumulator, rescaled."""
    weight = format_of(weights[symbol(op.weight)].type)
    operand = format_of(op.input.type)
    assert isinstance(weight, WeightType)
    assert isinstance(operand, BlockType | FixedType)
    mantissa, exponent = weight.mantissa.data, weight.exponent.data
    # Float scales are not summed in integers (lmc.interpreter.study_linear).
    if is_for_study(weight) or is_for_study(operand):
        return
    bits, columns = weight.bits.data, shape_of(op.input.type)[0]
    ranges.linear_width(columns, bits, mantissa, exponent, operand.largest)
    term = ranges.largest_scale(mantissa, exponent) * ranges.largest(bits) * operand.largest
    check_rescaled(columns * term, operand.frac.data + weight.frac.data, 1, fixed(op.result))


@quantizes(RMSNormOp)
def rms_norm(op: RMSNormOp, basis: Basis) -> OpFormats:
    """The reciprocal by a table; the scale has to be folded."""
    if op.weight is not None:
        raise refuse(op, f"run fold-norm-scales first: the scale @{symbol(op.weight)} is left")
    (elements,) = shape_of(op.input.type)
    table = rsqrt_table(elements, basis.fixed(op.input), basis.hint(op.result))
    return OpFormats({op.result: basis.activation(op.result, NARROW_BITS)}, tables={"table": table})


@checks_widths(RMSNormOp)
def rms_norm_widths(op: RMSNormOp, _weights: Weights) -> None:
    """The sum of squares, and the product with the reciprocal, rescaled."""
    operand = fixed(op.input)
    _check_square_sum(op, shape_of(op.input.type)[0])
    magnitude = ranges.largest(operand.bits.data) << RECIPROCAL_BITS
    module = op.get_toplevel_object()
    assert isinstance(module, ModuleOp)
    assert op.table is not None
    shift = tables_of(module)[symbol(op.table)].option("mantissa_shift")
    check_rescaled(magnitude, shift, operand.mul.data, fixed(op.result))


@quantizes(RMSScaleOp)
def rms_scale(op: RMSScaleOp, basis: Basis) -> OpFormats:
    """The reciprocal by a table, which gives its format."""
    elements = shape_of(op.input.type)[0] // shape_of(op.result.type)[0]
    table = rsqrt_table(elements, basis.fixed(op.input), basis.hint(op.input))
    return OpFormats({op.result: table.output}, tables={"table": table})


@checks_widths(RMSScaleOp)
def rms_scale_widths(op: RMSScaleOp, _weights: Weights) -> None:
    """The sum of squares."""
    _check_square_sum(op, shape_of(op.input.type)[0] // shape_of(op.result.type)[0])


def _check_square_sum(op: RMSNormOp | RMSScaleOp, elements: int) -> None:
    operand = fixed(op.input)
    eps = norm_epsilon(op.eps.value.data, elements, operand.frac.data, operand.mul.data)
    ranges.square_sum_width(elements, operand.bits.data, eps)


@quantizes(ScaleOp)
def scale(op: ScaleOp, basis: Basis) -> OpFormats:
    """A wide product."""
    return OpFormats({op.result: basis.activation(op.result, WIDE_BITS)})


@checks_widths(ScaleOp)
def scale_widths(op: ScaleOp, _weights: Weights) -> None:
    """The product with the pseudo-float's mantissa, rescaled."""
    operand, factor = fixed(op.input), format_of(op.factor.type)
    assert isinstance(factor, PseudoFloatType)
    magnitude = ranges.largest(operand.bits.data) << factor.bits.data
    frac = operand.frac.data + factor.frac.data
    check_rescaled(magnitude, frac, operand.mul.data, fixed(op.result))


@quantizes(RotateOp)
def rotate(op: RotateOp, basis: Basis) -> OpFormats:
    """Exact sums: as many bits more as the block needs."""
    operand = basis.fixed(op.input)
    bits = operand.bits.data + (op.block.value.data - 1).bit_length()
    return OpFormats({op.result: FixedType.of(bits, operand.frac.data, operand.mul.data)})


@checks_widths(RotateOp)
def rotate_widths(_op: RotateOp, _weights: Weights) -> None:
    """The result's own format holds the sums."""


@quantizes(GatedNormOp)
def gated_norm(op: GatedNormOp, _basis: Basis) -> OpFormats:
    """Float only: other ops have its integer form."""
    raise refuse(op, "quantize has no integer form of this op; run defer-norm first")
