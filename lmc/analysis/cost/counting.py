"""Counts that the costs of several ops are made of."""

import math
from collections import Counter

from xdsl.ir import Attribute, SSAValue

from lmc.analysis.cost.token_cost import Multiplication, Shift, TokenCost
from lmc.dialects.ssm import FixedType, format_of, shape_of
from lmc.numerics.rounding import rescale_plan


def multiplied(kind: Multiplication, count: int) -> TokenCost:
    """`count` multiplications."""
    return TokenCost(multiplications=Counter({kind: count}))


def shifted(kind: Shift, count: int) -> TokenCost:
    """`count` shifts."""
    return TokenCost(shifts=Counter({kind: count}))


def rescaled(mul: int, result: SSAValue, shift: Shift = Shift.ROUNDING) -> TokenCost:
    """`rescale` of integers of scale mul · 2^-frac to all elements of a result."""
    return rescaled_to(mul, format_of(result.type), elements_of(result), shift)


def rescaled_to(
    mul: int, target: Attribute | None, count: int, shift: Shift = Shift.ROUNDING
) -> TokenCost:
    """`rescale` of `count` integers to a format."""
    cost = shifted(shift, count)
    # Fraction bits move the shift alone.
    if rescale_plan(0, mul, 0, 0, mul_of_format(target)).multiplier != 1:
        cost += multiplied(Multiplication.REQUANTIZATION, count)
    return cost


def product(result: SSAValue, mul: int) -> TokenCost:
    """A product for each element of a result, of scale mul · 2^-frac, rescaled."""
    return multiplied(Multiplication.ELEMENTWISE, elements_of(result)) + rescaled(mul, result)


def interpolated(count: int, entry_bits: int) -> TokenCost:
    """Look-ups in a piecewise linear table."""
    return (
        multiplied(Multiplication.INTERPOLATION, count)
        + shifted(Shift.ROUNDING, count)
        + TokenCost(table_bits_read=count * entry_bits)
    )


def is_shift(factor: int) -> bool:
    """Whether a multiplication by a factor is a shift."""
    return factor & (factor - 1) == 0


def elements_of(value: SSAValue) -> int:
    """Elements of a value."""
    return math.prod(shape_of(value.type))


def mul_of(value: SSAValue) -> int:
    """The `mul` of a value's fixed-point scale."""
    return mul_of_format(format_of(value.type))


def mul_of_format(fmt: Attribute | None) -> int:
    """The `mul` of a fixed-point format."""
    assert isinstance(fmt, FixedType), f"{fmt} where the verifier saw fixed point"
    return fmt.mul.data
