"""The integer recurrence of a selective state update as compiled loops, in float64.

numba is imported, and the loops are compiled or loaded from its cache, when this module is.
Operands lie as `lmc.interpreter.recurrence` says. float64 holds every integer and half exactly, and
scaling by powers of two is exact, so a rounding shift is floor(x · 2^-s + 1/2).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from lmc.numerics.block import MAX_EXPONENT
from lmc.numerics.compiled import compiled
from lmc.numerics.vector_code import (
    DOUBLE,
    INT64,
    LANES,
    Code,
    VectorCode,
    integer,
    llvm_function,
    numba_arrays,
    vector,
)

_USUAL_GROUP = 8
"""A group whose loops are unrolled."""
_TOKENS = 16
"""Tokens that a vector of channels goes through at a time: they and its state stay in cache."""
_MANTISSA_BITS, _BIAS = 52, 1023
"""Of float64."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NarrowInts = NDArray[np.int32]


def scan_loops(
    state: NarrowInts,
    exponents: NarrowInts,
    kept: Floats,
    added: Floats,
    b: Floats,
    c: Floats,
    widths: tuple[int, int, int],
) -> Ints:
    """Walk through the tokens: the state becomes the last one; Σ C · state [T, B, G, 1, R].

    The state is q [B, G, R, N] with exponents [B, G, R, N / group]; kept [T, B, G, 1 or N, R] and
    added [T, B, G, 1, R] are decay and dtx in units that make kept · state + added · B the new
    state. `widths` are the state's bits, its group, and bits before it becomes blocks.
    """
    bits, group, rounded_bits = widths
    # A number beyond `rounded_bits` gets the largest exponent and saturates there, as it would if
    # it were saturated before; so the first saturation is left out.
    assert rounded_bits - bits > MAX_EXPONENT
    kept, added = _whole_vectors(kept), _whole_vectors(added)
    read = np.empty(added.shape)
    _scan(state, exponents, kept, added, b, c, bits, group, read)
    return read[..., : state.shape[2]].astype(np.int64)


def _whole_vectors(values: Floats) -> Floats:
    """Values [..., R] with zeros up to a multiple of `LANES`."""
    missing = -values.shape[-1] % LANES
    if missing:
        values = np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)])
    return np.ascontiguousarray(values)


@compiled
def _scan(
    state: NarrowInts,
    exponents: NarrowInts,
    kept: Floats,
    added: Floats,
    b: Floats,
    c: Floats,
    bits: int,
    group: int,
    read: Floats,
) -> None:
    batch, groups, channels, size = state.shape
    vectors = (channels + LANES - 1) // LANES
    lanes = np.zeros((vectors, size, LANES))
    shifts = np.zeros((vectors, size // group, LANES), np.int64)
    for row in range(batch):
        for head in range(groups):
            q, e = state[row, head], exponents[row, head]
            for i in range(vectors):
                part = slice(i * LANES, min((i + 1) * LANES, channels))
                _blocks_in(q[part], e[part], lanes[i])
            for start in range(0, added.shape[0], _TOKENS):
                for i in range(vectors):
                    for token in range(start, min(start + _TOKENS, added.shape[0])):
                        keep = kept[token, row, head, :, i * LANES :]
                        add = added[token, row, head, 0, i * LANES :]
                        total = read[token, row, head, 0, i * LANES :]
                        columns, factors = b[token, row, head, :, 0], c[token, row, head, 0]
                        # A literal has its loops unrolled.
                        if group == _USUAL_GROUP:
                            _step(
                                lanes[i], keep, add, columns, factors, bits, _USUAL_GROUP, total,
                                shifts[i],
                            )  # fmt: skip
                        else:
                            _step(
                                lanes[i], keep, add, columns, factors, bits, group, total, shifts[i]
                            )
            for i in range(vectors):
                part = slice(i * LANES, min((i + 1) * LANES, channels))
                _blocks_out(lanes[i], shifts[i], q[part], e[part])


@compiled
def _blocks_in(q: NarrowInts, exponents: NarrowInts, lanes: Floats) -> None:
    """lanes [N, LANES] = q << e for q [R, N] and e [R, N / group] of up to `LANES` channels."""
    group = q.shape[1] // exponents.shape[1]
    for lane in range(q.shape[0]):
        for block in range(exponents.shape[1]):
            values, out = q[lane, block * group :], lanes[block * group :, lane]
            shift = np.int64(exponents[lane, block])
            for i in range(group):
                out[i] = np.float64(np.int64(values[i]) << shift)


@compiled
def _blocks_out(lanes: Floats, shifts: Ints, q: NarrowInts, exponents: NarrowInts) -> None:
    """The inverse of `_blocks_in`, with e = shifts [N / group, LANES]."""
    group = q.shape[1] // exponents.shape[1]
    for lane in range(q.shape[0]):
        for block in range(exponents.shape[1]):
            values, out = lanes[block * group :, lane], q[lane, block * group :]
            shift = shifts[block, lane]
            exponents[lane, block] = shift
            for i in range(group):
                out[i] = np.int64(values[i]) >> shift


@llvm_function
def _step(
    _typing: Any,
    state: Any,
    kept: Any,
    added: Any,
    b: Any,
    c: Any,
    bits: Any,
    group: Any,
    read: Any,
    shifts: Any,
) -> tuple[Any, Callable[..., Code]]:
    """One token of a vector of channels: state [N, LANES] of q << e in place.

    kept [1 or N, ≥ LANES] times the state, added [≥ LANES] times b [N], rounded to blocks of
    `group` rows; read [≥ LANES] becomes Σ c [N] · state, shifts [N / group, LANES] int64 the
    exponents.
    """
    signature = types.void(state, kept, added, b, c, bits, group, read, shifts)

    def code(context: Code, builder: Code, signature: Code, arguments: Code) -> Code:
        bits, group = arguments[5:7]
        kinds, arrays = list(signature.args), list(arguments)
        del kinds[5:7], arrays[5:7]
        made = numba_arrays(context, builder, kinds, arrays)
        size, kept_rows = (_first(builder, array.shape) for array in made[:2])
        # Floats from one row of `kept` to the next; one row is that of all.
        kept_step = builder.sdiv(_first(builder, made[1].strides), integer(8))
        several = builder.icmp_signed(">", kept_rows, integer(1))
        kept_step = builder.select(several, kept_step, integer(0))
        data = [array.data for array in made]
        _write_step(VectorCode(builder), data, (size, kept_step), bits, group)
        return context.get_dummy_value()

    return signature, code


def _first(builder: Code, values: Code) -> Code:
    return builder.extract_value(values, 0)


def _write_step(
    write: VectorCode, data: Code, sizes: tuple[Code, Code], bits: Code, group: Code
) -> None:
    builder, (state, kept, added, b, c, read, shifts) = write.builder, data
    size, kept_step = sizes
    doubles, half = vector(DOUBLE), write.constant(DOUBLE, 0.5)
    kept_bits = builder.sub(bits, integer(1))
    limit = builder.shl(integer(1), kept_bits)
    highest = write.splat(builder.sitofp(builder.sub(limit, integer(1)), DOUBLE))
    lowest = write.splat(builder.sitofp(builder.neg(limit), DOUBLE))
    added = write.load(added, integer(0), doubles)

    def update(n: Code, carried: Code) -> Code:
        place = builder.mul(n, integer(LANES))
        keep = write.load(kept, builder.mul(n, kept_step), doubles)
        old = write.load(state, place, doubles)
        new = write.add(write.multiply(added, write.splat(write.element(b, n))), half)
        new = write.double_function("floor", write.add(write.multiply(old, keep), new))
        write.store(new, state, place)
        return [write.larger(write.double_function("fabs", new), carried[0])]

    def block(start: Code, totals: Code) -> Code:
        span = (start, builder.add(start, group), integer(1))
        (top,) = write.loop(span, [write.constant(DOUBLE, 0.0)], update)
        exponent = _exponents(write, top, write.splat(kept_bits))
        place = builder.mul(builder.sdiv(start, group), integer(LANES))
        write.store(exponent, shifts, place)
        down, up = (_power(write, exponent, sign) for sign in (-1, 1))

        def to_block(n: Code, carried: Code) -> Code:
            place = builder.mul(n, integer(LANES))
            v = write.multiply(write.load(state, place, doubles), down)
            q = write.double_function("floor", write.add(v, half))
            value = write.multiply(write.smaller(write.larger(q, lowest), highest), up)
            write.store(value, state, place)
            product = write.multiply(value, write.splat(write.element(c, n)))
            return [write.add(carried[0], product)]

        return write.loop(span, totals, to_block)

    (total,) = write.loop((integer(0), size, group), [write.constant(DOUBLE, 0.0)], block)
    write.store(total, read, integer(0))


def _exponents(write: VectorCode, top: Code, kept_bits: Code) -> Code:
    """The exponents of groups whose largest magnitudes are `top`, integers."""
    builder = write.builder
    field = builder.lshr(builder.bitcast(top, vector(INT64)), write.constant(INT64, _MANTISSA_BITS))
    # The exponent field is the bit length of an integer plus the bias less one.
    length = builder.sub(field, write.constant(INT64, _BIAS - 1))
    zero, most = write.constant(INT64, 0), write.constant(INT64, MAX_EXPONENT)
    return write.clamp(builder.sub(length, kept_bits), zero, most)


def _power(write: VectorCode, exponent: Code, sign: int) -> Code:
    """2^(sign · exponent), from the fields of float64."""
    builder, bias = write.builder, write.constant(INT64, _BIAS)
    field = builder.add(bias, exponent) if sign > 0 else builder.sub(bias, exponent)
    shifted = builder.shl(field, write.constant(INT64, _MANTISSA_BITS))
    return builder.bitcast(shifted, vector(DOUBLE))
