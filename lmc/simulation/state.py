"""The core's array and named views of what lies where in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lmc.simulation import layout as at

Ints: TypeAlias = NDArray[np.int64]
Records: TypeAlias = Any
"""A structured array: its fields have no types for a checker."""


def _record(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int64) for name in names])


# Fields in the order of the constants in layout.py.
CODE = _record("op", "a", "b")
PIPELINE = _record("ii", "latency", "iterations", "points", "turns")
BURST = _record("port", "length", "fifo")
ACCESS = _record("fifo", "write")
TASK = _record(
    "pc", "sp", "awaits", "since", "alarm", "mode", "inside", "start", "ended", "points", "pairs",
    "marks",
)  # fmt: skip
POINT = _record("pc", "sp", "awaits", "since", "base", "delay", "carry", "offset", "group", "stack")
FIFO = _record(
    "depth", "written", "read", "last_write", "last_read", "reader", "writer", "empty", "full",
    "most", "link", "recent",
)  # fmt: skip
PORT = _record(
    "owner", "alarm", "latency", "writes", "fifo", "left", "ready", "mode", "since", "cost", "rate",
    "own_cost", "cap", "credit", "last", "words", "bursts", "waited", "latent",
)  # fmt: skip
CHANNEL = _record("port0", "ports", "turn", "rate", "cap", "credit", "last", "alarm")


@dataclass(frozen=True)
class Place:
    """Where something lies in the array, and what shape it has."""

    start: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def end(self) -> int:
        """The address after it."""
        return self.start + int(np.prod(self.shape)) * self.dtype.itemsize // 8

    def address(self, number: int) -> int:
        """The address of a record (of a row)."""
        return self.start + number * ((self.end - self.start) // max(self.shape[0], 1))

    def view(self, memory: Ints) -> Records:
        """The part of the array, as what it is."""
        return memory[self.start : self.end].view(self.dtype).reshape(self.shape)


@dataclass(frozen=True)
class State:
    """A design and its state.

    `places` has `head`, `alarms`, `code`, `groups`, `accesses`, `pipelines`, `turns`, `bursts`,
    `tasks`, `points`, `stacks` (a row for each task, then for each point), `pairs` (a row each),
    `fifos`, `ports`, `channels` and `marks`.
    """

    memory: Ints
    places: Mapping[str, Place]

    def copy(self) -> "State":
        """The same state, in memory of its own."""
        return State(self.memory.copy(), self.places)

    def _view(self, name: str) -> Records:
        return self.places[name].view(self.memory)

    @property
    def now(self) -> int:
        """The last cycle that was looked at."""
        return int(self.memory[at.NOW])

    @property
    def soon(self) -> int:
        """The next cycle to look at, as of the engine's last return."""
        return int(self.memory[at.SOON])

    @cached_property
    def alarms(self) -> Ints:
        """Next times to look at each task, then at each channel."""
        return self._view("alarms")

    @cached_property
    def accesses(self) -> Records:
        """Accesses of all groups."""
        return self._view("accesses")

    @cached_property
    def pipelines(self) -> Records:
        """Pipelines."""
        return self._view("pipelines")

    @cached_property
    def tasks(self) -> Records:
        """Tasks."""
        return self._view("tasks")

    @cached_property
    def points(self) -> Records:
        """Access points of all tasks, task by task."""
        return self._view("points")

    @cached_property
    def stacks(self) -> Ints:
        """Loop counters: a row for each task, then for each point."""
        return self._view("stacks")

    @cached_property
    def pairs(self) -> Ints:
        """Pairs of points of all tasks."""
        return self._view("pairs")

    @cached_property
    def fifos(self) -> Records:
        """FIFOs."""
        return self._view("fifos")

    @cached_property
    def ports(self) -> Records:
        """Ports."""
        return self._view("ports")

    @cached_property
    def channels(self) -> Records:
        """Channels."""
        return self._view("channels")

    @property
    def stalls(self) -> bool:
        """Whether pipelines stall as a whole."""
        return bool(self.memory[at.STALLS])

    def number(self, name: str, address: Any) -> Any:
        """Which record of a place is at an address (an array of them, for an array)."""
        place = self.places[name]
        return (address - place.start) // (place.address(1) - place.start)

    def task_points(self, task: int) -> slice:
        """The points of the pipeline that a task is in."""
        record = self.tasks[task]
        first = self.number("points", int(record["points"]))
        inside = self.number("pipelines", int(record["inside"]))
        return slice(first, first + int(self.pipelines["points"][inside]))

    def task_pairs(self, task: int) -> slice:
        """The pairs of these points; a pair's number is k(k-1)/2 + q for points q < k."""
        points = self.task_points(task)
        count, address = points.stop - points.start, int(self.tasks["pairs"][task])
        first = (address - self.places["pairs"].start) // int(self.memory[at.RING])
        return slice(first, first + count * (count - 1) // 2)

    def awaited_fifos(self) -> set[int]:
        """The FIFOs that something waits for."""
        inside = [
            self.points["awaits"][self.task_points(int(task))]
            for task in np.flatnonzero(self.tasks["mode"] == at.IN_PIPELINE)
        ]
        awaited = np.concatenate([self.tasks["awaits"], *inside])
        accesses = self.number("accesses", awaited[awaited > 0])
        blocked = self.ports["fifo"][self.ports["mode"] == at.BLOCKED]
        addresses = np.concatenate([self.accesses["fifo"][accesses], blocked])
        return set(self.number("fifos", addresses).tolist())
