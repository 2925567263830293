"""What a simulation has found. All times are cycles since the launch."""

from collections.abc import Mapping
from dataclasses import dataclass

from lmc.simulation.memory import Port


@dataclass(frozen=True)
class StreamUse:
    """A FIFO: elements that passed, the most it held at once, and cycles waited at its two ends.

    `empty` are the cycles in which its reader, and `full` those in which its writer, had nothing
    else to wait for.
    """

    producer: str | None
    consumer: str | None
    depth: int
    elements: int
    most: int
    empty: int
    full: int


@dataclass(frozen=True)
class PortUse(Port):
    """A task's port to a bank: words and bursts moved, and cycles waited for the memory.

    `waited` are cycles between wanting a word and getting it, `latency` those between requests and
    first words, or last words and answers. `sustained` is what one port can move in bytes a cycle:
    a word, or less where the target says so.
    """

    words: int
    bursts: int
    waited: int
    latency: int
    sustained: float

    @property
    def bytes(self) -> int:
        """Bytes moved."""
        return self.words * self.word_bytes


@dataclass(frozen=True)
class MemoryUse:
    """A memory's ports together; `sustained` in bytes a cycle."""

    bytes: int
    sustained: float


@dataclass(frozen=True)
class TaskUse:
    """A task: when it ended, and how many cycles it would have taken had it never waited.

    `rounds` are the ends of the rounds of its outermost loop, for tasks with a port.
    """

    kernel: str
    end: int
    unblocked: int
    rounds: tuple[int, ...]

    @property
    def waited(self) -> int:
        """Cycles by which waiting has made it longer."""
        return self.end - self.unblocked


@dataclass(frozen=True)
class Result:
    """A launch from its start to its end; `simulated` of its cycles were not extrapolated."""

    cycles: int
    simulated: int
    clock_mhz: float
    tasks: Mapping[str, TaskUse]
    streams: Mapping[str, StreamUse]
    ports: tuple[PortUse, ...]
    memories: Mapping[str, MemoryUse]
