"""Types of the dataflow dialect, and ranges of integer types.

Data values are builtin integers with an explicit sign (`si16`, `ui8`, `ui512`), at most 1024 bits
wide; loop counters and addresses are `index`; conditions are `i1`.
"""

from dataclasses import dataclass

from xdsl.dialects.builtin import IndexType, IntegerType, Signedness
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.utils.exceptions import VerifyException

MAX_WIDTH = 1024
"""Widest value in bits: what `ap_int` takes without AP_INT_MAX_W."""

MAX_ARITHMETIC_WIDTH = 63
"""Widest value in bits that arithmetic may read or make; wider ones are only moved and cut."""


@dataclass(frozen=True)
class Range:
    """All integers from `low` to `high`, both included."""

    low: int
    high: int

    def contains(self, other: "Range") -> bool:
        """Whether each value of `other` is in this range."""
        return self.low <= other.low and other.high <= self.high


def si(width: int) -> IntegerType:
    """The signed integer type of `width` bits."""
    return IntegerType(width, Signedness.SIGNED)


def ui(width: int) -> IntegerType:
    """The unsigned integer type of `width` bits."""
    return IntegerType(width, Signedness.UNSIGNED)


def is_signed(type_: IntegerType) -> bool:
    """Whether the type is `siN`."""
    return type_.signedness.data == Signedness.SIGNED


def is_data(type_: Attribute) -> bool:
    """Whether the type is that of a data value: `siN` or `uiN`, 1 to 1024 bits."""
    return (
        isinstance(type_, IntegerType)
        and type_.signedness.data != Signedness.SIGNLESS
        and 1 <= type_.width.data <= MAX_WIDTH
    )


def data_type(type_: Attribute) -> IntegerType:
    """`type_` itself; VerifyException when it is not that of a data value."""
    if not isinstance(type_, IntegerType) or not is_data(type_):
        raise VerifyException(f"expected siN or uiN with 1 <= N <= {MAX_WIDTH}, got {type_}")
    return type_


def type_range(type_: Attribute) -> Range:
    """The values a data type can hold; an index holds 0 to 2**31 - 1."""
    if isinstance(type_, IndexType):
        return Range(0, 2**31 - 1)
    width = data_type(type_).width.data
    if is_signed(data_type(type_)):
        return Range(-(2 ** (width - 1)), 2 ** (width - 1) - 1)
    return Range(0, 2**width - 1)


def smallest_type(values: Range) -> IntegerType:
    """The narrowest type that holds all of `values`: unsigned unless some value is negative."""
    if values.low >= 0:
        return ui(max(1, values.high.bit_length()))
    return si(1 + max((-values.low - 1).bit_length(), max(values.high, 0).bit_length()))


def verify_element(type_: Attribute) -> None:
    """VerifyException when `type_` can't be what a stream, a port or a buffer holds."""
    data_type(type_)


@irdl_attr_definition
class StreamType(ParametrizedAttribute, TypeAttribute):
    """`!dataflow.stream<si16>`: a bounded FIFO of elements; reads and writes block."""

    name = "dataflow.stream"
    element_type: IntegerType

    def verify(self) -> None:
        """VerifyException when the element is not a data type."""
        verify_element(self.element_type)


@irdl_attr_definition
class PortType(ParametrizedAttribute, TypeAttribute):
    """`!dataflow.port<ui512>`: a master port on a memory bank, in words; only bursts use it."""

    name = "dataflow.port"
    word_type: IntegerType

    def verify(self) -> None:
        """VerifyException when the word is not an unsigned data type of whole bytes."""
        verify_element(self.word_type)
        if is_signed(self.word_type) or self.word_type.width.data % 8:
            raise VerifyException(f"a port's word is uiN of whole bytes, got {self.word_type}")
