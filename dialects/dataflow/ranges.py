"""Ranges of values, as far as types and constants tell them."""

from collections.abc import Sequence

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.dialects.dataflow.types import Range, type_range

_CONSTANTS = ("dataflow.constant", "arith.constant")


def constant_value(value: SSAValue) -> int | None:
    """The integer a value is known to be (from dataflow.constant or arith.constant), or None."""
    owner = value.owner
    if not isinstance(owner, Operation) or owner.name not in _CONSTANTS:
        return None
    attribute = owner.properties.get("value")
    return attribute.value.data if isinstance(attribute, IntegerAttr) else None


def operand_range(value: SSAValue) -> Range:
    """The range of a value: its own if it is constant, else its type's."""
    known = constant_value(value)
    return type_range(value.type) if known is None else Range(known, known)


def extremes(values: Sequence[int]) -> Range:
    """The smallest range that holds all the values."""
    return Range(min(values), max(values))


def absolute(values: Range) -> Range:
    """The range of |x|."""
    ends = (abs(values.low), abs(values.high))
    return Range(0 if values.low <= 0 <= values.high else min(ends), max(ends))


def folded(value: Range, type_: Attribute) -> int | None:
    """The one number of a range, where the type holds it."""
    return value.low if value.low == value.high and type_range(type_).contains(value) else None
