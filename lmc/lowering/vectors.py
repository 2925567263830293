"""Tensors as streams: words of a few elements, or the tiles that the matrix unit takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from xdsl.ir import Attribute, Operation, SSAValue

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import si
from lmc.dialects.dataflow.names import legal_name
from lmc.numerics.tables import PSEUDO_FLOAT_SHIFT_BITS


@dataclass(frozen=True)
class Vector:
    """A tensor as a stream: `length` elements of `bits` bits, `lanes` to a word, first lowest.

    `element` is their format, where they have one of level 3.
    """

    stream: Handle
    length: int
    bits: int
    lanes: int
    element: Attribute | None = None

    @property
    def words(self) -> int:
        """Words of one tensor."""
        return self.length // self.lanes


@dataclass(frozen=True)
class Tiles:
    """A quantized vector as tiles for the one linear layer that uses it."""

    stream: Handle


Stream = Vector | Tiles
Streams = Stream | Sequence[Stream | None]
"""Streams of an op's results, in their order; None for a state, which has no stream of its own."""


@dataclass(frozen=True)
class Operands:
    """The streams of an op's operands, one for each, in their order."""

    op: Operation
    streams: Sequence[Stream | None]

    def vector(self, index: int) -> Vector:
        """The stream of an operand that is a vector. LmcError when it has none."""
        found = self.streams[index]
        if not isinstance(found, Vector):
            raise LmcError(
                f"value %{self.op.operands[index].name_hint} has no stream: what makes it is not "
                "lowered"
            )
        return found

    def tiles(self, index: int) -> Tiles:
        """The tiles of an operand that was quantized for this op. LmcError when it was not."""
        found = self.streams[index]
        if not isinstance(found, Tiles):
            raise LmcError(
                f"the operand %{self.op.operands[index].name_hint} of a linear layer is not made "
                "for it alone by ssm.quantize or ssm.requantize"
            )
        return found


def vector_size(value: SSAValue) -> tuple[int, int]:
    """(elements, bits of one) of a value that travels as a vector."""
    return prod(ssm.shape_of(value.type)), format_bits(value)


def fixed(value: SSAValue) -> ssm.FixedType:
    """The fixed-point format of a value.

    Raises:
        LmcError: the value has another format.
    """
    found = ssm.format_of(value.type)
    if not isinstance(found, ssm.FixedType):
        raise LmcError(
            f"value %{value.name_hint} is {found}, but only integers can be lowered: "
            "run quantize first"
        )
    return found


def name_of(value: SSAValue, otherwise: str = "value") -> str:
    """What a stream that stands for a value is called: like the value, as an identifier of C++."""
    return legal_name(value.name_hint or otherwise)


def format_bits(value: SSAValue) -> int:
    """Bits of one element on a stream; a pseudo-float has its shift above the mantissa."""
    found = ssm.format_of(value.type)
    if isinstance(found, ssm.PseudoFloatType):
        return found.bits.data + PSEUDO_FLOAT_SHIFT_BITS
    return fixed(value).bits.data


def lane(word: Value, index: Value | int, bits: int) -> Value:
    """One element of a vector's word."""
    offset = index * bits
    return word.slice(offset, bits)


def map_lanes(task: TaskBuilder, lanes: int, bits: int, element: Callable[[Value], Value]) -> Value:
    """A word of `lanes` elements of `bits` bits, element(lane) in each, unrolled."""

    def body(index: Value, word: Value) -> list[Value]:
        return [word.insert(element(index).widen(si(bits)), index * bits)]

    return task.fold("lane", lanes, [task.zero_word(lanes * bits)], body, unroll=True)[0]
