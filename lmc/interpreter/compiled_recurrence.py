"""The integer recurrence of a selective state update as compiled loops, in floating point.

numba is imported, and the loops are compiled or loaded from its cache, when this module is.
Operands lie as `lmc.interpreter.recurrence` says. Floats hold every integer and half exactly, and
scaling by powers of two is exact, so a rounding shift is floor(x · 2^-s + 1/2).

Sums are float64. What is rounded to blocks, and the state itself, is float32 where that holds it:
twice as many numbers fit a vector and the first-level cache.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled

_LANES = 128
"""Channels walked through all tokens together: their states stay in the nearest caches."""
_NARROW_BITS = 24
"""Width of the new state before it becomes blocks up to which float32 holds it."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NarrowInts = NDArray[np.int32]
_FunctionT = TypeVar("_FunctionT", bound=Callable[..., None])
_Constants = tuple[NDArray[np.floating], NDArray[np.signedinteger]]
"""1/2, the largest and the smallest q; mantissa bits, bias, q's bits - 1, largest exponent."""


def _compiled(function: _FunctionT) -> _FunctionT:
    """The function in machine code."""
    # A product and a sum that are exact may be fused; nothing is NaN, a zero's sign means nothing.
    return compiled(function, {"contract", "nnan", "nsz"})


def scan_loops(
    state: Ints,
    decays: NarrowInts,
    dtx: Ints,
    b: Ints,
    c: Ints,
    units: tuple[float, float],
    widths: tuple[int, int, int, int],
    read: Ints,
    exponents: Ints,
) -> None:
    """Walk through the tokens: `state` becomes the last one, `read` and `exponents` are filled.

    `units` scale decay · state and dtx · B to the state's unit; `widths` are the state's bits,
    group, bits before it becomes blocks, and the largest exponent. read is [T, B, G, 1, R],
    exponents are [B, G, N / group, R].
    """
    bits, group, rounded_bits, largest_exponent = widths
    # A number beyond `rounded_bits` gets the largest exponent and saturates there, as it would if
    # it were saturated before; so the first saturation is left out, and rounding to float32 of
    # numbers that need it does no harm either.
    assert rounded_bits - bits > largest_exponent
    narrow = rounded_bits <= _NARROW_BITS
    floats, ints = (np.float32, np.int32) if narrow else (np.float64, np.int64)
    scratch = np.zeros((state.shape[2] + group + 3, _LANES), floats)
    limit = 2.0 ** (bits - 1)
    reals = np.array([0.5, limit - 1.0, -limit], floats)
    information = np.finfo(floats)
    bias = information.maxexp - 1
    whole = np.array([information.nmant, bias, bits - 1, largest_exponent], ints)
    _scan(
        state, decays, dtx, b, c, units, group, (reals, whole), scratch, scratch.view(ints), read,
        exponents,
    )  # fmt: skip


@_compiled
def _scan(
    state: Ints,
    decays: NarrowInts,
    dtx: Ints,
    b: Ints,
    c: Ints,
    units: tuple[float, float],
    group: int,
    constants: _Constants,
    scratch: NDArray[np.floating],
    fields: NDArray[np.signedinteger],
    read: Ints,
    exponents: Ints,
) -> None:
    batch, groups, size, channels = state.shape
    lanes = scratch[group + 3 :]
    for row in range(batch):
        for head in range(groups):
            for first in range(0, channels, _LANES):
                count = min(_LANES, channels - first)
                lanes[:, :count] = state[row, head, :, first : first + count]
                place = (row, head, first, count)
                _walk(
                    place, lanes, decays, dtx, b, c, units, group, constants, scratch, fields,
                    read, exponents,
                )  # fmt: skip
                for n in range(size):
                    for lane in range(count):
                        state[row, head, n, first + lane] = np.int64(lanes[n, lane])


@_compiled
def _walk(
    place: tuple[int, int, int, int],
    state: NDArray[np.floating],
    decays: NarrowInts,
    dtx: Ints,
    b: Ints,
    c: Ints,
    units: tuple[float, float],
    group: int,
    constants: _Constants,
    scratch: NDArray[np.floating],
    fields: NDArray[np.signedinteger],
    read: Ints,
    exponents: Ints,
) -> None:
    """All tokens of up to `_LANES` channels of one sequence: state [N, lanes] in place.

    Rows of `scratch` are the largest magnitudes, 2^-e and 2^e of one group of every lane, and the
    new values of the group; `fields` are the same memory as integers.
    """
    row, head, first, count = place
    kept, added, total = np.zeros(_LANES), np.zeros(_LANES), np.zeros(_LANES)
    top, v = scratch[0], scratch[3 : 3 + group]
    shift = np.zeros(_LANES, np.int64)
    by_state = decays.shape[3] > 1
    for token in range(dtx.shape[0]):
        total[:] = 0.0
        for lane in range(count):
            kept[lane] = decays[token, row, head, 0, first + lane] * units[0]
            added[lane] = dtx[token, row, head, 0, first + lane] * units[1]
        for start in range(0, state.shape[0], group):
            top[:] = 0.0
            for i in range(group):
                if by_state:
                    for lane in range(count):
                        kept[lane] = decays[token, row, head, start + i, first + lane] * units[0]
                column = np.float64(b[token, row, head, start + i, 0])
                for lane in range(_LANES):
                    half_added = added[lane] * column + 0.5
                    v[i, lane] = np.floor(state[start + i, lane] * kept[lane] + half_added)
                    top[lane] = max(top[lane], abs(v[i, lane]))
            _choose_exponents(fields, shift, constants[1])
            factors = c[token, row, head, 0, start : start + group]
            _to_blocks(v, state[start : start + group], scratch, constants[0], factors, total)
            if token == dtx.shape[0] - 1:
                exponents[row, head, start // group, first : first + count] = shift[:count]
        for lane in range(count):
            read[token, row, head, 0, first + lane] = np.int64(total[lane])


@_compiled
def _choose_exponents(
    fields: NDArray[np.signedinteger], shift: Ints, whole: NDArray[np.signedinteger]
) -> None:
    """The exponents e of one group of every lane, and 2^-e and 2^e, from the largest magnitudes."""
    mantissa_bits, bias, kept_bits, largest_exponent = whole[0], whole[1], whole[2], whole[3]
    # The exponent field is the bit length of an integer plus the bias less one.
    for lane in range(_LANES):
        length = (fields[0, lane] >> mantissa_bits) - (bias - 1)
        shift[lane] = min(max(length - kept_bits, 0), largest_exponent)
        fields[1, lane] = (bias - shift[lane]) << mantissa_bits
        fields[2, lane] = (bias + shift[lane]) << mantissa_bits


@_compiled
def _to_blocks(
    v: NDArray[np.floating],
    out: NDArray[np.floating],
    scratch: NDArray[np.floating],
    reals: NDArray[np.floating],
    factors: Ints,
    total: Floats,
) -> None:
    """One group of every lane: v [group, lanes] rounded to q << e in `out`.

    C · out is added to `total`, C being `factors` [group].
    """
    half, highest, lowest = reals[0], reals[1], reals[2]
    down, up = scratch[1], scratch[2]
    for i in range(v.shape[0]):
        factor = np.float64(factors[i])
        for lane in range(_LANES):
            q = min(max(np.floor(v[i, lane] * down[lane] + half), lowest), highest)
            value = q * up[lane]
            out[i, lane] = value
            total[lane] += np.float64(value) * factor
