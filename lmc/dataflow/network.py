"""A network of tasks with bounded FIFOs, run without values: does it come to its end?

Tasks are traces. What a Kahn network computes, and whether it stops early with given capacities,
does not depend on the order in which its tasks run; so tasks run greedily here, as many whole
rounds of a loop at once as the FIFOs allow, and steady states are skipped: when the network is
again where it was, only with fewer rounds left in one loop of each task, the same can happen again
and again, until a loop ends or a FIFO that was filling is full.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lmc.dataflow import compiled_network as core
from lmc.dataflow.trips import Access, Repeat, Totals, Trace


@dataclass
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
        self._tasks: list[str] = []

    @property
    def capacity(self) -> dict[str, int]:
        """How many elements each FIFO holds."""
        held = self._room[0::2] + self._room[1::2]
        return dict(zip(self._streams, held.tolist(), strict=True))

    def load(self, traces: Mapping[str, Trace]) -> None:
        """Puts each task at the start of a trace."""
        program = _Program(self._streams)
        starts = [program.add(trace) for trace in traces.values()]
        self._tasks = list(traces)
        self._code = np.array(program.code, dtype=np.int64).reshape(-1, 4)
        self._totals = np.array(program.totals, dtype=np.int64).reshape(-1, 2)
        self._pc = np.array(starts, dtype=np.int64)
        self._counters = np.zeros((len(starts), program.depth), dtype=np.int64)
        self._heads = np.zeros_like(self._counters)
        self._levels = np.zeros(len(starts), dtype=np.int64)
        self._ready = np.ones(len(starts), dtype=np.int64)
        self._waiting = np.full(len(self._room), core.NOBODY, dtype=np.int64)

    def grow(self, stream: str, depth: int) -> None:
        """Makes a FIFO deeper; a task that waits for room in it goes on."""
        write = 2 * self._streams[stream] + 1
        self._room[write] += depth - self._room[write - 1] - self._room[write]
        if (task := self._waiting[write]) != core.NOBODY:
            self._ready[task], self._waiting[write] = 1, core.NOBODY

    def run(self) -> list[Blocked]:
        """Runs until nothing can go on; the tasks that have not ended, empty when all have."""
        if self._tasks:
            core.run(
                self._code, self._totals, self._pc, self._counters, self._heads, self._levels,
                self._room, self._waiting, self._ready,
            )  # fmt: skip
        names = list(self._streams)
        waits = np.flatnonzero(self._waiting != core.NOBODY)
        return [
            Blocked(self._tasks[self._waiting[wait]], Access(names[wait // 2], bool(wait % 2)))
            for wait in sorted(waits.tolist(), key=lambda wait: int(self._waiting[wait]))
        ]


@dataclass
class _Program:
    """Instructions of all tasks (`lmc.dataflow.compiled_network`) and the loops' totals."""

    streams: Mapping[str, int]
    depth: int = 1
    """Most loops around an instruction."""
    code: list[tuple[int, int, int, int]] = field(
        default_factory=lambda: list[tuple[int, int, int, int]]()
    )
    totals: list[tuple[int, int]] = field(default_factory=lambda: list[tuple[int, int]]())

    def add(self, trace: Trace) -> int:
        """Adds a trace; the number of its first instruction."""
        start = len(self.code)
        self._add(trace, 0)
        self.code.append((core.END, 0, 0, 0))
        return start

    def _add(self, trace: Trace, level: int) -> None:
        self.depth = max(self.depth, level)
        for node in trace:
            if isinstance(node, Repeat):
                self._add_loop(node, level)
            else:
                self.code.append((core.ACCESS, self._wait(node.stream, node.written), 0, 0))

    def _add_loop(self, loop: "Repeat[Access]", level: int) -> None:
        first = len(self.totals)
        self._add_totals(loop.totals)
        self.code.append((core.LOOP, loop.count, 0, 0))
        head = len(self.code)
        self.code.append((core.HEAD, 0, 0, 0))
        last = len(self.totals)
        self._add(loop.body, level + 1)
        self.code.append((core.NEXT, head, 0, 0))
        self.code[head] = (core.HEAD, first, last, len(self.code))

    def _add_totals(self, totals: Totals) -> None:
        self.totals += [(self._wait(*key), number) for key, number in totals.items()]

    def _wait(self, stream: str, written: bool) -> int:
        return 2 * self.streams[stream] + written
