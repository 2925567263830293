"""What a pipeline does to its streams in one run, where a tool lets it stall as a whole.

A run is one execution of a pipelined loop's flattened nest. A flushing pipeline does what the text
says: the accesses of one iteration after those of the one before. In a stalling one no stage goes
on while an access of another stage is not possible, so that what an iteration writes may have to
wait for what later iterations read: those that are under way with it. How many these are is the
tool's affair. So there are two traces of a run:

- `as_a_whole`: whatever is written comes after all that the run reads. No tool does worse.
- `reading_ahead`: what an iteration writes comes after what the next `ahead` iterations read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from typing_extensions import override
from xdsl.dialects import scf
from xdsl.ir import Operation

from lmc.dataflow.addresses import flattened_nest
from lmc.dataflow.graph import TaskNode, stream_accesses, stream_name
from lmc.dataflow.trips import Access, Names, Nodes, Repeat, Trace, Tracer, count_accesses
from lmc.dialects.dataflow import BurstReadOp, BurstWriteOp, is_pipelined, loop_of


@dataclass(frozen=True)
class Iteration:
    """One iteration of a pipeline."""

    reads: tuple[Access, ...]
    writes: tuple[Access, ...]


@dataclass(frozen=True)
class Run:
    """A run of the pipelined loop `label`; `rounds` is a tree of iterations."""

    label: str
    rounds: "RunTrace"


RunLeaf: TypeAlias = Access | Iteration | Run
RunTrace: TypeAlias = Nodes[RunLeaf]


def count_runs(nodes: RunTrace, label: str) -> int:
    """How often a pipelined loop runs in a trace."""
    return sum(
        node.count * count_runs(node.body, label)
        if isinstance(node, Repeat)
        else isinstance(node, Run) and node.label == label
        for node in nodes
    )


def in_order(run: Run) -> Trace:
    """One iteration after the other, what it reads before what it writes."""
    return _in_order(run.rounds)


def as_a_whole(run: Run) -> Trace:
    """All that the run reads, then all that it writes."""
    totals = count_accesses(in_order(run))
    ordered = sorted(totals.items(), key=lambda item: item[0][1])
    return tuple(Repeat("", count, (Access(*key),)) for key, count in ordered)


def reading_ahead(run: Run, ahead: int) -> Trace:
    """What each iteration writes after what the `ahead` iterations after it read."""
    begin = [access for one in islice(_flat(run.rounds), ahead) for access in one.reads]
    return _merged([*begin, *_shifted(run.rounds, (), ahead)])


class RunTracer(Tracer[RunLeaf]):
    """Traces with a task's runs as leaves."""

    def __init__(self, task: TaskNode):
        super().__init__(task)
        pipelined = [op for op in self.task.walk() if is_pipelined(op)]
        self._heads = {flattened_nest(loop).loops[0]: loop for loop in pipelined}

    @override
    def access(self, access: Access) -> RunLeaf:
        return access

    @override
    def burst(self, op: BurstReadOp | BurstWriteOp, length: int) -> RunTrace:
        accesses = (Access(stream_name(stream), written) for stream, written in stream_accesses(op))
        return (Repeat(op.label.data, length, tuple(accesses)),) if length else ()

    @override
    def renamed_leaf(self, leaf: RunLeaf, names: Names) -> RunLeaf:
        if isinstance(leaf, Access):
            return names.access(leaf)
        if isinstance(leaf, Run):
            return Run(names.loops[leaf.label], self.renamed(leaf.rounds, names))
        reads, writes = (tuple(map(names.access, some)) for some in (leaf.reads, leaf.writes))
        return Iteration(reads, writes)

    @override
    def matters(self, op: Operation) -> bool:
        return any(True for _ in stream_accesses(op))

    @override
    def rounds(self, op: scf.ForOp, body: RunTrace, /) -> RunTrace:
        if not is_pipelined(op):
            return body
        accesses = tuple(_accesses(body))
        reads = tuple(access for access in accesses if not access.written)
        return (Iteration(reads, tuple(access for access in accesses if access.written)),)

    @override
    def whole(self, op: scf.ForOp, pieces: RunTrace, /) -> RunTrace:
        if op not in self._heads or not pieces:
            return pieces
        return (Run(loop_of(self._heads[op]).label, pieces),)


def _accesses(nodes: RunTrace) -> Iterator[Access]:
    """What an iteration does, its unrolled loops unrolled."""
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from _accesses(node.body)
        elif isinstance(node, Access):
            yield node


def _flat(nodes: RunTrace) -> Iterator[Iteration]:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from _flat(node.body)
        elif isinstance(node, Iteration):
            yield node


def _length(nodes: RunTrace) -> int:
    return sum(node.count * _length(node.body) if isinstance(node, Repeat) else 1 for node in nodes)


def _in_order(nodes: RunTrace) -> Trace:
    found: list[Access | Repeat[Access]] = []
    for node in nodes:
        if isinstance(node, Iteration):
            found += [*node.reads, *node.writes]
        elif isinstance(node, Repeat) and (body := _in_order(node.body)):
            found.append(Repeat("", node.count, body))
    return tuple(found)


def _shifted(nodes: RunTrace, after: tuple[Iteration, ...], ahead: int) -> Trace:
    """For each iteration what the one `ahead` places later reads, then what itself writes.

    `after` is what comes after the nodes, as far as one of them can look.
    """
    found: list[Access | Repeat[Access]] = []
    for position, node in enumerate(nodes):
        rest = islice(_flat(nodes[position + 1 :]), ahead)
        seen = (*rest, *after)[:ahead]
        if isinstance(node, Iteration):
            found += [*(seen[-1].reads if len(seen) == ahead else ()), *node.writes]
        elif isinstance(node, Repeat):
            found += _shifted_rounds(node, seen, ahead)
    return _merged(found)


def _shifted_rounds(
    node: Repeat[RunLeaf], after: tuple[Iteration, ...], ahead: int
) -> Iterator[Repeat[Access]]:
    """All rounds but the last few look into the same rounds after them."""
    few = min(node.count, -(-ahead // _length(node.body)))
    same = node.count - few
    if same:
        ahead_of = tuple(islice(_flat((Repeat("", few, node.body),)), ahead))
        yield Repeat("", same, _shifted(node.body, ahead_of, ahead))
    for left in reversed(range(few)):
        rest = islice(_flat((Repeat("", left, node.body),)), ahead)
        yield Repeat("", 1, _shifted(node.body, (*rest, *after)[:ahead], ahead))


def _merged(nodes: Iterable[Access | Repeat[Access]]) -> Trace:
    """The same accesses, equal neighbours as one loop; what does nothing is left out."""
    found: list[Access | Repeat[Access]] = []
    for node in nodes:
        body = node.body if isinstance(node, Repeat) else (node,)
        count = node.count if isinstance(node, Repeat) else 1
        if not body:
            continue
        last = found[-1] if found else None
        if isinstance(last, Repeat) and last.body == body:
            found[-1] = Repeat("", last.count + count, body)
        elif isinstance(last, Access) and body == (last,):
            found[-1] = Repeat("", 1 + count, body)
        elif count == 1 and len(body) == 1:
            found += body
        else:
            found.append(node)
    return tuple(found)
