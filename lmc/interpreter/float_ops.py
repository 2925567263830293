"""The real functions of the `ssm` ops, in float32.

Activations are [T, B, ...], states [B, ...].
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
from xdsl.dialects.builtin import FloatAttr

from lmc.dialects import ssm
from lmc.dialects.ssm import shape_of
from lmc.interpreter.common import (
    check_ids,
    convolution_window,
    split,
    state_layout,
    symbol,
)
from lmc.interpreter.float_recurrence import walk_states
from lmc.interpreter.registry import Kernel, register
from lmc.interpreter.values import FloatArray, IntArray, Value
from lmc.numerics.hadamard import rotate_blocks
from lmc.weights import WeightStore


def _floats(values: Sequence[Value]) -> list[FloatArray]:
    return cast("list[FloatArray]", list(values))


def _number(attribute: FloatAttr) -> np.float32:
    return np.float32(attribute.value.data)


@register(ssm.EmbeddingOp)
def embedding(op: ssm.EmbeddingOp, weights: WeightStore) -> Kernel:
    """Rows of the embedding."""
    name = symbol(op.weight)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        table = weights.value(name, layer)
        return (table[check_ids(cast("IntArray", values[0]), table.shape[0])],)

    return kernel


@register(ssm.RMSNormOp)
def rms_norm(op: ssm.RMSNormOp, weights: WeightStore) -> Kernel:
    """x / sqrt(mean(x²) + eps), times the weight where there is one."""
    name = None if op.weight is None else symbol(op.weight)
    eps = _number(op.eps)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        (x,) = _floats(values)
        normed = x * _reciprocal_rms(x, eps)
        return (normed if name is None else normed * weights.value(name, layer),)

    return kernel


@register(ssm.LinearOp)
def linear(op: ssm.LinearOp, weights: WeightStore) -> Kernel:
    """weight · x."""
    name = symbol(op.weight)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        (x,) = _floats(values)
        weight = weights.value(name, layer)
        # One product of matrices: numpy would make one for each token of [T, B, columns].
        return ((x.reshape(-1, x.shape[-1]) @ weight.T).reshape(*x.shape[:-1], -1),)

    return kernel


@register(ssm.BiasOp)
def bias(op: ssm.BiasOp, weights: WeightStore) -> Kernel:
    """X + weight."""
    name = symbol(op.weight)
    return lambda values, layer: (_floats(values)[0] + weights.value(name, layer),)


@register(ssm.ScaleChannelsOp)
def scale_channels(op: ssm.ScaleChannelsOp, weights: WeightStore) -> Kernel:
    """X · weight."""
    name = symbol(op.weight)
    return lambda values, layer: (_floats(values)[0] * weights.value(name, layer),)


register(ssm.SplitOp)(split)


@register(ssm.CausalConv1dStepOp)
def causal_conv1d_step(op: ssm.CausalConv1dStepOp, weights: WeightStore) -> Kernel:
    """Σ_j weight[:, j] · window[:, j] + bias for every token."""
    name = symbol(op.weight)
    bias_name = None if op.bias is None else symbol(op.bias)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        x, state = _floats(values)
        window, new_state = convolution_window(x, state)
        weight = weights.value(name, layer)
        total = np.zeros(x.shape, np.float32)
        if bias_name is not None:
            total += weights.value(bias_name, layer)
        for tap in range(weight.shape[1]):
            total += weight[:, tap] * window[tap : tap + len(x)]
        return (total, new_state)

    return kernel


@register(ssm.SiluOp)
def silu(_op: ssm.SiluOp, _weights: WeightStore) -> Kernel:
    """x · sigmoid(x)."""
    return lambda values, _: (_silu(_floats(values)[0]),)


@register(ssm.SoftplusOp)
def softplus(op: ssm.SoftplusOp, _weights: WeightStore) -> Kernel:
    """log(1 + exp(x)) without overflow, clamped where there are limits."""
    low = -np.inf if op.low is None else _number(op.low)
    high = np.inf if op.high is None else _number(op.high)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        (x,) = _floats(values)
        result = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
        return (np.clip(result, low, high).astype(np.float32, copy=False),)

    return kernel


@register(ssm.DecayOp)
def decay(op: ssm.DecayOp, weights: WeightStore) -> Kernel:
    """exp(dt · A); dt gets a last axis where A has one for the state."""
    name = symbol(op.weight)
    by_state = len(shape_of(op.result.type)) == 2

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        (dt,) = _floats(values)
        return (np.exp((dt[..., None] if by_state else dt) * weights.value(name, layer)),)

    return kernel


@register(ssm.SelectiveStateUpdateOp)
def selective_state_update(op: ssm.SelectiveStateUpdateOp, weights: WeightStore) -> Kernel:
    """The recurrence, token after token."""
    layout = state_layout(op)
    name = symbol(op.d)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        state, decays, dt, x, b, c = _floats(values)
        current = layout.state_in(state).copy()
        kept = layout.decays(decays)
        added = layout.channels(layout.by_channel(dt) * x)
        b, c = layout.columns(b), layout.rows(c)
        y: FloatArray = np.empty(added.shape, np.float32)
        for part, token, states in walk_states(current, kept, added, b):
            y[token][..., part] = c[token] @ states
        skip = layout.by_channel(weights.value(name, layer)) * x
        return (np.add(y.reshape(x.shape), skip), layout.state_out(current))

    return kernel


@register(ssm.GatedNormOp)
def gated_norm(op: ssm.GatedNormOp, weights: WeightStore) -> Kernel:
    """norm(y · silu(z)) · weight by groups of channels."""
    name, eps, group = symbol(op.weight), _number(op.eps), op.norm_group.value.data

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        y, gate = _floats(values)
        gated = y * _silu(gate)
        grouped = gated.reshape(*y.shape[:-1], -1, group)
        normed = (grouped * _reciprocal_rms(grouped, eps)).reshape(y.shape)
        return (normed * weights.value(name, layer),)

    return kernel


@register(ssm.RMSScaleOp)
def rms_scale(op: ssm.RMSScaleOp, _weights: WeightStore) -> Kernel:
    """1 / sqrt(mean(x²) + eps) of each group."""
    groups, eps = shape_of(op.result.type)[0], _number(op.eps)

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        (x,) = _floats(values)
        grouped = x.reshape(*x.shape[:-1], groups, -1)
        return (_reciprocal_rms(grouped, eps)[..., 0],)

    return kernel


@register(ssm.ScaleOp)
def scale(_op: ssm.ScaleOp, _weights: WeightStore) -> Kernel:
    """X · factor, a factor for each of equal groups."""

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        x, factor = _floats(values)
        grouped = x.reshape(*factor.shape, -1)
        return ((grouped * factor[..., None]).reshape(x.shape),)

    return kernel


@register(ssm.MulOp)
def mul(_op: ssm.MulOp, _weights: WeightStore) -> Kernel:
    """Lhs · rhs."""
    return lambda values, _: (_floats(values)[0] * _floats(values)[1],)


@register(ssm.AddOp)
def add(_op: ssm.AddOp, _weights: WeightStore) -> Kernel:
    """Lhs + rhs."""
    return lambda values, _: (_floats(values)[0] + _floats(values)[1],)


@register(ssm.RotateOp)
def rotate(op: ssm.RotateOp, _weights: WeightStore) -> Kernel:
    """Blocks times a Hadamard matrix, undivided."""
    block = op.block.value.data
    return lambda values, _: (rotate_blocks(_floats(values)[0], block),)


def _silu(x: FloatArray) -> FloatArray:
    # tanh saturates where exp(-x) would overflow.
    return x * (np.float32(0.5) * (1 + np.tanh(np.float32(0.5) * x)))


def _reciprocal_rms(x: FloatArray, eps: np.float32) -> FloatArray:
    mean: FloatArray = np.mean(np.square(x), axis=-1, keepdims=True)
    return np.reciprocal(np.sqrt(mean + eps))
