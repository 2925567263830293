"""Flat designs under construction: tasks of all kernels side by side, joined by streams.

    builder = FlatBuilder(DesignOp("adder"))
    n = builder.scalar("n_tokens", (1, 3))
    x, y = builder.stream("x", si(8)), builder.stream("y", si(9))
    with builder.of_kernel("add_one").task("add") as task, task.nest((("token", n),)):
        task.write(y, task.read(x) + 1)

Names, of loops too, are wishes: `lmc.dataflow.outline` makes them unique when kernels are built.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from xdsl.dialects.builtin import ArrayAttr, IntegerType, LocationAttr, StringAttr, UnknownLoc
from xdsl.ir import Operation, Region

from lmc.dataflow.handles import Handle, Process, hint
from lmc.dataflow.task import TaskBuilder
from lmc.dialects.dataflow import (
    BankOp,
    CarriedAttr,
    DesignOp,
    FunctionTableOp,
    MatrixVectorOp,
    OriginAttr,
    ScalarOp,
    SegmentAttr,
    StreamOp,
    StreamType,
    TaskOp,
    WeightVectorOp,
    ui,
)
from lmc.ir.rewriting import note

_NOWHERE = UnknownLoc()

SourceOp = MatrixVectorOp | WeightVectorOp | FunctionTableOp
"""Ops of a flat design whose result is a stream."""


@dataclass(frozen=True)
class FlatBuilder:
    """Adds to a flat design, at its end or before the op `anchor`.

    Its tasks are for one kernel, and come from one source location and from the `origins`, ops.
    """

    design: DesignOp
    kernel: str = ""
    location: LocationAttr = _NOWHERE
    anchor: Operation | None = None
    origins: tuple[OriginAttr, ...] = ()

    def of_kernel(
        self,
        kernel: str,
        location: LocationAttr | None = None,
        origins: tuple[OriginAttr, ...] = (),
    ) -> "FlatBuilder":
        """The same design, for tasks of another kernel; without a location they come from none."""
        return replace(self, kernel=kernel, location=location or _NOWHERE, origins=origins)

    def before(self, op: Operation) -> "FlatBuilder":
        """The same design, for what comes before an op."""
        return replace(self, anchor=op)

    def after(self, declared: Handle) -> "FlatBuilder":
        """The same design, for what comes after a declaration."""
        assert isinstance(declared.ssa.owner, Operation)
        return replace(self, anchor=declared.ssa.owner.next_op)

    def add(self, op: Operation) -> None:
        """Puts an op into the design."""
        note(op, whole=True)
        if self.anchor is None:
            self.design.body.block.add_op(op)
        else:
            self.design.body.block.insert_op_before(op, self.anchor)

    def declare(self, name: str, op: Operation) -> Handle:
        """Puts an op with one result into the design."""
        self.add(op)
        op.results[0].name_hint = hint(name)
        return Handle(name, op.results[0])

    def scalar(self, name: str, examples: Sequence[int]) -> Handle:
        """A run-time scalar (ui32), with example values for analyses."""
        return self.declare(name, ScalarOp(name, examples))

    def bank(
        self,
        name: str,
        words: int,
        *,
        word_bits: int = 512,
        direction: str = "read",
        memory: str,
        channel: int = 0,
        layout: Sequence[SegmentAttr] = (),
    ) -> Handle:
        """A memory image of `words` words, one at least."""
        bank = BankOp(
            name,
            direction,
            max(words, 1),
            memory,
            ui(word_bits),
            list(layout) or None,
            channel,
        )
        return self.declare(name, bank)

    def stream(
        self,
        name: str,
        element: IntegerType,
        depth: int | None = None,
        carries: CarriedAttr | None = None,
    ) -> Handle:
        """A stream of at least `depth` elements, from one task to another."""
        return self.declare(name, StreamOp(name, element, depth, carries))

    def replace_by_stream(self, op: SourceOp, depth: int | None = None) -> Handle:
        """Puts a stream at the place of an op whose result is one, and is named like it."""
        assert isinstance(op.result.type, StreamType)
        name = op.sym_name.data
        carries = None if isinstance(op, FunctionTableOp) else op.carries
        stream = self.before(op).stream(name, op.result.type.element_type, depth, carries)
        op.result.replace_all_uses_with(stream.ssa)
        op.detach()
        op.erase()
        return stream

    @contextmanager
    def task(self, name: str) -> Generator[TaskBuilder]:
        """A task, put into the design when the block ends."""
        process = Process(name)
        task = TaskBuilder(process)
        with task.located(self.location):
            yield task
        op = TaskOp(name, process.operands, Region(process.block))
        op.kernel = StringAttr(self.kernel)
        op.location = self.location
        if self.origins:
            op.origins = ArrayAttr(self.origins)
        self.add(op)
