"""Function tables: piecewise linear on equal segments, and the mantissas of a reciprocal root.

A table's contents follow from its parameters and the formats of operand and result alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lmc.diagnostics import LmcError
from lmc.numerics.rounding import FixedFormat, IntArray, round_half_up, rss

SEGMENTS = 1024
RSQRT_ENTRIES = 1 << 12
"""A sum of squares is shifted right by an even number until it is below this."""
PSEUDO_FLOAT_SHIFT_BITS = 8
"""Bits of the shift that a pseudo-float has beside its mantissa."""

_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "silu": lambda x: x / (1 + math.exp(-x)) if x > -700 else 0.0,
    "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    "exp": math.exp,
}
_REACH = 12.0
"""silu and softplus are within 1e-4 of their asymptotes beyond this."""


@dataclass(frozen=True)
class PiecewiseTable:
    """A function on 2^shift · segments consecutive operands from `low` on.

    base[i] is the function at the left end of segment i in units of the result; slope[i] the
    result's growth for each unit of the operand, times 2^slope_frac. Both int64 [segments].
    """

    base: IntArray
    slope: IntArray
    shift: int
    low: int
    slope_frac: int
    bits: int
    """Width of the result."""

    def __call__(self, x: IntArray) -> IntArray:
        """The function of integers x, in units of the result."""
        offset = x - self.low
        index = np.clip(offset >> self.shift, 0, self.base.size - 1)
        rise = self.slope[index] * (offset - (index << self.shift))
        return rss((self.base[index] << self.slope_frac) + rise, self.slope_frac, self.bits)


@dataclass(frozen=True)
class TableParameters:
    """The options of a piecewise linear `ssm.table`; `low` in units of the operand."""

    segments: int
    shift: int
    low: int
    slope_frac: int


def piecewise_table(
    function: str, parameters: TableParameters, operand: FixedFormat, result: FixedFormat
) -> PiecewiseTable:
    """The table of `silu`, `softplus` or `exp` between two fixed-point formats.

    Raises LmcError for another function.
    """
    compute = real_function(function)
    shift, slope_frac = parameters.shift, parameters.slope_frac
    unit, per_unit = _unit(operand), 1 / _unit(result)
    ends = [
        compute((parameters.low + (index << shift)) * unit) * per_unit
        for index in range(parameters.segments + 1)
    ]
    chords = [(right - left) * 2.0 ** (slope_frac - shift) for left, right in pairwise(ends)]
    limit = 1 << (operand.bits - 1)
    if -limit < parameters.low:
        chords[0] = 0.0
    # exp ends at its last segment, the others go on with slope 1.
    if function != "exp" and parameters.low + (parameters.segments << shift) < limit:
        chords[-1] = unit * per_unit * 2.0**slope_frac
    return PiecewiseTable(
        base=np.array([round_half_up(end) for end in ends[:-1]], np.int64),
        slope=np.array([round_half_up(chord) for chord in chords], np.int64),
        shift=shift,
        low=parameters.low,
        slope_frac=slope_frac,
        bits=result.bits,
    )


def choose_table(function: str, operand: FixedFormat, result: FixedFormat) -> TableParameters:
    """Parameters of a table with 1024 segments for these formats.

    The segments are the narrowest that cover the operand's range or, if that is larger, the part
    of it where the function is not its asymptote. Raises LmcError for an unknown function.
    """
    real_function(function)
    unit = _unit(operand)
    limit = float(1 << (operand.bits - 1))
    if function == "exp":
        # Below this exp is less than half a unit of the result.
        reach = min(limit, (result.frac + 1) * math.log(2) / unit)
        shift = _covering_shift(reach)
        low = -(SEGMENTS << shift)
    else:
        shift = _covering_shift(2 * min(limit, _REACH / unit))
        low = -(SEGMENTS << shift) // 2
    return TableParameters(SEGMENTS, shift, low, _slope_frac(shift, operand, result))


def rsqrt_table(elements: int, mantissa_shift: int, bits: int, mul: int = 1) -> IntArray:
    """Mantissas of 1 / rms from sums of squares: int64 [4096].

    T[j] = min(2^bits - 1, round(2^mantissa_shift · sqrt(elements) / (mul · sqrt(j + 1/2)))) with
    `elements` those of a norm group and `mul` that of its operand.
    """
    centers = np.arange(RSQRT_ENTRIES) + 0.5
    exact = 2.0**mantissa_shift * math.sqrt(elements) / (mul * np.sqrt(centers))
    return np.minimum(np.floor(exact + 0.5), 2.0**bits - 1).astype(np.int64)


def choose_mantissa_shift(elements: int, bits: int, mul: int = 1) -> int:
    """The largest `mantissa_shift` at which no mantissa from j = 2^10 on saturates.

    Sums of squares of 2^10 and more are brought to [2^10, 2^12); smaller ones are of vectors that
    are nearly zero.
    """
    largest = math.sqrt(elements) / (mul * math.sqrt(RSQRT_ENTRIES / 4 + 0.5))
    return math.floor(math.log2(((1 << bits) - 1) / largest))


def norm_epsilon(eps: float, elements: int, frac: int, mul: int = 1) -> int:
    """The integer added to a sum of squares for a norm's epsilon: at least 1."""
    return max(1, round_half_up(eps * elements * 2.0 ** (2 * frac) / mul**2))


def real_function(function: str) -> Callable[[float], float]:
    """The real function of a table; raises LmcError if there is none of that name."""
    if function not in _FUNCTIONS:
        known = ", ".join(_FUNCTIONS)
        raise LmcError(f"there is no table of the function {function!r}; known are {known}")
    return _FUNCTIONS[function]


def _unit(fmt: FixedFormat) -> float:
    return fmt.mul * 2.0**-fmt.frac


def _covering_shift(span: float) -> int:
    """The smallest shift >= 0 at which all segments together span as many operands."""
    return max(0, math.ceil(math.log2(span / SEGMENTS)))


def _slope_frac(shift: int, operand: FixedFormat, result: FixedFormat) -> int:
    """Fraction bits at which a slope's rounding stays below 1/8 of a unit within a segment.

    The asymptote of slope 1 has to hold over the operand's whole range: its slope is an integer
    where the formats' scales differ by a power of two, else it gets as many bits as the operand.
    """
    plain = operand.mul == result.mul
    asymptote = operand.frac - result.frac if plain else operand.bits + 1
    return max(shift + 2, asymptote)
