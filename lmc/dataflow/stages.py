"""Whether a launch stops, told from what must come before what, and not from when it happens.

A pipeline that flushes makes the accesses of one stage together, those of a stage after those of
earlier stages of its own and of all earlier iterations, and never waits for a later iteration. So
one iteration after the other, stage by stage, is an order that it can keep, and waiting for more
than it has to never lets a Kahn network get further.

The accesses of a stage are made one after the other here, what is read before what is written. If
the network comes to its end so, it also does where they are made together: at the moment of the
first one that is written, or of the last one that is read. What is read later then keeps its place
for longer, and what is written earlier takes one sooner. It is one place at the most, since a stage
has one access of a stream at the most, and for each of the two reasons the FIFO has one place less
here.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from lmc.dataflow.fifos import deadlock_free_depths
from lmc.dataflow.graph import DesignGraph
from lmc.dataflow.timed import (
    Burst,
    Iteration,
    Pipeline,
    TimedLeaf,
    TimedTrace,
    access_points,
    iterations_of,
)
from lmc.dataflow.trips import Access, Repeat, Trace


def unstopped_depths(
    graph: DesignGraph, traces: Mapping[str, TimedTrace], depths: Mapping[str, int]
) -> dict[str, int]:
    """The depths, some of them larger if need be, with which a launch comes to its end.

    `traces` are those of all tasks.

    Raises:
        LmcError: the launch stops whatever the depths are.
    """
    moved = {access for trace in traces.values() for access in _moved(trace)}
    ends = {name: (Access(name, False), Access(name, True)) for name in depths}
    lost = {name: len(moved.intersection(pair)) for name, pair in ends.items()}
    fewer = {name: depth - lost[name] for name, depth in depths.items()}
    ordered = {name: by_stages(trace) for name, trace in traces.items()}
    enough = deadlock_free_depths(graph, ordered, fewer)
    return {name: depth + lost[name] for name, depth in enough.items()}


def by_stages(trace: TimedTrace) -> Trace:
    """All accesses of a task, iteration by iteration and stage by stage."""
    return tuple(_ordered(trace, {}))


def _ordered(
    nodes: Iterable[TimedLeaf | Repeat[TimedLeaf]], stages: Mapping[Iteration, tuple[Access, ...]]
) -> list[Access | Repeat[Access]]:
    """`stages` has the accesses of the iterations of the pipeline around the nodes."""
    found: list[Access | Repeat[Access]] = []
    for node in nodes:
        if isinstance(node, Access):
            found.append(node)
        elif isinstance(node, Burst) and node.length:
            found.append(Repeat(node.label, node.length, (node.access,)))
        elif isinstance(node, Iteration):
            found += stages[node]
        elif isinstance(node, Pipeline):
            found += _ordered(node.rounds, _Stages(node))
        elif isinstance(node, Repeat) and (body := _ordered(node.body, stages)):
            found.append(Repeat(node.label, node.count, tuple(body)))
    return found


class _Stages(dict[Iteration, tuple[Access, ...]]):
    """The accesses of a pipeline's iterations in the order of their stages."""

    def __init__(self, pipeline: Pipeline):
        super().__init__()
        self._pipeline = pipeline

    def __missing__(self, iteration: Iteration) -> tuple[Access, ...]:
        stages = _stages(self._pipeline, iteration)
        self[iteration] = tuple(access for stage in stages for access in stage)
        return self[iteration]


def _stages(pipeline: Pipeline, iteration: Iteration) -> list[list[Access]]:
    """The accesses of each stage that has some, what is read before what is written."""
    points = sorted(
        access_points(pipeline, iteration), key=lambda point: (point[0], point[1].written)
    )
    return [[access for _, access in stage] for _, stage in groupby(points, lambda point: point[0])]


def _moved(nodes: Iterable[TimedLeaf | Repeat[TimedLeaf]]) -> Iterator[Access]:
    """Accesses that are at another moment where those of a stage happen together."""
    for node in nodes:
        if isinstance(node, Repeat):
            yield from _moved(node.body)
        elif isinstance(node, Pipeline):
            for iteration in set(iterations_of(node.rounds)):
                for stage in _stages(node, iteration):
                    writes = (place for place, access in enumerate(stage) if access.written)
                    moment = next(writes, len(stage) - 1)
                    yield from (*stage[:moment], *stage[moment + 1 :])
