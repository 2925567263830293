"""docs/number-formats.md in plain Python integers: slow, one token of one sequence, no numpy.

Written from the document, not from lmc.numerics: the interpreter is compared with it.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from hadamard_reference import rotated_blocks
from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.dialects import ssm
from lmc.dialects.ssm import format_of, shape_of
from lmc.interpreter import BlockValue, PseudoFloatValue, Value
from lmc.ir.editing import symbol
from lmc.weights import QuantizedMatrix, WeightStore


class Block(NamedTuple):
    """Elements q and an exponent for each of them (equal within a group), both flat."""

    q: list[int]
    e: list[int]


class PseudoFloat(NamedTuple):
    m: list[int]
    s: list[int]


Data = Any
"""list[int] for fixed point (flat, row-major), Block, PseudoFloat."""


def clamp(x: int, low: int, high: int) -> int:
    return max(low, min(high, x))


def rss(x: int, shift: int, bits: int) -> int:
    x = x << -shift if shift <= 0 else (x + (1 << (shift - 1))) >> shift
    return clamp(x, -(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def numbers(fmt: Attribute) -> list[int]:
    return [parameter.data for parameter in fmt.parameters]  # pyright: ignore


def rescale(x: int, frac: int, mul: int, wanted: Attribute, run_time_shift: int = 0) -> int:
    bits, frac_out, mul_out = numbers(wanted)
    ratio = Fraction(mul, mul_out)
    powers = range(-30, 31)
    exact = [p for p in powers if ratio == Fraction(2) ** p]
    if exact:
        return rss(x, frac - frac_out - exact[0] + run_time_shift, bits)
    power = next(p for p in powers if 2**15 <= ratio * Fraction(2) ** p < 2**16)
    k = int(ratio * Fraction(2) ** power + Fraction(1, 2))
    return rss(x * k, power + frac - frac_out + run_time_shift, bits)


def quantize_group(v: Sequence[int], bits: int, emin: int, rounding: str) -> tuple[list[int], int]:
    top = max(abs(x) for x in v)
    if rounding == "up":
        e = top.bit_length() - (bits - 1) - emin
    else:
        k = int(2**16 * 2**0.5 / (2 ** (bits - 1) - 1) + 0.5)
        e = (top * k >> 16).bit_length() - 1 - emin
    e = clamp(e, 0, 15)
    return [rss(x, e + emin, bits) for x in v], e


def look_up(table: Data, x: int, bits: int) -> int:
    i = clamp((x - table.low) >> table.shift, 0, len(table.base) - 1)
    d = x - table.low - (i << table.shift)
    total = (int(table.base[i]) << table.slope_frac) + int(table.slope[i]) * d
    return rss(total, table.slope_frac, bits)


def reciprocal_root(group: Sequence[int], eps: float, frac: int, mul: int, table: Data):
    epsilon = Fraction(eps) * len(group) * Fraction(2) ** (2 * frac) / mul**2
    total = sum(x * x for x in group) + max(1, int(epsilon + Fraction(1, 2)))
    sh = 0
    while total >> sh >= 2**12:
        sh += 2
    return int(table.mantissas[total >> sh]), sh // 2


class Scope(NamedTuple):
    store: WeightStore
    layer: int | None

    def vector(self, name: Any) -> list[int]:
        values = self.store.quantized(symbol(name), self.layer_of(name))
        assert not isinstance(values, QuantizedMatrix)
        return [int(x) for x in values.reshape(-1)]

    def matrix(self, name: Any) -> tuple[QuantizedMatrix, list[int]]:
        found = symbol(name)
        values = self.store.quantized(found, self.layer_of(name))
        assert isinstance(values, QuantizedMatrix)
        return values, numbers(format_of(self.store.weight(found).type))

    def layer_of(self, name: Any) -> int | None:
        rolled = self.store.weight(symbol(name)).layers is not None
        return self.layer if rolled else None

    def vector_format(self, name: Any) -> list[int]:
        return numbers(format_of(self.store.weight(symbol(name)).type))

    def table(self, name: Any) -> Any:
        return self.store.table(symbol(name))


def embedding(op: Any, scope: Scope, token: int) -> list[Data]:
    matrix, fmt = scope.matrix(op.weight)
    row = []
    for i, q in enumerate(matrix.q[token]):
        group = i // fmt[1]
        scale = int(matrix.mantissa[token, group]) << int(matrix.exponent[token, group])
        row.append(rescale(int(q) * scale, fmt[4], 1, format_of(op.result.type)))
    return [row]


def linear(op: Any, scope: Scope, x: Block | list[int]) -> list[Data]:
    matrix, fmt = scope.matrix(op.weight)
    is_static = isinstance(x, list)
    frac = numbers(format_of(op.input.type))[1 if is_static else 2] + fmt[4]
    x = Block(x, [0] * len(x)) if is_static else x
    result = []
    for row in range(matrix.q.shape[0]):
        acc = 0
        for i in range(matrix.q.shape[1]):
            group = i // fmt[1]
            scale = int(matrix.mantissa[row, group]) << int(matrix.exponent[row, group])
            acc += scale * int(matrix.q[row, i]) * (x.q[i] << x.e[i])
        result.append(rescale(acc, frac, 1, format_of(op.result.type)))
    return [result]


def bias(op: Any, scope: Scope, x: list[int]) -> list[Data]:
    _, frac, mul = numbers(format_of(op.input.type))
    b, wanted = scope.vector(op.weight), format_of(op.result.type)
    return [[rescale(q + w, frac, mul, wanted) for q, w in zip(x, b, strict=True)]]


def scale_channels(op: Any, scope: Scope, x: list[int]) -> list[Data]:
    w, (_, frac_w, mul_w) = scope.vector(op.weight), scope.vector_format(op.weight)
    _, frac, mul = numbers(format_of(op.input.type))
    wanted = format_of(op.result.type)
    return [[rescale(a * b, frac + frac_w, mul * mul_w, wanted) for a, b in zip(x, w, strict=True)]]


def mul(op: Any, _scope: Scope, lhs: list[int], rhs: list[int]) -> list[Data]:
    (_, fa, ma), (_, fb, mb) = (numbers(format_of(v.type)) for v in (op.lhs, op.rhs))
    wanted = format_of(op.result.type)
    return [[rescale(a * b, fa + fb, ma * mb, wanted) for a, b in zip(lhs, rhs, strict=True)]]


def add(op: Any, _scope: Scope, lhs: list[int], rhs: list[int]) -> list[Data]:
    fa, fb = (numbers(format_of(v.type))[1] for v in (op.lhs, op.rhs))
    frac, wanted = max(fa, fb), format_of(op.result.type)
    total = [(a << (frac - fa)) + (b << (frac - fb)) for a, b in zip(lhs, rhs, strict=True)]
    return [[rescale(x, frac, 1, wanted) for x in total]]


def split(op: Any, _scope: Scope, x: list[int]) -> list[Data]:
    pieces, start = [], 0
    for piece in op.pieces:
        length = shape_of(piece.type)[0]
        pieces.append(x[start : start + length])
        start += length
    return pieces


def conv(op: Any, scope: Scope, x: list[int], state: list[int]) -> list[Data]:
    (_, frac, mul_x), frac_w = numbers(format_of(op.input.type)), scope.vector_format(op.weight)[1]
    w, b = scope.vector(op.weight), [0] * len(x) if op.bias is None else scope.vector(op.bias)
    kept = shape_of(op.state.type)[1]
    result, new_state = [], []
    for c, q in enumerate(x):
        window = [*state[c * kept : (c + 1) * kept], q]
        acc = sum(w[c * (kept + 1) + j] * window[j] for j in range(kept + 1)) + b[c]
        result.append(rescale(acc, frac + frac_w, mul_x, format_of(op.result.type)))
        new_state += window[1:]
    return [result, new_state]


def table_function(op: Any, scope: Scope, x: list[int]) -> list[Data]:
    bits, frac, mul_out = numbers(format_of(op.result.type))
    result = [look_up(scope.table(op.table), q, bits) for q in x]
    for limit, pick in ((getattr(op, "low", None), max), (getattr(op, "high", None), min)):
        if limit is not None:
            nearest = Fraction(limit.value.data) * Fraction(2) ** frac / mul_out + Fraction(1, 2)
            result = [pick(q, nearest.__floor__()) for q in result]
    return [result]


def decay(op: Any, scope: Scope, dt: list[int]) -> list[Data]:
    _, frac, mul_dt = numbers(format_of(op.dt.type))
    a, (_, frac_a, mul_a) = scope.vector(op.weight), scope.vector_format(op.weight)
    per_dt, bits = len(a) // len(dt), numbers(format_of(op.result.type))[0]
    result = []
    for i, value in enumerate(a):
        product = dt[i // per_dt] * value
        t = rescale(product, frac + frac_a, mul_dt * mul_a, op.argument)
        result.append(look_up(scope.table(op.table), t, bits))
    return [result]


def rms_norm(op: Any, scope: Scope, x: list[int]) -> list[Data]:
    _, frac, mul_x = numbers(format_of(op.input.type))
    table = scope.table(op.table)
    m, s = reciprocal_root(x, op.eps.value.data, frac, mul_x, table)
    wanted = format_of(op.result.type)
    return [[rescale(q * m, table.mantissa_shift, mul_x, wanted, s) for q in x]]


def rms_scale(op: Any, scope: Scope, x: list[int]) -> list[Data]:
    _, frac, mul_x = numbers(format_of(op.input.type))
    size = len(x) // shape_of(op.result.type)[0]
    pairs = [
        reciprocal_root(x[i : i + size], op.eps.value.data, frac, mul_x, scope.table(op.table))
        for i in range(0, len(x), size)
    ]
    return [PseudoFloat([m for m, _ in pairs], [s for _, s in pairs])]


def scale(op: Any, _scope: Scope, x: list[int], root: PseudoFloat) -> list[Data]:
    _, frac, mul_x = numbers(format_of(op.input.type))
    frac_s, size = numbers(format_of(op.factor.type))[1], len(x) // len(root.m)
    wanted = format_of(op.result.type)
    return [
        [
            rescale(q * root.m[i // size], frac + frac_s, mul_x, wanted, root.s[i // size])
            for i, q in enumerate(x)
        ]
    ]


def rotate(op: Any, _scope: Scope, x: list[int]) -> list[Data]:
    return [rotated_blocks(x, op.block.value.data)]


def quantize(op: Any, _scope: Scope, x: list[int]) -> list[Data]:
    _, frac, mul_x = numbers(format_of(op.input.type))
    bits, group, frac_r = numbers(format_of(op.result.type))[:3]
    q, e = [], []
    for start in range(0, len(x), group):
        v = [value * mul_x for value in x[start : start + group]]
        part, exponent = quantize_group(v, bits, frac - frac_r, op.rounding.data)
        q += part
        e += [exponent] * group
    return [Block(q, e)]


def requantize(op: Any, _scope: Scope, x: list[int]) -> list[Data]:
    _, frac, mul_x = numbers(format_of(op.input.type))
    return [[rescale(q, frac, mul_x, format_of(op.result.type)) for q in x]]


def state_update(op: Any, scope: Scope, *operands: Data) -> list[Data]:
    state, decays, dt, x, b, c = operands
    bits, group, f_state = numbers(format_of(op.state.type))[:3]
    f_decay, f_dt, f_x, f_b, f_c = (
        numbers(format_of(v.type))[1] for v in (op.decay, op.dt, op.x, op.b, op.c)
    )
    f_dtx = numbers(op.dtx)[1]
    d, f_d = scope.vector(op.d), scope.vector_format(op.d)[1]
    channels, size = len(x), shape_of(op.state.type)[-1]
    heads_share = channels * size // len(b)  # channels of one group of B and C, times 1
    f_sum, f_out = max(f_decay + f_state, f_dtx + f_b), max(f_state + f_c, f_d + f_x)
    y, new = [], Block([], [])
    for ch in range(channels):
        head = ch * len(dt) // channels
        g = (ch // heads_share) * size
        dtx = rescale(dt[head] * x[ch], f_dt + f_x, 1, op.dtx)
        v = []
        for n in range(size):
            i = ch * size + n
            kept = decays[i if len(decays) == channels * size else head]
            kept *= state.q[i] << state.e[i]
            total = (kept << (f_sum - f_decay - f_state)) + (
                dtx * b[g + n] << (f_sum - f_dtx - f_b)
            )
            v.append(rss(total, f_sum - f_state, bits + 16))
        read = 0
        for start in range(0, size, group):
            q, e = quantize_group(v[start : start + group], bits, 0, "up")
            new.q.extend(q)
            new.e.extend([e] * group)
            read += sum((a << e) * c[g + start + k] for k, a in enumerate(q))
        total = (read << (f_out - f_state - f_c)) + (d[head] * x[ch] << (f_out - f_d - f_x))
        y.append(rescale(total, f_out, 1, format_of(op.result.type)))
    return [y, new]


MEANING: dict[type[Operation], Callable[..., list[Data]]] = {
    ssm.EmbeddingOp: embedding,
    ssm.LinearOp: linear,
    ssm.BiasOp: bias,
    ssm.ScaleChannelsOp: scale_channels,
    ssm.MulOp: mul,
    ssm.AddOp: add,
    ssm.SplitOp: split,
    ssm.CausalConv1dStepOp: conv,
    ssm.SiluOp: table_function,
    ssm.SoftplusOp: table_function,
    ssm.DecayOp: decay,
    ssm.RMSNormOp: rms_norm,
    ssm.RMSScaleOp: rms_scale,
    ssm.ScaleOp: scale,
    ssm.RotateOp: rotate,
    ssm.QuantizeOp: quantize,
    ssm.RequantizeOp: requantize,
    ssm.SelectiveStateUpdateOp: state_update,
}


def zeros(tensor: TensorType) -> Data:
    count = math.prod(shape_of(tensor))
    if isinstance(format_of(tensor), ssm.BlockType):
        return Block([0] * count, [0] * count)
    return [0] * count


def execute(ops: Sequence[Operation], values: dict[SSAValue, Data], scope: Scope) -> None:
    for op in ops:
        if isinstance(op, ssm.YieldOp | ReturnOp):
            continue
        operands = [values[operand] for operand in op.operands]
        if isinstance(op, ssm.LayersOp):
            results = layers(op, operands, values, scope)
        else:
            results = MEANING[type(op)](op, scope, *operands)
        values.update(zip(op.results, results, strict=True))


def layers(
    op: ssm.LayersOp, operands: list[Data], values: dict[SSAValue, Data], scope: Scope
) -> list[Data]:
    """States of all layers are flat: one layer's are a consecutive piece."""
    carried, count = op.carried.value.data, op.count.value.data
    current, pieces = operands[:carried], []
    for layer in range(count):
        states = [piece(state, layer, count) for state in operands[carried:]]
        values.update(zip(op.block.args, [*current, *states], strict=True))
        execute(list(op.block.ops), values, Scope(scope.store, layer))
        assert op.block.last_op is not None
        yielded = [values[value] for value in op.block.last_op.operands]
        current, new = yielded[:carried], yielded[carried:]
        pieces.append(new)
    return [*current, *(join(column) for column in zip(*pieces, strict=True))]


def piece(state: Data, layer: int, count: int) -> Data:
    if isinstance(state, Block):
        return Block(piece(state.q, layer, count), piece(state.e, layer, count))
    size = len(state) // count
    return state[layer * size : (layer + 1) * size]


def join(states: Sequence[Data]) -> Data:
    if isinstance(states[0], Block):
        return Block(join([state.q for state in states]), join([state.e for state in states]))
    return list(chain.from_iterable(states))


def run_reference(function: FuncOp, store: WeightStore, ids: Sequence[int]):
    """Logits of each token and the states after the last."""
    block = function.body.block
    states = [zeros(argument.type) for argument in block.args[1:]]  # pyright: ignore
    logits = []
    for token in ids:
        values: dict[SSAValue, Data] = dict(zip(block.args, [token, *states], strict=True))
        execute(list(block.ops), values, Scope(store, None))
        assert block.last_op is not None
        first, *states = (values[value] for value in block.last_op.operands)
        logits.append(first)
    return logits, states


def flat(value: Value) -> Data:
    """The interpreter's value of one sequence in the form used here."""
    if isinstance(value, BlockValue):
        group = value.q.shape[-1] // value.e.shape[-1]
        return Block(
            value.q.reshape(-1).tolist(), np.repeat(value.e, group, -1).reshape(-1).tolist()
        )
    if isinstance(value, PseudoFloatValue):
        return PseudoFloat(value.m.reshape(-1).tolist(), value.s.reshape(-1).tolist())
    return value.reshape(-1).tolist()
