"""Which kernels can be at fault where memory holds something wrong after a launch.

States, logits and tokens in memory are checkpoints on the way of the data. A value is wrong first
at one of them: what comes before is right, so the fault is in a task on a way between.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lmc.dataflow.graph import DesignGraph, TaskNode, declaration, design_graph
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    LogitsAttr,
    PromptAttr,
    SegmentAttr,
    StateAttr,
    TokensAttr,
)
from lmc.lowering.images import STORE
from lmc.lowering.phases import KERNEL

FED_BACK = "residual_feedback"
"""The stream that brings the residual stream of a layer to the next one."""
CHOSEN = "chosen_tokens"
"""The stream that brings the chosen token to the next step."""

Place = tuple[str, int | None, int]
"""A stream; of those inside of the matrix unit, the phase that it works for, by number; and
whether this is the layer itself (0) or the one before it (1)."""


@dataclass(frozen=True)
class Suspects:
    """Who can be at fault, nearest to what is right first.

    `kernels` have tasks (by kernel) on the ways of what is computed from the tokens; `loaders` have
    those that only bring weights, tables and old states to them. `unseen` are streams (and the
    kernels that write them) that also lead to a checkpoint that is right, which need not show all
    that they carry.
    """

    kernels: tuple[tuple[str, tuple[str, ...]], ...]
    loaders: tuple[tuple[str, tuple[str, ...]], ...]
    unseen: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Checkpoint:
    """A bank that is written in each launch, and who can be at fault where it is wrong first.

    A state has `later` suspects for all layers but the first; the checkpoints before it, of the
    layer and of the layers before, are right then.
    """

    bank: str
    is_state: bool
    first: Suspects
    later: Suspects


def checkpoints(design: DesignOp) -> list[Checkpoint]:
    """The checkpoints of a design with kernels, in the order in which data comes to them.

    Raises:
        LmcError: the design is flat.
    """
    ways = _Ways(design_graph(design))
    states = sorted(
        _writers(ways.graph, StateAttr), key=lambda one: len(ways.back(one[1], layers=0).tasks)
    )
    seen: set[Place] = set()
    found: list[Checkpoint] = []
    walks = {task.name: ways.back(task, layers=0) for _, task in states}
    passed = {place for walk in walks.values() for place in walk.places}
    before = {(stream, phase, 1) for stream, phase, _ in passed}
    for group in ways.of_one_state(states):
        for bank, task in group:
            first = ways.suspects(task, seen, layers=0)
            later = ways.suspects(task, seen | before, layers=1)
            found.append(Checkpoint(bank, True, first, later))
        seen.update(*(walks[task.name].places for _, task in group))
    for kind in (LogitsAttr, TokensAttr):
        for bank, task in _writers(ways.graph, kind):
            last = ways.suspects(task, seen, layers=0)
            found.append(Checkpoint(bank, False, last, last))
            seen |= ways.back(task, layers=0).places
    return found


def _writers(graph: DesignGraph, kind: type[SegmentAttr]) -> list[tuple[str, TaskNode]]:
    """Banks that hold this, and the tasks that write them, in the order of the text."""
    return [
        (bank.sym_name.data, task)
        for task in graph.tasks
        for bank in _banks(task, BurstWriteOp)
        if _holds(bank, kind)
    ]


def _holds(bank: BankOp, kind: type[SegmentAttr]) -> bool:
    return bool(bank.segments) and isinstance(bank.segments[0], kind)


def _banks(task: TaskNode, access: type[BurstReadOp | BurstWriteOp]) -> list[BankOp]:
    found = [declaration(op.port) for op in task.op.body.block.walk() if isinstance(op, access)]
    return [bank for bank in dict.fromkeys(found) if isinstance(bank, BankOp)]


_Node = tuple[str, int | None, int]
"""A task, the phase that it works for if it is of the matrix unit, and the layer as in `Place`."""


@dataclass
class _Walk:
    """What lies before a task: tasks with their distance from it, in kernels, the streams between,
    and those at which the walk has stopped."""

    tasks: dict[_Node, int] = field(default_factory=dict[_Node, int])
    places: set[Place] = field(default_factory=set[Place])
    stopped: dict[str, None] = field(default_factory=dict[str, None])


class _Ways:
    """The ways of data through a design, backward."""

    def __init__(self, graph: DesignGraph):
        self.graph = graph
        self._tasks = {task.name: task for task in graph.tasks}
        self._writers = {name: graph.producers(name) for name in graph.streams}
        self._into, self._out_of = self._ends_of_unit()
        self._of_states = {
            task.name
            for task in graph.tasks
            for bank in _banks(task, BurstReadOp)
            if _holds(bank, StateAttr)
        }
        """Tasks that read old states from memory: what writers send them only says when."""
        self._computed = self._after_prompt()

    def back(self, task: TaskNode, *, layers: int, right: Collection[Place] = ()) -> _Walk:
        """All that comes before a task, as far as `layers` layers back, up to places that are
        right."""
        walk = _Walk()
        walk.tasks[task.name, None, 0] = 0
        waiting = deque(walk.tasks)
        while waiting:
            name, phase, layer = node = waiting.popleft()
            for stream in self._reads(name, phase, layers):
                at = layer + (stream == FED_BACK)
                if (stream, phase, at) in right:
                    walk.stopped[stream] = None
                elif at <= layers:
                    walk.places.add((stream, phase, at))
                    for one in self._sources(stream, phase, at):
                        crossed = self._tasks[one[0]].kernel != self._tasks[name].kernel
                        distance = walk.tasks[node] + crossed
                        if distance < walk.tasks.get(one, distance + 1):
                            walk.tasks[one] = distance
                            (waiting.append if crossed else waiting.appendleft)(one)
        return walk

    def of_one_state(
        self, states: Sequence[tuple[str, TaskNode]]
    ) -> list[list[tuple[str, TaskNode]]]:
        """Banks by the state that they are parts of, so that none of them comes before another:
        they differ in tasks that store them alone."""
        groups: list[list[tuple[str, TaskNode]]] = []
        tasks_before: set[str] = set()
        for bank, task in states:
            tasks = {name for name, _, _ in self.back(task, layers=0).tasks}
            if groups and all(self._tasks[name].kernel == STORE for name in tasks ^ tasks_before):
                groups[-1].append((bank, task))
            else:
                groups.append([(bank, task)])
            tasks_before = tasks
        return groups

    def suspects(self, task: TaskNode, right: Collection[Place], *, layers: int) -> Suspects:
        """Who can have made wrong what a task writes, where these places are right."""
        walk = self.back(task, layers=layers, right=right)
        far: dict[str, int] = {}
        for (name, _, _), distance in walk.tasks.items():
            far[name] = max(far.get(name, 0), distance)
        computing = [name for name in far if name in self._computed]
        kernels = self._by_kernel(computing, far)
        loading = [name for name in far if name not in self._computed]
        loaders = self._by_kernel(
            [name for name in loading if self._tasks[name].kernel not in dict(kernels)], far
        )
        unseen = self._unseen(walk.stopped, dict(kernels))
        return Suspects(kernels, loaders, unseen)

    def _unseen(
        self, stopped: Iterable[str], known: Collection[str]
    ) -> tuple[tuple[str, str], ...]:
        """Back from streams that also lead to what is right: the first kernels that are not among
        the known ones, with what they write. All of a vector goes into each row of a product, so
        nothing that comes before the matrix unit is unseen."""
        found: set[tuple[str, str]] = set()
        waiting, passed = list(stopped), {FED_BACK, CHOSEN, *stopped}
        while waiting:
            stream = waiting.pop()
            for task in self._writers[stream]:
                if task.name not in self._computed:
                    continue
                if task.kernel not in known:
                    found.add((stream, task.kernel))
                elif task.kernel != KERNEL:
                    waiting += [one for one in task.reads if one not in passed]
                    passed.update(task.reads)
        return tuple(sorted(found))

    def _by_kernel(
        self, names: Sequence[str], far: dict[str, int]
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Tasks by kernel, in the order of the text: the kernel that is farthest from the
        checkpoint, so nearest to what is right, first."""
        kernels: dict[str, list[str]] = {}
        for task in self.graph.tasks:
            if task.name in names:
                kernels.setdefault(task.kernel, []).append(task.name)
        order = sorted(kernels, key=lambda one: -max(far[name] for name in kernels[one]))
        return tuple((kernel, tuple(kernels[kernel])) for kernel in order)

    def _reads(self, name: str, phase: int | None, layers: int) -> Iterator[str]:
        """The streams that a task reads for a phase. The first layer takes the embedding's
        residual stream, a later one that of the layer before it."""
        reads = () if name in self._of_states else self._tasks[name].reads
        if FED_BACK in reads and layers > 0:
            reads = (FED_BACK,)
        for stream in reads:
            wanted = self._into.get(stream)
            if stream == CHOSEN or (stream == FED_BACK and layers == 0):
                continue
            if wanted is None or phase is None or wanted == phase:
                yield stream

    def _sources(self, stream: str, phase: int | None, layer: int) -> Iterator[_Node]:
        """The tasks that write a stream, inside of the unit for the phase that is asked for."""
        for task in self._writers[stream]:
            inside = self._out_of.get(stream, phase) if task.kernel == KERNEL else None
            yield task.name, inside, layer

    def _ends_of_unit(self) -> tuple[dict[str, int], dict[str, int]]:
        """The phase of each stream into the matrix unit, and of each one out of it.

        The unit takes its operands and gives its results in the order of its phases. Where these
        are not equally many, no phase is told from another.
        """
        inside = [task for task in self.graph.tasks if task.kernel == KERNEL]
        written = {stream for task in inside for stream in task.writes}
        read = {stream for task in inside for stream in task.reads}
        into = [stream for task in inside for stream in task.reads if stream not in written]
        out_of = [stream for task in inside for stream in task.writes if stream not in read]
        if len(into) != len(out_of):
            return {}, {}
        return _numbered(into), _numbered(out_of)

    def _after_prompt(self) -> set[str]:
        """The tasks that the prompt's ids come to, and that they come from."""
        waiting = [
            task
            for task in self.graph.tasks
            for bank in _banks(task, BurstReadOp)
            if _holds(bank, PromptAttr)
        ]
        found = {task.name for task in waiting}
        while waiting:
            for stream in waiting.pop().writes:
                for task in self.graph.consumers(stream):
                    if task.name not in found | self._of_states:
                        found.add(task.name)
                        waiting.append(task)
        return found


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}
