"""What each of lmc's ops costs: the arithmetic of `docs/number-formats.md`, counted.

Sums are factored as written there: a linear layer multiplies a block's sum by the block's
mantissa and a group's sum by the group's scale, not every term.
"""

import math
from collections import Counter

from xdsl.ir import SSAValue

from lmc.analysis.cost.counting import (
    elements_of,
    interpolated,
    is_shift,
    mul_of,
    mul_of_format,
    multiplied,
    product,
    rescaled,
    rescaled_to,
    shifted,
)
from lmc.analysis.cost.memory import Symbols
from lmc.analysis.cost.rules import costs
from lmc.analysis.cost.token_cost import Multiplication, Shift, TokenCost
from lmc.dialects.ssm import (
    AddOp,
    BiasOp,
    BlockType,
    CausalConv1dStepOp,
    DecayOp,
    EmbeddingOp,
    FixedType,
    LinearOp,
    MulOp,
    QuantizeOp,
    RequantizeOp,
    RMSNormOp,
    RMSScaleOp,
    RotateOp,
    ScaleChannelsOp,
    ScaleOp,
    SelectiveStateUpdateOp,
    SiluOp,
    SoftplusOp,
    SplitOp,
    format_of,
    shape_of,
)
from lmc.numerics.block import nearest_multiplier, ratio_multiplier
from lmc.numerics.weight_quantization import WeightFormat


@costs(EmbeddingOp)
def embedding(op: EmbeddingOp, symbols: Symbols) -> TokenCost:
    """Scales of the elements of a row."""
    weight = symbols.matrix(op.weight)
    return _weight_scales(weight, elements_of(op.result)) + rescaled(1, op.result)


@costs(LinearOp)
def linear(op: LinearOp, symbols: Symbols) -> TokenCost:
    """Products, block mantissas and weight scales."""
    weight, operand = symbols.matrix(op.weight), format_of(op.input.type)
    (rows,), (columns,) = shape_of(op.result.type), shape_of(op.input.type)
    assert isinstance(operand, BlockType | FixedType)
    products = Counter({(weight.bits, operand.bits.data): rows * columns})
    cost = TokenCost(products) + _weight_scales(weight, rows * columns // weight.group)
    if isinstance(operand, FixedType):
        return cost + rescaled(operand.mul.data, op.result)
    blocks = rows * columns // operand.group.data
    if operand.mantissa.data > 1:
        cost += multiplied(Multiplication.BLOCK_MANTISSA, blocks)
    return cost + shifted(Shift.VARIABLE, blocks) + rescaled(1, op.result)


def _weight_scales(fmt: WeightFormat, count: int) -> TokenCost:
    """`count` products with weight scales (m << e)."""
    shifts = bool(fmt.exponent) + bool(fmt.terms)
    cost = shifted(Shift.VARIABLE, count * shifts)
    if fmt.mantissa > 1 and not fmt.terms:
        cost += multiplied(Multiplication.WEIGHT_SCALE, count)
    return cost


@costs(QuantizeOp)
def quantize(op: QuantizeOp, symbols: Symbols) -> TokenCost:
    """The choice of each block's scale, and the rounding of its elements."""
    result = format_of(op.result.type)
    assert isinstance(result, BlockType)
    elements = elements_of(op.result)
    blocks, bits = elements // result.group.data, result.bits.data
    cost = shifted(Shift.VARIABLE, elements)
    if not is_shift(mul_of(op.input)):
        cost += multiplied(Multiplication.REQUANTIZATION, elements)
    if result.mantissa.data > 1:
        # The mantissa itself is rounded by a shift as well.
        cost += shifted(Shift.VARIABLE, blocks) + _chosen(ratio_multiplier(bits), blocks)
        cost += multiplied(Multiplication.BLOCK_RECIPROCAL, elements)
    elif op.rounding.data == "nearest":
        cost += _chosen(nearest_multiplier(bits), blocks)
    if op.table is not None:
        cost += TokenCost(table_bits_read=blocks * symbols.entry_bits(op.table))
    return cost


def _chosen(constant: int, blocks: int) -> TokenCost:
    if is_shift(constant):
        return TokenCost()
    return multiplied(Multiplication.BLOCK_CHOICE, blocks)


@costs(BiasOp, RequantizeOp)
def unary(op: BiasOp | RequantizeOp, _symbols: Symbols) -> TokenCost:
    """A change of scale."""
    return rescaled(mul_of(op.input), op.result)


@costs(MulOp)
def mul(op: MulOp, _symbols: Symbols) -> TokenCost:
    """A product."""
    return product(op.result, mul_of(op.lhs) * mul_of(op.rhs))


@costs(ScaleChannelsOp)
def scale_channels(op: ScaleChannelsOp, symbols: Symbols) -> TokenCost:
    """A product."""
    weight = mul_of_format(format_of(symbols.weight(op.weight).type))
    return product(op.result, mul_of(op.input) * weight)


@costs(CausalConv1dStepOp)
def conv(op: CausalConv1dStepOp, symbols: Symbols) -> TokenCost:
    """A product for each tap."""
    products = math.prod(shape_of(symbols.weight(op.weight).type))
    convolved = multiplied(Multiplication.CONVOLUTION, products)
    return convolved + rescaled(mul_of(op.input), op.result)


@costs(DecayOp)
def decay(op: DecayOp, symbols: Symbols) -> TokenCost:
    """dt · A and a look-up."""
    elements = elements_of(op.result)
    mul = mul_of(op.dt) * mul_of_format(format_of(symbols.weight(op.weight).type))
    argument = rescaled_to(mul, op.argument, elements)
    products = multiplied(Multiplication.DT_A, elements)
    return products + argument + interpolated(elements, symbols.entry_bits(op.table))


@costs(SiluOp, SoftplusOp)
def activation(op: SiluOp | SoftplusOp, symbols: Symbols) -> TokenCost:
    """A look-up."""
    return interpolated(elements_of(op.result), symbols.entry_bits(op.table))


def _reciprocal_root(value: SSAValue, groups: int, entry_bits: int) -> TokenCost:
    """1/rms of equal groups of a vector: squares, and a look-up of the shifted sum."""
    return (
        multiplied(Multiplication.NORM_SQUARE, elements_of(value))
        + shifted(Shift.VARIABLE, groups)
        + TokenCost(table_bits_read=groups * entry_bits)
    )


@costs(RMSNormOp)
def rms_norm(op: RMSNormOp, symbols: Symbols) -> TokenCost:
    """The reciprocal root, and a product with it."""
    reciprocal = _reciprocal_root(op.input, 1, symbols.entry_bits(op.table))
    return reciprocal + _normalized(op.input, op.result)


@costs(RMSScaleOp)
def rms_scale(op: RMSScaleOp, symbols: Symbols) -> TokenCost:
    """The reciprocal root."""
    return _reciprocal_root(op.input, elements_of(op.result), symbols.entry_bits(op.table))


@costs(ScaleOp)
def scale(op: ScaleOp, _symbols: Symbols) -> TokenCost:
    """A product with a reciprocal."""
    return _normalized(op.input, op.result)


def _normalized(value: SSAValue, result: SSAValue) -> TokenCost:
    """Every element times a reciprocal, whose exponent joins the shift of the rescale."""
    scaled = multiplied(Multiplication.NORM_RECIPROCAL, elements_of(result))
    return scaled + rescaled(mul_of(value), result, Shift.VARIABLE)


@costs(SelectiveStateUpdateOp)
def state_update(op: SelectiveStateUpdateOp, _symbols: Symbols) -> TokenCost:
    """The recurrence and its output."""
    state = format_of(op.state.type)
    assert isinstance(state, BlockType)
    elements, channels = elements_of(op.state), elements_of(op.x)
    products = Counter(
        {
            Multiplication.DT_X: channels,
            Multiplication.DECAY_STATE: elements,
            Multiplication.DTX_B: elements,
            Multiplication.C_STATE: elements,
            Multiplication.D_X: channels,
        }
    )
    # The old state is shifted by its exponents before it meets dtx · B, the new one is rounded by
    # its own, and C · state is shifted block by block.
    moved = 2 * elements + elements // state.group.data
    return (
        TokenCost(multiplications=products)
        + rescaled_to(1, op.dtx, channels)
        + shifted(Shift.ROUNDING, elements)
        + shifted(Shift.VARIABLE, moved)
        + rescaled(1, op.result)
    )


@costs(AddOp)
def add(op: AddOp, _symbols: Symbols) -> TokenCost:
    """The sum, rescaled."""
    return rescaled(1, op.result)


@costs(SplitOp, RotateOp)
def moved_or_added(_op: SplitOp | RotateOp, _symbols: Symbols) -> TokenCost:
    """Moving elements is wires, and additions are not counted."""
    return TokenCost()
