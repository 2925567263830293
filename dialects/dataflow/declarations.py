"""What a design, a kernel or a task declares: banks, scalars, streams and buffers."""

from collections.abc import Sequence
from math import prod

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    SymbolNameConstraint,
    i64,
)
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.layout_symbols import LayoutSymbols
from lmc.dialects.dataflow.layouts import SegmentAttr, verify_layout
from lmc.dialects.dataflow.names import verify_name
from lmc.dialects.dataflow.provenance import CarriedAttr
from lmc.dialects.dataflow.traits import Closed, Statement
from lmc.dialects.dataflow.types import PortType, StreamType, data_type, type_range, ui

DIRECTIONS = ("read", "write", "read_write")
"""What a bank's ports do with it."""

BUFFER_KINDS = ("register", "lutram", "bram", "uram", "auto")
"""Where a buffer is put."""

FIFO_KINDS = ("srl", "bram", "uram")
"""What a FIFO is made of."""

SCALAR_TYPE = ui(32)
"""The type of a run-time scalar."""

MOST_BUFFER_BITS = 2**31 - 1
"""A buffer is on the chip; the largest devices have a few times less in all."""

COMPLETE = 0
"""The partition factor that makes one memory of each element."""


def _one_of(kind: str, value: StringAttr, allowed: Sequence[str]) -> None:
    if value.data not in allowed:
        raise VerifyException(f"unknown {kind} {value.data}: one of {', '.join(allowed)}")


@irdl_op_definition
class BankOp(IRDLOperation):
    """One memory image, which is one device buffer, and the port type it is reached through.

    `words` counts words of the port's type; `memory` names a memory of the target, `channel` one of
    its channels (the first where it is not given); `layout` says what the words hold.
    """

    name = "dataflow.bank"
    sym_name = prop_def(SymbolNameConstraint())
    direction = prop_def(StringAttr)
    words = prop_def(IntegerAttr[I64])
    memory = prop_def(StringAttr)
    channel = opt_prop_def(IntegerAttr[I64])
    layout = opt_prop_def(ArrayAttr[SegmentAttr])
    port = result_def(PortType)
    traits = traits_def(Closed(), LayoutSymbols())
    assembly_format = (
        "$sym_name $direction `words` $words `in` $memory (`channel` $channel^)? "
        "(`layout` $layout^)? attr-dict `:` type($port)"
    )

    def __init__(
        self,
        name: str,
        direction: str,
        words: int,
        memory: str,
        word_type: IntegerType,
        layout: Sequence[SegmentAttr] | None = None,
        channel: int = 0,
    ):
        properties: dict[str, Attribute] = {
            "sym_name": StringAttr(name),
            "direction": StringAttr(direction),
            "words": IntegerAttr(words, i64),
            "memory": StringAttr(memory),
        }
        if channel:
            properties["channel"] = IntegerAttr(channel, i64)
        if layout:
            properties["layout"] = ArrayAttr(layout)
        super().__init__(properties=properties, result_types=[PortType(word_type)])

    @property
    def word_bits(self) -> int:
        """Bits of a word."""
        assert isinstance(self.port.type, PortType)
        return self.port.type.word_type.width.data

    @property
    def segments(self) -> tuple[SegmentAttr, ...]:
        """What the words hold; nothing where that is not said."""
        return () if self.layout is None else self.layout.data

    @property
    def channel_number(self) -> int:
        """The channel's number in its memory."""
        return 0 if self.channel is None else self.channel.value.data

    def verify_(self) -> None:
        """VerifyException when a name or the direction is none, or the bank is empty."""
        name = self.sym_name.data
        verify_name("bank", name)
        _one_of("direction", self.direction, DIRECTIONS)
        if self.words.value.data < 1:
            raise VerifyException(f"bank {name} has no words")
        if not self.memory.data:
            raise VerifyException(f"bank {name} names no memory")
        if self.channel_number < 0:
            raise VerifyException(f"bank {name} is in channel {self.channel_number} of its memory")
        if self.layout is not None:
            verify_layout(self.segments, self.direction.data, self.word_bits, self.words.value.data)


@irdl_op_definition
class ScalarOp(IRDLOperation):
    """A run-time scalar, set at launch; `examples` are small values that analyses try."""

    name = "dataflow.scalar"
    sym_name = prop_def(SymbolNameConstraint())
    examples = prop_def(ArrayAttr[IntegerAttr[I64]])
    result = result_def(IntegerType)
    traits = traits_def(Closed())
    assembly_format = "$sym_name `examples` $examples attr-dict `:` type($result)"

    def __init__(self, name: str, examples: Sequence[int]):
        super().__init__(
            properties={
                "sym_name": StringAttr(name),
                "examples": ArrayAttr([IntegerAttr(value, i64) for value in examples]),
            },
            result_types=[SCALAR_TYPE],
        )

    def verify_(self) -> None:
        """VerifyException when the type is not ui32, or an example is missing or does not fit."""
        verify_name("scalar", self.sym_name.data)
        if self.result.type != SCALAR_TYPE:
            raise VerifyException(f"scalar {self.sym_name.data} is {SCALAR_TYPE}")
        if not self.examples.data:
            raise VerifyException(f"scalar {self.sym_name.data} needs at least one example value")
        values, fitting = [example.value.data for example in self.examples], type_range(SCALAR_TYPE)
        for value in values:
            if not fitting.low <= value <= fitting.high:
                raise VerifyException(
                    f"scalar {self.sym_name.data}: the example {value} does not fit {SCALAR_TYPE}"
                )


@irdl_op_definition
class StreamOp(IRDLOperation):
    """A FIFO with one producer and one consumer, between tasks or (in a design) between kernels.

    `depth` is in elements; `rate` is the number of elements that pass in one launch, for each
    example setting of the design's scalars; `impl` says what the FIFO is made of: `srl`, `bram` or
    `uram`. size-fifos sets all three. `carries` says what elements hold, in formats of level 3.
    """

    name = "dataflow.stream"
    sym_name = prop_def(SymbolNameConstraint())
    depth = opt_prop_def(IntegerAttr[I64])
    rate = opt_prop_def(ArrayAttr[IntegerAttr[I64]])
    impl = opt_prop_def(StringAttr)
    carries = opt_prop_def(CarriedAttr)
    result = result_def(StreamType)
    traits = traits_def(Closed())
    assembly_format = (
        "$sym_name (`depth` $depth^)? (`rate` $rate^)? (`impl` $impl^)? (`carries` $carries^)? "
        "attr-dict `:` type($result)"
    )

    def __init__(
        self,
        name: str,
        element_type: IntegerType,
        depth: int | None = None,
        carries: CarriedAttr | None = None,
    ):
        properties: dict[str, Attribute] = {"sym_name": StringAttr(name)}
        if depth is not None:
            properties["depth"] = IntegerAttr(depth, i64)
        if carries is not None:
            properties["carries"] = carries
        super().__init__(properties=properties, result_types=[StreamType(element_type)])

    def verify_(self) -> None:
        """VerifyException when the depth is not positive, a rate is, or the FIFO is of nothing."""
        name = self.sym_name.data
        verify_name("stream", name)
        if self.impl is not None:
            _one_of("impl", self.impl, FIFO_KINDS)
        if self.depth is not None and self.depth.value.data < 1:
            raise VerifyException(
                f"stream {name} has depth {self.depth.value.data}: it is at least 1"
            )
        if self.rate is not None and any(rate.value.data < 0 for rate in self.rate):
            raise VerifyException(f"stream {name} has a negative rate")


@irdl_attr_definition
class PartitionAttr(ParametrizedAttribute):
    """`#dataflow.partition<dim, factor>`: dimension `dim`, cyclic in `factor`; 0 is complete."""

    name = "dataflow.partition"
    dim: IntegerAttr[I64]
    factor: IntegerAttr[I64]


@irdl_op_definition
class BufferOp(IRDLOperation):
    """A memory of a task, without initial content; it lives as long as the task runs (a launch)."""

    name = "dataflow.buffer"
    sym_name = prop_def(SymbolNameConstraint())
    kind = prop_def(StringAttr)
    partition = opt_prop_def(ArrayAttr[PartitionAttr])
    result = result_def(MemRefType)
    traits = traits_def(Statement())
    assembly_format = "$sym_name $kind (`partition` $partition^)? attr-dict `:` type($result)"

    def __init__(
        self,
        name: str,
        element_type: IntegerType,
        shape: Sequence[int],
        kind: str = "auto",
        partition: Sequence[tuple[int, int]] = (),
    ):
        properties: dict[str, Attribute] = {"sym_name": StringAttr(name), "kind": StringAttr(kind)}
        if partition:
            properties["partition"] = ArrayAttr(
                [
                    PartitionAttr(IntegerAttr(dim, i64), IntegerAttr(factor, i64))
                    for dim, factor in partition
                ]
            )
        super().__init__(properties=properties, result_types=[MemRefType(element_type, shape)])

    @property
    def partitions(self) -> tuple[tuple[int, int], ...]:
        """(dim, factor) of each partition; factor 0 is complete."""
        if self.partition is None:
            return ()
        return tuple((part.dim.value.data, part.factor.value.data) for part in self.partition.data)

    def verify_(self) -> None:
        """VerifyException when kind, element type, shape or a partition is unfit."""
        name = self.sym_name.data
        verify_name("buffer", name)
        _one_of("kind", self.kind, BUFFER_KINDS)
        assert isinstance(self.result.type, MemRefType)
        element = data_type(self.result.type.element_type)
        shape = self.result.type.get_shape()
        if not shape or any(size < 1 for size in shape):
            raise VerifyException(f"buffer {name} needs a static, non-empty shape")
        if prod(shape) * element.width.data > MOST_BUFFER_BITS:
            raise VerifyException(
                f"buffer {name} has more than {MOST_BUFFER_BITS} bits: no device holds that"
            )
        if self.result.type != MemRefType(self.result.type.element_type, shape):
            raise VerifyException(f"buffer {name} has a memory layout or space: it has a kind")
        self._verify_partitions(shape)

    def _verify_partitions(self, shape: Sequence[int]) -> None:
        name, seen = self.sym_name.data, set[int]()
        for dim, factor in self.partitions:
            if not 0 <= dim < len(shape) or not 0 <= factor <= shape[dim]:
                raise VerifyException(
                    f"buffer {name}: dimension {dim} can't be partitioned by {factor}"
                )
            if dim in seen:
                raise VerifyException(f"buffer {name}: dimension {dim} is partitioned twice")
            if self.kind.data == "register" and factor != COMPLETE:
                raise VerifyException(
                    f"buffer {name} is of registers: dimension {dim} is not partitioned by {factor}"
                )
            seen.add(dim)
