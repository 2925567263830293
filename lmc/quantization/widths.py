"""Checks that every sum and product of a quantized module fits 63 bits, from its formats alone."""

from collections.abc import Callable
from typing import TypeVar, cast

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    BlockType,
    CausalConv1dStepOp,
    DecayOp,
    FixedType,
    LinearOp,
    MulOp,
    PseudoFloatType,
    RMSNormOp,
    RMSScaleOp,
    ScaleChannelsOp,
    ScaleOp,
    SelectiveStateUpdateOp,
    WeightOp,
    WeightType,
    format_of,
    is_for_study,
    shape_of,
)
from lmc.ir.editing import refuse, symbol, tables_of, weights_of
from lmc.numerics import ranges
from lmc.numerics.rounding import rescale_plan
from lmc.numerics.tables import norm_epsilon
from lmc.quantization.tables import RECIPROCAL_BITS

OpT = TypeVar("OpT", bound=Operation)
_Weights = dict[str, WeightOp]


def check_widths(module: ModuleOp) -> None:
    """Raise LmcError naming the first op whose exact intermediate would need more than 63 bits."""
    weights = weights_of(module)
    for op in module.walk():
        check = _CHECKS.get(type(op))
        if check is None:
            continue
        try:
            check(op, weights)
        except LmcError as error:
            raise refuse(op, str(error)) from error


def _linear(op: LinearOp, weights: _Weights) -> None:
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
    scale = ranges.largest_scale(mantissa, exponent)
    term = scale * ranges.largest(bits) * operand.largest
    _rescaled(columns * term, operand.frac.data + weight.frac.data, 1, op.result)


def _conv(op: CausalConv1dStepOp, weights: _Weights) -> None:
    weight = weights[symbol(op.weight)]
    kernel, operand = _fixed(format_of(weight.type)), _fixed(format_of(op.input.type))
    taps = shape_of(weight.type)[1]
    magnitude = taps * ranges.largest(kernel.bits.data) * ranges.largest(operand.bits.data)
    if op.bias is not None:
        bias = _fixed(format_of(weights[symbol(op.bias)].type))
        magnitude += ranges.largest(bias.bits.data)
    ranges.signed_width(magnitude, "the accumulator of a convolution")
    frac = operand.frac.data + kernel.frac.data
    _rescaled(magnitude, frac, operand.mul.data, op.result)


def _state_update(op: SelectiveStateUpdateOp, weights: _Weights) -> None:
    state = format_of(op.state.type)
    assert isinstance(state, BlockType)
    block = (state.bits.data, state.frac.data)
    dtx = _fixed(op.dtx)
    ranges.state_width(_pair(op.decay), block, (dtx.bits.data, dtx.frac.data), _pair(op.b))
    skip = _fixed(format_of(weights[symbol(op.d)].type))
    size = shape_of(op.state.type)[-1]
    gain = (skip.bits.data, skip.frac.data)
    ranges.output_width(size, block, _pair(op.c), gain, _pair(op.x))


def _mul(op: MulOp) -> None:
    _product(_fixed(format_of(op.lhs.type)), _fixed(format_of(op.rhs.type)), op.result)


def _scale_channels(op: ScaleChannelsOp, weights: _Weights) -> None:
    weight = _fixed(format_of(weights[symbol(op.weight)].type))
    _product(_fixed(format_of(op.input.type)), weight, op.result)


def _decay(op: DecayOp, weights: _Weights) -> None:
    weight = _fixed(format_of(weights[symbol(op.weight)].type))
    _product_into(_fixed(format_of(op.dt.type)), weight, _fixed(op.argument))


def _rms(op: RMSNormOp | RMSScaleOp) -> None:
    operand = _fixed(format_of(op.input.type))
    (elements,) = shape_of(op.input.type)
    if isinstance(op, RMSScaleOp):
        elements //= shape_of(op.result.type)[0]
    eps = norm_epsilon(op.eps.value.data, elements, operand.frac.data, operand.mul.data)
    ranges.square_sum_width(elements, operand.bits.data, eps)


def _rms_norm(op: RMSNormOp) -> None:
    _rms(op)
    operand = _fixed(format_of(op.input.type))
    module = op.get_toplevel_object()
    assert isinstance(module, ModuleOp)
    assert op.table is not None
    shift = tables_of(module)[symbol(op.table)].option("mantissa_shift")
    magnitude = ranges.largest(operand.bits.data) << RECIPROCAL_BITS
    _rescaled(magnitude, shift, operand.mul.data, op.result)


def _scale(op: ScaleOp) -> None:
    operand, factor = _fixed(format_of(op.input.type)), format_of(op.factor.type)
    assert isinstance(factor, PseudoFloatType)
    magnitude = ranges.largest(operand.bits.data) << factor.bits.data
    _rescaled(magnitude, operand.frac.data + factor.frac.data, operand.mul.data, op.result)


def _product(lhs: FixedType, rhs: FixedType, result: SSAValue) -> None:
    _product_into(lhs, rhs, _fixed(format_of(result.type)))


def _product_into(lhs: FixedType, rhs: FixedType, result: FixedType) -> None:
    magnitude = ranges.largest(lhs.bits.data) * ranges.largest(rhs.bits.data)
    mul = lhs.mul.data * rhs.mul.data
    _rescaled_into(magnitude, lhs.frac.data + rhs.frac.data, mul, result)


def _rescaled(magnitude: int, frac: int, mul: int, result: SSAValue) -> None:
    _rescaled_into(magnitude, frac, mul, _fixed(format_of(result.type)))


def _rescaled_into(magnitude: int, frac: int, mul: int, result: FixedType) -> None:
    plan = rescale_plan(frac, mul, result.bits.data, result.frac.data, result.mul.data)
    # Left shifts saturate exactly, so only the multiplication can overflow.
    width = magnitude * plan.multiplier + ((1 << plan.shift) >> 1)
    ranges.signed_width(width, "the change of scale of the result")


def _fixed(fmt: Attribute | None) -> FixedType:
    assert isinstance(fmt, FixedType), f"{fmt} where the verifier saw fixed point"
    return fmt


def _pair(value: SSAValue) -> tuple[int, int]:
    fmt = _fixed(format_of(value.type))
    return fmt.bits.data, fmt.frac.data


_CHECKS: dict[type[Operation], Callable[[Operation, _Weights], None]] = {}


def _register(kind: type[OpT], check: Callable[[OpT, _Weights], None]) -> None:
    _CHECKS[kind] = cast("Callable[[Operation, _Weights], None]", check)


_register(LinearOp, _linear)
_register(CausalConv1dStepOp, _conv)
_register(SelectiveStateUpdateOp, _state_update)
_register(MulOp, lambda op, _: _mul(op))
_register(ScaleChannelsOp, _scale_channels)
_register(DecayOp, _decay)
_register(RMSNormOp, lambda op, _: _rms_norm(op))
_register(RMSScaleOp, lambda op, _: _rms(op))
_register(ScaleOp, lambda op, _: _scale(op))
