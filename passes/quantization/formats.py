"""Number formats from the range of values: pure functions, no IR but its types."""

import math

from lmc.dialects.ssm import MAX_EXPONENT, BlockType, FixedType, WeightType
from lmc.numerics.weight_quantization import choose_frac, weight_group

SCALE_MANTISSA = 8
"""Bits of the mantissa of a weight scale, and of a static scale that is no power of two."""
SCALE_EXPONENT = 3
"""Bits of the exponent of a weight scale."""
_MAX_FRAC = 30
"""Nothing in a model is finer than 2^-30; keeps the formats of all-zero tensors in bounds."""
_MUL_BITS = SCALE_MANTISSA - 1


def power_of_two_format(bits: int, peak: float) -> FixedType:
    """The finest fixed-point format of `bits` bits and mul 1 that holds ±peak."""
    return FixedType.of(bits, min(bits - 1 - _log2_up(peak), _MAX_FRAC))


def static_format(bits: int, peak: float) -> FixedType:
    """The finest fixed-point format of `bits` bits and an 8-bit mul that holds ±peak.

    A mul of 128 is a power of two and written as mul 1.
    """
    unit = max(peak * 2.0 ** (1 - bits), 2.0**-_MAX_FRAC)
    frac = _MUL_BITS - math.floor(math.log2(unit))
    mul = math.ceil(unit * 2.0**frac)
    if mul in (1 << _MUL_BITS, 2 << _MUL_BITS):
        return FixedType.of(bits, frac - mul.bit_length() + 1)
    return FixedType.of(bits, frac, mul)


def without_mul(fmt: FixedType) -> FixedType:
    """The power-of-two format of the same width whose range is the next that is not smaller."""
    if fmt.mul.data == 1:
        return fmt
    return FixedType.of(fmt.bits.data, fmt.frac.data - (fmt.mul.data - 1).bit_length())


def with_scale(frac: int, mul: int, peak: float) -> FixedType:
    """The narrowest fixed-point format of a given scale that holds ±peak, at least 8 bits wide."""
    largest = math.ceil(peak * 2.0**frac / mul)
    return FixedType.of(max(8, largest.bit_length() + 1), frac, mul)


def block_format(bits: int, group: int, elements: int, peak: float) -> BlockType:
    """Block floating point for `elements` elements whose exponents' window ends at ±peak.

    The group is the largest power of two up to `group` that divides the elements.
    """
    frac = bits - 1 + MAX_EXPONENT - _log2_up(peak)
    return BlockType.of(bits, power_of_two_divisor(elements, group), frac)


def block_format_of(
    bits: int, group: int, elements: int, peak: float, operand: FixedType, mantissa: int = 1
) -> BlockType:
    """The same for a linear layer's fixed-point operand: groups also divide those of its weights.

    The window begins at the operand's resolution, if that is above.
    """
    fmt = block_format(bits, group, weight_group(elements), peak)
    # The mantissa of a scale stands for a factor of up to 2^mantissa.
    widening = mantissa if mantissa > 1 else 0
    # A unit of mul · 2^-frac is at least half a unit of the format without mul.
    frac = min(fmt.frac.data, without_mul(operand).frac.data) + widening
    return BlockType.of(bits, fmt.group.data, frac, mantissa)


def weight_format(bits: int, columns: int, largest_scale: float) -> WeightType:
    """Integer weights with a scale for each group, in which `largest_scale` is representable."""
    frac = choose_frac(largest_scale, SCALE_MANTISSA, SCALE_EXPONENT)
    return WeightType.of(bits, weight_group(columns), SCALE_MANTISSA, SCALE_EXPONENT, frac)


def power_of_two_divisor(value: int, limit: int) -> int:
    """The largest power of two up to `limit` that divides `value`."""
    return min(value & -value, 1 << (limit.bit_length() - 1))


def _log2_up(peak: float) -> int:
    return math.ceil(math.log2(peak)) if peak > 2.0**-_MAX_FRAC else -_MAX_FRAC
