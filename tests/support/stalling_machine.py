"""A launch of a scheduled design whose pipelines stall as a whole: without values or cycles.

All accesses of a run of a pipeline happen in the order of c = iteration · II + stage; those of the
same c happen together, once all of them are possible. FIFOs are as deep as the design says. What
ends and what waits does not depend on the order in which tasks go on.

It shares the timed traces with the simulator, and nothing with `lmc.dataflow.stalling`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lmc.dataflow.graph import design_graph
from lmc.dataflow.timed import Burst, Cycles, Iteration, Pipeline, TimedTracer, access_points
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import Access, Repeat
from lmc.dialects.dataflow import DesignOp

Together = tuple[Access, ...]


def waiting_tasks(design: DesignOp, scalars: Mapping[str, int], late: int = 0) -> list[str]:
    """The tasks that have not ended when nothing can go on.

    A tool may need more stages than ours: `late` are those by which all writes come later.
    """
    assert design.clock_mhz is not None
    graph, clock = design_graph(design), Clock(design.clock_mhz.value.data)
    held = dict.fromkeys(graph.streams, 0)
    depths = {name: op.depth.value.data for name, op in graph.streams.items() if op.depth}
    traces = {task.name: TimedTracer(task, clock).trace(scalars) for task in graph.tasks}
    steps = {name: together(trace, late) for name, trace in traces.items()}
    current: dict[str, Together] = {}
    asleep: dict[Access, str] = {}
    ready = deque(steps)
    while ready:
        task = ready.popleft()
        accesses = current.pop(task, None) or next(steps[task], None)
        while accesses is not None:
            missing = next((one for one in accesses if not possible(one, held, depths)), None)
            if missing is not None:
                current[task] = accesses
                asleep[missing] = task
                break
            for one in accesses:
                held[one.stream] += 1 if one.written else -1
                other = asleep.pop(Access(one.stream, not one.written), None)
                if other is not None:
                    ready.append(other)
            accesses = next(steps[task], None)
    return [task for task in steps if task in current]


def possible(access: Access, held: Mapping[str, int], depths: Mapping[str, int]) -> bool:
    fill = held[access.stream]
    return fill < depths[access.stream] if access.written else fill > 0


def together(nodes: Sequence[Any], late: int) -> Iterator[Together]:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from together(node.body, late)
        elif isinstance(node, Access):
            yield (node,)
        elif isinstance(node, Burst):
            for _ in range(node.length):
                yield (node.access,)
        elif isinstance(node, Pipeline):
            yield from in_stages(node, late)
        else:
            assert isinstance(node, Cycles)


def in_stages(pipeline: Pipeline, late: int) -> Iterator[Together]:
    due: defaultdict[int, list[Access]] = defaultdict(list)
    now = 0
    for iteration in iterations(pipeline.rounds):
        for offset, access in access_points(pipeline, iteration):
            due[now + offset + (late if access.written else 0)].append(access)
        for _ in range(pipeline.ii):
            if accesses := due.pop(now, None):
                yield tuple(accesses)
            now += 1
    for stage in sorted(due):
        yield tuple(due[stage])


def iterations(nodes: Sequence[Any]) -> Iterator[Iteration]:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from iterations(node.body)
        else:
            yield node
