"""Checks that exact intermediates fit 63 bits, for the arithmetic that many ops share.

Each raises LmcError saying what would be too wide.
"""

from xdsl.ir import Attribute, SSAValue

from lmc.dialects.ssm import FixedType, format_of
from lmc.numerics import ranges
from lmc.numerics.rounding import rescale_plan


def fixed(value: SSAValue | Attribute | None) -> FixedType:
    """The fixed-point format of a value, or in a property, where the verifier has seen one."""
    fmt = format_of(value.type) if isinstance(value, SSAValue) else value
    assert isinstance(fmt, FixedType), f"{fmt} where the verifier saw fixed point"
    return fmt


def check_product(lhs: FixedType, rhs: FixedType, result: FixedType) -> None:
    """The product of two integers, rescaled to the result."""
    magnitude = ranges.largest(lhs.bits.data) * ranges.largest(rhs.bits.data)
    frac, mul = lhs.frac.data + rhs.frac.data, lhs.mul.data * rhs.mul.data
    check_rescaled(magnitude, frac, mul, result)


def check_rescaled(magnitude: int, frac: int, mul: int, result: FixedType) -> None:
    """Integers up to a magnitude, of scale mul · 2^-frac, rescaled to the result."""
    plan = rescale_plan(frac, mul, result.bits.data, result.frac.data, result.mul.data)
    # Left shifts saturate exactly, so only the multiplication can overflow.
    width = magnitude * plan.multiplier + ((1 << plan.shift) >> 1)
    ranges.signed_width(width, "the change of scale of the result")
