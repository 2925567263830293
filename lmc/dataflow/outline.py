"""From a flat design to kernels: tasks move into them, streams to where they join.

A stream between tasks of one kernel is declared in it, one between kernels in the design, with a
depth that the linker can make. Names become unique in the design, and those of loops begin with
their task's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import networkx
from xdsl.dialects import scf
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation, Region, SSAValue

from lmc.dataflow.graph import stream_accesses
from lmc.dataflow.handles import Handle, Process, UniqueNames, hint
from lmc.dataflow.links import set_possible_depth
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    KernelOp,
    ScalarOp,
    StreamOp,
    TaskOp,
    loop_of,
    set_loop,
    step_of,
)


def outline_kernels(design: DesignOp) -> None:
    """Builds the kernels of a flat design, in place. A design with kernels stays as it is.

    Declarations come first, in their order; then kernels, by their first task. The tasks of a
    kernel are in their order too, but producers come before consumers.

    Raises:
        LmcError: an op stands for tasks that are not there yet, a stream has not one producer and
            one consumer, or tasks of a kernel wait for each other.
    """
    if not design.is_flat:
        return
    ops = list(design.body.block.ops)
    for op in ops:
        if (step := step_of(op)) is not None:
            raise LmcError(f"{op.name} is not tasks yet: run {step.replaced_by} first")
    tasks = [op for op in ops if isinstance(op, TaskOp)]
    streams = [op for op in ops if isinstance(op, StreamOp)]
    ends = {stream: _ends(stream) for stream in streams}
    homes = {stream: _home(*ends[stream]) for stream in streams}
    kernels = {task: _kernel_name(task) for task in tasks}
    outer = [op for op in ops if isinstance(op, ScalarOp | BankOp)]
    outer += [stream for stream in streams if homes[stream] is None]
    unique = UniqueNames()
    for op in outer:
        _rename(op, unique(op.sym_name.data))
    for op in ops:
        op.detach()
    design.body.block.add_ops(outer)
    for op in outer:
        if isinstance(op, StreamOp) and op.depth is not None:
            set_possible_depth(op, op.depth.value.data)
    for name in dict.fromkeys(kernels.values()):
        inner = [stream for stream in streams if homes[stream] == name]
        own = [task for task in tasks if kernels[task] == name]
        design.body.block.add_op(_kernel(name, inner, _in_order(name, own, ends), unique))


Ends = tuple[TaskOp, TaskOp]
"""The tasks that write a stream and that read it."""


def _ends(stream: StreamOp) -> Ends:
    producers, consumers = list[TaskOp](), list[TaskOp]()
    for use in stream.result.uses:
        task = use.operation
        assert isinstance(task, TaskOp)
        argument = task.body.block.args[use.index]
        written = [
            written
            for inner in argument.uses
            for value, written in stream_accesses(inner.operation)
            if value is argument
        ]
        producers += [task] * any(written)
        consumers += [task] * (not all(written))
    for tasks, end in ((producers, "producer"), (consumers, "consumer")):
        if len(tasks) > 1:
            raise LmcError(f"stream {stream.sym_name.data} has two tasks as its {end}")
        if not tasks:
            raise LmcError(
                f"stream {stream.sym_name.data} has no {end}: an op's result is not used"
            )
    return producers[0], consumers[0]


def _kernel_name(task: TaskOp) -> str:
    assert task.kernel is not None
    return task.kernel.data


def _home(producer: TaskOp, consumer: TaskOp) -> str | None:
    """The kernel that the stream between two tasks is inside of; None between two kernels."""
    name = _kernel_name(producer)
    return name if name == _kernel_name(consumer) else None


def _in_order(kernel: str, tasks: list[TaskOp], ends: Mapping[StreamOp, Ends]) -> list[TaskOp]:
    """The tasks of a kernel, producers before consumers, as a dataflow region wants them."""
    places = {task: place for place, task in enumerate(tasks)}
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(places.values())
    graph.add_edges_from(
        (places[producer], places[consumer])
        for producer, consumer in ends.values()
        if producer in places and consumer in places
    )
    if not networkx.is_directed_acyclic_graph(graph):
        around = ", ".join(tasks[place].sym_name.data for place, _ in networkx.find_cycle(graph))
        raise LmcError(
            f"tasks of kernel {kernel} wait for each other ({around}): a dataflow region only goes "
            "forward, so give one of them another kernel"
        )
    return [tasks[place] for place in networkx.lexicographical_topological_sort(graph)]


def _kernel(
    name: str, streams: Sequence[StreamOp], tasks: Sequence[TaskOp], unique: UniqueNames
) -> KernelOp:
    kernel = Process(unique(name))
    for stream in streams:
        _rename(stream, unique(stream.sym_name.data))
        kernel.block.add_op(stream)
    inside: set[SSAValue] = {stream.result for stream in streams}
    for task in tasks:
        _move(task, kernel, inside, unique)
    return KernelOp(kernel.name, kernel.operands, Region(kernel.block))


def _move(task: TaskOp, kernel: Process, inside: set[SSAValue], unique: UniqueNames) -> None:
    """Puts a task at the end of a kernel, with arguments for what is declared outside of it."""
    task.kernel = None
    task.sym_name = StringAttr(unique(task.sym_name.data))
    for op in task.walk():
        _label(op, task.sym_name.data, unique)
    for index, value in enumerate(task.arguments):
        declared = value.owner
        assert isinstance(declared, BankOp | ScalarOp | StreamOp)
        name = declared.sym_name.data
        task.body.block.args[index].name_hint = hint(name)
        if value not in inside:
            task.operands[index] = kernel.import_(Handle(name, value))
    kernel.block.add_op(task)


def _label(op: Operation, task: str, unique: UniqueNames) -> None:
    """Makes the label of a loop or a burst unique."""
    if isinstance(op, BurstReadOp | BurstWriteOp):
        op.label = StringAttr(unique(f"{task}_{op.label.data}"))
    elif isinstance(op, scf.ForOp):
        loop = loop_of(op)
        set_loop(op, replace(loop, label=unique(f"{task}_{loop.label}")))


def _rename(op: BankOp | ScalarOp | StreamOp, name: str) -> None:
    op.sym_name = StringAttr(name)
    op.results[0].name_hint = hint(name)
