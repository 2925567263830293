"""Widths of exact sums, from formats alone: how many bits the largest possible value needs.

Every function returns the width of the signed accumulator, in bits, and raises LmcError where it
exceeds 63: then the formats have to be narrower or the group exponents' windows smaller.
"""

from lmc.diagnostics import LmcError
from lmc.numerics.block import MAX_EXPONENT
from lmc.numerics.rounding import Rescale

MAX_BITS = 63


def largest(bits: int) -> int:
    """The largest magnitude of a signed integer of `bits` bits."""
    return 1 << (bits - 1)


def largest_of_width(bits: int) -> int:
    """The largest positive accumulator of a width that a function of this module returned."""
    return (1 << (bits - 1)) - 1


def largest_block(bits: int) -> int:
    """The largest magnitude of a block floating point element, in units of the window's bottom."""
    return largest(bits) << MAX_EXPONENT


def largest_scale(mantissa: int, exponent: int) -> int:
    """The largest weight scale m << e, of `mantissa` and `exponent` bits."""
    return ((1 << mantissa) - 1) << ((1 << exponent) - 1)


def signed_width(magnitude: int, what: str) -> int:
    """Bits of a signed integer that holds [-magnitude, magnitude].

    Raises LmcError naming `what` if these are more than 63.
    """
    bits = magnitude.bit_length() + 1
    if bits > MAX_BITS:
        raise LmcError(
            f"{what} would need {bits} bits and {MAX_BITS} are supported; choose narrower formats"
        )
    return bits


def linear_width(
    columns: int, weight_bits: int, mantissa: int, exponent: int, largest_operand: int
) -> int:
    """Accumulator of a linear: `columns` terms (m << e) · w · x.

    |x| reaches `largest_operand`: m_x · 2^e_x times the integers of blocks, or static integers.
    """
    term = largest_scale(mantissa, exponent) * largest(weight_bits) * largest_operand
    return signed_width(columns * term, "the accumulator of a linear")


def conv_width(taps: int, weight_bits: int, input_bits: int, bias_bits: int | None) -> int:
    """Accumulator of a convolution step: `taps` products and the bias."""
    bias = 0 if bias_bits is None else largest(bias_bits)
    magnitude = taps * largest(weight_bits) * largest(input_bits) + bias
    return signed_width(magnitude, "the accumulator of a convolution")


def aligned_sum(terms: list[tuple[int, int]]) -> tuple[int, int]:
    """The sum of (magnitude, frac) terms, each shifted left to the largest frac: the same pair."""
    frac = max(term_frac for _, term_frac in terms)
    return sum(magnitude << (frac - term_frac) for magnitude, term_frac in terms), frac


def state_width(
    decay: tuple[int, int], state: tuple[int, int], dtx: tuple[int, int], b: tuple[int, int]
) -> int:
    """Sum decay · state + dtx · B of a state update; operands are (bits, frac)."""
    kept = (largest(decay[0]) * largest_block(state[0]), decay[1] + state[1])
    added = (largest(dtx[0]) * largest(b[0]), dtx[1] + b[1])
    return signed_width(aligned_sum([kept, added])[0], "the sum of a state update")


def output_width(
    size: int, state: tuple[int, int], c: tuple[int, int], d: tuple[int, int], x: tuple[int, int]
) -> int:
    """Sum over `size` state elements of C · state, plus D · x; operands are (bits, frac)."""
    read = (size * largest_block(state[0]) * largest(c[0]), state[1] + c[1])
    skip = (largest(d[0]) * largest(x[0]), d[1] + x[1])
    return signed_width(aligned_sum([read, skip])[0], "the output of a state update")


def square_sum_width(elements: int, bits: int, eps: int) -> int:
    """Sum of squares of a norm group, and the integer that stands for its epsilon."""
    return signed_width(elements * largest(bits) ** 2 + eps, "the sum of squares of a norm")


def rescale_width(magnitude: int, plan: Rescale, what: str) -> int:
    """Widest intermediate of a rescale of integers up to `magnitude`, its rounding included."""
    half = (1 << plan.shift) >> 1
    return signed_width(((magnitude * plan.multiplier) << plan.left) + half, what)
