"""Rescaling and the rounding to blocks as compiled loops, each in one pass over its numbers.

The arithmetic is that of `lmc.numerics.rounding` and `lmc.numerics.block`, to the bit.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.block import MAX_EXPONENT
from lmc.numerics.compiled import compiled, inlined

Ints = NDArray[np.int64]
NarrowInts = NDArray[np.int32]


@inlined
def rounded(x: Any, shift: int, low: int, high: int) -> Any:
    """Round x half up by a right shift, or shift it left where that is negative, and saturate."""
    if shift > 0:
        right = min(shift, 63)
        x = (x + (1 << (right - 1))) >> right
    else:
        left = min(-shift, 62)
        limit = 1 << (62 - left)
        x = min(max(x, -limit), limit) << left
    return min(max(x, low), high)


@compiled
def rescale_rows(x: Ints, multiplier: int, shifts: Ints, bits: int, out: Ints) -> None:
    """x [M, N] · multiplier, rounded to `bits` bits by right shifts [M]."""
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    for m in range(x.shape[0]):
        row, result, shift = x[m], out[m], shifts[m]
        for i in range(x.shape[1]):
            result[i] = rounded(row[i] * multiplier, shift, low, high)


@compiled
def blocks_of_rows(
    v: Ints, bits: int, emin: int, multiplier: int, q: NarrowInts, exponents: NarrowInts
) -> None:
    """Groups v [M, group] rounded to q of `bits` bits with exponents [M].

    `multiplier` is that of the `nearest` rule, or 0 for the rule `up`.
    """
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    for m in range(v.shape[0]):
        row, result = v[m], q[m]
        top = np.int64(0)
        for i in range(v.shape[1]):
            top = max(top, abs(row[i]))
        kept = bits - 1
        if multiplier:
            top, kept = (top * multiplier) >> 16, 1
        length = 0
        while top >> length:
            length += 1
        exponent = min(max(length - kept - emin, 0), MAX_EXPONENT)
        exponents[m] = exponent
        shift = exponent + emin
        for i in range(v.shape[1]):
            result[i] = rounded(row[i], shift, low, high)
