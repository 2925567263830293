"""The integer recurrence of a selective state update as compiled loops, in float64.

numba is imported, and the loops are compiled or loaded from its cache, when this module is.
Operands lie as `lmc.interpreter.recurrence` says. Floats hold every integer and half exactly, and
scaling by powers of two is exact, so a rounding shift is floor(x · 2^-s + 1/2).
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled

_LANES = 64
"""Channels walked through all tokens together: their states stay in the first-level cache."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NarrowInts = NDArray[np.int32]
_FunctionT = TypeVar("_FunctionT", bound=Callable[..., None])


def _compiled(function: _FunctionT) -> _FunctionT:
    """The function in machine code."""
    # A product and a sum that are exact may be fused; nothing is NaN, a zero's sign means nothing.
    return compiled(function, {"contract", "nnan", "nsz"})


@_compiled
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
    batch, groups, size, channels = state.shape
    lanes = np.zeros((size, _LANES))
    for row in range(batch):
        for head in range(groups):
            for first in range(0, channels, _LANES):
                count = min(_LANES, channels - first)
                lanes[:, :count] = state[row, head, :, first : first + count]
                place = (row, head, first, count)
                _walk(place, lanes, decays, dtx, b, c, units, widths, read, exponents)
                for n in range(size):
                    for lane in range(count):
                        state[row, head, n, first + lane] = np.int64(lanes[n, lane])


@_compiled
def _walk(
    place: tuple[int, int, int, int],
    state: Floats,
    decays: NarrowInts,
    dtx: Ints,
    b: Ints,
    c: Ints,
    units: tuple[float, float],
    widths: tuple[int, int, int, int],
    read: Ints,
    exponents: Ints,
) -> None:
    """All tokens of up to `_LANES` channels of one sequence: state [N, lanes] in place."""
    row, head, first, count = place
    group = widths[1]
    kept, added, total = np.zeros(_LANES), np.zeros(_LANES), np.zeros(_LANES)
    v, shift = np.zeros((group, _LANES)), np.zeros(_LANES, np.int64)
    scales = np.zeros((3, _LANES))
    by_state = decays.shape[3] > 1
    for token in range(dtx.shape[0]):
        total[:] = 0.0
        for lane in range(count):
            kept[lane] = decays[token, row, head, 0, first + lane] * units[0]
            added[lane] = dtx[token, row, head, 0, first + lane] * units[1]
        for start in range(0, state.shape[0], group):
            for i in range(group):
                if by_state:
                    for lane in range(count):
                        kept[lane] = decays[token, row, head, start + i, first + lane] * units[0]
                column = np.float64(b[token, row, head, start + i, 0])
                for lane in range(_LANES):
                    v[i, lane] = state[start + i, lane] * kept[lane] + added[lane] * column
            _to_blocks(v, state[start : start + group], shift, scales, widths)
            for i in range(group):
                factor = np.float64(c[token, row, head, 0, start + i])
                for lane in range(_LANES):
                    total[lane] += state[start + i, lane] * factor
            if token == dtx.shape[0] - 1:
                exponents[row, head, start // group, first : first + count] = shift[:count]
        for lane in range(count):
            read[token, row, head, 0, first + lane] = np.int64(total[lane])


@_compiled
def _to_blocks(
    v: Floats, out: Floats, shift: Ints, scales: Floats, widths: tuple[int, int, int, int]
) -> None:
    """One group of every lane: v [group, lanes] rounded to q << e in `out`, e in `shift`.

    `scales` [3, lanes] is scratch space.
    """
    bits, _, rounded_bits, largest_exponent = widths
    bound, limit = 2.0 ** (rounded_bits - 1), 2.0 ** (bits - 1)
    top, down, up = scales[0], scales[1], scales[2]
    fields, down_fields, up_fields = top.view(np.int64), down.view(np.int64), up.view(np.int64)
    top[:] = 0.0
    for i in range(v.shape[0]):
        for lane in range(_LANES):
            rounded = min(max(np.floor(v[i, lane] + 0.5), -bound), bound - 1.0)
            v[i, lane] = rounded
            top[lane] = max(top[lane], abs(rounded))
    # An IEEE double's exponent field is the bit length of an integer plus 1022.
    for lane in range(_LANES):
        length = (fields[lane] >> 52) - 1022
        shift[lane] = min(max(length - (bits - 1), 0), largest_exponent)
        up_fields[lane] = (1023 + shift[lane]) << 52
        down_fields[lane] = (1023 - shift[lane]) << 52
    for i in range(v.shape[0]):
        for lane in range(_LANES):
            q = min(max(np.floor(v[i, lane] * down[lane] + 0.5), -limit), limit - 1.0)
            out[i, lane] = q * up[lane]
