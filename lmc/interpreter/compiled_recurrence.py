"""The integer recurrence of a selective state update as compiled loops, in float64.

numba is imported, and the loops are compiled or loaded from its cache, when this module is.
Operands lie as `lmc.interpreter.recurrence` says. float64 holds every integer and half exactly, and
scaling by powers of two is exact, so a rounding shift is floor(x · 2^-s + 1/2).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from lmc.numerics.block import MAX_EXPONENT
from lmc.numerics.compiled import compiled
from lmc.numerics.vector_code import (
    DOUBLE,
    INT64,
    LANES,
    Code,
    VectorCode,
    array_data,
    integer,
    vector,
)

_MANTISSA_BITS, _BIAS = 52, 1023
"""Of float64."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NarrowInts = NDArray[np.int32]


def scan_loops(
    state: NarrowInts,
    exponents: NarrowInts,
    decays: NarrowInts,
    dtx: Ints,
    b: Floats,
    c: Floats,
    units: tuple[float, float],
    widths: tuple[int, int, int],
    read: Ints,
) -> None:
    """Walk through the tokens: the state becomes the last one, and `read` is filled.

    The state is q [B, G, R, N] with exponents [B, G, R, N / group]; read is [T, B, G, 1, R].
    `units` scale decay · state and dtx · B to the state's unit; `widths` are the state's bits, its
    group, and bits before it becomes blocks.
    """
    bits, group, rounded_bits = widths
    # A number beyond `rounded_bits` gets the largest exponent and saturates there, as it would if
    # it were saturated before; so the first saturation is left out.
    assert rounded_bits - bits > MAX_EXPONENT
    _scan(state, exponents, decays, dtx, b, c, units, bits, group, read)


@compiled
def _scan(
    state: NarrowInts,
    exponents: NarrowInts,
    decays: NarrowInts,
    dtx: Ints,
    b: Floats,
    c: Floats,
    units: tuple[float, float],
    bits: int,
    group: int,
    read: Ints,
) -> None:
    batch, groups, channels, size = state.shape
    # One vector of channels goes through all tokens: its state stays in the nearest cache.
    lanes, shifts = np.zeros((size, LANES)), np.zeros((size // group, LANES), np.int64)
    kept, added, total = np.zeros((decays.shape[3], LANES)), np.zeros(LANES), np.zeros(LANES)
    for row in range(batch):
        for head in range(groups):
            for first in range(0, channels, LANES):
                count = min(LANES, channels - first)
                for lane in range(count):
                    for n in range(size):
                        shift = exponents[row, head, first + lane, n // group]
                        lanes[n, lane] = np.int64(state[row, head, first + lane, n]) << shift
                for token in range(dtx.shape[0]):
                    for n in range(decays.shape[3]):
                        for lane in range(count):
                            decay = decays[token, row, head, n, first + lane]
                            kept[n, lane] = np.float64(decay) * units[0]
                    for lane in range(count):
                        dt_x = dtx[token, row, head, 0, first + lane]
                        added[lane] = np.float64(dt_x) * units[1]
                    columns, factors = b[token, row, head, :, 0], c[token, row, head, 0]
                    _step(lanes, kept, added, columns, factors, bits, group, total, shifts)
                    for lane in range(count):
                        read[token, row, head, 0, first + lane] = np.int64(total[lane])
                for lane in range(count):
                    for n in range(size):
                        shift = shifts[n // group, lane]
                        state[row, head, first + lane, n] = np.int64(lanes[n, lane]) >> shift
                        exponents[row, head, first + lane, n // group] = shift


@intrinsic
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

    kept [1 or N, LANES] times the state, added [LANES] times b [N], rounded to blocks of `group`
    rows; read [LANES] becomes Σ c [N] · state, shifts [N / group, LANES] int64 the exponents.
    """
    signature = types.void(state, kept, added, b, c, bits, group, read, shifts)

    def code(context: Code, builder: Code, signature: Code, arguments: Code) -> Code:
        bits, group = arguments[5:7]
        kinds, arrays = list(signature.args), list(arguments)
        del kinds[5:7], arrays[5:7]
        data = array_data(context, builder, kinds, arrays)
        shapes = [
            builder.extract_value(context.make_array(kind)(context, builder, array).shape, 0)
            for kind, array in zip(kinds[:2], arrays[:2], strict=True)
        ]
        _write_step(VectorCode(builder), data, shapes, bits, group)
        return context.get_dummy_value()

    return signature, code


def _write_step(write: VectorCode, data: Code, shapes: Code, bits: Code, group: Code) -> None:
    builder, (state, kept, added, b, c, read, shifts) = write.builder, data
    size, kept_rows = shapes
    doubles, half = vector(DOUBLE), write.constant(DOUBLE, 0.5)
    kept_step = builder.select(
        builder.icmp_signed(">", kept_rows, integer(1)), integer(LANES), integer(0)
    )
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
