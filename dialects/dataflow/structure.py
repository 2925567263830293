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
from itertools import chain

from xdsl.dialects.builtin import (
    I64,
    ArrayAttr,
    IntegerAttr,
    StringAttr,
    SymbolNameConstraint,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, NoTerminator
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.bodies import (
    verify_body,
    verify_index_counts,
    verify_scope,
    verify_unique_names,
)
from lmc.dialects.dataflow.contents import contents
from lmc.dialects.dataflow.declarations import SCALAR_TYPE, BankOp, BufferOp, ScalarOp, StreamOp
from lmc.dialects.dataflow.names import verify_kernel_name, verify_name, verify_task_name
from lmc.dialects.dataflow.provenance import OriginAttr
from lmc.dialects.dataflow.reserved_names import is_header
from lmc.dialects.dataflow.steps import step_of
from lmc.dialects.dataflow.traits import Closed
from lmc.dialects.dataflow.types import PortType, StreamType


@irdl_op_definition
class DesignOp(IRDLOperation):
    """A whole accelerator: banks, scalars and streams, then the kernels they join.

    `clock_mhz` is the clock that its loops are scheduled for, `level_limit` the most LUT levels
    that a cycle may have, if there is a limit.

    Between the steps of lowering it is flat: it has tasks, each with the name of its kernel to be,
    and step ops (`lmc.dialects.dataflow.steps`), and no kernels. Names in it are wishes then.
    """

    name = "dataflow.design"
    sym_name = prop_def(SymbolNameConstraint())
    clock_mhz = opt_prop_def(IntegerAttr[I64])
    level_limit = opt_prop_def(IntegerAttr[I64])
    body = region_def("single_block")
    traits = traits_def(IsolatedFromAbove(), NoTerminator(), Closed())
    assembly_format = (
        "$sym_name (`clock_mhz` $clock_mhz^)? (`level_limit` $level_limit^)? "
        "attr-dict-with-keyword $body"
    )

    def __init__(self, name: str):
        super().__init__(
            properties={"sym_name": StringAttr(name)},
            regions=[Region(Block())],
        )

    def verify_(self) -> None:
        """VerifyException when something can't be in a design, or two things have one name."""
        name = self.sym_name.data
        verify_name("design", name)
        if is_header(name):
            raise VerifyException(f"design {name} would have the header of another library")
        if self.clock_mhz is not None and self.clock_mhz.value.data < 1:
            raise VerifyException(f"design {name} has a clock of {self.clock_mhz.value.data} MHz")
        if self.level_limit is not None and self.level_limit.value.data < 1:
            levels = self.level_limit.value.data
            raise VerifyException(f"design {name} has a limit of {levels} LUT levels")
        if self.body.block.args:
            raise VerifyException(f"design {name} has arguments: it takes none")
        if self.body.block.is_empty:
            raise VerifyException(f"design {name} is empty: it has kernels, and what joins them")
        self._verify_parts()
        verify_scope(self.body.block)
        if not self.is_flat:
            verify_unique_names(self)
        self._verify_rates()

    @property
    def is_flat(self) -> bool:
        """Whether it has tasks, or ops that stand for some, without kernels around them."""
        ops = self.body.block.ops
        return any(isinstance(op, TaskOp) or step_of(op) is not None for op in ops)

    def _verify_parts(self) -> None:
        """VerifyException when anything but declarations and kernels, or tasks, is in the body."""
        flat = self.is_flat
        allowed = (BankOp, ScalarOp, StreamOp, TaskOp if flat else KernelOp)
        for op in self.body.block.ops:
            if not isinstance(op, allowed) and step_of(op) is None:
                beside = " beside tasks" if flat else ""
                raise VerifyException(f"{op.name} can't be in a design{beside}")
            if isinstance(op, TaskOp) and op.kernel is None:
                raise VerifyException(f"task {op.sym_name.data} of a flat design names no kernel")

    def _verify_rates(self) -> None:
        """VerifyException when scalars or streams are not about the same examples."""
        counts = {
            op.sym_name.data: len(op.examples)
            for op in self.body.block.ops
            if isinstance(op, ScalarOp)
        }
        if len(set(counts.values())) > 1:
            listed = ", ".join(f"{name} has {count}" for name, count in counts.items())
            raise VerifyException(f"scalars need equally many examples: {listed}")
        count = next(iter(counts.values()), 1)
        # Streams are nowhere else, and tasks have many ops.
        kernels = [op for op in self.body.block.ops if isinstance(op, KernelOp)]
        for op in chain(self.body.block.ops, *(kernel.body.block.ops for kernel in kernels)):
            if isinstance(op, StreamOp) and op.rate is not None and len(op.rate) != count:
                raise VerifyException(
                    f"stream {op.sym_name.data} has {len(op.rate)} rates for {count} examples"
                )
            if isinstance(op, StreamOp) and op.impl is not None and op.parent_op() is self:
                raise VerifyException(
                    f"stream {op.sym_name.data} joins kernels: tools decide what it is made of, "
                    "it has no impl"
                )


class _Process(IRDLOperation):
    """A named, isolated body with values bound to its arguments."""

    sym_name = prop_def(SymbolNameConstraint())
    arguments = var_operand_def()
    body = region_def("single_block")
    traits = traits_def(IsolatedFromAbove(), NoTerminator(), Closed())

    def __init__(self, name: str, arguments: Sequence[SSAValue], body: Region):
        super().__init__(
            operands=[arguments], properties={"sym_name": StringAttr(name)}, regions=[body]
        )

    def verify_(self) -> None:
        """VerifyException when arguments and operands differ, or a value is bound twice."""
        kind = self.name.removeprefix("dataflow.")
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
        for value in self.arguments:
            # Two ports on one bank are what a kernel that reads and writes it may have.
            is_port = isinstance(value.type, PortType) and isinstance(self, KernelOp)
            if not is_port and list(self.arguments).count(value) > 1:
                raise VerifyException(f"{kind} {self.sym_name.data} binds a value twice")

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
        printer.print_region(self.body, print_entry_block_args=False, print_empty_block=False)

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
        """Prints the properties that only this kind of process has, and a space after each."""

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
        verify_kernel_name(self.sym_name.data)
        super().verify_()
        for op in self.body.block.ops:
            if not isinstance(op, StreamOp | TaskOp):
                raise VerifyException(f"{op.name} can't be in kernel {self.sym_name.data}")
            if isinstance(op, TaskOp) and op.kernel is not None:
                raise VerifyException(f"task {op.sym_name.data} names a kernel and is in one")
        if self.slr is not None and not self.slr.data:
            raise VerifyException(f"kernel {self.sym_name.data} has an slr without a name")
        verify_scope(self.body.block)

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

    In a flat design `kernel` names the kernel that outline-kernels puts it into. `origins` are the
    ops of level 3 that it is for, where there are some.
    """

    name = "dataflow.task"
    kernel = opt_prop_def(StringAttr)
    origins = opt_prop_def(ArrayAttr[OriginAttr])

    def _print_own(self, printer: Printer) -> None:
        for keyword, own in (("kernel", self.kernel), ("origins", self.origins)):
            if own is not None:
                printer.print_string(f"{keyword} ")
                printer.print_attribute(own)
                printer.print_string(" ")

    @classmethod
    def _parse_own(cls, parser: Parser) -> dict[str, Attribute]:
        return {
            keyword: parser.parse_attribute()
            for keyword in ("kernel", "origins")
            if parser.parse_optional_keyword(keyword) is not None
        }

    def verify(self, verify_nested_ops: bool = True) -> None:
        """Also counts indices first: where they are wrong, memref raises no VerifyException.

        A task that is what it was when it was verified is not verified again: whether it is right
        depends on nothing around it.
        """
        if not verify_nested_ops:
            super().verify(verify_nested_ops)
            return
        # xDSL lets an op's class declare nothing but what is in the IR.
        kept, now = vars(self), contents(self)
        if kept.get("_verified") == now:
            return
        verify_index_counts(self.body)
        super().verify()
        kept["_verified"] = now

    def verify_(self) -> None:
        """VerifyException when an op of the body can't be in a task, or not there."""
        verify_task_name(self.sym_name.data)
        super().verify_()
        try:
            verify_scope(self.body.block)
            verify_body(self.body.block)
        except VerifyException as error:
            raise VerifyException(f"task {self.sym_name.data}: {error}") from error


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
