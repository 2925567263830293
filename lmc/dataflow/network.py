"""A network of tasks with bounded FIFOs, run without values: does it come to its end?

Tasks are traces. What a Kahn network computes, and whether it stops early with given capacities,
does not depend on the order in which its tasks run; so tasks run greedily here, as many whole
rounds of a loop at once as the FIFOs allow, and steady states are skipped: when the network is
again where it was, only with fewer rounds left in one loop of each task, the same can happen again
and again, until a loop ends or a FIFO that was filling is full.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lmc.dataflow import compiled_network as core
from lmc.dataflow.trips import Access, Repeat, Totals, Trace, count_accesses


@dataclass(frozen=True)
class Frame:
    """A place in a trace: rounds of `repeat` left (this one included), and the next node in it."""

    repeat: Repeat[Access]
    left: int
    position: int


@dataclass(frozen=True)
class Blocked:
    """A task that can't go on: it waits to write a full stream, or to read an empty one."""

    task: str
    access: Access


class Network:
    """Tasks in the middle of their traces, and the fill of each FIFO."""

    def __init__(self, capacity: Mapping[str, int]):
        self._streams = {name: number for number, name in enumerate(capacity)}
        self._room = np.zeros(2 * len(capacity), dtype=np.int64)
        self._room[1::2] = list(capacity.values())
        self._waiting = np.full(len(self._room), core.NOBODY, dtype=np.int64)
        self._program = _Program(self._streams)
        self._code = np.zeros((0, 4), dtype=np.int64)
        self._totals = np.zeros((0, 2), dtype=np.int64)
        self.load({})

    @property
    def fill(self) -> dict[str, int]:
        """The elements in each FIFO."""
        return dict(zip(self._streams, self._room[0::2].tolist(), strict=True))

    @property
    def capacity(self) -> dict[str, int]:
        """How many elements each FIFO holds."""
        held = self._room[0::2] + self._room[1::2]
        return dict(zip(self._streams, held.tolist(), strict=True))

    def load(self, traces: Mapping[str, Trace]) -> None:
        """Puts each task at the start of a trace."""
        starts = [self._program.add(trace) for trace in traces.values()]
        self._tasks = {task: number for number, task in enumerate(traces)}
        self._pc = np.array(starts, dtype=np.int64)
        self._counters = np.zeros((len(starts), self._program.depth), dtype=np.int64)
        self._heads = np.zeros_like(self._counters)
        self._levels = np.zeros_like(self._pc)
        self._ready = np.ones_like(self._pc)

    def grow(self, stream: str, depth: int) -> None:
        """Makes a FIFO deeper; a task that waits for room in it goes on."""
        self._add(2 * self._streams[stream] + 1, depth - self.capacity[stream])

    def put(self, stream: str, number: int) -> None:
        """Adds elements that no task writes; a task that waits for one goes on."""
        read = 2 * self._streams[stream]
        self._room[read + 1] -= number
        self._add(read, number)

    def replace(self, task: str, trace: Trace) -> None:
        """Gives a task that waits another trace, with the same accesses in an order that writes no
        later. It begins anew: what it has read is there again, what it has written it owes."""
        number, left = self._tasks[task], accesses_left(self.frames(task))
        for (stream, written), count in count_accesses(trace).items():
            done = count - left.get((stream, written), 0)
            self.put(stream, -done if written else done)
        self._waiting[self._waiting == number] = core.NOBODY
        self._pc[number], self._levels[number] = self._program.add(trace), 0
        self._ready[number] = 1
        deeper = self._program.depth - self._counters.shape[1]
        if deeper > 0:
            self._counters = np.pad(self._counters, ((0, 0), (0, deeper)))
            self._heads = np.pad(self._heads, ((0, 0), (0, deeper)))

    def copy(self) -> "Network":
        """A network in the same state; neither may be given other traces from then on."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(other, name, value.copy())
        return other

    def run(self) -> list[Blocked]:
        """Runs until nothing can go on; the tasks that have not ended, empty when all have."""
        self._code = _extended(self._code, self._program.code)
        self._totals = _extended(self._totals, self._program.totals)
        core.run(
            self._code, self._totals, self._pc, self._counters, self._heads, self._levels,
            self._room, self._waiting, self._ready,
        )  # fmt: skip
        streams, tasks = list(self._streams), list(self._tasks)
        waits = np.flatnonzero(self._waiting != core.NOBODY).tolist()
        return [
            Blocked(tasks[self._waiting[wait]], Access(streams[wait // 2], bool(wait % 2)))
            for wait in sorted(waits, key=lambda wait: int(self._waiting[wait]))
        ]

    def frames(self, task: str) -> list[Frame]:
        """Where a task is in its trace: the loops that it is in, the innermost last."""
        number, frames = self._tasks[task], list[Frame]()
        at = int(self._pc[number])
        if self._levels[number] == 0 and at + 1 in self._program.loops:
            return [Frame(self._program.loops[at + 1], 1, 0)]
        for level in reversed(range(self._levels[number])):
            head, left = int(self._heads[number, level]), int(self._counters[number, level])
            repeat, position = self._program.loops[head], self._program.positions[at]
            if frames:
                # A loop inside is under way; what comes next is what is after it.
                position += 1
                if position == len(repeat.body):
                    position, left = 0, left - 1
            frames.append(Frame(repeat, left, position))
            at = head - 1
        return frames[::-1]

    def _add(self, wait: int, number: int) -> None:
        self._room[wait] += number
        if (task := self._waiting[wait]) != core.NOBODY and self._room[wait] > 0:
            self._ready[task], self._waiting[wait] = 1, core.NOBODY


def accesses_left(frames: Iterable[Frame]) -> Totals:
    """All accesses that are still to come in the loops that a task is in."""
    left: dict[tuple[str, bool], int] = {}
    for frame in frames:
        done = count_accesses(frame.repeat.body[: frame.position])
        for key, number in frame.repeat.totals.items():
            left[key] = left.get(key, 0) + frame.left * number - done.get(key, 0)
    return left


def _extended(rows: NDArray[np.int64], all_rows: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
    """An array of rows with those that it does not have yet."""
    new = np.array(all_rows[len(rows) :], dtype=np.int64).reshape(-1, rows.shape[1])
    return np.concatenate([rows, new]) if len(new) else rows


@dataclass
class _Program:
    """Instructions of all tasks (`lmc.dataflow.compiled_network`), and the trace that they are of.

    A whole trace is a loop of one round. `loops` has the loop of each HEAD, `positions` the place
    of a node in its loop's body by the node's first instruction.
    """

    streams: Mapping[str, int]
    depth: int = 1
    """Most loops around an instruction."""
    code: list[tuple[int, int, int, int]] = field(
        default_factory=lambda: list[tuple[int, int, int, int]]()
    )
    totals: list[tuple[int, int]] = field(default_factory=lambda: list[tuple[int, int]]())
    loops: dict[int, Repeat[Access]] = field(default_factory=lambda: dict[int, Repeat[Access]]())
    positions: dict[int, int] = field(default_factory=lambda: dict[int, int]())

    def add(self, trace: Trace) -> int:
        """Adds a trace; the number of its first instruction."""
        start = len(self.code)
        if trace:
            self._add_loop(Repeat("", 1, trace), 1)
        self.code.append((core.END, 0, 0, 0))
        return start

    def _add_loop(self, loop: Repeat[Access], level: int) -> None:
        self.depth = max(self.depth, level)
        first, head = len(self.totals), len(self.code) + 1
        self.totals += [(self._wait(*key), number) for key, number in loop.totals.items()]
        last = len(self.totals)
        self.code += [(core.LOOP, loop.count, 0, 0), (core.HEAD, 0, 0, 0)]
        self.loops[head] = loop
        for position, node in enumerate(loop.body):
            self.positions[len(self.code)] = position
            if isinstance(node, Repeat):
                self._add_loop(node, level + 1)
            else:
                self.code.append((core.ACCESS, self._wait(node.stream, node.written), 0, 0))
        self.code.append((core.NEXT, head, 0, 0))
        self.code[head] = (core.HEAD, first, last, len(self.code))

    def _wait(self, stream: str, written: bool) -> int:
        return 2 * self.streams[stream] + written
