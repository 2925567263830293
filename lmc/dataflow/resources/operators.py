"""LUTs and DSPs of operators, by width.

LUT formulas were fitted to logic synthesis of single operators by yosys for UltraScale+ (measured
by benchmarks/operator_costs.py, which prints both). Vendor tools put two small functions into one
LUT and make smaller multipliers, so what they report is lower, not higher.
"""

from math import ceil, log2, prod

from lmc.dataflow.implementations import DspSize
from lmc.dataflow.resources.counts import Resources

COMPARATOR = 0.7
"""LUTs for each bit of an ordering comparison: a carry chain of LUTs that see two bits each."""

EQUALITY = 0.6
"""LUTs for each bit of a comparison for equality."""

SHIFT_LEVEL = 0.67
"""LUTs for each bit of the word and bit of the amount: a LUT often holds a part of two levels."""

WIDE_MUX = 0.44
"""LUTs for each bit and input of a multiplexer of more than 8 inputs."""

CONSTANT_PRODUCT = 1.2
"""LUTs for each bit of a sum of shifted operands, one for each signed digit of the constant."""

ROUNDING = 1.5
"""LUTs for each bit that a shift by a variable amount rounds: the half, and the sum with it."""


def adder(bits: int) -> float:
    """LUTs of a sum of two operands, the wider of `bits` bits: one for each bit of the carry chain.

    Also of a difference, a negation and a magnitude.
    """
    return bits


def comparator(bits: int, equality: bool = False) -> float:
    """LUTs of a comparison."""
    return (EQUALITY if equality else COMPARATOR) * bits


def extreme(bits: int) -> float:
    """LUTs of a minimum or maximum: a comparison and a choice."""
    return comparator(bits) + multiplexer(2, bits)


def multiplexer(inputs: int, bits: int) -> float:
    """LUTs of a choice of one of `inputs` values: a LUT takes 4 inputs and 2 address bits."""
    if inputs <= 1:
        return 0
    return bits * ceil(WIDE_MUX * inputs if inputs > 8 else (inputs - 1) / 3)


def shifter(bits: int, amounts: int) -> float:
    """LUTs of a shift of `bits` bits by one of `amounts` amounts."""
    return SHIFT_LEVEL * bits * ceil(log2(amounts)) if amounts > 1 else 0


def rounded_shift(bits: int, amounts: int, shift: int, result_bits: int) -> float:
    """LUTs of round_shift_saturate; `shift` is the amount where there is only one."""
    if amounts == 1:
        # Only what stays is added to and compared; saturation shares the LUTs of the choice.
        return max(bits - shift, 0) + 2 if shift else result_bits
    return shifter(bits, amounts) + ROUNDING * bits + result_bits


def bit_length(bits: int) -> float:
    """LUTs of the number of bits of a value: a priority encoder."""
    return bits


def product(left: int, right: int) -> float:
    """LUTs of a product of two variables; a wide one takes a little more for each bit product."""
    return left * right * (1.4 + 0.075 * min(left, right))


def constant_product(constant: int, result_bits: int) -> float:
    """LUTs of a product by a constant: sums of shifts for its signed digits that are not zero."""
    return max(0, signed_digits(constant) - 1) * CONSTANT_PRODUCT * result_bits


def signed_digits(constant: int) -> int:
    """Digits that are not zero in a number's canonical signed-digit form: 1 for 8, 2 for 7."""
    return (abs(constant) ^ 3 * abs(constant)).bit_count()


def divider(bits: int) -> float:
    """LUTs of a pipelined divider: a subtraction for each bit (planning figure)."""
    return bits * bits


def dsp_product(left: int, right: int, size: DspSize) -> Resources:
    """DSPs of a product of signed factors; `left` and `right` are widths with a sign bit."""
    return Resources(dsp=dsp_tiles(left, right, size))


def dsp_tiles(left: int, right: int, size: DspSize) -> int:
    """DSPs of a product of signed factors."""
    return prod(dsp_cuts(left, right, size))


def dsp_cuts(left: int, right: int, size: DspSize) -> tuple[int, int]:
    """Into how many parts the wider and the narrower factor of a product are cut for DSPs.

    The wider factor is at the wider input. A further part has no sign, and as many bits as the
    narrow input holds, since that is how far a DSP shifts what it gives to the next one (AMD
    UG579); yosys cuts products like that.
    """
    narrow, wide = sorted((left, right))
    step = size.narrow - 1
    return 1 + _further(wide - size.wide, step), 1 + _further(narrow - size.narrow, step)


def _further(bits: int, step: int) -> int:
    return max(0, ceil(bits / step))
