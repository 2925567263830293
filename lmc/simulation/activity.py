"""What each task does when: a launch, or a part of one, in slices that people can look at.

In each slice of some cycles a task is busy, or it waits for what it has waited for most, if that
was more than half of the slice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from lmc.simulation import layout as at
from lmc.simulation.simulator import Simulator
from lmc.simulation.state import Records, State

_Waits: TypeAlias = dict[str, Counter[str]]
"""Cycles by task, and by what it waits for."""


@dataclass(frozen=True)
class Span:
    """From cycle `start` to `end` a task is busy, or waits for what `wait` says."""

    task: str
    start: int
    end: int
    wait: str | None


@dataclass(frozen=True)
class Activity:
    """Spans of all tasks, and each FIFO's fill where it changes: (cycle, elements)."""

    spans: tuple[Span, ...]
    fills: dict[str, list[tuple[int, int]]]


def record_activity(simulator: Simulator, start: int, end: int, slices: int) -> Activity:
    """Simulates a launch up to cycle `end`, without leaving anything out.

    What happens from cycle `start` on is recorded, in so many slices.
    """
    state = simulator.start()
    step = max(1, -(-(end - start) // slices))
    simulator.advance(state, until=start - 1)
    recorder = _Recorder(simulator, state, start)
    for until in range(start + step, end + step, step):
        simulator.advance(state, until=until - 1)
        recorder.look(min(until, end))
    return Activity(tuple(recorder.finished()), recorder.fills)


class _Recorder:
    def __init__(self, simulator: Simulator, state: State, start: int):
        self._plan, self._state = simulator.plan, state
        self._ends = simulator.stream_ends()
        self._open: dict[str, Span] = {}
        self._done: list[Span] = []
        self.fills: dict[str, list[tuple[int, int]]] = {name: [] for name in self._plan.streams}
        self._then, self._waited = start, self._waits(start)

    def look(self, now: int) -> None:
        """Takes in the slice that ends before cycle `now`."""
        waited = self._waits(now)
        for row, task in enumerate(self._plan.tasks):
            if self._state.tasks["mode"][row] != at.HAS_ENDED:
                self._extend(task, now, self._longest(task, waited, now - self._then))
            elif task in self._open:
                self._done.append(self._open.pop(task))
        self._then, self._waited = now, waited
        fills = self._state.fifos["written"] - self._state.fifos["read"]
        for name, fill in zip(self._plan.streams, fills.tolist(), strict=True):
            if not self.fills[name] or self.fills[name][-1][1] != fill:
                self.fills[name].append((now, fill))

    def finished(self) -> list[Span]:
        """All spans."""
        return [*self._done, *self._open.values()]

    def _extend(self, task: str, now: int, wait: str | None) -> None:
        span = self._open.get(task)
        if span is not None and span.wait == wait:
            self._open[task] = Span(task, span.start, now, wait)
            return
        if span is not None:
            self._done.append(span)
        self._open[task] = Span(task, self._then, now, wait)

    def _longest(self, task: str, waited: _Waits, cycles: int) -> str | None:
        before = self._waited[task]
        grown = {what: total - before[what] for what, total in waited[task].items()}
        what = max(grown, key=grown.__getitem__, default=None)
        return what if what is not None and 2 * grown[what] > cycles else None

    def _waits(self, now: int) -> _Waits:
        """Cycles that each task has waited for each thing, waits that go on included."""
        m = self._state
        waits: _Waits = defaultdict(Counter)
        stalls = zip(m.fifos["empty"].tolist(), m.fifos["full"].tolist(), strict=True)
        for (name, ends), (empty, full) in zip(self._ends.items(), stalls, strict=True):
            producer, consumer = ends
            if producer is not None:
                waits[producer][f"to write {name}"] = full
            if consumer is not None:
                waits[consumer][f"to read {name}"] = empty
        for port, record in zip(self._plan.ports, m.ports.tolist(), strict=True):
            waits[port.task][f"for memory {port.memory}"] += record[at.WAITED]
            going_on = now - record[at.PORT_SINCE]
            if record[at.PORT_MODE] == at.WANTS:
                waits[port.task][f"for memory {port.memory}"] += going_on
            if record[at.PORT_MODE] == at.BLOCKED:
                stream = self._plan.streams[m.number("fifos", record[at.PORT_FIFO])]
                waits[port.task][f"to {'read' if port.writes else 'write'} {stream}"] += going_on
        for row, agent in self._waiting():
            access = m.accesses[m.number("accesses", int(agent["awaits"]))]
            stream = self._plan.streams[m.number("fifos", int(access["fifo"]))]
            what = f"to {'write' if access['write'] else 'read'} {stream}"
            waits[self._plan.tasks[row]][what] += now - int(agent["since"])
        return waits

    def _waiting(self) -> Iterator[tuple[int, Records]]:
        """Tasks and points that wait for a FIFO now, with the number of their task."""
        m = self._state
        for row in np.flatnonzero(m.tasks["mode"] == at.STATEMENT).tolist():
            if m.tasks["awaits"][row]:
                yield row, m.tasks[row]
        for row in np.flatnonzero(m.tasks["mode"] == at.IN_PIPELINE).tolist():
            points = m.points[m.task_points(row)]
            yield from ((row, point) for point in points[points["awaits"] > 0])
