"""The integer elementwise ops, norms, tables and changes of format.

Activations are [T, B, ...] int64. Constants are worked out when a module is made ready to run.
"""

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
from xdsl.dialects.builtin import FloatAttr, SymbolRefAttr
from xdsl.ir import Operation

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.ssm import format_of, shape_of
from lmc.interpreter.common import split, symbol
from lmc.interpreter.formats import (
    argument_format,
    block_format,
    fixed_format,
    plain_fixed_format,
    vector_format,
)
from lmc.interpreter.registry import Kernel, register
from lmc.interpreter.values import BlockValue, IntArray, PseudoFloatValue, Value
from lmc.numerics.block import (
    STUDY_MANTISSA_BITS,
    bit_length,
    quantize_blocks,
    quantize_scaled_blocks,
    quantize_study_blocks,
)
from lmc.numerics.hadamard import growth_bits, rotate_in_float, rotate_integers
from lmc.numerics.ranges import largest, rescale_width, square_sum_width
from lmc.numerics.rounding import FixedFormat, Rescale, rescale_plan, round_half_up
from lmc.numerics.tables import PiecewiseTable, norm_epsilon
from lmc.weights import WeightStore
from lmc.weights.tables import RsqrtTable

Lookup = Callable[[IntArray], IntArray]

_EXACT_BITS = 53
"""Integers of so many bits are exact in float64."""
_LISTED_BITS = 16
"""A table is listed for every operand up to this width: one look-up instead of an interpolation."""


def _ints(values: Sequence[Value]) -> list[IntArray]:
    return cast("list[IntArray]", list(values))


def _plan(magnitude: int, frac: int, mul: int, result: FixedFormat, op: Operation) -> Rescale:
    """The rescale that ends an op, after a check that its widest word fits."""
    plan = rescale_plan(frac, mul, *result)
    rescale_width(magnitude, plan, f"the result of {op.name}")
    return plan


register(ssm.SplitOp, integer=True)(split)


@register(ssm.BiasOp, integer=True)
def bias(op: ssm.BiasOp, weights: WeightStore) -> Kernel:
    """x_q + b_q, rescaled."""
    name, x, result = symbol(op.weight), fixed_format(op.input.type), fixed_format(op.result.type)
    weight = vector_format(weights, name)
    if (weight.frac, weight.mul) != (x.frac, x.mul):
        raise LmcError(f"the bias @{name} does not have its operand's scale")
    plan = _plan(largest(x.bits) + largest(weight.bits), x.frac, x.mul, result, op)
    return lambda values, layer: (plan.apply(_ints(values)[0] + weights.integers(name, layer)),)


@register(ssm.ScaleChannelsOp, integer=True)
def scale_channels(op: ssm.ScaleChannelsOp, weights: WeightStore) -> Kernel:
    """x_q · w_q, rescaled."""
    name = symbol(op.weight)
    plan = _product_plan(fixed_format(op.input.type), vector_format(weights, name), op)
    return lambda values, layer: (plan.apply(_ints(values)[0] * weights.integers(name, layer)),)


@register(ssm.MulOp, integer=True)
def mul(op: ssm.MulOp, _weights: WeightStore) -> Kernel:
    """lhs_q · rhs_q, rescaled."""
    plan = _product_plan(fixed_format(op.lhs.type), fixed_format(op.rhs.type), op)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        lhs, rhs = _ints(values)
        return (plan.apply(lhs * rhs),)

    return kernel


def _product_plan(
    lhs: FixedFormat, rhs: FixedFormat, op: ssm.MulOp | ssm.ScaleChannelsOp
) -> Rescale:
    magnitude = largest(lhs.bits) * largest(rhs.bits)
    result = fixed_format(op.result.type)
    return _plan(magnitude, lhs.frac + rhs.frac, lhs.mul * rhs.mul, result, op)


@register(ssm.AddOp, integer=True)
def add(op: ssm.AddOp, _weights: WeightStore) -> Kernel:
    """Both operands shifted left to the larger frac, added, rescaled."""
    lhs = plain_fixed_format(op.lhs.type, op.name)
    rhs = plain_fixed_format(op.rhs.type, op.name)
    frac = max(lhs.frac, rhs.frac)
    left, right = frac - lhs.frac, frac - rhs.frac
    magnitude = (largest(lhs.bits) << left) + (largest(rhs.bits) << right)
    plan = _plan(magnitude, frac, 1, fixed_format(op.result.type), op)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        a, b = _ints(values)
        return (plan.apply((a << left) + (b << right)),)

    return kernel


@register(ssm.RequantizeOp, integer=True)
def requantize(op: ssm.RequantizeOp, _weights: WeightStore) -> Kernel:
    """Another width or scale."""
    x = fixed_format(op.input.type)
    plan = _plan(largest(x.bits), x.frac, x.mul, fixed_format(op.result.type), op)
    return lambda values, _: (plan.apply(_ints(values)[0]),)


@register(ssm.QuantizeOp, integer=True)
def quantize(op: ssm.QuantizeOp, _weights: WeightStore) -> Kernel:
    """Fixed point to blocks with an exponent for each group."""
    x, result, rounding = (
        fixed_format(op.input.type),
        block_format(op.result.type),
        op.rounding.data,
    )
    emin = x.frac - result.frac
    if result.mantissa > 1:
        emin += result.mantissa
    if emin < 0:
        raise LmcError(f"{op.name}: {result.frac} fraction bits, more than the operand's {x.frac}")
    if shape_of(op.input.type)[-1] % result.group:
        raise LmcError(f"{op.name}: groups of {result.group} do not divide the operand")

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        v = _ints(values)[0] if x.mul == 1 else _ints(values)[0] * x.mul
        if result.mantissa == STUDY_MANTISSA_BITS:
            return (BlockValue(*quantize_study_blocks(v, result.bits, result.group, emin)),)
        if result.mantissa > 1:
            return (BlockValue(*quantize_scaled_blocks(v, result.bits, result.group, emin)),)
        return (BlockValue(*quantize_blocks(v, result.bits, result.group, emin, rounding)),)

    return kernel


@register(ssm.RotateOp, integer=True)
def rotate(op: ssm.RotateOp, _weights: WeightStore) -> Kernel:
    """Sums and differences; the result's format has the bits for them and the same scale."""
    x, result, block = (
        fixed_format(op.input.type),
        fixed_format(op.result.type),
        op.block.value.data,
    )
    if (x.frac, x.mul) != (result.frac, result.mul):
        raise LmcError(f"{op.name} does not change the scale")
    if result.bits < x.bits + growth_bits(block):
        raise LmcError(f"{op.name}: {result.bits} bits cannot hold sums of {block} elements")
    rotated = rotate_in_float if x.bits + growth_bits(block) <= _EXACT_BITS else rotate_integers
    return lambda values, _: (rotated(_ints(values)[0], block),)


@register(ssm.SiluOp, integer=True)
def silu(op: ssm.SiluOp, weights: WeightStore) -> Kernel:
    """Piecewise linear."""
    lookup = _lookup(op.table, fixed_format(op.input.type), weights)
    return lambda values, _: (lookup(_ints(values)[0]),)


@register(ssm.SoftplusOp, integer=True)
def softplus(op: ssm.SoftplusOp, weights: WeightStore) -> Kernel:
    """Piecewise linear, then clamped to the nearest integers of the limits."""
    result = fixed_format(op.result.type)
    bound = largest(result.bits)
    low = -bound if op.low is None else _nearest(op.low, result)
    high = bound - 1 if op.high is None else _nearest(op.high, result)
    lookup = _lookup(op.table, fixed_format(op.input.type), weights, (low, high))
    return lambda values, _: (lookup(_ints(values)[0]),)


@register(ssm.DecayOp, integer=True)
def decay(op: ssm.DecayOp, weights: WeightStore) -> Kernel:
    """exp of dt · A in the argument's format."""
    name, dt = symbol(op.weight), fixed_format(op.dt.type)
    argument = argument_format(op.argument, f"the format `argument` of {op.name}")
    weight = vector_format(weights, name)
    magnitude = largest(dt.bits) * largest(weight.bits)
    plan = _plan(magnitude, dt.frac + weight.frac, dt.mul * weight.mul, argument, op)
    lookup = _lookup(op.table, argument, weights)
    by_state = len(shape_of(op.result.type)) == 2

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        (x,) = _ints(values)
        rates = weights.integers(name, layer)
        if not by_state:
            return (lookup(plan.apply(x * rates)),)
        # By far the largest value of a Mamba-1 layer: narrow integers, made token by token.
        result = np.empty((*x.shape, rates.shape[1]), np.int32)
        for token in range(len(x)):
            result[token] = lookup(plan.apply(x[token, ..., None] * rates))
        return (cast("IntArray", result),)

    return kernel


@register(ssm.RMSNormOp, integer=True)
def rms_norm(op: ssm.RMSNormOp, weights: WeightStore) -> Kernel:
    """x_q times the reciprocal root mean square, a mantissa and a shift found at run time."""
    if op.weight is not None:
        raise LmcError(f"an integer {op.name} has no weight; fold it or use ssm.scale_channels")
    x, result = fixed_format(op.input.type), fixed_format(op.result.type)
    table = _rsqrt(op.table, shape_of(op.input.type)[0], weights)
    reciprocal = _reciprocal_rms(table, x, op.eps)
    magnitude = largest(x.bits) << table.bits
    plan = _plan(magnitude, table.mantissa_shift, x.mul, result, op)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        (v,) = _ints(values)
        root = reciprocal(v[..., None, :])
        return (plan.apply(v * root.m, root.s),)

    return kernel


@register(ssm.RMSScaleOp, integer=True)
def rms_scale(op: ssm.RMSScaleOp, weights: WeightStore) -> Kernel:
    """The reciprocal root mean square of each group as a pseudo-float."""
    groups = shape_of(op.result.type)[0]
    x = fixed_format(op.input.type)
    table = _rsqrt(op.table, shape_of(op.input.type)[0] // groups, weights)
    result = format_of(op.result.type)
    if not isinstance(result, ssm.PseudoFloatType) or (result.bits.data, result.frac.data) != (
        table.bits,
        table.mantissa_shift - x.frac,
    ):
        raise LmcError(
            f"{op.name} gives !ssm.pfloat<{table.bits}, {table.mantissa_shift - x.frac}> with its "
            f"table and operand, not {result}"
        )
    reciprocal = _reciprocal_rms(table, x, op.eps)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        (v,) = _ints(values)
        return (reciprocal(v.reshape(*v.shape[:-1], groups, -1)),)

    return kernel


@register(ssm.ScaleOp, integer=True)
def scale(op: ssm.ScaleOp, _weights: WeightStore) -> Kernel:
    """x_q · m, with the pseudo-float's shift found at run time."""
    x, factor = fixed_format(op.input.type), format_of(op.factor.type)
    if not isinstance(factor, ssm.PseudoFloatType):
        raise LmcError(f"{op.name} needs a pseudo-float factor, found {factor}")
    magnitude = largest(x.bits) << factor.bits.data
    plan = _plan(magnitude, x.frac + factor.frac.data, x.mul, fixed_format(op.result.type), op)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        v, root = cast("IntArray", values[0]), cast("PseudoFloatValue", values[1])
        grouped = v.reshape(*root.m.shape, -1)
        return (plan.apply(grouped * root.m[..., None], root.s[..., None]).reshape(v.shape),)

    return kernel


def _reciprocal_rms(
    table: RsqrtTable, x: FixedFormat, eps: FloatAttr
) -> Callable[[IntArray], PseudoFloatValue]:
    """A function from groups [..., elements] to their reciprocal root mean squares [...]."""
    offset = norm_epsilon(eps.value.data, table.elements, x.frac, x.mul)
    square_sum_width(table.elements, x.bits, offset)

    def reciprocal(grouped: IntArray) -> PseudoFloatValue:
        total = np.einsum("...i,...i->...", grouped, grouped) + offset
        # The least even number at which at most 12 bits are left.
        half = (np.maximum(bit_length(total) - 12, 0) + 1) >> 1
        return PseudoFloatValue(table.mantissas[total >> (2 * half)], half)

    return reciprocal


def _rsqrt(name: SymbolRefAttr | None, elements: int, weights: WeightStore) -> RsqrtTable:
    table = None if name is None else weights.table(symbol(name))
    if not isinstance(table, RsqrtTable):
        raise LmcError("an integer norm needs a table of the function rsqrt")
    if table.elements != elements:
        raise LmcError(f"a table for norms of {table.elements} elements is used for {elements}")
    return table


def _lookup(
    name: SymbolRefAttr | None,
    operand: FixedFormat,
    weights: WeightStore,
    limits: tuple[int, int] | None = None,
) -> Lookup:
    """A table's function; for narrow operands listed in full."""
    table = None if name is None else weights.table(symbol(name))
    if not isinstance(table, PiecewiseTable):
        raise LmcError("an integer function needs a piecewise linear table")

    def evaluate(x: IntArray) -> IntArray:
        return table(x) if limits is None else np.clip(table(x), *limits)

    if operand.bits > _LISTED_BITS:
        return evaluate
    bound = largest(operand.bits)
    # Negative operands find their places from the end.
    listed = evaluate(np.roll(np.arange(-bound, bound, dtype=np.int64), bound))
    return lambda x: listed[x]


def _nearest(limit: FloatAttr, fmt: FixedFormat) -> int:
    return round_half_up(limit.value.data * 2.0**fmt.frac / fmt.mul)
