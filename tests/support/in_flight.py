"""What pipelines hold in flight that C simulation has to leave in FIFOs.

A task is a fiber in C simulation: it makes its accesses one after the other in the order of the
text, and holds no more than what it has read in the iteration that it is in. A pipeline of the RTL
takes in later iterations while earlier ones are on their way to their writes, and makes the writes
of a later iteration while an earlier one waits further on.

Fibers can follow the RTL: each goes on to the last write that the RTL has made, and past reads that
the RTL has made and that come right after. What they then have in a FIFO is what the RTL has there,
and what its tasks have taken out of it early or have still to put into it. Where that is more than
the FIFO's depth, the rest is in flight. With FIFOs that are as much deeper, fibers can go at least
as far as the RTL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.graph import design_graph
from lmc.dataflow.network import Network
from lmc.dataflow.trips import Access, AccessTracer, Repeat
from lmc.dialects.dataflow import DesignOp
from lmc.simulation import Simulator
from lmc.simulation.waits import DeadlockError

Depths = Mapping[str, int]
Waits = dict[str, tuple[str, bool]]
"""By task that has not ended, the FIFO that it waits for, and whether to write."""


class InFlight:
    """A launch of a design as cycle simulator and as fibers, with different depths of FIFOs."""

    def __init__(self, design: DesignOp, simulator: Simulator):
        self._simulator = simulator
        graph = design_graph(design)
        self._traces = DesignTracer(graph.tasks, AccessTracer).trace({})
        self._orders = {task: list(_flat(trace)) for task, trace in self._traces.items()}

    def fibers(self, depths: Depths) -> Waits:
        """What tasks wait for in the end where each keeps the order of its text."""
        network = Network(depths)
        network.load(self._traces)
        return {one.task: (one.access.stream, one.access.written) for one in network.run()}

    def held(self, depths: Depths) -> dict[str, int]:
        """By FIFO the most elements that the RTL holds in flight, and fibers would have in it."""
        most = dict.fromkeys(depths, 0)
        read = Counter[str]()
        for moved in self._moved(depths):
            made = Counter[Access]()
            for task, order in self._orders.items():
                made += _followed(task, order, moved)
            for name in depths:
                most[name] = max(most[name], made[Access(name, True)] - read[name])
            read = Counter({name: made[Access(name, False)] for name in depths})
        return {name: max(0, most[name] - depth) for name, depth in depths.items()}

    def needed(self, depths: Depths, waits: Waits) -> dict[str, int]:
        """Of what is held the least, FIFO by FIFO, with which fibers end up with these waits.

        Empty where it needs nothing, or where nothing that is held leads there.
        """
        held = self.held(depths)
        if self.fibers(depths) == waits or self.fibers(deeper(depths, held)) != waits:
            return {}
        for name, most in held.items():
            tries = ({**held, name: less} for less in range(most + 1))
            held = next(one for one in tries if self.fibers(deeper(depths, one)) == waits)
        return {name: number for name, number in held.items() if number}

    def _moved(self, depths: Depths) -> Iterator[dict[Access, int]]:
        """How often each access has been made after each cycle of the cycle simulator."""
        state, cycle, goes_on = self._simulator.start(depths), 0, True
        while goes_on:
            try:
                goes_on = self._simulator.advance(state, until=cycle)
            except DeadlockError:
                goes_on = False
            made = dict[Access, int]()
            for name, fifo in zip(self._simulator.stream_ends(), state.fifos, strict=True):
                made[Access(name, True)] = int(fifo["written"])
                made[Access(name, False)] = int(fifo["read"])
            yield made
            cycle += 1


def deeper(depths: Depths, more: Depths) -> dict[str, int]:
    """Depths with some elements more."""
    return {name: depth + more.get(name, 0) for name, depth in depths.items()}


def _followed(task: str, order: Sequence[Access], moved: Mapping[Access, int]) -> Counter[Access]:
    """The accesses that a fiber has made when it follows the RTL."""
    made, place = Counter[Access](), 0
    for number, access in enumerate(order):
        made[access] += 1
        has_moved = made[access] <= moved[access]
        if has_moved and (access.written or place == number):
            place = number + 1
        elif not has_moved and not access.written:
            break
    made = Counter(order[:place])
    early = [one.stream for one in set(order) if one.written and made[one] < moved[one]]
    assert not early, f"task {task} writes {early} before it reads what comes before in its text"
    return made


def _flat(nodes: Iterable[Access | Repeat[Access]]) -> Iterator[Access]:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from _flat(node.body)
        else:
            yield node
