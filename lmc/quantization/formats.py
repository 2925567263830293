"""Number formats from the range of values: pure functions, no IR but its types."""

import math
from collections.abc import Mapping

from lmc.dialects.ssm import (
    MAX_EXPONENT,
    SCALE_MANTISSA_BITS,
    STUDY_MANTISSA_BITS,
    BlockType,
    FixedType,
    WeightType,
)
from lmc.numerics.divisors import power_of_two_divisor
from lmc.numerics.weight_quantization import MAX_GROUP, choose_frac, weight_group
from lmc.quantization.config import ActivationConfig, ActivationScale, WeightScale

SCALE_MANTISSA = 8
"""Bits of the mantissa of a weight scale, and of a static scale that is no power of two."""
WEIGHT_SCALES: Mapping[WeightScale, tuple[int, int, int]] = {
    "mantissa": (SCALE_MANTISSA, 3, 0),
    "two-shifts": (SCALE_MANTISSA, 3, 2),
    "power-of-two": (1, 4, 0),
    "float": (STUDY_MANTISSA_BITS, 4, 0),
}
"""Bits of a weight scale's mantissa, bits of its exponent, and its terms where these are few."""
HEADROOM = 2.0
"""Times the largest magnitude on calibration text that formats hold, at least."""
_BLOCK_MANTISSAS: Mapping[ActivationScale, int] = {
    "mantissa": SCALE_MANTISSA_BITS,
    "float": STUDY_MANTISSA_BITS,
}
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


def activation_format(
    config: ActivationConfig, elements: int, peak: float, operand: FixedType, group_of_weights: int
) -> FixedType | BlockType:
    """The format of a linear layer's fixed-point operand, whose magnitudes reach `peak`.

    A static scale is made for just that: larger values saturate.
    """
    if config.scale == "static":
        return power_of_two_format(config.bits, peak)
    group = None if config.group == "token" else config.group
    mantissa, window = _BLOCK_MANTISSAS.get(config.scale, 1), peak * HEADROOM
    return block_format_of(
        config.bits, group, elements, window, operand, mantissa, group_of_weights
    )


def block_rounding(scale: ActivationScale) -> str:
    """How the exponent of a group follows from its largest magnitude: `up` or `nearest`."""
    return "up" if scale == "power-of-two-up" else "nearest"


def block_format_of(
    bits: int,
    group: int | None,
    elements: int,
    peak: float,
    operand: FixedType,
    mantissa: int = 1,
    group_of_weights: int = MAX_GROUP,
) -> BlockType:
    """The same for a linear layer's fixed-point operand: groups also divide those of its weights.

    The window begins at the operand's resolution, if that is above. Without a `group`, all
    elements share one scale.
    """
    fmt = block_format(bits, group or 1, weight_group(elements, group_of_weights), peak)
    # The mantissa of a scale stands for a factor of up to 2^mantissa.
    widening = mantissa if mantissa > 1 else 0
    # A unit of mul · 2^-frac is at least half a unit of the format without mul.
    frac = min(fmt.frac.data, without_mul(operand).frac.data) + widening
    return BlockType.of(bits, fmt.group.data if group else elements, frac, mantissa)


def weight_format(
    bits: int, columns: int, largest_scale: float, scale: WeightScale, group: int
) -> WeightType:
    """Integer weights with a scale for each group, in which `largest_scale` is representable."""
    mantissa, exponent, terms = WEIGHT_SCALES[scale]
    # The largest sum of two powers of two is the next one.
    frac = (
        choose_frac(largest_scale, 1, exponent) + 1
        if terms
        else choose_frac(largest_scale, mantissa, exponent)
    )
    return WeightType.of(bits, weight_group(columns, group), mantissa, exponent, frac, terms)


def _log2_up(peak: float) -> int:
    return math.ceil(math.log2(peak)) if peak > 2.0**-_MAX_FRAC else -_MAX_FRAC
