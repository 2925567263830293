"""The frame of a design: banks, scalars, streams, kernels, tasks and buffers.

    dataflow.design @name {
      %n = dataflow.scalar @n_tokens examples [1, 3] : ui32
      %w = dataflow.bank @weights "read" words 1024 in "ddr" : !dataflow.port<ui512>
      %s = dataflow.stream @x depth 16 : !dataflow.stream<si16>
      dataflow.kernel @reader(%w0 = %w : !dataflow.port<ui512>, ...) {
        %l = dataflow.stream @words : !dataflow.stream<ui512>
        dataflow.task @load(%p = %w0 : !dataflow.port<ui512>, ...) { loops }
      }
    }

Kernels run at once and are joined by the design's streams, where feedback is legal; the tasks of a
kernel run at once and are joined by the kernel's streams, feed-forward. Kernels and tasks see only
what they are given. Names are unique in the design.
"""

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    SymbolNameConstraint,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, ParametrizedAttribute, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, NoTerminator
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.steps import step_of
from lmc.dialects.dataflow.types import PortType, StreamType, data_type, ui

DIRECTIONS = ("read", "write", "read_write")
"""What a bank's ports do with it."""

BUFFER_KINDS = ("register", "lutram", "bram", "uram", "auto")
"""Where a buffer is put."""

FIFO_KINDS = ("srl", "bram", "uram")
"""What a FIFO is made of."""

SCALAR_TYPE = ui(32)
"""The type of a run-time scalar."""

CLOCK = "lmc.clock_mhz"
"""Attribute of a design: the clock to schedule for, in MHz."""

COMPLETE = 0
"""The partition factor that makes one memory of each element."""


def _one_of(kind: str, value: StringAttr, allowed: Sequence[str]) -> None:
    if value.data not in allowed:
        raise VerifyException(f"unknown {kind} {value.data}: one of {', '.join(allowed)}")


@irdl_op_definition
class DesignOp(IRDLOperation):
    """A whole accelerator: banks, scalars and streams, then the kernels they join.

    Between the steps of lowering it is flat: it has tasks, each with the name of its kernel to be,
    and step ops (`lmc.dialects.dataflow.steps`), and no kernels. Names in it are wishes then.
    """

    name = "dataflow.design"
    sym_name = prop_def(SymbolNameConstraint())
    body = region_def("single_block")
    traits = traits_def(IsolatedFromAbove(), NoTerminator())
    assembly_format = "$sym_name attr-dict-with-keyword $body"

    def __init__(self, name: str, body: Region | None = None):
        super().__init__(
            properties={"sym_name": StringAttr(name)},
            regions=[Region(Block()) if body is None else body],
        )

    def verify_(self) -> None:
        """VerifyException when anything but declarations and kernels, or tasks, is in the body."""
        flat = self.is_flat
        allowed = (BankOp, ScalarOp, StreamOp, TaskOp if flat else KernelOp)
        for op in self.body.block.ops:
            if not isinstance(op, allowed) and step_of(op) is None:
                beside = " beside tasks" if flat else ""
                raise VerifyException(f"{op.name} can't be in a design{beside}")
            if isinstance(op, TaskOp) and op.kernel is None:
                raise VerifyException(f"task {op.sym_name.data} of a flat design names no kernel")

    @property
    def is_flat(self) -> bool:
        """Whether it has tasks, or ops that stand for some, without kernels around them."""
        ops = self.body.block.ops
        return any(isinstance(op, TaskOp) or step_of(op) is not None for op in ops)


class _Process(IRDLOperation):
    """A named, isolated body with values bound to its arguments."""

    sym_name = prop_def(SymbolNameConstraint())
    arguments = var_operand_def()
    body = region_def("single_block")
    traits = traits_def(IsolatedFromAbove(), NoTerminator())

    def __init__(self, name: str, arguments: Sequence[SSAValue], body: Region):
        super().__init__(
            operands=[arguments], properties={"sym_name": StringAttr(name)}, regions=[body]
        )

    def verify_(self) -> None:
        """VerifyException when arguments and operands differ, or a value is bound twice."""
        inner = [argument.type for argument in self.body.block.args]
        outer = [argument.type for argument in self.arguments]
        if inner != outer:
            raise VerifyException(f"{self.sym_name.data}: argument types differ from operand types")
        for type_ in outer:
            if not isinstance(type_, StreamType | PortType) and type_ != SCALAR_TYPE:
                raise VerifyException(
                    f"{self.sym_name.data}: an argument is a stream, a port or a scalar, "
                    f"got {type_}"
                )

    def print(self, printer: Printer) -> None:
        """`@name(%inner = %outer : type, ...) {body}`."""
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string("(")

        def binding(pair: tuple[SSAValue, SSAValue]) -> None:
            printer.print_ssa_value(pair[0])
            printer.print_string(" = ")
            printer.print_ssa_value(pair[1])
            printer.print_string(" : ")
            printer.print_attribute(pair[0].type)

        printer.print_list(zip(self.body.block.args, self.arguments, strict=True), binding)
        printer.print_string(") ")
        self._print_own(printer)
        if self.attributes:
            printer.print_op_attributes(self.attributes, print_keyword=True)
            printer.print_string(" ")
        printer.print_region(self.body, print_entry_block_args=False)

    @classmethod
    def parse(cls, parser: Parser) -> "_Process":
        """The reverse of `print`."""
        name = parser.parse_symbol_name()

        def binding() -> tuple[Parser.Argument, SSAValue]:
            inner = parser.parse_argument(expect_type=False)
            parser.parse_punctuation("=")
            outer = parser.parse_unresolved_operand()
            parser.parse_punctuation(":")
            type_ = parser.parse_type()
            return inner.resolve(type_), parser.resolve_operand(outer, type_)

        bindings = parser.parse_comma_separated_list(parser.Delimiter.PAREN, binding)
        own = cls._parse_own(parser)
        attributes = parser.parse_optional_attr_dict_with_keyword()
        body = parser.parse_region([inner for inner, _ in bindings])
        op = cls(name.data, [outer for _, outer in bindings], body)
        op.properties.update(own)
        if attributes is not None:
            op.attributes.update(attributes.data)
        return op

    def _print_own(self, printer: Printer) -> None:
        """Prints the properties that only this kind of process has, and a space behind each."""

    @classmethod
    def _parse_own(cls, _parser: Parser) -> dict[str, Attribute]:
        """The reverse of `_print_own`."""
        return {}


@irdl_op_definition
class KernelOp(_Process):
    """A kernel: its own streams and the tasks they join; started once for each launch.

    `slr` names the die of the device that it is in, where the target has several. place-kernels
    sets it.
    """

    name = "dataflow.kernel"
    slr = opt_prop_def(StringAttr)

    def verify_(self) -> None:
        """VerifyException when anything but streams and tasks is in the body."""
        super().verify_()
        for op in self.body.block.ops:
            if not isinstance(op, StreamOp | TaskOp):
                raise VerifyException(f"{op.name} can't be in kernel {self.sym_name.data}")
            if isinstance(op, TaskOp) and op.kernel is not None:
                raise VerifyException(f"task {op.sym_name.data} names a kernel and is in one")

    def _print_own(self, printer: Printer) -> None:
        if self.slr is not None:
            printer.print_string("slr ")
            printer.print_attribute(self.slr)
            printer.print_string(" ")

    @classmethod
    def _parse_own(cls, parser: Parser) -> dict[str, Attribute]:
        if parser.parse_optional_keyword("slr") is None:
            return {}
        return {"slr": StringAttr(parser.parse_str_literal())}


@irdl_op_definition
class TaskOp(_Process):
    """A task: buffers and loops, run once for each launch; token and layer loops are inside.

    In a flat design `kernel` names the kernel that outline-kernels puts it into.
    """

    name = "dataflow.task"
    kernel = opt_prop_def(StringAttr)

    def _print_own(self, printer: Printer) -> None:
        if self.kernel is not None:
            printer.print_string("kernel ")
            printer.print_attribute(self.kernel)
            printer.print_string(" ")

    @classmethod
    def _parse_own(cls, parser: Parser) -> dict[str, Attribute]:
        if parser.parse_optional_keyword("kernel") is None:
            return {}
        return {"kernel": StringAttr(parser.parse_str_literal())}


@irdl_op_definition
class BankOp(IRDLOperation):
    """One memory image, which is one device buffer, and the port type it is reached through.

    `words` counts words of the port's type; `memory` names a memory of the target, `channel` one of
    its channels (the first where it is not given); `layout` is for the packer that fills the image
    and means nothing here.
    """

    name = "dataflow.bank"
    sym_name = prop_def(SymbolNameConstraint())
    direction = prop_def(StringAttr)
    words = prop_def(IntegerAttr[I64])
    memory = prop_def(StringAttr)
    channel = opt_prop_def(IntegerAttr[I64])
    layout = opt_prop_def(ArrayAttr[DictionaryAttr])
    port = result_def(PortType)
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
        layout: Sequence[DictionaryAttr] | None = None,
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
        if layout is not None:
            properties["layout"] = ArrayAttr(layout)
        super().__init__(properties=properties, result_types=[PortType(word_type)])

    @property
    def channel_number(self) -> int:
        """The channel's number in its memory."""
        return 0 if self.channel is None else self.channel.value.data

    def verify_(self) -> None:
        """VerifyException when the direction is unknown or the bank is empty."""
        _one_of("direction", self.direction, DIRECTIONS)
        if self.words.value.data < 1:
            raise VerifyException(f"bank {self.sym_name.data} has no words")


@irdl_op_definition
class ScalarOp(IRDLOperation):
    """A run-time scalar, set at launch; `examples` are small values that analyses try."""

    name = "dataflow.scalar"
    sym_name = prop_def(SymbolNameConstraint())
    examples = prop_def(ArrayAttr[IntegerAttr[I64]])
    result = result_def(IntegerType)
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
        """VerifyException when the type is not ui32 or there are no examples."""
        if self.result.type != SCALAR_TYPE:
            raise VerifyException(f"scalar {self.sym_name.data} is {SCALAR_TYPE}")
        if not self.examples.data:
            raise VerifyException(f"scalar {self.sym_name.data} needs at least one example value")


@irdl_op_definition
class StreamOp(IRDLOperation):
    """A FIFO with one producer and one consumer, between tasks or (in a design) between kernels.

    `depth` is in elements; `rate` is the number of elements that pass in one launch, for each
    example setting of the design's scalars; `impl` says what the FIFO is made of: `srl`, `bram` or
    `uram`. size-fifos sets all three.
    """

    name = "dataflow.stream"
    sym_name = prop_def(SymbolNameConstraint())
    depth = opt_prop_def(IntegerAttr[I64])
    rate = opt_prop_def(ArrayAttr[IntegerAttr[I64]])
    impl = opt_prop_def(StringAttr)
    result = result_def(StreamType)
    assembly_format = (
        "$sym_name (`depth` $depth^)? (`rate` $rate^)? (`impl` $impl^)? attr-dict `:` type($result)"
    )

    def __init__(self, name: str, element_type: IntegerType, depth: int | None = None):
        properties: dict[str, Attribute] = {"sym_name": StringAttr(name)}
        if depth is not None:
            properties["depth"] = IntegerAttr(depth, i64)
        super().__init__(properties=properties, result_types=[StreamType(element_type)])

    def verify_(self) -> None:
        """VerifyException when the depth is not positive or the implementation is unknown."""
        if self.impl is not None:
            _one_of("impl", self.impl, FIFO_KINDS)
        if self.depth is not None and self.depth.value.data < 1:
            raise VerifyException(f"stream {self.sym_name.data} has depth {self.depth.value.data}")


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
        _one_of("kind", self.kind, BUFFER_KINDS)
        assert isinstance(self.result.type, MemRefType)
        data_type(self.result.type.element_type)
        shape = self.result.type.get_shape()
        if not shape or any(size < 1 for size in shape):
            raise VerifyException(f"buffer {self.sym_name.data} needs a static, non-empty shape")
        for dim, factor in self.partitions:
            if not 0 <= dim < len(shape) or not 0 <= factor <= shape[dim]:
                raise VerifyException(
                    f"buffer {self.sym_name.data}: dimension {dim} can't be partitioned by {factor}"
                )


STRUCTURE_OPS: list[type[Operation]] = [
    DesignOp,
    KernelOp,
    TaskOp,
    BankOp,
    ScalarOp,
    StreamOp,
    BufferOp,
]
"""The structure ops of the dialect."""
