"""Designs with kernels, for tests of level 4: kernels, tasks and loops as `with` blocks.

    design = DesignBuilder("adder")
    n = design.scalar("n_tokens", examples=(1, 3))
    x, y = design.stream("x", si(8)), design.stream("y", si(9))
    with design.kernel("add_one") as kernel, kernel.task("add") as task:
        with task.loop("t", n) as _, task.loop("i", 16, pipeline=True) as _:
            task.write(y, task.read(x) + 1)
    module = design.module()

Ports, streams and scalars are `Handle`s. A task or kernel that uses one is given it as an argument,
in order of first use.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerType, ModuleOp, StringAttr
from xdsl.ir import Operation, Region, SSAValue

from lmc.dataflow.handles import Handle, Process, UniqueNames, hint
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    KernelOp,
    ScalarOp,
    SegmentAttr,
    StreamOp,
    TaskOp,
    loop_of,
    set_loop,
    ui,
)


class DesignBuilder:
    """A design under construction; `module()` is what it has become."""

    def __init__(self, name: str):
        self.op = DesignOp(name)
        self.unique = UniqueNames()

    def module(self) -> ModuleOp:
        """A module that holds the design (call once, at the end)."""
        return ModuleOp([self.op])

    def bank(
        self,
        name: str,
        *,
        words: int,
        word_bits: int = 512,
        direction: str = "read",
        memory: str = "ddr",
        channel: int = 0,
        layout: Sequence[SegmentAttr] | None = None,
    ) -> Handle:
        """A memory image of `words` words of `word_bits` bits."""
        name = self.unique(name)
        bank = BankOp(name, direction, words, memory, ui(word_bits), layout, channel)
        return self._declare(name, bank)

    def scalar(self, name: str, examples: Sequence[int]) -> Handle:
        """A run-time scalar (ui32), with example values for analyses."""
        name = self.unique(name)
        return self._declare(name, ScalarOp(name, examples))

    def stream(self, name: str, element: IntegerType, depth: int | None = None) -> Handle:
        """A stream between two kernels."""
        name = self.unique(name)
        return self._declare(name, StreamOp(name, element, depth))

    @contextmanager
    def kernel(self, name: str) -> "Generator[KernelBuilder]":
        """A kernel, appended when the block ends."""
        kernel = KernelBuilder(self, self.unique(name))
        yield kernel
        op = KernelOp(kernel.name, kernel.process.operands, Region(kernel.process.block))
        self.op.body.block.add_op(op)

    def _declare(self, name: str, op: BankOp | ScalarOp | StreamOp) -> Handle:
        self.op.body.block.add_op(op)
        op.results[0].name_hint = hint(name)
        return Handle(name, op.results[0])


class KernelBuilder:
    """A kernel under construction."""

    def __init__(self, design: DesignBuilder, name: str):
        self.design = design
        self.name = name
        self.process = Process(name)
        self._streams: set[SSAValue] = set()

    def stream(self, name: str, element: IntegerType, depth: int | None = None) -> Handle:
        """A stream between two tasks of this kernel."""
        name = self.design.unique(name)
        op = StreamOp(name, element, depth)
        op.result.name_hint = hint(name)
        self.process.block.add_op(op)
        self._streams.add(op.result)
        return Handle(name, op.result)

    @contextmanager
    def task(self, name: str) -> "Generator[TaskBuilder]":
        """A task, appended when the block ends."""
        chosen = self.design.unique(name)
        process = Process(name)
        task = TaskBuilder(process)
        yield task
        operands = [self._value_of(operand) for operand in process.operands]
        op = TaskOp(chosen, operands, Region(process.block))
        for inner in op.walk():
            self._label(inner, chosen)
        op.location = task.location
        self.process.block.add_op(op)

    def _value_of(self, value: SSAValue) -> SSAValue:
        """The value in this kernel that stands for one that a task uses."""
        if value in self._streams:
            return value
        declared = value.owner
        assert isinstance(declared, BankOp | ScalarOp | StreamOp)
        return self.process.import_(Handle(declared.sym_name.data, value))

    def _label(self, op: Operation, task: str) -> None:
        """Makes the label of a loop or a burst unique in the design."""
        unique = self.design.unique
        if isinstance(op, BurstReadOp | BurstWriteOp):
            op.label = StringAttr(unique(f"{task}_{op.label.data}"))
        elif isinstance(op, scf.ForOp):
            loop = loop_of(op)
            set_loop(op, replace(loop, label=unique(f"{task}_{loop.label}")))


def first(counter: Value) -> Value:
    """The condition that a loop is in its first iteration."""
    return counter.eq(0)
