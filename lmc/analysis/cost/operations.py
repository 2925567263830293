"""What each op costs: the arithmetic of `docs/number-formats.md`, counted by op class.

Sums are factored as written there: a linear layer multiplies a block's sum by the block's
mantissa and a group's sum by the group's scale, not every term.
"""

import math
from collections import Counter
from collections.abc import Callable
from typing import TypeVar, cast

from xdsl.ir import Attribute, Operation, SSAValue

from lmc.analysis.cost.memory import Symbols, state_bits_moved, weight_bits_read
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
    PseudoFloatType,
    QuantizeOp,
    RequantizeOp,
    RMSNormOp,
    RMSScaleOp,
    ScaleChannelsOp,
    ScaleOp,
    SelectiveStateUpdateOp,
    SiluOp,
    SoftplusOp,
    format_of,
    shape_of,
)
from lmc.numerics.block import nearest_multiplier, ratio_multiplier
from lmc.numerics.rounding import rescale_plan
from lmc.numerics.weight_quantization import WeightFormat
from lmc.weights.store import layer_format

OpT = TypeVar("OpT", bound=Operation)
_Layer = int | None


def op_cost(op: Operation, symbols: Symbols, layer: int | None) -> TokenCost:
    """What an op takes in one layer; nothing if its class is not known or it works on floats."""
    count = _COUNTERS.get(type(op))
    integers = FixedType | BlockType | PseudoFloatType
    if count is None or not isinstance(format_of(op.results[0].type), integers):
        return TokenCost()
    moved = TokenCost(
        weight_bits=weight_bits_read(op, symbols, layer), state_bits=state_bits_moved(op)
    )
    return count(op, symbols, layer) + moved


def _embedding(op: EmbeddingOp, symbols: Symbols, layer: _Layer) -> TokenCost:
    weight = layer_format(symbols.weight(op.weight), layer)
    return _weight_scales(weight, _elements(op.result)) + _rescaled(1, op.result)


def _linear(op: LinearOp, symbols: Symbols, layer: _Layer) -> TokenCost:
    weight, operand = layer_format(symbols.weight(op.weight), layer), format_of(op.input.type)
    (rows,), (columns,) = shape_of(op.result.type), shape_of(op.input.type)
    assert isinstance(operand, BlockType | FixedType)
    products = Counter({(weight.bits, operand.bits.data): rows * columns})
    cost = TokenCost(products) + _weight_scales(weight, rows * columns // weight.group)
    if isinstance(operand, FixedType):
        return cost + _rescaled(operand.mul.data, op.result)
    blocks = rows * columns // operand.group.data
    if operand.mantissa.data > 1:
        cost += _multiplied(Multiplication.BLOCK_MANTISSA, blocks)
    return cost + _shifted(Shift.VARIABLE, blocks) + _rescaled(1, op.result)


def _weight_scales(fmt: WeightFormat, count: int) -> TokenCost:
    """`count` products with weight scales (m << e)."""
    shifts = bool(fmt.exponent) + bool(fmt.terms)
    cost = _shifted(Shift.VARIABLE, count * shifts)
    if fmt.mantissa > 1 and not fmt.terms:
        cost += _multiplied(Multiplication.WEIGHT_SCALE, count)
    return cost


def _quantize(op: QuantizeOp, symbols: Symbols) -> TokenCost:
    result = format_of(op.result.type)
    assert isinstance(result, BlockType)
    elements = _elements(op.result)
    blocks, bits = elements // result.group.data, result.bits.data
    cost = _shifted(Shift.VARIABLE, elements)
    if not _is_shift(_mul(op.input)):
        cost += _multiplied(Multiplication.REQUANTIZATION, elements)
    if result.mantissa.data > 1:
        # The mantissa itself is rounded by a shift as well.
        cost += _shifted(Shift.VARIABLE, blocks) + _chosen(ratio_multiplier(bits), blocks)
        cost += _multiplied(Multiplication.BLOCK_RECIPROCAL, elements)
    elif op.rounding.data == "nearest":
        cost += _chosen(nearest_multiplier(bits), blocks)
    if op.table is not None:
        cost += TokenCost(table_bits_read=blocks * symbols.entry_bits(op.table))
    return cost


def _chosen(constant: int, blocks: int) -> TokenCost:
    if _is_shift(constant):
        return TokenCost()
    return _multiplied(Multiplication.BLOCK_CHOICE, blocks)


def _unary(op: BiasOp | RequantizeOp) -> TokenCost:
    return _rescaled(_mul(op.input), op.result)


def _mul_op(op: MulOp) -> TokenCost:
    return _product(op.result, _mul(op.lhs) * _mul(op.rhs))


def _scale_channels(op: ScaleChannelsOp, symbols: Symbols) -> TokenCost:
    weight = _format_mul(format_of(symbols.weight(op.weight).type))
    return _product(op.result, _mul(op.input) * weight)


def _product(result: SSAValue, mul: int) -> TokenCost:
    products = _multiplied(Multiplication.ELEMENTWISE, _elements(result))
    return products + _rescaled(mul, result)


def _conv(op: CausalConv1dStepOp, symbols: Symbols) -> TokenCost:
    products = math.prod(shape_of(symbols.weight(op.weight).type))
    convolved = _multiplied(Multiplication.CONVOLUTION, products)
    return convolved + _rescaled(_mul(op.input), op.result)


def _decay(op: DecayOp, symbols: Symbols) -> TokenCost:
    elements = _elements(op.result)
    mul = _mul(op.dt) * _format_mul(format_of(symbols.weight(op.weight).type))
    argument = _rescaled_to(mul, op.argument, elements)
    products = _multiplied(Multiplication.DT_A, elements)
    return products + argument + _interpolated(elements, symbols.entry_bits(op.table))


def _activation(op: SiluOp | SoftplusOp, symbols: Symbols) -> TokenCost:
    return _interpolated(_elements(op.result), symbols.entry_bits(op.table))


def _interpolated(elements: int, entry_bits: int) -> TokenCost:
    """Look-ups in a piecewise linear table."""
    return (
        _multiplied(Multiplication.INTERPOLATION, elements)
        + _shifted(Shift.ROUNDING, elements)
        + TokenCost(table_bits_read=elements * entry_bits)
    )


def _reciprocal_root(value: SSAValue, groups: int, entry_bits: int) -> TokenCost:
    """1/rms of equal groups of a vector: squares, and a look-up of the shifted sum."""
    return (
        _multiplied(Multiplication.NORM_SQUARE, _elements(value))
        + _shifted(Shift.VARIABLE, groups)
        + TokenCost(table_bits_read=groups * entry_bits)
    )


def _rms_norm(op: RMSNormOp, symbols: Symbols) -> TokenCost:
    reciprocal = _reciprocal_root(op.input, 1, symbols.entry_bits(op.table))
    return reciprocal + _normalized(op.input, op.result)


def _rms_scale(op: RMSScaleOp, symbols: Symbols) -> TokenCost:
    return _reciprocal_root(op.input, _elements(op.result), symbols.entry_bits(op.table))


def _scale(op: ScaleOp) -> TokenCost:
    return _normalized(op.input, op.result)


def _normalized(value: SSAValue, result: SSAValue) -> TokenCost:
    """Every element times a reciprocal, whose exponent joins the shift of the rescale."""
    scaled = _multiplied(Multiplication.NORM_RECIPROCAL, _elements(result))
    return scaled + _rescaled(_mul(value), result, Shift.VARIABLE)


def _state_update(op: SelectiveStateUpdateOp) -> TokenCost:
    state = format_of(op.state.type)
    assert isinstance(state, BlockType)
    elements, channels = _elements(op.state), _elements(op.x)
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
    shifted = 2 * elements + elements // state.group.data
    return (
        TokenCost(multiplications=products)
        + _rescaled_to(1, op.dtx, channels)
        + _shifted(Shift.ROUNDING, elements)
        + _shifted(Shift.VARIABLE, shifted)
        + _rescaled(1, op.result)
    )


def _rescaled(mul: int, result: SSAValue, shift: Shift = Shift.ROUNDING) -> TokenCost:
    """`rescale` of integers of scale mul · 2^-frac to all elements of a result."""
    return _rescaled_to(mul, format_of(result.type), _elements(result), shift)


def _rescaled_to(
    mul: int, target: Attribute | None, elements: int, shift: Shift = Shift.ROUNDING
) -> TokenCost:
    cost = _shifted(shift, elements)
    # Fraction bits move the shift alone.
    if rescale_plan(0, mul, 0, 0, _format_mul(target)).multiplier != 1:
        cost += _multiplied(Multiplication.REQUANTIZATION, elements)
    return cost


def _multiplied(kind: Multiplication, count: int) -> TokenCost:
    return TokenCost(multiplications=Counter({kind: count}))


def _shifted(kind: Shift, count: int) -> TokenCost:
    return TokenCost(shifts=Counter({kind: count}))


def _is_shift(factor: int) -> bool:
    return factor & (factor - 1) == 0


def _elements(value: SSAValue) -> int:
    return math.prod(shape_of(value.type))


def _mul(value: SSAValue) -> int:
    return _format_mul(format_of(value.type))


def _format_mul(fmt: Attribute | None) -> int:
    assert isinstance(fmt, FixedType), f"{fmt} where the verifier saw fixed point"
    return fmt.mul.data


_COUNTERS: dict[type[Operation], Callable[[Operation, Symbols, _Layer], TokenCost]] = {}


def _register(kind: type[OpT], count: Callable[[OpT, Symbols, _Layer], TokenCost]) -> None:
    _COUNTERS[kind] = cast("Callable[[Operation, Symbols, _Layer], TokenCost]", count)


_register(EmbeddingOp, _embedding)
_register(LinearOp, _linear)
_register(QuantizeOp, lambda op, symbols, _layer: _quantize(op, symbols))
_register(BiasOp, lambda op, _symbols, _layer: _unary(op))
_register(RequantizeOp, lambda op, _symbols, _layer: _unary(op))
_register(AddOp, lambda op, _symbols, _layer: _rescaled(1, op.result))
_register(MulOp, lambda op, _symbols, _layer: _mul_op(op))
_register(ScaleChannelsOp, lambda op, symbols, _layer: _scale_channels(op, symbols))
_register(CausalConv1dStepOp, lambda op, symbols, _layer: _conv(op, symbols))
_register(SiluOp, lambda op, symbols, _layer: _activation(op, symbols))
_register(SoftplusOp, lambda op, symbols, _layer: _activation(op, symbols))
_register(DecayOp, lambda op, symbols, _layer: _decay(op, symbols))
_register(RMSNormOp, lambda op, symbols, _layer: _rms_norm(op, symbols))
_register(RMSScaleOp, lambda op, symbols, _layer: _rms_scale(op, symbols))
_register(ScaleOp, lambda op, _symbols, _layer: _scale(op))
_register(SelectiveStateUpdateOp, lambda op, _symbols, _layer: _state_update(op))
