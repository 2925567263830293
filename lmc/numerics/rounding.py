"""Rounding by shift, and the change of scale that ends every integer op."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

_MULTIPLIER_BITS = 16
WORTH_COMPILING = 1 << 16
"""Numbers from which on compiled loops are loaded, which go over them once."""


class FixedFormat(NamedTuple):
    """The integers of `!ssm.fixed`: q of `bits` bits has the value q · mul · 2^-frac."""

    bits: int
    frac: int
    mul: int = 1


@dataclass(frozen=True)
class Rescale:
    """The constants of `rescale`: rss((x · multiplier) << left, shift, bits).

    One of `left` and `shift` is 0. `multiplier` is 1 or a 16-bit integer of at least 2^15.
    """

    multiplier: int
    left: int
    shift: int
    bits: int

    @property
    def constants(self) -> tuple[int, int, int]:
        """The multiplier, the right shift and the bits, as compiled loops take them."""
        return self.multiplier, self.shift - self.left, self.bits

    def apply(self, x: IntArray, extra_shift: "int | IntArray" = 0) -> IntArray:
        """Rescale integers x; `extra_shift` >= 0 is the part of the shift found at run time."""
        shift = self.shift - self.left + extra_shift
        if x.size >= WORTH_COMPILING and (
            isinstance(shift, int) or shift.shape == (*x.shape[:-1], 1)
        ):
            return self._apply_compiled(x, np.asarray(shift, np.int64).reshape(-1))
        return rss(x if self.multiplier == 1 else x * self.multiplier, shift, self.bits)

    def _apply_compiled(self, x: IntArray, shifts: IntArray) -> IntArray:
        """The same in one pass, with a shift for all numbers or for each row."""
        # Importing numba takes longer than a few tokens do.
        from lmc.numerics.compiled_rounding import rescale_rows

        rows = np.ascontiguousarray(x).reshape(len(shifts), -1)
        out = np.empty_like(rows)
        rescale_rows(rows, self.multiplier, shifts, self.bits, out)
        return out.reshape(x.shape)


def rss(x: IntArray, shift: "int | IntArray", bits: int) -> IntArray:
    """Round half up by a right shift, then saturate to signed `bits` bits.

    x holds integers of at most 63 bits; `shift`, an integer or an array that broadcasts with x, may
    be negative, which is a left shift. The result is exact for every shift.
    """
    if isinstance(shift, int):
        shifted = _shift_right(x, shift) if shift > 0 else _shift_left(x, -shift)
    else:
        shifted = np.where(
            shift > 0, _shift_right(x, np.maximum(shift, 1)), _shift_left(x, np.maximum(-shift, 0))
        )
    return saturate(shifted, bits)


def saturate(x: IntArray, bits: int) -> IntArray:
    """Clamp integers to signed `bits` bits."""
    # Two ufuncs: np.clip costs several microseconds more, which a decode step feels.
    clamped = np.asarray(np.minimum(x, (1 << (bits - 1)) - 1))
    return np.maximum(clamped, -(1 << (bits - 1)), out=clamped)


def round_half_up(x: float) -> int:
    """The integer nearest to a float, the larger one of two equally near."""
    return int(np.floor(x + 0.5))


def quantize_fixed(values: NDArray[np.float32], fmt: FixedFormat) -> IntArray:
    """The integers nearest to real values in a fixed-point format, half up, saturated."""
    scaled = np.floor(values.astype(np.float64) * (2.0**fmt.frac / fmt.mul) + 0.5)
    limit = 1 << (fmt.bits - 1)
    return np.clip(scaled, -float(limit), float(limit - 1)).astype(np.int64)


def rescale_plan(frac: int, mul: int, bits_out: int, frac_out: int, mul_out: int = 1) -> Rescale:
    """How integers of scale mul · 2^-frac become those of a fixed-point format.

    Where mul / mul_out is a power of two this is a shift; otherwise a multiplication by the ratio
    as an integer in [2^15, 2^16), rounded half up, and a shift.
    """
    multiplier, exponent = _ratio(mul, mul_out)
    shift = frac - frac_out + exponent
    return Rescale(multiplier, max(-shift, 0), max(shift, 0), bits_out)


def _ratio(mul: int, mul_out: int) -> tuple[int, int]:
    """Integers k, s with mul / mul_out = k · 2^-s, up to the rounding of k to 16 bits."""
    twos, twos_out = mul & -mul, mul_out & -mul_out
    if mul // twos == mul_out // twos_out:
        return 1, twos_out.bit_length() - twos.bit_length()
    shift = _MULTIPLIER_BITS - 1 + mul_out.bit_length() - mul.bit_length()
    if _rounded_ratio(mul, mul_out, shift) < 1 << (_MULTIPLIER_BITS - 1):
        shift += 1
    return _rounded_ratio(mul, mul_out, shift), shift


def _rounded_ratio(mul: int, mul_out: int, shift: int) -> int:
    above, below = mul << (max(shift, 0) + 1), mul_out << max(-shift, 0)
    return (above + below) // (2 * below)


def _shift_right(x: IntArray, shift: "int | IntArray") -> IntArray:
    """(x + 2^(shift - 1)) >> shift for shift >= 1."""
    # Integers of 63 bits round to 0 by any shift above 62, where 64-bit words would overflow.
    if isinstance(shift, int):
        shift = min(shift, 63)
        moved = np.asarray(x + (1 << (shift - 1)))
        return np.right_shift(moved, shift, out=moved)
    shift = np.minimum(shift, 63)
    return (x + (np.int64(1) << (shift - 1))) >> shift


def _shift_left(x: IntArray, shift: "int | IntArray") -> IntArray:
    """X << shift, with 2^62 for what is larger: every format saturates there."""
    if isinstance(shift, int):
        if shift == 0:
            return x
        shift = min(shift, 62)
        limit = 1 << (62 - shift)
        return np.clip(x, -limit, limit) << shift
    shift = np.minimum(shift, 62)
    limits = np.int64(1) << (62 - shift)
    return np.clip(x, -limits, limits) << shift
