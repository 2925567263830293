"""What the part of a design that limits it waits for in the end, in the cycles of a layer.

A task that waits to read a stream waits for the task that writes it, one that waits to write for
the one that reads it, and so on, up to a task that is busy or a memory that is asked.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lmc.simulation.activity import Span
from lmc.simulation.launch import Launch
from lmc.simulation.layer import LayerActivity
from lmc.simulation.limits import Kind, Limit

FOR_MEMORY = "for memory "
"""What spans of tasks that wait for a memory begin with."""
EACH_OTHER = ""
"""The cause of a wait of tasks that wait for each other, as when a word is just on its way."""


@dataclass(frozen=True)
class Cause:
    """From cycle `start` to `end` of a launch the design goes as fast as this lets it.

    `what` is a task's name, or a memory's where `is_memory`, or `EACH_OTHER`.
    """

    start: int
    end: int
    what: str
    is_memory: bool


def causes(launch: Launch, limit: Limit, layer: LayerActivity) -> list[Cause]:
    """What the busiest task, or what reads the memory that limits, goes as fast as.

    From the start of the layer to its end; next to each other are different ones.
    """
    spans = layer.activity.spans
    times = sorted({layer.start, layer.end, *(s.start for s in spans), *(s.end for s in spans)})
    waits = _Waits(launch, spans)
    starts = _readers(launch, limit.name) if limit.kind is Kind.MEMORY else [limit.name]
    found: list[Cause] = []
    for start, end in pairwise(times):
        if limit.kind is Kind.MEMORY and any(waits.moves(task, start) for task in starts):
            what, is_memory = limit.name, True
        else:
            what, is_memory = waits.cause(starts[0], start)
        if found and (found[-1].what, found[-1].is_memory) == (what, is_memory):
            start = found.pop().start
        found.append(Cause(start, end, what, is_memory))
    return found


def shares(found: Sequence[Cause]) -> list[tuple[Cause, float]]:
    """(the first of a cause, the share of all cycles that it has), the largest share first."""
    cycles: Counter[tuple[str, bool]] = Counter()
    firsts: dict[tuple[str, bool], Cause] = {}
    for cause in found:
        key = cause.what, cause.is_memory
        cycles[key] += cause.end - cause.start
        firsts.setdefault(key, cause)
    total = max(1, sum(cycles.values()))
    return [(firsts[key], count / total) for key, count in cycles.most_common()]


def _readers(launch: Launch, memory: str) -> list[str]:
    """The tasks with ports to a memory, that with the most bytes first."""
    ports = [port for port in launch.result.ports if port.memory == memory]
    return [port.task for port in sorted(ports, key=lambda port: -port.bytes)]


class _Waits:
    def __init__(self, launch: Launch, spans: Sequence[Span]):
        self._ends: Mapping[str, tuple[str | None, str | None]] = launch.simulator.stream_ends()
        self._spans: dict[str, list[Span]] = defaultdict(list)
        for span in spans:
            self._spans[span.task].append(span)

    def moves(self, task: str, cycle: int) -> bool:
        """Whether a task with a port moves words then, or waits for the memory to do it."""
        span = self._at(task, cycle)
        return span is not None and (span.wait is None or span.wait.startswith(FOR_MEMORY))

    def cause(self, task: str, cycle: int) -> tuple[str, bool]:
        """(what a task waits for in the end, whether that is a memory); itself where it is busy."""
        seen: set[str] = set()
        while task not in seen:
            seen.add(task)
            span = self._at(task, cycle)
            if span is None or span.wait is None:
                return task, False
            if span.wait.startswith(FOR_MEMORY):
                return span.wait.removeprefix(FOR_MEMORY), True
            _, verb, stream = span.wait.split(" ", 2)
            producer, consumer = self._ends[stream]
            other = consumer if verb == "write" else producer
            if other is None:
                return task, False
            task = other
        return EACH_OTHER, False

    def _at(self, task: str, cycle: int) -> Span | None:
        """What a task does in a cycle; None once it has ended."""
        spans = self._spans.get(task, ())
        return next((span for span in spans if span.start <= cycle < span.end), None)
