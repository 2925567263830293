"""Who waits for whom when nothing can go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lmc.dataflow.graph import DesignGraph
from lmc.diagnostics import LmcError
from lmc.simulation import layout as at
from lmc.simulation.build import Plan
from lmc.simulation.state import State


@dataclass(frozen=True)
class Wait:
    """A task that waits to read or to write a stream, which holds so much, and for whom."""

    task: str
    stream: str
    written: bool
    fill: int
    depth: int
    other: str | None

    def __str__(self) -> str:
        what = "write" if self.written else "read"
        return (
            f"task {self.task} waits to {what} stream {self.stream} "
            f"(which holds {self.fill} of {self.depth})"
        )


class DeadlockError(LmcError):
    """The design can't go on: tasks wait for each other in one cycle or in several.

    `full` has for each cycle the FIFOs that its tasks wait to write to, `waits` what each task that
    has not ended waits for. The message tells the first cycle.
    """

    def __init__(self, message: str, full: Sequence[tuple[str, ...]], waits: Sequence[Wait] = ()):
        super().__init__(message)
        self.full, self.waits = full, tuple(waits)

    def to_deepen(self, depths: Mapping[str, int]) -> list[str]:
        """The FIFOs that must be deeper, one for each cycle in which that is told already.

        Of the first cycle it is the smallest. Each other cycle stands until one of its own FIFOs is
        deeper, whatever happens elsewhere, so where only one is full, it is that one. Raises this
        error where no depth helps.
        """
        first, *others = self.full
        if not first:
            raise self
        return [min(first, key=lambda name: depths[name]), *(f[0] for f in others if len(f) == 1)]


def deadlock(plan: Plan, graph: DesignGraph, m: State) -> DeadlockError:
    """An error that names the tasks which wait for each other in a cycle, and their streams."""
    waits = {wait.task: wait for wait in _waits(plan, graph, m)}
    cycles = _cycles(waits) or [[]]
    told = ", ".join(str(waits[name]) for name in cycles[0])
    full = [tuple(waits[name].stream for name in each if waits[name].written) for each in cycles]
    return DeadlockError(f"the design stops in cycle {m.now}: {told}", full, list(waits.values()))


def _cycles(waits: Mapping[str, Wait]) -> list[list[str]]:
    """The tasks of each cycle, from the one on by which the first task of the text comes to it.

    All that wait, where the first one waits for a task that has ended and so for no cycle.
    """
    cycles: list[list[str]] = []
    seen: set[str] = set()
    for first in waits:
        path: list[str] = []
        task: str | None = first
        while task is not None and task in waits and task not in seen:
            seen.add(task)
            path.append(task)
            task = waits[task].other
        if task is not None and task in path:
            cycles.append(path[path.index(task) :])
        elif not cycles:
            return [list(waits)]
    return cycles


def _waits(plan: Plan, graph: DesignGraph, m: State) -> list[Wait]:
    """What each waiting task waits for; the first such thing for one that waits for several."""
    waits: list[Wait] = []
    for row, task in enumerate(plan.tasks):
        awaited = _awaited(m, row)
        if awaited is None:
            continue
        fifo, written = awaited
        stream = plan.streams[fifo]
        ends = graph.consumers(stream) if written else graph.producers(stream)
        fill = int(m.fifos["written"][fifo] - m.fifos["read"][fifo])
        depth = int(m.fifos["depth"][fifo])
        waits.append(Wait(task, stream, written, fill, depth, ends[0].name if ends else None))
    return waits


def _awaited(m: State, task: int) -> tuple[int, bool] | None:
    """(FIFO, whether to write it) that a task waits for."""
    record = m.tasks[task]
    if record["mode"] == at.IN_BURST:
        owner = m.places["tasks"].address(task)
        port = m.ports[(m.ports["owner"] == owner) & (m.ports["left"] > 0)][0]
        return m.number("fifos", int(port["fifo"])), not port["writes"]
    awaited = int(record["awaits"])
    if record["mode"] == at.IN_PIPELINE:
        points = m.points[m.task_points(task)]["awaits"]
        # Later points hold iterations that are further on: they hold up the others.
        awaited = int(points[np.flatnonzero(points)[-1]]) if points.any() else 0
    if not awaited:
        return None
    access = m.accesses[m.number("accesses", awaited)]
    return m.number("fifos", int(access["fifo"])), bool(access["write"])
