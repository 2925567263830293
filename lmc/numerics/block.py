"""Block floating point: groups of integers that share an exponent."""

import math

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.rounding import WORTH_COMPILING, IntArray, rss

SmallIntArray = NDArray[np.int32]

EXPONENT_BITS = 4
"""Width of a group's exponent: a tensor's exponent window spans 16 binades."""
MAX_EXPONENT = (1 << EXPONENT_BITS) - 1
"""The largest exponent of a group, above the bottom of its tensor's window."""
SCALE_MANTISSA_BITS = 8
"""Width of the mantissa of a group's scale, where it is no power of two."""
STUDY_MANTISSA_BITS = 16
"""The same where a scale stands for a float one, to study what formats cost."""
RECIPROCAL_SHIFT = 20
"""Reciprocals of mantissas are in units of 2^-20."""


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
    if v.size >= WORTH_COMPILING:
        return _quantize_compiled(grouped, bits, emin, rounding)
    exponents = group_exponents(np.abs(grouped).max(axis=-1), bits, emin, rounding)
    q = rss(grouped, exponents[..., None] + emin, bits)
    return q.reshape(v.shape).astype(np.int32), exponents.astype(np.int32)


def _quantize_compiled(
    grouped: IntArray, bits: int, emin: int, rounding: str
) -> tuple[SmallIntArray, SmallIntArray]:
    """`quantize_blocks` of [..., groups, group] in one pass."""
    # Importing numba takes longer than a few tokens do.
    from lmc.numerics.compiled_rounding import blocks_of_rows

    shape, multiplier = grouped.shape, 0 if rounding == "up" else nearest_multiplier(bits)
    rows = np.ascontiguousarray(grouped).reshape(-1, shape[-1])
    q, exponents = np.empty(rows.shape, np.int32), np.empty(len(rows), np.int32)
    blocks_of_rows(rows, bits, emin, multiplier, q, exponents)
    return q.reshape(*shape[:-2], -1), exponents.reshape(shape[:-1])


def reciprocals() -> IntArray:
    """round(2^RECIPROCAL_SHIFT / m) for the scale mantissas m = 0 to 255 (entry 0 is not used)."""
    mantissas = np.maximum(np.arange(1 << SCALE_MANTISSA_BITS), 1)
    return (((2 << RECIPROCAL_SHIFT) + mantissas) // (2 * mantissas)).astype(np.int64)


def group_scales(top: IntArray, bits: int, emin: int) -> tuple[IntArray, IntArray]:
    """Mantissas and exponents of the scales nearest to top / (2^(bits-1) - 1).

    The scale of a group is m · 2^(e + emin - 8) in units of `top`, m from 1 to 255.
    """
    ratio = ((top << SCALE_MANTISSA_BITS) * ratio_multiplier(bits)) >> 16
    shift = np.clip(bit_length(ratio) - SCALE_MANTISSA_BITS, emin, emin + MAX_EXPONENT)
    mantissa = rss(ratio, shift, 63)
    return np.clip(mantissa, 1, (1 << SCALE_MANTISSA_BITS) - 1), shift - emin


def ratio_multiplier(bits: int) -> int:
    """1 / (2^(bits-1) - 1) in units of 2^-16, rounded."""
    return math.floor(2**16 / ((1 << (bits - 1)) - 1) + 0.5)


def quantize_scaled_blocks(
    v: IntArray, bits: int, group: int, emin: int
) -> tuple[SmallIntArray, SmallIntArray, SmallIntArray]:
    """Integers v [..., n] as blocks whose scales have a mantissa: q [..., n], e and m by group.

    The value of an element is q · m · 2^(e + emin - 8) in units of v; the division by m is a
    multiplication by its reciprocal.
    """
    grouped = v.reshape(*v.shape[:-1], v.shape[-1] // group, group)
    mantissa, exponents = group_scales(np.abs(grouped).max(axis=-1), bits, emin)
    product = grouped * reciprocals()[mantissa][..., None]
    shift = exponents + (emin + RECIPROCAL_SHIFT - SCALE_MANTISSA_BITS)
    q = rss(product, shift[..., None], bits)
    small = (q.reshape(v.shape), exponents, mantissa)
    return small[0].astype(np.int32), small[1].astype(np.int32), small[2].astype(np.int32)


def quantize_study_blocks(
    v: IntArray, bits: int, group: int, emin: int
) -> tuple[SmallIntArray, SmallIntArray, SmallIntArray]:
    """Blocks whose scales are as good as floats: a 16-bit mantissa and an exact division.

    As `quantize_scaled_blocks`, but the value of an element is q · m · 2^(e + emin - 16).
    """
    grouped = v.reshape(*v.shape[:-1], v.shape[-1] // group, group).astype(np.float64)
    scale = np.abs(grouped).max(axis=-1) / ((1 << (bits - 1)) - 1)
    shift = np.clip(np.frexp(scale)[1], emin, emin + MAX_EXPONENT)
    highest = (1 << STUDY_MANTISSA_BITS) - 1
    mantissa = np.clip(np.floor(np.ldexp(scale, STUDY_MANTISSA_BITS - shift) + 0.5), 1, highest)
    unit = np.ldexp(mantissa, shift - STUDY_MANTISSA_BITS)
    limit = 1 << (bits - 1)
    q = np.clip(np.floor(grouped / unit[..., None] + 0.5), -limit, limit - 1)
    small = (q.reshape(v.shape), shift - emin, mantissa)
    return small[0].astype(np.int32), small[1].astype(np.int32), small[2].astype(np.int32)


def expand_blocks(
    q: SmallIntArray, exponents: SmallIntArray, mantissas: SmallIntArray | None = None
) -> SmallIntArray | IntArray:
    """(q · m) << e for every element: q [..., n], e and m [..., groups] → [..., n].

    Elements with an 8-bit mantissa have at most 8 bits, others 16, and exponents 4: 32 bits hold
    it. With mantissas for study, 64 bits do.
    """
    groups = exponents.shape[-1]
    grouped = q.reshape(*q.shape[:-1], groups, q.shape[-1] // groups)
    if mantissas is not None and int(mantissas.max(initial=0)) >> SCALE_MANTISSA_BITS:
        wide = grouped.astype(np.int64) * mantissas[..., None]
        return (wide << exponents[..., None]).reshape(q.shape)
    if mantissas is not None:
        grouped = grouped * mantissas[..., None]
    return (grouped << exponents[..., None]).reshape(q.shape)


def dequantize_blocks(
    q: SmallIntArray,
    exponents: SmallIntArray,
    frac: int,
    mantissas: SmallIntArray | None = None,
) -> NDArray[np.float64]:
    """The real values q · m · 2^(e - frac)."""
    return expand_blocks(q, exponents, mantissas).astype(np.float64) * 2.0**-frac
