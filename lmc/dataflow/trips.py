"""What each task does to its streams, for concrete run-time scalars: counts, and their order.

A trace is the tree of a task's loops with nothing in it but stream accesses. Loops whose inside
does not depend on their counter are kept as one body and a count; others are cut into the ranges of
the counter in which every guard and trip count stays the same (found by evaluating them for all
counter values at once), so a trace is exact and stays small.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
from typing_extensions import override
from xdsl.dialects import scf
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.evaluate import Environment, Expression, Number
from lmc.dataflow.graph import TaskNode, declaration, stream_accesses, stream_name
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BurstReadOp,
    BurstWriteOp,
    ScalarOp,
    constant_value,
    loop_of,
)

MAX_GRID = 2**22
"""Counter values for which a guard is evaluated at once."""

Totals: TypeAlias = Mapping[tuple[str, bool], int]
"""Accesses by (stream, whether it is written)."""


@dataclass(frozen=True)
class Access:
    """One element read from a stream, or written to it."""

    stream: str
    written: bool


LeafT = TypeVar("LeafT")


@dataclass(frozen=True)
class Repeat(Generic[LeafT]):
    """`count` rounds of `body`; `label` is the loop's, `totals` the accesses of one round."""

    label: str
    count: int
    body: "tuple[LeafT | Repeat[LeafT], ...]"

    @cached_property
    def totals(self) -> Totals:
        """Accesses of one round of the body."""
        return count_accesses(self.body)


Nodes: TypeAlias = tuple[LeafT | Repeat[LeafT], ...]
"""A tree of loops with leaves of some kind."""
Trace: TypeAlias = Nodes[Access]


def count_accesses(trace: Iterable[LeafT | Repeat[LeafT]]) -> Totals:
    """All accesses of a trace, by stream and direction."""
    totals: dict[tuple[str, bool], int] = {}
    for node in trace:
        if isinstance(node, Repeat):
            parts, times = node.totals, node.count
        elif isinstance(node, Access):
            parts, times = {(node.stream, node.written): 1}, 1
        else:
            continue
        for key, number in parts.items():
            totals[key] = totals.get(key, 0) + times * number
    return totals


@dataclass(frozen=True)
class Names:
    """New names by old ones: of loops and bursts, and of streams and banks."""

    loops: Mapping[str, str]
    parts: Mapping[str, str]

    def access(self, access: Access) -> Access:
        """An access by its new name."""
        return Access(self.parts[access.stream], access.written)


class Tracer(ABC, Generic[LeafT]):
    """Walks through a task's loops for given scalars; subclasses say what the leaves are."""

    def __init__(self, task: TaskNode):
        self.task = task.op
        self._active: dict[Operation, bool] = {}
        self._controls: dict[Operation, list[SSAValue]] = {}
        self._expressions: dict[SSAValue, Expression] = {}
        self._statements: dict[Block, list[Operation]] = {}
        self._outer: dict[Operation, list[SSAValue]] = {}
        self._done: dict[tuple[Operation, tuple[tuple[SSAValue, Number], ...]], Nodes[LeafT]] = {}

    @abstractmethod
    def access(self, access: Access) -> LeafT:
        """The leaf of one access."""

    @abstractmethod
    def burst(self, op: BurstReadOp | BurstWriteOp, length: int) -> Nodes[LeafT]:
        """What a burst is."""

    @abstractmethod
    def matters(self, op: Operation) -> bool:
        """Whether a loop or a branch has anything to do with what is traced, by itself."""

    @abstractmethod
    def renamed_leaf(self, leaf: LeafT, names: Names) -> LeafT:
        """The same leaf of a task that has other names."""

    def rounds(self, _op: scf.ForOp, body: Nodes[LeafT], /) -> Nodes[LeafT]:
        """What one round of a loop is, whose inside is `body`."""
        return body

    def whole(self, _op: scf.ForOp, pieces: Nodes[LeafT], /) -> Nodes[LeafT]:
        """What a loop is, all whose rounds are `pieces`."""
        return pieces

    def renamed(self, nodes: Nodes[LeafT], names: Names) -> Nodes[LeafT]:
        """The same nodes of a task that has other names."""
        return tuple(
            Repeat(names.loops[node.label], node.count, self.renamed(node.body, names))
            if isinstance(node, Repeat)
            else self.renamed_leaf(node, names)
            for node in nodes
        )

    def trace(self, scalars: Mapping[str, int]) -> Nodes[LeafT]:
        """The trace of the task for a setting of the run-time scalars.

        Raises LmcError when a guard or a trip count around a stream access depends on data.
        """
        environment: dict[SSAValue, Number] = {}
        for argument in self.task.body.block.args:
            source = declaration(argument)
            if isinstance(source, ScalarOp):
                environment[argument] = scalars[source.sym_name.data]
        return self._block(self.task.body.block, environment)

    def _block(self, block: Block, environment: Environment) -> Nodes[LeafT]:
        nodes: list[LeafT | Repeat[LeafT]] = []
        for op in self.statements(block):
            nodes += self._op(op, environment)
        return tuple(nodes)

    def statements(self, block: Block) -> list[Operation]:
        """The ops of a block that are traced."""
        if block not in self._statements:
            self._statements[block] = [op for op in block.ops if self._is_active(op)]
        return self._statements[block]

    def _op(self, op: Operation, environment: Environment) -> Nodes[LeafT]:
        if isinstance(op, BurstReadOp | BurstWriteOp):
            length = self._known(op.length, environment, f"length of burst {op.label.data}")
            return self.burst(op, max(length, 0))
        accesses = [Access(stream_name(stream), written) for stream, written in stream_accesses(op)]
        if accesses:
            return tuple(self.access(access) for access in accesses)
        if isinstance(op, scf.ForOp):
            return self._loop(op, environment)
        if isinstance(op, scf.IfOp):
            return self._branch(op, environment)
        return ()

    def _branch(self, op: scf.IfOp, environment: Environment) -> Nodes[LeafT]:
        condition = self._evaluate(op.cond, environment)
        branches = [
            self._block(region.block, environment) if region.blocks else ()
            for region in (op.true_region, op.false_region)
            if condition is None or (region is op.true_region) == bool(condition)
        ]
        if any(branch != branches[0] for branch in branches):
            raise self._unknown("a branch that reads or writes streams")
        return branches[0]

    def _loop(self, op: scf.ForOp, environment: Environment) -> Nodes[LeafT]:
        """The trace of a loop, made once for all that it depends on."""
        known = {
            value: number
            for value in self._outer_values(op)
            if isinstance(number := self._evaluate(value, environment), int | np.integer)
        }
        key = (op, tuple(known.items()))
        if key not in self._done:
            around = {**environment, **known}
            self._done[key] = self.whole(op, self._new_loop(op, around))
        return self._done[key]

    def _outer_values(self, op: scf.ForOp) -> list[SSAValue]:
        """The values from around a loop that its trip counts and guards are made of.

        A phase's number, say, matters only by the sizes that are chosen by it.
        """
        if op not in self._outer:
            found: dict[SSAValue, None] = {}
            pending = [op.ub, *self._controls_in(op)]
            seen: set[SSAValue] = set()
            while pending:
                value = pending.pop()
                if value in seen or constant_value(value) is not None:
                    continue
                seen.add(value)
                owner = value.owner
                if not op.is_ancestor(owner):
                    found[value] = None
                elif isinstance(owner, Operation):
                    pending.extend(owner.operands)
            self._outer[op] = list(found)
        return self._outer[op]

    def _new_loop(self, op: scf.ForOp, environment: Environment) -> Nodes[LeafT]:
        label = loop_of(op).label
        count = self._known(op.ub, environment, f"trip count of loop {label}")
        if count <= 0:
            return ()
        counter = op.body.block.args[0]
        dependent = [
            control
            for control in self._controls_in(op)
            if counter in self._expression(control).leaves
        ]
        if not dependent:
            body = self._round(op, {**environment, counter: 0})
            return (Repeat(label, count, body),) if body else ()
        starts = self._range_starts(op, dependent, environment, count)
        return self._ranges(op, environment, starts, count)

    def _range_starts(
        self, op: scf.ForOp, dependent: Sequence[SSAValue], environment: Environment, count: int
    ) -> list[int]:
        """Counter values at which some guard or trip count inside may change."""
        changes = np.zeros(count, dtype=bool)
        changes[0] = True
        for control in dependent:
            values = self._for_all_counters(op, control, environment, count)
            if values is None:
                return list(range(count))
            changes[1:] |= (values[1:] != values[:-1]).any(axis=1)
        return [int(start) for start in np.flatnonzero(changes)]

    def _for_all_counters(
        self, op: scf.ForOp, control: SSAValue, environment: Environment, count: int
    ) -> npt.NDArray[np.int64] | None:
        """A control for all values of a loop's counter (rows) and those of loops inside (columns).

        None when it depends on more than that, or a loop inside runs differently often.
        """
        counter = op.body.block.args[0]
        inner = [
            leaf
            for leaf in self._expression(control).leaves
            if leaf not in environment and leaf is not counter
        ]
        trips = [self._known_trips(op, leaf, environment) for leaf in inner]
        shape = [count, *(number for number in trips if number is not None)]
        if None in trips or math.prod(shape) > MAX_GRID:
            return None
        axes = np.ogrid[tuple(slice(size) for size in shape)]
        values = {**environment, **dict(zip([counter, *inner], axes, strict=True))}
        result = self._evaluate(control, values)
        assert result is not None
        return np.broadcast_to(np.asarray(result), shape).reshape(count, math.prod(shape[1:]))

    def _ranges(
        self, op: scf.ForOp, environment: Environment, starts: Sequence[int], count: int
    ) -> Nodes[LeafT]:
        label, counter = loop_of(op).label, op.body.block.args[0]
        pieces: list[Repeat[LeafT]] = []
        for start, end in zip(starts, [*starts[1:], count], strict=True):
            body = self._round(op, {**environment, counter: start})
            if not body:
                continue
            before = pieces.pop() if pieces and pieces[-1].body == body else Repeat(label, 0, body)
            pieces.append(Repeat(label, before.count + end - start, body))
        return tuple(fold_periods(pieces))

    def _round(self, op: scf.ForOp, environment: Environment) -> Nodes[LeafT]:
        return self.rounds(op, self._block(op.body.block, environment))

    def _known(self, value: SSAValue, environment: Environment, what: str) -> int:
        result = self._evaluate(value, environment)
        if not isinstance(result, int | np.integer):
            raise self._unknown(f"the {what}")
        return int(result)

    def _unknown(self, what: str) -> LmcError:
        return LmcError(
            f"task {self.task.sym_name.data}: {what} depends on data, so rates and FIFO depths "
            "can't be told: make it depend on counters and run-time scalars only"
        )

    def _is_active(self, op: Operation) -> bool:
        if op not in self._active:
            inside = (
                child for region in op.regions for block in region.blocks for child in block.ops
            )
            self._active[op] = self.matters(op) or any(map(self._is_active, inside))
        return self._active[op]

    def _controls_in(self, loop: scf.ForOp) -> list[SSAValue]:
        """Guards, trip counts and burst lengths around stream accesses inside the loop."""
        if loop not in self._controls:
            found = dict.fromkeys(self._controls_of(loop.body.block))
            self._controls[loop] = list(found)
        return self._controls[loop]

    def _controls_of(self, block: Block) -> Iterator[SSAValue]:
        for op in self.statements(block):
            if isinstance(op, BurstReadOp | BurstWriteOp):
                yield op.length
            elif isinstance(op, scf.ForOp):
                yield op.ub
            elif isinstance(op, scf.IfOp):
                yield op.cond
            for region in op.regions:
                for inside in region.blocks:
                    yield from self._controls_of(inside)

    def _known_trips(
        self, around: scf.ForOp, leaf: SSAValue, environment: Environment
    ) -> int | None:
        """The trip count of a loop inside of another one by its counter, where it is known."""
        loop = leaf.owner.parent_op() if isinstance(leaf.owner, Block) else None
        if not isinstance(loop, scf.ForOp) or not around.is_ancestor(loop):
            return None
        if leaf is not loop.body.block.args[0]:
            return None
        result = self._evaluate(loop.ub, environment)
        return max(0, int(result)) if isinstance(result, int | np.integer) else None

    def _evaluate(self, value: SSAValue, environment: Environment) -> Number | None:
        return self._expression(value).evaluate(environment)

    def _expression(self, value: SSAValue) -> Expression:
        if value not in self._expressions:
            self._expressions[value] = Expression(value)
        return self._expressions[value]


class AccessTracer(Tracer[Access]):
    """Traces with nothing in them but accesses."""

    @override
    def access(self, access: Access) -> Access:
        return access

    @override
    def renamed_leaf(self, leaf: Access, names: Names) -> Access:
        return names.access(leaf)

    @override
    def burst(self, op: BurstReadOp | BurstWriteOp, length: int) -> Trace:
        accesses = (Access(stream_name(stream), written) for stream, written in stream_accesses(op))
        return (Repeat(op.label.data, length, tuple(accesses)),) if length else ()

    @override
    def matters(self, op: Operation) -> bool:
        return any(True for _ in stream_accesses(op))


def fold_periods(pieces: list[Repeat[LeafT]]) -> list[Repeat[LeafT]]:
    """Pieces of one loop, a repeating pattern in them (every 16th round differs, say) as one."""
    for start in range(min(2, len(pieces))):
        rest = pieces[start:]
        period = next((i for i in range(1, len(rest)) if rest[i] == rest[0]), 0)
        rounds = _full_rounds(rest, period)
        if rounds < 2:
            continue
        folded = Repeat(rest[0].label, rounds, tuple(rest[:period]))
        return [*pieces[:start], folded, *rest[rounds * period :]]
    return pieces


def _full_rounds(pieces: Sequence[Repeat[LeafT]], period: int) -> int:
    if period == 0:
        return 0
    rounds = 1
    while pieces[rounds * period : (rounds + 1) * period] == pieces[:period]:
        rounds += 1
    return rounds
