"""The rules that a design must keep so that its C++ synthesizes and never stops: found violations.

Each rule is a generator of sentences; no sentence means that the rule is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.graph import DesignGraph, design_graph, scalar_examples
from lmc.dataflow.implementations import misplaced
from lmc.dataflow.trips import Totals, count_accesses, design_traces, loop_label
from lmc.dialects.dataflow import (
    ARITHMETIC_OPS,
    IO_OPS,
    WORD_OPS,
    BankOp,
    BufferOp,
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    KernelOp,
    PortType,
    ScalarOp,
    StreamOp,
    TaskOp,
    constant_value,
)

LONGEST_NAME = 80
"""Characters; HLS tools make file and module names of names."""

_BODY_OPS: tuple[type[Operation], ...] = (
    *ARITHMETIC_OPS,
    *WORD_OPS,
    *IO_OPS,
    BufferOp,
    scf.ForOp,
    scf.IfOp,
    scf.YieldOp,
    memref.LoadOp,
    memref.StoreOp,
    arith.ConstantOp,
    arith.AddiOp,
    arith.SubiOp,
    arith.MuliOp,
    arith.DivUIOp,
    arith.RemUIOp,
    arith.CmpiOp,
    arith.SelectOp,
    arith.AndIOp,
    arith.OrIOp,
    arith.XOrIOp,
)
"""All that may be in a task."""

Bursts = BurstReadOp | BurstWriteOp


def violations(design: DesignOp) -> Iterator[str]:
    """All violations of a design, in order of the rules; raises LmcError as task_traces does."""
    graph = design_graph(design)
    for rule in (_names, _ops, _loops, _bursts, _ports):
        yield from rule(design)
    broken = False
    for rule in (_stream_ends, _forward):
        for sentence in rule(graph):
            broken = True
            yield sentence
    if not broken:
        yield from _rates(design, graph)


# Names


def _names(design: DesignOp) -> Iterator[str]:
    named = (KernelOp, TaskOp, BankOp, ScalarOp, StreamOp)
    ops = (op for op in design.walk() if isinstance(op, named))
    names = Counter(op.sym_name.data for op in ops)
    labels = Counter(label for op in design.walk() for label in _labels(op))
    for kind, counted in (("name", names), ("loop label", labels)):
        for name, count in counted.items():
            if count > 1:
                yield f"the {kind} {name} is used {count} times: it must be unique in the design"
            if len(name) > LONGEST_NAME:
                yield f"the {kind} {name} has {len(name)} characters: {LONGEST_NAME} are allowed"


def _labels(op: Operation) -> Iterator[str]:
    if isinstance(op, Bursts):
        yield op.label.data
    label = op.attributes.get("lmc.label")
    if isinstance(label, StringAttr):
        yield label.data


# Bodies of tasks


def _tasks(design: DesignOp) -> Iterator[TaskOp]:
    yield from (op for op in design.walk() if isinstance(op, TaskOp))


def _ops(design: DesignOp) -> Iterator[str]:
    for task in _tasks(design):
        if not task.arguments:
            yield f"task {task.sym_name.data} has no stream, port or scalar"
        for op in task.body.block.walk():
            if not isinstance(op, _BODY_OPS):
                yield f"task {task.sym_name.data}: {op.name} can't be in a task"
            yield from (f"task {task.sym_name.data}: {text}" for text in misplaced(op))


def _loops(design: DesignOp) -> Iterator[str]:
    for task in _tasks(design):
        for op in task.body.block.walk():
            if isinstance(op, scf.ForOp):
                yield from (f"task {task.sym_name.data}: {text}" for text in _loop(op))


def _loop(loop: scf.ForOp) -> Iterator[str]:
    name = loop_label(loop)
    if not name:
        yield "a loop has no lmc.label"
    if constant_value(loop.lb) != 0 or constant_value(loop.step) != 1:
        yield f"loop {name} must count from 0 in steps of 1"
    unrolled = "lmc.unroll" in loop.attributes
    if unrolled and constant_value(loop.ub) is None:
        yield f"loop {name} is unrolled, so its trip count must be a constant"
    if unrolled or not _is_inside(loop, lambda op: "lmc.pipeline" in op.attributes):
        return
    yield f"loop {name} is inside a pipelined loop, so it must be unrolled"


def _is_inside(op: Operation, holds: Callable[[Operation], bool]) -> bool:
    parent = op.parent_op()
    while parent is not None and not isinstance(parent, TaskOp):
        if holds(parent):
            return True
        parent = parent.parent_op()
    return False


def _is_marked(loop: Operation) -> bool:
    return "lmc.pipeline" in loop.attributes or "lmc.unroll" in loop.attributes


def _bursts(design: DesignOp) -> Iterator[str]:
    for task in _tasks(design):
        for op in task.body.block.walk():
            if not isinstance(op, Bursts):
                continue
            where = f"task {task.sym_name.data}: burst {op.label.data}"
            if _is_inside(op, lambda parent: isinstance(parent, scf.IfOp)):
                yield f"{where} is conditional: make its length 0 instead"
            if _is_inside(op, _is_marked):
                yield f"{where} is a loop itself: it can't be in a pipelined or unrolled one"


# Memory ports


def _ports(design: DesignOp) -> Iterator[str]:
    uses: dict[BankOp, list[str]] = {}
    for kernel in (op for op in design.body.block.ops if isinstance(op, KernelOp)):
        for inner, outer in zip(kernel.body.block.args, kernel.arguments, strict=True):
            if not isinstance(inner.type, PortType):
                continue
            assert isinstance(outer.owner, BankOp)
            where = f"kernel {kernel.sym_name.data}, bank {outer.owner.sym_name.data}"
            kinds = _port_uses(inner)
            if len({task for task, _ in kinds}) != 1:
                yield f"{where}: a port is used by exactly one task, this one by {len(kinds)}"
            uses.setdefault(outer.owner, []).extend(sorted({kind for _, kind in kinds}))
    for bank, kinds in uses.items():
        yield from _directions(bank, kinds)


def _port_uses(port: SSAValue) -> list[tuple[TaskOp, str]]:
    found: list[tuple[TaskOp, str]] = []
    for use in port.uses:
        task = use.operation
        assert isinstance(task, TaskOp)
        inner = task.body.block.args[use.index]
        kinds = {"read" if isinstance(u.operation, BurstReadOp) else "write" for u in inner.uses}
        found += [(task, kind) for kind in sorted(kinds)] or [(task, "read")]
    return found


def _directions(bank: BankOp, kinds: list[str]) -> Iterator[str]:
    direction = bank.direction.data
    for kind in sorted(set(kinds)):
        if kind not in direction.split("_"):
            yield f"bank {bank.sym_name.data} has direction {direction} and is used to {kind}"
    if kinds.count("write") > 1:
        yield f"bank {bank.sym_name.data} is written through {kinds.count('write')} ports, not one"


# Streams


def _stream_ends(graph: DesignGraph) -> Iterator[str]:
    for name, op in graph.streams.items():
        producers, consumers = graph.producers(name), graph.consumers(name)
        for kind, tasks in (("producer", producers), ("consumer", consumers)):
            if len(tasks) == 1:
                continue
            listed = ", ".join(task.name for task in tasks) or "none"
            yield f"stream {name} has {len(tasks)} {kind}s ({listed}) and needs exactly one"
        if len(producers) != 1 or len(consumers) != 1:
            continue
        if isinstance(op.parent_op(), DesignOp) and producers[0].kernel == consumers[0].kernel:
            yield f"stream {name} joins tasks of kernel {producers[0].kernel}: declare it there"


def _forward(graph: DesignGraph) -> Iterator[str]:
    order = {task.name: position for position, task in enumerate(graph.tasks)}
    for name in graph.streams:
        for producer in graph.producers(name):
            for consumer in graph.consumers(name):
                backwards = order[producer.name] >= order[consumer.name]
                if backwards and producer.kernel == consumer.kernel:
                    yield (
                        f"stream {name} goes back from task {producer.name} to task "
                        f"{consumer.name} of kernel {producer.kernel}: a dataflow region only goes "
                        "forward, so put them into two kernels, or the producer first"
                    )


def _rates(design: DesignOp, graph: DesignGraph) -> Iterator[str]:
    settings = scalar_examples(design)
    for scalars, traces in zip(settings, design_traces(graph, settings), strict=True):
        totals = {task: count_accesses(trace) for task, trace in traces.items()}
        for name in graph.streams:
            yield from _rate(graph, name, totals, scalars)


def _rate(
    graph: DesignGraph, stream: str, totals: Mapping[str, Totals], scalars: Mapping[str, int]
) -> Iterator[str]:
    producer, consumer = graph.producers(stream)[0].name, graph.consumers(stream)[0].name
    written = totals[producer].get((stream, True), 0)
    read = totals[consumer].get((stream, False), 0)
    if written != read:
        setting = ", ".join(f"{name} = {value}" for name, value in scalars.items())
        yield (
            f"stream {stream}: task {producer} writes {written} elements and task {consumer} reads "
            f"{read}" + (f" for {setting}" if setting else "")
        )
