"""Who is joined to whom: streams, their ends and the tasks of a design, by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    KernelOp,
    ReadOp,
    ScalarOp,
    StreamOp,
    StreamType,
    TaskOp,
    WriteOp,
    step_of,
)


@dataclass(frozen=True)
class TaskNode:
    """A task: its op, the kernel it belongs to, and the streams it reads and writes, by name."""

    op: TaskOp
    kernel: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The task's name."""
        return self.op.sym_name.data


@dataclass(frozen=True)
class DesignGraph:
    """All streams and tasks of a design, in the order of the text."""

    streams: Mapping[str, StreamOp]
    tasks: tuple[TaskNode, ...]

    def producers(self, stream: str) -> list[TaskNode]:
        """The tasks that write a stream."""
        return [task for task in self.tasks if stream in task.writes]

    def consumers(self, stream: str) -> list[TaskNode]:
        """The tasks that read a stream."""
        return [task for task in self.tasks if stream in task.reads]


def declaration(value: SSAValue) -> Operation:
    """The bank, scalar or stream op that a value stands for, of a design, a kernel or a task."""
    while not isinstance(value.owner, Operation):
        process = value.owner.parent_op()
        assert isinstance(process, KernelOp | TaskOp)
        index = next(i for i, arg in enumerate(value.owner.args) if arg is value)
        value = process.arguments[index]
    return value.owner


def stream_name(value: SSAValue) -> str:
    """The name of the stream that a value stands for."""
    op = declaration(value)
    assert isinstance(op, StreamOp)
    return op.sym_name.data


def stream_accesses(op: Operation) -> Iterator[tuple[SSAValue, bool]]:
    """(stream, whether it is written) of one op; nothing for an op that touches no stream."""
    if isinstance(op, ReadOp | BurstWriteOp):
        yield op.stream, False
    elif isinstance(op, WriteOp | BurstReadOp):
        yield op.stream, True


def refuse_flat(design: DesignOp) -> None:
    """Raises LmcError when a design is flat, between two steps of lowering."""
    for op in design.body.block.ops:
        if (step := step_of(op)) is not None:
            raise LmcError(
                f"design {design.sym_name.data} is still flat, {op.name} is not tasks yet: "
                f"run {step.replaced_by} and the steps after it first"
            )
    if design.is_flat:
        raise LmcError(
            f"design {design.sym_name.data} is still flat, its tasks are in no kernels: "
            "run outline-kernels first"
        )


def design_graph(design: DesignOp) -> DesignGraph:
    """The graph of a design. Streams that nobody uses are in it too. LmcError for a flat one."""
    refuse_flat(design)
    streams = {op.sym_name.data: op for op in design.walk() if isinstance(op, StreamOp)}
    kernels = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    tasks = [
        _task_node(op, kernel.sym_name.data)
        for kernel in kernels
        for op in kernel.body.block.ops
        if isinstance(op, TaskOp)
    ]
    return DesignGraph(streams, tuple(tasks))


def _task_node(task: TaskOp, kernel: str) -> TaskNode:
    ends: dict[bool, list[str]] = {False: [], True: []}
    by_argument: dict[SSAValue, str] = {
        argument: stream_name(argument)
        for argument in task.body.block.args
        if isinstance(argument.type, StreamType)
    }
    for op in task.body.block.walk():
        for stream, written in stream_accesses(op):
            name = by_argument[stream]
            if name not in ends[written]:
                ends[written].append(name)
    return TaskNode(task, kernel, tuple(ends[False]), tuple(ends[True]))


def scalar_examples(design: DesignOp) -> list[dict[str, int]]:
    """Settings of all run-time scalars to try: first examples together, second ones, and so on.

    All scalars have equally many. One empty setting without scalars.
    """
    scalars = {
        op.sym_name.data: [value.value.data for value in op.examples.data]
        for op in design.body.block.ops
        if isinstance(op, ScalarOp)
    }
    count = len(next(iter(scalars.values()), [0]))
    return [{name: values[i] for name, values in scalars.items()} for i in range(count)]
