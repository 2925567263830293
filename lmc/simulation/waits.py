"""Who waits for whom when nothing can go on."""

from dataclasses import dataclass

import numpy as np

from lmc.dataflow.graph import DesignGraph
from lmc.diagnostics import LmcError
from lmc.simulation import layout as at
from lmc.simulation.build import Plan
from lmc.simulation.machine import Machine


@dataclass(frozen=True)
class _Wait:
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
    """The design can't go on; `full` are the FIFOs that tasks in the cycle wait to write to."""

    def __init__(self, message: str, full: tuple[str, ...]):
        super().__init__(message)
        self.full = full


def deadlock(plan: Plan, graph: DesignGraph, m: Machine) -> DeadlockError:
    """An error that names the tasks which wait for each other in a cycle, and their streams."""
    waits = {wait.task: wait for wait in _waits(plan, graph, m)}
    path: list[str] = []
    task: str | None = next(iter(waits), None)
    while task in waits and task not in path:
        path.append(task)
        task = waits[task].other
    cycle = path[path.index(task) :] if task in path else list(waits)
    told = ", ".join(str(waits[name]) for name in cycle)
    full = tuple(waits[name].stream for name in cycle if waits[name].written)
    return DeadlockError(f"the design stops in cycle {m.now}: {told}", full)


def _waits(plan: Plan, graph: DesignGraph, m: Machine) -> list[_Wait]:
    """What each waiting task waits for; the first such thing for one that waits for several."""
    waits: list[_Wait] = []
    for row, task in enumerate(plan.tasks):
        awaited = _awaited(m, row)
        if awaited is None:
            continue
        fifo, written = awaited
        stream = plan.streams[fifo]
        ends = graph.consumers(stream) if written else graph.producers(stream)
        fill = int(m.fifos["written"][fifo] - m.fifos["read"][fifo])
        depth = int(m.fifos["depth"][fifo])
        waits.append(_Wait(task, stream, written, fill, depth, ends[0].name if ends else None))
    return waits


def _awaited(m: Machine, task: int) -> tuple[int, bool] | None:
    """(FIFO, whether to write it) that a task waits for."""
    record = m.tasks[task]
    if record["mode"] == at.IN_BURST:
        owner = m.places["tasks"].address(task)
        port = m.ports[(m.ports["owner"] == owner) & (m.ports["left"] > 0)][0]
        return m.number("fifos", int(port["fifo"])), not port["writes"]
    awaited = int(record["awaits"])
    if record["mode"] == at.IN_PIPELINE:
        points = m.points[m.task_points(task)]["awaits"]
        # Later points hold iterations that are further on: they hold up those behind.
        awaited = int(points[np.flatnonzero(points)[-1]]) if points.any() else 0
    if not awaited:
        return None
    access = m.accesses[m.number("accesses", awaited)]
    return m.number("fifos", int(access["fifo"])), bool(access["write"])
