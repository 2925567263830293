"""Streams and bursts: how values enter and leave a task. All of these block."""

from xdsl.dialects.builtin import IndexType, IntegerType, StringAttr
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.names import verify_name
from lmc.dialects.dataflow.traits import Named, Statement
from lmc.dialects.dataflow.types import PortType, StreamType


def stream_element(stream: SSAValue) -> IntegerType:
    """The element type of a stream value; VerifyException when it is none."""
    if not isinstance(stream.type, StreamType):
        raise VerifyException(f"expected a stream, got {stream.type}")
    return stream.type.element_type


def port_word(port: SSAValue) -> IntegerType:
    """The word type of a port value; VerifyException when it is none."""
    if not isinstance(port.type, PortType):
        raise VerifyException(f"expected a port, got {port.type}")
    return port.type.word_type


def _verify_same(kind: str, value: IntegerType, stream: SSAValue) -> None:
    if value != stream_element(stream):
        raise VerifyException(f"the {kind} is {value}, the stream carries {stream_element(stream)}")


@irdl_op_definition
class ReadOp(IRDLOperation):
    """Takes one element from a stream; waits while it is empty."""

    name = "dataflow.read"
    stream = operand_def(StreamType)
    result = result_def(IntegerType)
    traits = traits_def(Statement(), Named("element"))
    assembly_format = "$stream attr-dict `:` type($stream) `->` type($result)"

    def __init__(self, stream: SSAValue):
        super().__init__(operands=[stream], result_types=[stream_element(stream)])

    def verify_(self) -> None:
        """VerifyException when the element is not the stream's."""
        assert isinstance(self.result.type, IntegerType)
        _verify_same("result", self.result.type, self.stream)


@irdl_op_definition
class WriteOp(IRDLOperation):
    """Puts one element into a stream; waits while it is full."""

    name = "dataflow.write"
    value = operand_def(IntegerType)
    stream = operand_def(StreamType)
    traits = traits_def(Statement())
    assembly_format = "$value `,` $stream attr-dict `:` type($value) `,` type($stream)"

    def __init__(self, value: SSAValue, stream: SSAValue):
        super().__init__(operands=[value, stream])

    def verify_(self) -> None:
        """VerifyException when the element is not the stream's."""
        assert isinstance(self.value.type, IntegerType)
        _verify_same("value", self.value.type, self.stream)


@irdl_op_definition
class BurstReadOp(IRDLOperation):
    """Moves `length` consecutive words of a port, from word `offset` on, into a stream.

    A pipelined loop as one op: one word a cycle, at most. `label` names the loop.
    """

    name = "dataflow.burst_read"
    label = prop_def(StringAttr)
    port = operand_def(PortType)
    offset = operand_def(IndexType)
    length = operand_def(IndexType)
    stream = operand_def(StreamType)
    traits = traits_def(Statement())
    assembly_format = (
        "$label $port `[` $offset `]` `,` $length `to` $stream attr-dict "
        "`:` type($port) `,` type($stream)"
    )

    def __init__(
        self, label: str, port: SSAValue, offset: SSAValue, length: SSAValue, stream: SSAValue
    ):
        super().__init__(
            operands=[port, offset, length, stream], properties={"label": StringAttr(label)}
        )

    def verify_(self) -> None:
        """VerifyException when word and element differ, or the label is none."""
        verify_name("loop", self.label.data)
        _verify_same("word", port_word(self.port), self.stream)


@irdl_op_definition
class BurstWriteOp(IRDLOperation):
    """Moves `length` elements of a stream into consecutive words of a port, from `offset` on."""

    name = "dataflow.burst_write"
    label = prop_def(StringAttr)
    stream = operand_def(StreamType)
    port = operand_def(PortType)
    offset = operand_def(IndexType)
    length = operand_def(IndexType)
    traits = traits_def(Statement())
    assembly_format = (
        "$label $stream `to` $port `[` $offset `]` `,` $length attr-dict "
        "`:` type($stream) `,` type($port)"
    )

    def __init__(
        self, label: str, stream: SSAValue, port: SSAValue, offset: SSAValue, length: SSAValue
    ):
        super().__init__(
            operands=[stream, port, offset, length], properties={"label": StringAttr(label)}
        )

    def verify_(self) -> None:
        """VerifyException when word and element differ, or the label is none."""
        verify_name("loop", self.label.data)
        _verify_same("word", port_word(self.port), self.stream)


IO_OPS: list[type[Operation]] = [ReadOp, WriteOp, BurstReadOp, BurstWriteOp]
"""The input and output ops of the dialect."""
