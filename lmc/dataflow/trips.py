"""What each task does to its streams, for concrete run-time scalars: counts, and their order.

A trace is the tree of a task's loops with nothing in it but stream accesses. Loops whose inside
does not depend on their counter are kept as one body and a count; others are cut into the ranges of
the counter in which every guard and trip count stays the same (found by evaluating them for all
counter values at once), so a trace is exact and stays small.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from xdsl.dialects import scf
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.evaluate import Environment, Number, evaluate, leaves
from lmc.dataflow.graph import DesignGraph, TaskNode, declaration, stream_accesses, stream_name
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BurstReadOp, BurstWriteOp, ScalarOp, TaskOp

MAX_GRID = 2**22
"""Counter values for which a guard is evaluated at once."""

Totals: TypeAlias = Mapping[tuple[str, bool], int]
"""Accesses by (stream, whether it is written)."""


@dataclass(frozen=True)
class Access:
    """One element read from a stream, or written to it."""

    stream: str
    written: bool


@dataclass(frozen=True)
class Repeat:
    """`count` rounds of `body`; `label` is the loop's, `totals` the accesses of one round."""

    label: str
    count: int
    body: "Trace"

    @cached_property
    def totals(self) -> Totals:
        """Accesses of one round of the body."""
        return count_accesses(self.body)


Trace: TypeAlias = tuple[Access | Repeat, ...]


def count_accesses(trace: Iterable[Access | Repeat]) -> Totals:
    """All accesses of a trace, by stream and direction."""
    totals: dict[tuple[str, bool], int] = {}
    for node in trace:
        if isinstance(node, Access):
            parts, times = {(node.stream, node.written): 1}, 1
        else:
            parts, times = node.totals, node.count
        for key, number in parts.items():
            totals[key] = totals.get(key, 0) + times * number
    return totals


def design_traces(
    graph: DesignGraph, settings: Sequence[Mapping[str, int]]
) -> list[dict[str, Trace]]:
    """Traces by task name, for each setting of the scalars. Raises LmcError as task_traces does."""
    by_task = {task.name: task_traces(task, settings) for task in graph.tasks}
    return [
        {name: traces[position] for name, traces in by_task.items()}
        for position in range(len(settings))
    ]


def task_traces(task: TaskNode, settings: Sequence[Mapping[str, int]]) -> list[Trace]:
    """The traces of a task for several settings of the run-time scalars.

    Raises LmcError when a guard or a trip count around a stream access depends on data.
    """
    tracer = _Tracer(task.op)
    sources = [(argument, declaration(argument)) for argument in task.op.body.block.args]
    traces: list[Trace] = []
    for scalars in settings:
        environment: dict[SSAValue, Number] = {
            argument: scalars[source.sym_name.data]
            for argument, source in sources
            if isinstance(source, ScalarOp)
        }
        traces.append(tracer.block(task.op.body.block, environment))
    return traces


@dataclass
class _Tracer:
    task: TaskOp
    _active: dict[Operation, bool] = field(default_factory=lambda: dict[Operation, bool]())
    _controls: dict[Operation, list[SSAValue]] = field(
        default_factory=lambda: dict[Operation, list[SSAValue]]()
    )
    _leaves: dict[SSAValue, frozenset[SSAValue]] = field(
        default_factory=lambda: dict[SSAValue, frozenset[SSAValue]]()
    )
    _outer: dict[Operation, list[SSAValue]] = field(
        default_factory=lambda: dict[Operation, list[SSAValue]]()
    )
    _done: dict[tuple[Operation, tuple[Number, ...]], list[Repeat]] = field(
        default_factory=lambda: dict[tuple[Operation, tuple[Number, ...]], list[Repeat]]()
    )

    def block(self, block: Block, environment: Environment) -> Trace:
        """The trace of the ops of a block."""
        nodes: list[Access | Repeat] = []
        for op in block.ops:
            nodes += self._op(op, environment)
        return tuple(nodes)

    def _op(self, op: Operation, environment: Environment) -> Sequence[Access | Repeat]:
        accesses = [Access(stream_name(stream), written) for stream, written in stream_accesses(op)]
        if isinstance(op, BurstReadOp | BurstWriteOp):
            length = self._known(op.length, environment, f"length of burst {op.label.data}")
            return [Repeat(op.label.data, length, tuple(accesses))] if length > 0 else []
        if accesses:
            return accesses
        if isinstance(op, scf.ForOp) and self._is_active(op):
            return self._loop(op, environment)
        if isinstance(op, scf.IfOp) and self._is_active(op):
            return self._branch(op, environment)
        return []

    def _branch(self, op: scf.IfOp, environment: Environment) -> Trace:
        condition = evaluate(op.cond, environment)
        branches = [
            self.block(region.block, environment) if region.blocks else ()
            for region in (op.true_region, op.false_region)
            if condition is None or (region is op.true_region) == bool(condition)
        ]
        if any(branch != branches[0] for branch in branches):
            raise self._unknown("a branch that reads or writes streams")
        return branches[0]

    def _loop(self, op: scf.ForOp, environment: Environment) -> list[Repeat]:
        """The trace of a loop, made once for all that it depends on."""
        key = (op, tuple(environment[leaf] for leaf in self._outer_leaves(op, environment)))
        if key not in self._done:
            self._done[key] = self._new_loop(op, environment)
        return self._done[key]

    def _outer_leaves(self, op: scf.ForOp, environment: Environment) -> list[SSAValue]:
        """The counters and scalars around a loop that its trip counts and guards depend on."""
        if op not in self._outer:
            found = dict.fromkeys(
                leaf
                for control in (op.ub, *self._controls_in(op))
                for leaf in self._leaves_of(control)
                if leaf in environment
            )
            self._outer[op] = list(found)
        return self._outer[op]

    def _new_loop(self, op: scf.ForOp, environment: Environment) -> list[Repeat]:
        label = loop_label(op)
        count = self._known(op.ub, environment, f"trip count of loop {label}")
        if count <= 0:
            return []
        counter = op.body.block.args[0]
        dependent = [
            control for control in self._controls_in(op) if counter in self._leaves_of(control)
        ]
        if not dependent:
            body = self.block(op.body.block, {**environment, counter: 0})
            return [Repeat(label, count, body)] if body else []
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
        others = self._leaves_of(control) - environment.keys() - {counter}
        inner = [leaf for leaf in self._inner_counters(op) if leaf in others]
        trips = [_known_trips(leaf, environment) for leaf in inner]
        shape = [count, *(number for number in trips if number is not None)]
        if len(inner) != len(others) or None in trips or math.prod(shape) > MAX_GRID:
            return None
        axes = np.ogrid[tuple(slice(size) for size in shape)]
        values = {**environment, **dict(zip([counter, *inner], axes, strict=True))}
        result = evaluate(control, values)
        assert result is not None
        return np.broadcast_to(np.asarray(result), shape).reshape(count, math.prod(shape[1:]))

    def _inner_counters(self, op: scf.ForOp) -> list[SSAValue]:
        loops = (child for child in op.walk() if isinstance(child, scf.ForOp) and child is not op)
        return [loop.body.block.args[0] for loop in loops]

    def _ranges(
        self, op: scf.ForOp, environment: Environment, starts: Sequence[int], count: int
    ) -> list[Repeat]:
        label, counter = loop_label(op), op.body.block.args[0]
        pieces: list[Repeat] = []
        for start, end in zip(starts, [*starts[1:], count], strict=True):
            body = self.block(op.body.block, {**environment, counter: start})
            if not body:
                continue
            before = pieces.pop() if pieces and pieces[-1].body == body else Repeat(label, 0, body)
            pieces.append(Repeat(label, before.count + end - start, body))
        return fold_periods(pieces)

    def _known(self, value: SSAValue, environment: Environment, what: str) -> int:
        result = evaluate(value, environment)
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
            inner = (child for child in op.walk() if child is not op)
            self._active[op] = any(True for child in inner for _ in stream_accesses(child))
        return self._active[op]

    def _controls_in(self, loop: scf.ForOp) -> list[SSAValue]:
        """Guards, trip counts and burst lengths around stream accesses inside the loop."""
        if loop not in self._controls:
            found: list[SSAValue] = []
            for op in loop.walk():
                if op is loop:
                    continue
                if isinstance(op, BurstReadOp | BurstWriteOp):
                    found.append(op.length)
                elif isinstance(op, scf.ForOp) and self._is_active(op):
                    found.append(op.ub)
                elif isinstance(op, scf.IfOp) and self._is_active(op):
                    found.append(op.cond)
            self._controls[loop] = list(dict.fromkeys(found))
        return self._controls[loop]

    def _leaves_of(self, value: SSAValue) -> frozenset[SSAValue]:
        if value not in self._leaves:
            self._leaves[value] = leaves(value)
        return self._leaves[value]


def _known_trips(counter: SSAValue, environment: Environment) -> int | None:
    """The trip count of a counter's loop, where it is known."""
    assert isinstance(counter.owner, Block)
    loop = counter.owner.parent_op()
    assert isinstance(loop, scf.ForOp)
    result = evaluate(loop.ub, environment)
    return max(0, int(result)) if isinstance(result, int | np.integer) else None


def loop_label(op: scf.ForOp) -> str:
    """The loop's label, or "" without one."""
    label = op.attributes.get("lmc.label")
    return label.data if isinstance(label, StringAttr) else ""


def fold_periods(pieces: list[Repeat]) -> list[Repeat]:
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


def _full_rounds(pieces: Sequence[Repeat], period: int) -> int:
    if period == 0:
        return 0
    rounds = 1
    while pieces[rounds * period : (rounds + 1) * period] == pieces[:period]:
        rounds += 1
    return rounds
