"""The loop-nest builder: designs, kernels, tasks and loops as `with` blocks.

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

from xdsl.dialects.builtin import IntegerType, ModuleOp
from xdsl.ir import Region, SSAValue

from lmc.dataflow.handles import Handle, Process, UniqueNames, hint
from lmc.dataflow.task import Buffer, Count, Register, TaskBuilder
from lmc.dataflow.values import Operand, Value
from lmc.dialects.dataflow import (
    BankOp,
    DesignOp,
    KernelOp,
    ScalarOp,
    SegmentAttr,
    StreamOp,
    TaskOp,
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
        self.process = Process(name, lambda handle: handle.ssa)
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
        unique = self.design.unique
        chosen = unique(name)
        task = TaskBuilder(Process(name, self.value_of), lambda label: unique(f"{chosen}_{label}"))
        yield task
        op = TaskOp(chosen, task.process.operands, Region(task.process.block))
        op.location = task.location
        self.process.block.add_op(op)

    def value_of(self, handle: Handle) -> SSAValue:
        """The value in this kernel that stands for the handle."""
        return handle.ssa if handle.ssa in self._streams else self.process.import_(handle)


def first(counter: Value) -> Value:
    """The condition that a loop is in its first iteration."""
    return counter.eq(0)


def last(counter: Value, count: Operand) -> Value:
    """The condition that a loop of `count` iterations is in its last one."""
    return counter.eq(count - 1)


__all__ = [
    "Buffer",
    "Count",
    "DesignBuilder",
    "Handle",
    "KernelBuilder",
    "Operand",
    "Register",
    "TaskBuilder",
    "Value",
    "first",
    "last",
]
