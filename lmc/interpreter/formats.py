"""The integers of number formats, as the integer implementations use them."""

from typing import NamedTuple

from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import BlockType, FixedType, WeightType, format_of
from lmc.numerics.rounding import FixedFormat
from lmc.numerics.weight_quantization import WeightFormat
from lmc.weights import WeightStore
from lmc.weights import tables as weight_tables
from lmc.weights.store import weight_format


class BlockFormat(NamedTuple):
    """The integers of `!ssm.bfp`."""

    bits: int
    group: int
    frac: int
    mantissa: int = 1


def fixed_format(tensor: Attribute) -> FixedFormat:
    """The format of a fixed-point tensor; raises LmcError for another type."""
    return weight_tables.fixed_format(format_of(tensor))


def plain_fixed_format(tensor: Attribute, what: str) -> FixedFormat:
    """The format of a fixed-point tensor whose scale is a power of two; raises LmcError else."""
    fmt = fixed_format(tensor)
    if fmt.mul != 1:
        raise LmcError(f"{what} needs a power-of-two scale, found {format_of(tensor)}")
    return fmt


def argument_format(attribute: Attribute | None, what: str) -> FixedFormat:
    """The fixed-point format in an op's property; raises LmcError if it is absent or another."""
    if attribute is None:
        raise LmcError(f"{what} is missing")
    return weight_tables.fixed_format(attribute)


def block_format(tensor: Attribute) -> BlockFormat:
    """The format of a block floating point tensor; raises LmcError for another type."""
    element = format_of(tensor)
    if not isinstance(element, BlockType):
        raise LmcError(f"expected block floating point, found {element}")
    return BlockFormat(
        element.bits.data, element.group.data, element.frac.data, element.mantissa.data
    )


def activation_format(tensor: Attribute) -> BlockType | FixedType:
    """The format of a linear layer's operand; raises LmcError if it is neither of the two."""
    element = format_of(tensor)
    if not isinstance(element, BlockType | FixedType):
        raise LmcError(f"expected block floating point or fixed point, found {element}")
    return element


def vector_format(weights: WeightStore, name: str) -> FixedFormat:
    """The fixed-point format of a weight; raises LmcError if it has another."""
    return weight_tables.fixed_format(weights.weight(name).type.get_element_type())


def matrix_format(weights: WeightStore, name: str) -> WeightFormat:
    """The integer format of a matrix; raises LmcError if the weight has another."""
    element = weights.weight(name).type.get_element_type()
    if not isinstance(element, WeightType):
        raise LmcError(f"weight @{name} should have a type !ssm.wint, not {element}")
    return weight_format(element)
