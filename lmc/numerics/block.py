"""Block floating point: groups of integers that share an exponent."""

import math

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.rounding import IntArray, rss

SmallIntArray = NDArray[np.int32]

MAX_EXPONENT = 15
"""The largest exponent of a group, above the bottom of its tensor's window."""


def bit_length(x: IntArray) -> IntArray:
    """Number of bits of integers x >= 0; 0 for 0."""
    high = x >> 32
    # frexp is exact below 2^53 only, hence the two halves.
    upper = np.frexp(high.astype(np.float64))[1] + 32
    lower = np.frexp((x & 0xFFFFFFFF).astype(np.float64))[1]
    return np.where(high > 0, upper, lower).astype(np.int64)


def nearest_multiplier(bits: int) -> int:
    """K of the `nearest` rule: sqrt(2) / (2^(bits-1) - 1) in units of 2^-16, rounded."""
    return math.floor(2**16 * math.sqrt(2) / ((1 << (bits - 1)) - 1) + 0.5)


def group_exponents(top: IntArray, bits: int, emin: int, rounding: str) -> IntArray:
    """Exponents of groups from their largest magnitudes `top`.

    `up` takes the smallest power of two whose multiples reach `top`, `nearest` the nearest one on
    a logarithmic scale. `emin` is the window's bottom in units of `top`; exponents count from it.
    """
    if rounding == "up":
        exponents = bit_length(top) - (bits - 1) - emin
    else:
        exponents = bit_length((top * nearest_multiplier(bits)) >> 16) - 1 - emin
    return np.clip(exponents, 0, MAX_EXPONENT)


def quantize_blocks(
    v: IntArray, bits: int, group: int, emin: int, rounding: str
) -> tuple[SmallIntArray, SmallIntArray]:
    """Integers v [..., n] as blocks: q [..., n] of `bits` bits, e [..., n / group].

    The value of an element is q · 2^(e + emin) in units of v; see `group_exponents`.
    """
    grouped = v.reshape(*v.shape[:-1], v.shape[-1] // group, group)
    exponents = group_exponents(np.abs(grouped).max(axis=-1), bits, emin, rounding)
    q = rss(grouped, exponents[..., None] + emin, bits)
    return q.reshape(v.shape).astype(np.int32), exponents.astype(np.int32)


def expand_blocks(q: SmallIntArray, exponents: SmallIntArray) -> SmallIntArray:
    """q << e for every element: q [..., n], e [..., groups] → [..., n].

    Elements have at most 16 bits and exponents 4, so 32 bits hold the result.
    """
    groups = exponents.shape[-1]
    grouped = q.reshape(*q.shape[:-1], groups, q.shape[-1] // groups)
    return (grouped << exponents[..., None]).reshape(q.shape)


def dequantize_blocks(q: SmallIntArray, exponents: SmallIntArray, frac: int) -> NDArray[np.float64]:
    """The real values q · 2^(e - frac)."""
    return expand_blocks(q, exponents).astype(np.float64) * 2.0**-frac
