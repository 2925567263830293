"""One launch of a design: all tasks at once, until all have ended or none can go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    DesignOp,
    KernelOp,
    ScalarOp,
    StreamOp,
    TaskOp,
    type_range,
)
from lmc.reference.limits import UndefinedError
from lmc.reference.memory import Bank, Fifo, Wait
from lmc.reference.task import Bound, TaskRun

DEFAULT_DEPTH = 2
"""Elements in a stream without a depth."""

BLANKS = (0, -1, int("6" * 256, 16))
"""Bits of buffers that were never stored to; each is tried, if such bits are loaded at all."""


@dataclass(frozen=True)
class Waiting:
    """A task of a deadlock: the stream that it waits for, and how far that has come."""

    task: str
    kernel: str
    stream: str
    writing: bool
    depth: int
    written: int
    read: int

    def __str__(self) -> str:
        what = "write to full" if self.writing else "read from empty"
        return (
            f"task {self.task} of kernel {self.kernel} waits to {what} stream {self.stream} "
            f"(depth {self.depth}, {self.written} written, {self.read} read)"
        )


@dataclass(frozen=True)
class Outcome:
    """What a launch has come to: the banks' words, and why it did not end well, if so.

    `waiting` are the tasks of a deadlock, in the order of the text; `leftovers` the elements that
    were left in streams after all tasks had ended, by stream. Both are empty for a good end.
    """

    banks: Mapping[str, Sequence[int]]
    waiting: tuple[Waiting, ...]
    leftovers: Mapping[str, int]

    @property
    def failure(self) -> str | None:
        """Why the launch did not end well, in one sentence; None when it did."""
        if self.waiting:
            return "deadlock: " + "; ".join(map(str, self.waiting))
        if self.leftovers:
            left = (f"{count} in stream {name}" for name, count in self.leftovers.items())
            return "elements are left after all tasks have ended: " + ", ".join(left)
        return None


def execute(
    design: DesignOp, scalars: Mapping[str, int], banks: Mapping[str, Sequence[int]]
) -> Outcome:
    """One launch, with these run-time scalars and words of banks; banks not given are zero.

    Raises:
        UndefinedError: an op's precondition does not hold; it names task, op and values. Or the
            outcome depends on elements of buffers that were never stored.
        LmcError: a scalar or a word is missing or does not fit, or the design holds something that
            has no meaning at level 4.
    """
    outcome, blank_loads = _launch(design, scalars, banks, BLANKS[0])
    for blank in BLANKS[1:] if blank_loads else ():
        other, _ = _launch(design, scalars, banks, blank)
        if other != outcome:
            raise UndefinedError(
                "what the launch computes depends on elements that were never stored, of "
                + ", ".join(blank_loads)
            )
    return outcome


def _launch(
    design: DesignOp, scalars: Mapping[str, int], banks: Mapping[str, Sequence[int]], blank: int
) -> tuple[Outcome, list[str]]:
    """The outcome, and the buffers from which elements were loaded that were never stored."""
    memory = _banks(design, banks)
    bound: dict[SSAValue, Bound] = {}
    for op in design.body.block.ops:
        if isinstance(op, BankOp):
            bound[op.port] = memory[op.sym_name.data]
        elif isinstance(op, ScalarOp):
            bound[op.result] = _scalar(op, scalars)
        elif isinstance(op, StreamOp):
            bound[op.result] = _fifo(op)
    tasks: list[TaskRun] = []
    for kernel in (op for op in design.body.block.ops if isinstance(op, KernelOp)):
        tasks += _tasks(kernel, bound, blank)
    _run(tasks)
    waiting = tuple(_waiting(task, task.waits) for task in tasks if task.waits is not None)
    fifos = [value for value in bound.values() if isinstance(value, Fifo)]
    left = {fifo.name: len(fifo.elements) for fifo in fifos if fifo.elements and not waiting}
    blank_loads = [f"{task.name}'s buffer {name}" for task in tasks for name in task.blank_loads]
    return Outcome({name: bank.words for name, bank in memory.items()}, waiting, left), blank_loads


def _banks(design: DesignOp, given: Mapping[str, Sequence[int]]) -> dict[str, Bank]:
    banks: dict[str, Bank] = {}
    for op in (op for op in design.body.block.ops if isinstance(op, BankOp)):
        name, count = op.sym_name.data, op.words.value.data
        words = list(given.get(name, [0] * count))
        allowed = type_range(op.port.type.word_type)
        if len(words) != count:
            raise LmcError(f"bank {name} has {count} words, {len(words)} are given")
        if any(not allowed.low <= word <= allowed.high for word in words):
            raise LmcError(f"bank {name}: a word is not {op.port.type.word_type}")
        banks[name] = Bank(name, words)
    unknown = [name for name in given if name not in banks]
    if unknown:
        raise LmcError(f"the design has no bank {unknown[0]}")
    return banks


def _scalar(op: ScalarOp, given: Mapping[str, int]) -> int:
    name, allowed = op.sym_name.data, type_range(op.result.type)
    if name not in given:
        raise LmcError(f"the run-time scalar {name} is not given")
    if not allowed.low <= given[name] <= allowed.high:
        raise LmcError(f"the run-time scalar {name} = {given[name]} is not {op.result.type}")
    return given[name]


def _fifo(op: StreamOp) -> Fifo:
    return Fifo(op.sym_name.data, DEFAULT_DEPTH if op.depth is None else op.depth.value.data)


def _tasks(kernel: KernelOp, outer: dict[SSAValue, Bound], blank: int) -> list[TaskRun]:
    """The kernel's tasks; its streams are added to `outer`."""
    inner: dict[SSAValue, Bound] = {
        argument: outer[value]
        for argument, value in zip(kernel.body.block.args, kernel.arguments, strict=True)
    }
    for op in kernel.body.block.ops:
        if isinstance(op, StreamOp):
            inner[op.result] = outer[op.result] = _fifo(op)
    return [
        TaskRun(kernel.sym_name.data, op, [inner[value] for value in op.arguments], blank)
        for op in kernel.body.block.ops
        if isinstance(op, TaskOp)
    ]


def _run(tasks: Sequence[TaskRun]) -> None:
    """Rounds over all tasks that can go on, until a round finds none.

    In which order they are taken does not matter: a task can't see whether a stream is empty.
    """
    going = True
    while going:
        going = False
        for task in tasks:
            if not task.done and (task.waits is None or task.waits.over):
                task.go_on()
                going = True


def _waiting(task: TaskRun, wait: Wait) -> Waiting:
    fifo = wait.fifo
    return Waiting(
        task.name, task.kernel, fifo.name, wait.writing, fifo.depth, fifo.written, fifo.read
    )
