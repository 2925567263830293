"""The integer convolution step and selective state update."""

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.interpreter.common import convolution_window, state_layout, symbol
from lmc.interpreter.formats import (
    BlockFormat,
    argument_format,
    block_format,
    fixed_format,
    plain_fixed_format,
    vector_format,
)
from lmc.interpreter.recurrence import Operands, recurrence, scan
from lmc.interpreter.registry import Kernel, register
from lmc.interpreter.values import BlockValue, IntArray, Value
from lmc.numerics.ranges import conv_width, largest, largest_of_width, output_width, rescale_width
from lmc.numerics.rounding import WORTH_COMPILING, FixedFormat, Rescale, rescale_plan
from lmc.weights import WeightStore


@register(ssm.CausalConv1dStepOp, integer=True)
def causal_conv1d_step(op: ssm.CausalConv1dStepOp, weights: WeightStore) -> Kernel:
    """Σ_j w_j · x_j + b for every token, rounded once."""
    name, bias_name = symbol(op.weight), None if op.bias is None else symbol(op.bias)
    x, weight = fixed_format(op.input.type), vector_format(weights, name)
    bias = None if bias_name is None else vector_format(weights, bias_name)
    frac = x.frac + weight.frac
    if weight.mul != 1 or (bias is not None and (bias.frac, bias.mul) != (frac, x.mul)):
        raise LmcError(f"the weight or bias of {op.name} does not have the scale of its operand")
    taps = weights.weight(name).type.get_shape()[1]
    width = conv_width(taps, weight.bits, x.bits, None if bias is None else bias.bits)
    plan = rescale_plan(frac, x.mul, *fixed_format(op.result.type))
    rescale_width(largest_of_width(width), plan, f"the result of {op.name}")

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        inputs, state = cast("IntArray", values[0]), cast("IntArray", values[1])
        window, new_state = convolution_window(inputs, state)
        matrix = weights.integers(name, layer)
        start = np.zeros(len(matrix), np.int64)
        if bias_name is not None:
            start = weights.integers(bias_name, layer)
        return (_convolution(window, matrix, start, plan), new_state)

    return kernel


def _convolution(window: IntArray, weights: IntArray, bias: IntArray, plan: Rescale) -> IntArray:
    """Sums over the K places of window [T+K-1, B, C] with weights [C, K], bias added, rescaled."""
    taps = weights.shape[1]
    tokens = len(window) - taps + 1
    if tokens * window[0].size >= WORTH_COMPILING:
        # Importing numba takes longer than a few tokens do.
        from lmc.interpreter.compiled_convolution import convolve

        result = np.empty((tokens, *window.shape[1:]), np.int64)
        columns = np.ascontiguousarray(weights.T)
        convolve(window, columns, bias, plan.constants, result)
        return result
    total = window[:tokens] * weights[:, 0]
    for tap in range(1, taps):
        total += window[tap : tap + tokens] * weights[:, tap]
    return plan.apply(total + bias)


@register(ssm.SelectiveStateUpdateOp, integer=True)
def selective_state_update(op: ssm.SelectiveStateUpdateOp, weights: WeightStore) -> Kernel:
    """The recurrence, the state made blocks again after every token."""
    layout, name, state = state_layout(op), symbol(op.d), block_format(op.state.type)
    decay, dt, x, b, c = (
        plain_fixed_format(value.type, op.name) for value in (op.decay, op.dt, op.x, op.b, op.c)
    )
    d = vector_format(weights, name)
    dtx = argument_format(op.dtx, f"the format `dtx` of {op.name}")
    if dtx.mul != 1 or d.mul != 1 or layout.size % state.group:
        raise LmcError(f"{op.name}: D, dtx or the state have a format that does not fit")
    dtx_plan = rescale_plan(dt.frac + x.frac, 1, *dtx)
    rescale_width(largest(dt.bits) * largest(x.bits), dtx_plan, f"dt · x of {op.name}")
    rule = recurrence(layout.size, state, decay, dtx, b, c)
    finish = _output(op, layout.size, state, c, d, x)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        old = cast("BlockValue", values[0])
        decays, dts, xs, bs, cs = cast("list[IntArray]", values[1:])
        added = dtx_plan.apply(layout.by_channel(dts) * xs)
        operands = Operands(
            layout.decays(decays), layout.channels(added), layout.columns(bs), layout.rows(cs)
        )
        read, new = scan(rule, layout.blocks_in(old), operands)
        skip = layout.by_channel(weights.integers(name, layer)) * xs
        return (finish(read.reshape(xs.shape), skip), layout.blocks_out(new))

    return kernel


def _output(
    op: ssm.SelectiveStateUpdateOp,
    size: int,
    state: BlockFormat,
    c: FixedFormat,
    d: FixedFormat,
    x: FixedFormat,
) -> Callable[[IntArray, IntArray], IntArray]:
    """A function from Σ C · state and D · x to the output y."""
    read, skip = state.frac + c.frac, d.frac + x.frac
    frac = max(read, skip)
    width = output_width(
        size, (state.bits, state.frac), (c.bits, c.frac), (d.bits, d.frac), (x.bits, x.frac)
    )
    plan = rescale_plan(frac, 1, *fixed_format(op.result.type))
    rescale_width(largest_of_width(width), plan, f"the result of {op.name}")
    return lambda reads, skips: plan.apply((reads << (frac - read)) + (skips << (frac - skip)))
