"""Whether a design comes to its end when its pipelines stall: none waits for what it holds back.

The network of tasks is run without values and with FIFOs that are never full, each pipeline in the
worst way that a tool could make it (`lmc.dataflow.runs`). If everything comes to its end, no read
of a run depends on what the same run writes, whatever tasks and memories lie between. What a Kahn
network computes only grows with what its tasks give out, and all other ways to run a pipeline give
out more: so they come to an end, too (G. Kahn, The semantics of a simple language for parallel
programming, IFIP Congress 1974).

If it stops, some tasks wait in a circle, and one of them at least holds back what another waits
for: it would have written that by then, were iterations run one after the other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil

from lmc.dataflow.fifos import ENDLESS, describe_waits
from lmc.dataflow.graph import DesignGraph, TaskNode
from lmc.dataflow.network import Frame, Network, accesses_left
from lmc.dataflow.runs import (
    Run,
    RunTrace,
    RunTracer,
    as_a_whole,
    count_runs,
    in_order,
    reading_ahead,
)
from lmc.dataflow.trips import Access, Repeat, Totals, Trace
from lmc.diagnostics import LmcError

MARGIN = 2
"""A tool's pipeline has at most this many times as many iterations under way as ours (assumed)."""


@dataclass(frozen=True)
class Stall:
    """A pipeline that waits for what it holds back.

    `loop` is the pipelined loop's label; `circle` are the streams from the one that it holds back
    elements of to the one that it waits for.
    """

    task: str
    loop: str
    circle: tuple[str, ...]


def in_flight(ii: int, latency: int) -> int:
    """The most later iterations of a pipelined loop that have begun when an iteration writes."""
    return MARGIN * ceil(latency / ii)


def find_stalls(launch: "StallingLaunch", flight: Callable[[str], int]) -> list[list[Stall]]:
    """Pipelines that wait for what they hold back, however many iterations a tool begins.

    Only those of one circle, likely causes first (see `stalls`); none where the launch comes to its
    end. `flight` gives the iterations that are `in_flight` in a pipelined loop, by its label: it is
    only asked about loops that would wait if they began all of a run. Raises LmcError as `stalls`.
    """
    while stalls := launch.stalls():
        whole = [one for group in stalls for one in group if not launch.reads_ahead(one.loop)]
        if not whole:
            break
        for stall in whole:
            launch.read_ahead(stall, flight(stall.loop))
    return stalls


class StallingLaunch:
    """A launch for a setting of the run-time scalars, with pipelines that stall.

    Each run is one `as_a_whole` until `read_ahead` says how many iterations it has under way.
    """

    def __init__(
        self, graph: DesignGraph, runs: Mapping[str, RunTrace], scalars: Mapping[str, int]
    ):
        """`runs` are the traces of all tasks for these scalars."""
        self._graph, self._scalars = graph, scalars
        self._tasks = {task.name: task for task in graph.tasks}
        self._producers = {name: task.name for task in graph.tasks for name in task.writes}
        self._ahead: dict[str, int] = {}
        self._runs = {name: _TaskRuns(nodes, self._ahead.get) for name, nodes in runs.items()}
        self._network = self._launch(self._runs)

    def reads_ahead(self, loop: str) -> bool:
        """Whether it has been told how many iterations a pipelined loop has under way."""
        return loop in self._ahead

    def read_ahead(self, stall: Stall, iterations: int) -> None:
        """Says how many iterations of a pipelined loop that stalls are under way."""
        self._ahead[stall.loop] = iterations
        self._replace(stall.task, self._runs[stall.task].nodes)

    def changed(self, stall: Stall) -> None:
        """Looks anew at a pipelined loop that stalls: the task ends it earlier now."""
        self._replace(stall.task, RunTracer(self._tasks[stall.task]).trace(self._scalars))

    def _replace(self, task: str, nodes: RunTrace) -> None:
        self._runs[task] = _TaskRuns(nodes, self._ahead.get)
        self._network.replace(task, self._runs[task].trace)

    def is_no_pipeline(self, loop: str) -> bool:
        """Whether each iteration of a pipelined loop waits for what the one before writes.

        Then it waits for itself with one later iteration under way, though all others flush.
        """
        flushing = {
            name: _TaskRuns(runs.nodes, lambda label: int(label == loop))
            for name, runs in self._runs.items()
        }
        return bool(self._launch(flushing).run())

    def stalls(self) -> list[list[Stall]]:
        """Pipelines that wait in one circle for what they hold back; none: all come to their end.

        Those with equally many runs are together, the fewest runs come first. But where all of them
        read ahead, one comes first that would go on if it gave out what it holds back, all others
        as they are.

        Raises LmcError where a design stops although no pipeline holds anything back.
        """
        network = self._network
        blocked = network.run()
        if not blocked:
            return []
        waits = {one.task: one.access for one in blocked}
        circle = self._circle(network, waits)
        holding = [place for place, one in enumerate(circle) if one.held]
        if not holding:
            raise LmcError(
                f"the design stops whatever the FIFO depths are: {describe_waits(waits)}"
            )
        order = list(self._tasks)
        holding.sort(key=lambda place: (circle[place].runs, order.index(circle[place].task)))
        groups = [list(one) for _, one in groupby(holding, lambda place: circle[place].runs)]
        if all(self.reads_ahead(circle[place].loop) for place in holding):
            cause = next((one for one in holding if _would_go_on(network, circle[one])), None)
            groups[:0] = [] if cause is None else [[cause]]
        return [[_stall(circle, place) for place in group] for group in groups]

    def _launch(self, tasks: Mapping[str, "_TaskRuns"]) -> Network:
        """A network in which nothing has happened yet."""
        network = Network(dict.fromkeys(self._graph.streams, ENDLESS))
        network.load({name: runs.trace for name, runs in tasks.items()})
        return network

    def _circle(self, network: Network, waits: Mapping[str, Access]) -> Sequence["_Wait"]:
        """Tasks each of which waits for a stream of the next one, the last one for the first."""
        path: list[_Wait] = []
        places: dict[str, int] = {}
        stream = next(iter(waits.values())).stream
        while stream not in places:
            places[stream] = len(path)
            task = self._producers[stream]
            if task not in waits:
                raise LmcError(f"stream {stream} ends early: {describe_waits(waits)}")
            path.append(self._wait(network, self._tasks[task], stream, waits[task].stream))
            stream = path[-1].waits
        return path[places[stream] :]

    def _wait(self, network: Network, task: TaskNode, wanted: str, waits: str) -> "_Wait":
        """What a task waits for that is wanted to write a stream."""
        frames, runs = network.frames(task.name), self._runs[task.name].by_id
        places = [place for place, frame in enumerate(frames) if id(frame.repeat) in runs]
        if not places:
            return _Wait(task.name, "", 0, wanted, waits, {})
        inside = frames[places[0] :]
        run = runs[id(inside[0].repeat)]
        done, number = _done(inside), count_runs(self._runs[task.name].nodes, run.label)
        alone, fill = Network(dict.fromkeys([*task.reads, *task.writes], ENDLESS)), network.fill
        for stream in task.reads:
            alone.put(stream, done.get((stream, False), 0) + fill[stream])
        alone.load({task.name: in_order(run)})
        first = alone.run()[0].access.stream
        held = {name: alone.fill[name] - done.get((name, True), 0) for name in task.writes}
        if held[wanted] > 0:
            return _Wait(task.name, run.label, number, wanted, waits, held)
        return _Wait(task.name, run.label, number, wanted, first, {})


@dataclass(frozen=True)
class _Wait:
    """A task that is `wanted` to write a stream and `waits` to read one.

    `loop` is the pipelined loop of the run that it is in, one of so many `runs` of a launch; it is
    empty in none. `held` are the elements of each stream that it holds back although it could have
    written them, some of the wanted stream at least; without such there are none.
    """

    task: str
    loop: str
    runs: int
    wanted: str
    waits: str
    held: Mapping[str, int]


def _would_go_on(network: Network, wait: _Wait) -> bool:
    """Whether a task would go on in a network that stops if it gave out what it holds back."""
    other = network.copy()
    for stream, number in wait.held.items():
        other.put(stream, number)
    other.run()
    return _places(other.frames(wait.task)) != _places(network.frames(wait.task))


def _stall(circle: Sequence[_Wait], place: int) -> Stall:
    streams = [one.wanted for one in (*circle[place + 1 :], *circle[: place + 1])]
    return Stall(circle[place].task, circle[place].loop, tuple(reversed(streams)))


@dataclass
class _TaskRuns:
    """A task's trace with each run as one that stalls, and the runs by the nodes they are now."""

    nodes: RunTrace
    ahead: Callable[[str], int | None]
    by_id: dict[int, Run] = field(default_factory=dict[int, Run])
    trace: Trace = field(init=False)

    def __post_init__(self) -> None:
        self.trace = self._trace(self.nodes)

    def _trace(self, nodes: RunTrace) -> Trace:
        found: list[Access | Repeat[Access]] = []
        for node in nodes:
            if isinstance(node, Access):
                found.append(node)
            elif isinstance(node, Repeat) and (body := self._trace(node.body)):
                found.append(Repeat(node.label, node.count, body))
            elif isinstance(node, Run) and (body := self._run(node)):
                found.append(repeat := Repeat(node.label, 1, body))
                self.by_id[id(repeat)] = node
        return tuple(found)

    def _run(self, run: Run) -> Trace:
        ahead = self.ahead(run.label)
        if ahead is None:
            return as_a_whole(run)
        return reading_ahead(run, ahead) if ahead else in_order(run)


def _places(frames: Sequence[Frame]) -> list[tuple[int, int, int]]:
    return [(id(frame.repeat), frame.left, frame.position) for frame in frames]


def _done(frames: Sequence[Frame]) -> Totals:
    """Accesses that have happened since the outermost of these frames began, in its only round."""
    left = accesses_left(frames)
    return {key: number - left[key] for key, number in frames[0].repeat.totals.items()}
