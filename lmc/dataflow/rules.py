"""The rules that a design must keep so that its C++ synthesizes and never stops: found violations.

Each rule is a generator of sentences; no sentence means that the rule is kept.
"""

from collections.abc import Iterator, Mapping

from xdsl.ir import SSAValue

from lmc.dataflow.annotations import depth_faults, for_setting, rate_faults, schedule_faults
from lmc.dataflow.bounds import division_faults, reach_faults
from lmc.dataflow.graph import DesignGraph, design_graph, scalar_examples
from lmc.dataflow.trips import Totals, count_accesses, design_traces
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    DesignOp,
    KernelOp,
    PortType,
    TaskOp,
)

SHOWN = 5
"""Violations that are listed in an error; the rest are counted."""


def check_rules(design: DesignOp) -> None:
    """LmcError with the first violations of a design."""
    found = list(violations(design))
    if found:
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise LmcError(
            f"design {design.sym_name.data} breaks rules of dataflow: "
            + "; ".join(found[:SHOWN])
            + more
        )


def violations(design: DesignOp) -> Iterator[str]:
    """All violations of a design, in order of the rules; raises LmcError as task_traces does."""
    graph = design_graph(design)
    yield from _ports(design)
    yield from schedule_faults(design)
    yield from reach_faults(design)
    broken = False
    for rule in (division_faults(design), _stream_ends(graph), _forward(graph)):
        for sentence in rule:
            broken = True
            yield sentence
    if not broken:
        yield from _rates(design, graph)


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
    all_traces, whole, balanced = design_traces(graph, settings), list[Totals](), True
    for scalars, traces in zip(settings, all_traces, strict=True):
        totals = {task: count_accesses(trace) for task, trace in traces.items()}
        # A stream is written by one task.
        whole.append({key: count for part in totals.values() for key, count in part.items()})
        for name in graph.streams:
            for sentence in _rate(graph, name, totals, scalars):
                balanced = False
                yield sentence
    yield from rate_faults(graph, settings, whole)
    if balanced:
        yield from depth_faults(graph, settings, all_traces)


def _rate(
    graph: DesignGraph, stream: str, totals: Mapping[str, Totals], scalars: Mapping[str, int]
) -> Iterator[str]:
    producer, consumer = graph.producers(stream)[0].name, graph.consumers(stream)[0].name
    written = totals[producer].get((stream, True), 0)
    read = totals[consumer].get((stream, False), 0)
    if written != read:
        yield (
            f"stream {stream}: task {producer} writes {written} elements and task {consumer} reads "
            f"{read}{for_setting(scalars)}"
        )
