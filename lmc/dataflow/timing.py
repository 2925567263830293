"""When the ops of one loop iteration happen, as soon as they can, several in a clock cycle.

A moment is (cycle, nanoseconds into it). Ops that depend on each other share a cycle as long as
their delays fit; registers are where they don't.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log2
from typing import TypeAlias

from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.addresses import differ_now, flattened_nest, is_static
from lmc.dataflow.delays import FREE, USABLE, Delay, load_delay, operator_delay
from lmc.dialects import dataflow

Moment: TypeAlias = tuple[int, float]
START: Moment = (0, 0.0)


@dataclass(frozen=True)
class Clock:
    """A target's clock, and the most LUT levels that a cycle may have, if there is a limit."""

    mhz: int
    levels: int | None = None

    @property
    def budget(self) -> float:
        """Nanoseconds of a cycle that logic may fill."""
        return 1000.0 / self.mhz * USABLE

    def takes(self, delay: Delay) -> float:
        """Nanoseconds of a cycle that logic takes; with a limit at least its share of levels."""
        if self.levels is None:
            return delay.nanoseconds
        # A little less, so that as many levels as the limit has surely fit.
        share = self.budget / self.levels * (1 - 1e-9)
        return max(delay.nanoseconds, delay.levels * share)

    def start(self, moment: Moment, delay: Delay) -> Moment:
        """When an operator begins whose operands are there at `moment`."""
        cycle, used = moment
        late = delay.cycles > 0 or used + self.takes(delay) > self.budget
        return (cycle + 1, 0.0) if used and late else moment

    def after(self, moment: Moment, delay: Delay) -> Moment:
        """When a result is there whose operands are there at `moment`."""
        cycle, used = self.start(moment, delay)
        if delay.cycles:
            return cycle + delay.cycles, self.takes(delay)
        total = used + self.takes(delay)
        # An operator slower than a cycle is cut into stages.
        stages = max(0, ceil(total / self.budget) - 1)
        return cycle + stages, total - stages * self.budget


@dataclass
class Timing:
    """Moments of values and effects of one iteration.

    With `source`, only what depends on that value is timed, from 0 on: the length of paths from it.
    """

    clock: Clock
    source: SSAValue | None = None
    values: dict[SSAValue, Moment] = field(default_factory=lambda: dict[SSAValue, Moment]())
    effects: dict[Operation, Moment] = field(default_factory=lambda: dict[Operation, Moment]())
    via: dict[Operation, Operation] = field(default_factory=lambda: dict[Operation, Operation]())
    stored: list[tuple[memref.StoreOp, Moment]] = field(
        default_factory=lambda: list[tuple[memref.StoreOp, Moment]]()
    )

    def block(self, block: Block, guard: Moment | None = None) -> None:
        """Times the ops of a block that starts when `guard`, its condition, is known."""
        for op in block.ops:
            self.op(op, guard)

    def end(self) -> int:
        """Cycles until the last value and effect are there."""
        moments = [*self.values.values(), *self.effects.values()]
        return max((cycle + 1 for cycle, _ in moments), default=1)

    def path(self, op: Operation) -> list[Operation]:
        """The ops on the slowest way from the source to this op."""
        path = [op]
        while path[-1] in self.via and len(path) <= len(self.via):
            path.append(self.via[path[-1]])
        return path[::-1]

    def op(self, op: Operation, guard: Moment | None = None) -> None:
        """Times an op after those that it depends on."""
        if isinstance(op, scf.ForOp):
            self._unrolled(op, guard)
        elif isinstance(op, scf.IfOp):
            self._branches(op, guard)
        elif isinstance(op, memref.LoadOp):
            self._load(op)
        elif isinstance(op, memref.StoreOp):
            self._store(op, guard)
        elif not isinstance(op, scf.YieldOp):
            self._plain(op, guard)

    def _ready(
        self, op: Operation, values: Sequence[SSAValue], guard: Moment | None
    ) -> Moment | None:
        timed = [value for value in values if value in self.values]
        known = [self.values[value] for value in timed]
        if timed:
            slowest = max(timed, key=lambda value: self.values[value]).owner
            if isinstance(slowest, Operation):
                self.via[op] = slowest
        if guard is not None:
            known.append(guard)
        if known:
            return max(known)
        return START if self.source is None else None

    def _plain(self, op: Operation, guard: Moment | None) -> None:
        # Pure ops need no guard: hardware computes them whether they are wanted or not.
        pure = bool(op.results) and not isinstance(op, dataflow.ReadOp)
        ready = self._ready(op, op.operands, None if pure else guard)
        if ready is None:
            return
        done = self.clock.after(ready, operator_delay(op) if pure else FREE)
        for result in op.results:
            if result is not self.source:
                self.values[result] = done
        if not pure:
            self.effects[op] = done

    def _load(self, op: memref.LoadOp) -> None:
        if op.res is self.source:
            self.values[op.res] = self.clock.after(START, _load_delay(op))
            return
        ready = self._ready(op, op.indices, None)
        for store, moment in self.stored:
            if store.memref is op.memref and not differ_now(store.indices, op.indices):
                ready = moment if ready is None else max(ready, moment)
        if ready is not None:
            self.values[op.res] = self.clock.after(ready, _load_delay(op))

    def _store(self, op: memref.StoreOp, guard: Moment | None) -> None:
        ready = self._ready(op, [op.value, *op.indices], guard)
        if ready is None:
            return
        self.effects[op] = ready
        kind = buffer_of(op.memref).kind.data
        self.stored.append((op, ready if kind == "register" else (ready[0] + 1, 0.0)))

    def _branches(self, op: scf.IfOp, guard: Moment | None) -> None:
        condition = self._ready(op, [op.cond], guard)
        for region in (op.true_region, op.false_region):
            if region.blocks:
                self.block(region.block, condition)
        yields = [r.block.last_op for r in (op.true_region, op.false_region) if r.blocks]
        for position, result in enumerate(op.results):
            chosen = [op.cond, *(y.operands[position] for y in yields if y is not None)]
            ready = self._ready(op, chosen, None)
            if ready is not None:
                self.values[result] = self.clock.after(ready, Delay(0, 0.3, 1))

    def _unrolled(self, op: scf.ForOp, guard: Moment | None) -> None:
        """Lanes side by side, but that each waits for what it takes from the one before.

        Values inside are those of the first lane, effects those of the last one.
        """
        body, last = op.body.block, op.body.block.last_op
        yielded = () if last is None else tuple(last.operands)
        carried = list(zip(body.args[1:], yielded, op.results, strict=True))
        for argument, init in zip(body.args[1:], op.iter_args, strict=True):
            if init in self.values:
                self.values[argument] = self.values[init]
        stored = len(self.stored)
        self.block(body, guard)
        first = dict(self.values)
        chained: dict[SSAValue, SSAValue] = {
            arg: made for arg, made, _ in carried if not is_reduction(op, arg, made)
        }
        for _ in range(1, dataflow.constant_value(op.ub) or 1):
            taken = {arg: self.values[made] for arg, made in chained.items() if made in self.values}
            if all(self.values.get(arg) == moment for arg, moment in taken.items()):
                break
            self.values.update(taken)
            del self.stored[stored:]
            self.block(body, guard)
        for argument, made, result in carried:
            ready = self._ready(op, [made], None)
            if ready is not None:
                first[result] = ready if argument in chained else self._reduced(op, made, ready)
        self.values = first

    def _reduced(self, op: scf.ForOp, term: SSAValue, ready: Moment) -> Moment:
        """When a sum over lanes is there: a tree, or a cascade of DSPs, a cycle for each term."""
        lanes = dataflow.constant_value(op.ub) or 1
        if dataflow.loop_of(op).cascade:
            return self.clock.after(ready, Delay(lanes, 0.0))
        assert isinstance(term.owner, Operation)
        for _ in range(ceil(log2(lanes))):
            ready = self.clock.after(ready, operator_delay(term.owner))
        return ready


def is_reduction(loop: scf.ForOp, argument: SSAValue, made: SSAValue) -> bool:
    """Whether the lanes of an unrolled loop make a sum, for which tools build a balanced tree.

    They balance no minima and maxima: a tree of them is one in the IR. A sum that is used on the
    way is a chain.
    """
    if dataflow.loop_of(loop).cascade:
        return True
    step = made.owner
    return (
        isinstance(step, dataflow.AddOp)
        and argument in step.operands
        and len(list(argument.uses)) == len(list(made.uses)) == 1
    )


def _load_delay(op: memref.LoadOp) -> Delay:
    """A register at a place that is constant once loops are unrolled is a wire."""
    buffer = buffer_of(op.memref)
    delay = load_delay(buffer.kind.data)
    chosen = any(
        size > 1 and not is_static(index)
        for index, size in zip(op.indices, buffer_shape(buffer), strict=True)
    )
    return delay if delay.cycles or chosen else FREE


def buffer_of(value: SSAValue) -> dataflow.BufferOp:
    """The buffer that a memref value stands for."""
    assert isinstance(value.owner, dataflow.BufferOp)
    return value.owner


def buffer_shape(buffer: dataflow.BufferOp) -> tuple[int, ...]:
    """Elements in each dimension."""
    assert isinstance(buffer.result.type, MemRefType)
    return buffer.result.type.get_shape()


def time_iteration(loop: scf.ForOp, clock: Clock, source: SSAValue | None = None) -> Timing:
    """Moments of one iteration of a pipelined loop, or of what depends on `source` in it.

    What is computed between the loops of its nest, from their counters, is part of the iteration.
    """
    timing = Timing(clock, source)
    if source is not None and source in loop.body.block.args:
        timing.values[source] = START
    for op in _between(loop):
        timing.op(op)
    timing.block(loop.body.block)
    return timing


def _between(loop: scf.ForOp) -> list[Operation]:
    """The ops between the loops of a nest that an iteration makes use of, in their order.

    What decides nothing but how often loops inside run is left out: counters alone decide it, so
    hardware can look ahead.
    """
    found: dict[Operation, None] = {}
    for outer in reversed(flattened_nest(loop).loops[:-1]):
        for op in reversed(list(outer.body.block.ops)):
            users = [use.operation for result in op.results for use in result.uses]
            if not isinstance(op, scf.ForOp) and any(
                user in found or (user is not loop and loop.is_ancestor(user)) for user in users
            ):
                found[op] = None
    return list(found)[::-1]


__all__ = [
    "START",
    "Clock",
    "Moment",
    "Timing",
    "buffer_of",
    "buffer_shape",
    "is_reduction",
    "time_iteration",
]
