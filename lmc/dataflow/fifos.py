"""FIFO depths: the smallest found with which a design never deadlocks, and latency slack on top.

Depths grow as in T. M. Parks, Bounded Scheduling of Process Networks (PhD thesis, UC Berkeley,
1995), chapter 4: the network runs with small FIFOs, and whenever it stops although it has not come
to its end, the smallest full FIFO among those that wait in a cycle grows. More capacity never makes
a Kahn network stop earlier, so what was run before stays valid.
"""

from collections.abc import Mapping

import networkx as nx

from lmc.dataflow.graph import DesignGraph
from lmc.dataflow.network import Blocked, Network
from lmc.dataflow.trips import Access, Trace
from lmc.diagnostics import LmcError

START_DEPTH = 16
"""The depth of a FIFO that nothing asks more of: a shift-register LUT holds that of two bits.

A depth of 2 takes as many LUTs, stalls more, and makes C simulation switch tasks more often.
"""

ENDLESS = 2**62
"""A depth that is never reached."""

GROWTH = 8
"""A FIFO that is too small grows by one part in this of its depth, but by one element at least."""


def deadlock_free_depths(
    graph: DesignGraph, traces: Mapping[str, Trace], start: Mapping[str, int]
) -> dict[str, int]:
    """Depths, none below `start`, with which the traces run to their end.

    Raises LmcError naming the tasks and streams when no depth can help.
    """
    alone = bridges(graph)
    network = Network({name: ENDLESS if name in alone else d for name, d in start.items()})
    network.load(traces)
    while blocked := network.run():
        stream = smallest_full(graph, network, blocked)
        depth = network.capacity[stream]
        network.grow(stream, depth + max(1, depth // GROWTH))
    return {name: start[name] if name in alone else d for name, d in network.capacity.items()}


def bridges(graph: DesignGraph) -> set[str]:
    """Streams that are the only way, in either direction, between the tasks on their two sides.

    No cycle of waiting tasks goes through one, so any depth will do: if it is full, the tasks
    after it have something to read and do not wait for those before it.
    """
    ways: dict[tuple[str, str], list[str]] = {}
    for name in graph.streams:
        for producer in graph.producers(name):
            for consumer in graph.consumers(name):
                ends = sorted((producer.name, consumer.name))
                ways.setdefault((ends[0], ends[1]), []).append(name)
    joined = nx.Graph(list(ways))
    return {
        names[0]
        for ends, names in ways.items()
        if len(names) == 1 and ends[0] != ends[1] and _is_bridge(joined, ends)
    }


def _is_bridge(graph: "nx.Graph[str]", ends: tuple[str, str]) -> bool:
    graph.remove_edge(*ends)
    joined_still = nx.has_path(graph, *ends)
    graph.add_edge(*ends)
    return not joined_still


def smallest_full(graph: DesignGraph, network: Network, blocked: list[Blocked]) -> str:
    """The smallest full FIFO that a cycle of waiting tasks waits for (first by name on ties).

    Raises LmcError naming the tasks and streams when there is none: no depth can help.
    """
    waits = {wait.task: wait.access for wait in blocked}
    full = [
        (network.capacity[access.stream], access.stream)
        for task, access in waits.items()
        if access.written and _in_cycle(graph, waits, task)
    ]
    if not full:
        raise LmcError(f"the design stops whatever the FIFO depths are: {describe_waits(waits)}")
    return min(full)[1]


def _in_cycle(graph: DesignGraph, waits: Mapping[str, Access], task: str) -> bool:
    """Whether the tasks waited for, one after the other, lead back to `task`."""
    current, steps = task, 0
    while steps <= len(waits):
        access = waits.get(current)
        if access is None:
            return False
        ends = graph.consumers(access.stream) if access.written else graph.producers(access.stream)
        if not ends:
            return False
        current, steps = ends[0].name, steps + 1
        if current == task:
            return True
    return False


def describe_waits(waits: Mapping[str, Access]) -> str:
    """What each task waits for, in words."""
    parts = [
        f"task {task} waits to {'write' if access.written else 'read'} stream {access.stream}"
        for task, access in waits.items()
    ]
    return ", ".join(parts)


def latency_slack(graph: DesignGraph, latency: Mapping[str, int]) -> dict[str, int]:
    """Elements that each stream must hold besides, so that short branches do not stall long ones.

    `latency` is in cycles, from a stream's task reading an input to its writing this stream, by
    stream; II 1 is taken, so a cycle is an element. A stream gets the difference between the
    longest way and its own way from a task that both come from; ways back to an earlier task
    (feedback) are left out.
    """
    arrivals: dict[str, dict[str, int]] = {}
    slack: dict[str, int] = {}
    for task in graph.tasks:
        # What a later task writes is feedback: it has not arrived yet in this order.
        inputs = [stream for stream in task.reads if stream in arrivals]
        longest: dict[str, int] = {task.name: 0}
        for stream in inputs:
            for ancestor, cycles in arrivals[stream].items():
                longest[ancestor] = max(longest.get(ancestor, 0), cycles)
        for stream in inputs:
            slack[stream] = max(longest[a] - cycles for a, cycles in arrivals[stream].items())
        for stream in task.writes:
            arrivals[stream] = {a: c + latency.get(stream, 0) for a, c in longest.items()}
    return slack
