"""What each task does to its streams and its ports, and when: traces with the loops' timing.

A timed trace is the tree of a task's loops, as small as a plain trace, with leaves that take time:
cycles of control and of straight-line code, single accesses, bursts, and pipelines. A pipeline is a
whole flattened nest; its own tree has iterations as leaves, those without accesses too, because
they take their turn like all others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from typing_extensions import override
from xdsl.dialects import scf
from xdsl.ir import Block, Operation

from lmc.dataflow.addresses import flattened_nest
from lmc.dataflow.evaluate import Environment
from lmc.dataflow.graph import TaskNode, declaration, stream_accesses, stream_name
from lmc.dataflow.machines import RTL, Figure, Machine
from lmc.dataflow.straight_line import straight_line_cycles
from lmc.dataflow.timing import Clock, time_iteration
from lmc.dataflow.trips import Access, Names, Nodes, Repeat, Tracer
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    is_pipelined,
    is_unrolled,
    loop_of,
)


@dataclass(frozen=True)
class Cycles:
    """Cycles without accesses: of control, or of straight-line code."""

    count: int


@dataclass(frozen=True)
class Burst:
    """`length` words between a bank and a stream."""

    label: str
    bank: str
    access: Access
    length: int


@dataclass(frozen=True)
class Iteration:
    """One iteration of a pipeline: its accesses in the order of the text."""

    accesses: tuple[Access, ...]


@dataclass(frozen=True)
class Pipeline:
    """A pipelined loop with the loops that it is flattened with.

    `offsets` are cycles from the start of an iteration to its first access of a stream; `latency`
    is that of an iteration, in cycles; `rounds` is a tree of iterations.
    """

    label: str
    ii: int
    latency: int
    offsets: tuple[tuple[Access, int], ...]
    rounds: "TimedTrace"


TimedLeaf: TypeAlias = Cycles | Access | Burst | Iteration | Pipeline
TimedTrace: TypeAlias = Nodes[TimedLeaf]


def iterations(rounds: Iterable[TimedLeaf | Repeat[TimedLeaf]]) -> int:
    """How many iterations a tree of them has."""
    return sum(
        node.count * iterations(node.body) if isinstance(node, Repeat) else 1 for node in rounds
    )


def unblocked_cycles(trace: Iterable[TimedLeaf | Repeat[TimedLeaf]]) -> int:
    """Cycles of a trace that never waits, neither for a stream nor for a memory."""
    cycles = 0
    for node in trace:
        if isinstance(node, Repeat):
            cycles += node.count * unblocked_cycles(node.body)
        elif isinstance(node, Burst):
            cycles += 1 + node.length
        elif isinstance(node, Pipeline):
            count = iterations(node.rounds)
            cycles += 1 + ((count - 1) * node.ii + node.latency if count else 0)
        else:
            cycles += node.count if isinstance(node, Cycles) else 1
    return cycles


def burst_words(trace: Iterable[TimedLeaf | Repeat[TimedLeaf]], bank: str) -> int:
    """Words that a trace's bursts move from or to a bank."""
    words = 0
    for node in trace:
        if isinstance(node, Repeat):
            words += node.count * burst_words(node.body, bank)
        elif isinstance(node, Burst) and node.bank == bank:
            words += node.length
    return words


def access_points(pipeline: Pipeline, iteration: Iteration) -> Iterator[tuple[int, Access]]:
    """(offset, access) of an iteration: accesses of one stream are in consecutive cycles."""
    offsets = dict(pipeline.offsets)
    for access in iteration.accesses:
        yield offsets[access], access
        offsets[access] += 1


def _cycles(figure: Figure) -> TimedTrace:
    return (Cycles(figure.value),) if figure.value else ()


class TimedTracer(Tracer[TimedLeaf]):
    """Timed traces of a task, built as a machine."""

    def __init__(self, task: TaskNode, clock: Clock, machine: Machine = RTL):
        super().__init__(task)
        self._clock, self._machine = clock, machine
        pipelined = [op for op in self.task.walk() if is_pipelined(op)]
        nests = {loop: flattened_nest(loop).loops for loop in pipelined}
        self._heads = {loops[0]: loop for loop, loops in nests.items()}
        self._nested = {loop for loops in nests.values() for loop in loops}
        inside = (op for head in self._heads for op in head.walk())
        self._pipelined = {
            block for op in inside for region in op.regions for block in region.blocks
        }
        self._straight: dict[Block, Mapping[Operation | None, int]] = {}

    @override
    def trace(self, scalars: Mapping[str, int]) -> TimedTrace:
        """The timed trace of the task for a setting of the run-time scalars.

        Raises LmcError when a guard or a trip count depends on data, or a pipelined loop has no
        interval yet.
        """
        return (*_cycles(self._machine.task), *super().trace(scalars))

    def _block(self, block: Block, environment: Environment) -> TimedTrace:
        if block in self._pipelined:
            return super()._block(block, environment)
        if block not in self._straight:
            self._straight[block] = straight_line_cycles(block, self._is_active, self._clock)
        cycles, nodes = self._straight[block], list[TimedLeaf | Repeat[TimedLeaf]]()
        for op in (*self.statements(block), None):
            nodes += [Cycles(cycles[op])] if op in cycles else []
            nodes += () if op is None else self._op(op, environment)
        return tuple(nodes)

    @override
    def access(self, access: Access) -> TimedLeaf:
        return access

    @override
    def burst(self, op: BurstReadOp | BurstWriteOp, length: int) -> TimedTrace:
        bank = declaration(op.port)
        assert isinstance(bank, BankOp)
        ((stream, written),) = stream_accesses(op)
        access = Access(stream_name(stream), written)
        burst = Burst(op.label.data, bank.sym_name.data, access, length)
        return (burst, *_cycles(self._machine.burst))

    @override
    def renamed_leaf(self, leaf: TimedLeaf, names: Names) -> TimedLeaf:
        if isinstance(leaf, Access):
            return names.access(leaf)
        if isinstance(leaf, Burst):
            label, bank = names.loops[leaf.label], names.parts[leaf.bank]
            return Burst(label, bank, names.access(leaf.access), leaf.length)
        if isinstance(leaf, Iteration):
            return Iteration(tuple(map(names.access, leaf.accesses)))
        if isinstance(leaf, Pipeline):
            offsets = tuple((names.access(access), offset) for access, offset in leaf.offsets)
            rounds = self.renamed(leaf.rounds, names)
            return replace(leaf, label=names.loops[leaf.label], offsets=offsets, rounds=rounds)
        return leaf

    @override
    def matters(self, op: Operation) -> bool:
        takes_time = isinstance(op, scf.ForOp) and not is_unrolled(op)
        return takes_time or any(True for _ in stream_accesses(op))

    @override
    def rounds(self, op: scf.ForOp, body: TimedTrace, /) -> TimedTrace:
        if is_pipelined(op):
            return (Iteration(tuple(_unrolled(body))),)
        if op in self._nested or is_unrolled(op):
            return body
        return (*_cycles(self._machine.round), *body)

    @override
    def whole(self, op: scf.ForOp, pieces: TimedTrace, /) -> TimedTrace:
        if op not in self._heads:
            plain = op not in self._nested and not is_unrolled(op)
            return (*pieces, *_cycles(self._machine.loop_end)) if plain else pieces
        loop = self._heads[op]
        label, ii, latency = _schedule(loop)
        pipeline = Pipeline(label, ii, latency, self._offsets(loop), pieces)
        _check_interval(pipeline)
        points = (access_points(pipeline, leaf) for leaf in set(iterations_of(pieces)))
        last = max((offset for point in points for offset, _ in point), default=0)
        return (replace(pipeline, latency=max(latency, last + 1)),)

    def _offsets(self, loop: scf.ForOp) -> tuple[tuple[Access, int], ...]:
        """The latest place of each stream's accesses: they must not overtake each other."""
        offsets: dict[Access, int] = {}
        for op, (cycle, _) in time_iteration(loop, self._clock).effects.items():
            for stream, written in stream_accesses(op):
                access = Access(stream_name(stream), written)
                offsets[access] = max(offsets.get(access, 0), cycle)
        return tuple(offsets.items())


def _unrolled(nodes: TimedTrace) -> Iterator[Access]:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from _unrolled(node.body)
        elif isinstance(node, Access):
            yield node


def _schedule(op: scf.ForOp) -> tuple[str, int, int]:
    """Label, II and latency of a pipelined loop."""
    loop = loop_of(op)
    if loop.ii is None or loop.latency is None:
        raise LmcError(f"loop {loop.label} has no ii: run schedule-loops first")
    return loop.label, loop.ii, loop.latency


def _check_interval(pipeline: Pipeline) -> None:
    for iteration in set(iterations_of(pipeline.rounds)):
        most = max(map(iteration.accesses.count, iteration.accesses), default=0)
        if most > pipeline.ii:
            raise LmcError(
                f"loop {pipeline.label} accesses a stream {most} times in an iteration, but "
                f"starts one every {pipeline.ii} cycles: run schedule-loops"
            )


def iterations_of(rounds: Iterable[TimedLeaf | Repeat[TimedLeaf]]) -> Iterator[Iteration]:
    """Those of a pipeline, each as often as it is in the tree."""
    for node in rounds:
        if isinstance(node, Repeat):
            yield from iterations_of(node.body)
        elif isinstance(node, Iteration):
            yield node
