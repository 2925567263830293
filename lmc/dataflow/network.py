"""A network of tasks with bounded FIFOs, run without values: does it come to its end?

Tasks are traces. What a Kahn network computes, and whether it stops early with given capacities,
does not depend on the order in which its tasks run; so tasks run greedily here, as many whole
rounds of a loop at once as the FIFOs allow, and steady states are skipped: when the network is
again where it was, only with fewer rounds left in one loop of each task, the same can happen again
and again, until a loop ends or a FIFO that was filling is full.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lmc.dataflow.trips import Access, Repeat, Totals, Trace, count_accesses

SHORT_PERIOD = 64
"""Rounds for which the last snapshot is kept to find short periods, those of inner loops."""


@dataclass
class Frame:
    """A place in a trace: rounds of `repeat` left (this one included), and the next node in it."""

    repeat: Repeat[Access]
    left: int
    position: int = 0


@dataclass
class Blocked:
    """A task that can't go on: it waits to write a full stream, or to read an empty one."""

    task: str
    access: Access


@dataclass
class Network:
    """Tasks in the middle of their traces, and the fill of each FIFO."""

    capacity: dict[str, int]
    fill: dict[str, int] = field(init=False)
    stacks: dict[str, list[Frame]] = field(init=False, default_factory=lambda: {})
    order: dict[str, int] = field(init=False, default_factory=lambda: {})
    ready: list[str] = field(init=False, default_factory=lambda: [])
    waiting: dict[tuple[str, bool], str] = field(init=False, default_factory=lambda: {})

    def __post_init__(self) -> None:
        self.fill = dict.fromkeys(self.capacity, 0)

    def load(self, traces: Mapping[str, Trace]) -> None:
        """Puts each task at the start of a trace."""
        self.stacks = {
            task: [Frame(Repeat("", 1, trace), 1)] if trace else []
            for task, trace in traces.items()
        }
        self.order = {task: position for position, task in enumerate(traces)}
        self.ready = [task for task, trace in traces.items() if trace]

    def grow(self, stream: str, depth: int) -> None:
        """Makes a FIFO deeper; a task that waits for room in it goes on."""
        self.capacity[stream] = depth
        self._wake(stream, True)

    def put(self, stream: str, number: int) -> None:
        """Adds elements that no task writes; a task that waits for one goes on."""
        self._move(stream, True, number)

    def replace(self, task: str, trace: Trace) -> None:
        """Gives a task that waits another trace, with the same accesses in an order that writes no
        later. It begins anew: what it has read is there again, what it has written it owes."""
        left = accesses_left(self.stacks[task])
        whole = Repeat("", 1, trace)
        for (stream, written), number in whole.totals.items():
            done = number - left.get((stream, written), 0)
            self.fill[stream] += -done if written else done
        self.stacks[task] = [Frame(whole, 1)]
        self.waiting = {access: name for access, name in self.waiting.items() if name != task}
        self.ready.append(task)

    def copy(self) -> "Network":
        """A network in the same state."""
        other = Network(self.capacity)
        other.fill, other.order = dict(self.fill), self.order
        other.stacks = {
            task: [Frame(frame.repeat, frame.left, frame.position) for frame in stack]
            for task, stack in self.stacks.items()
        }
        other.ready, other.waiting = list(self.ready), dict(self.waiting)
        return other

    def run(self) -> list[Blocked]:
        """Runs until nothing can go on; the tasks that have not ended, empty when all have."""
        # After R. P. Brent, An improved Monte Carlo factorization algorithm (1980), section 2: a
        # snapshot that is replaced after 1, 2, 4, ... rounds meets a period of any length.
        recent = lasting = self._snapshot()
        rounds, patience = 0, 1
        while self.ready:
            recent.moved.update(self.ready)
            lasting.moved.update(self.ready)
            self._round()
            rounds += 1
            self._skip_periods(recent)
            self._skip_periods(lasting)
            if rounds % SHORT_PERIOD == 0:
                recent = self._snapshot()
            if rounds == patience:
                lasting, patience = self._snapshot(), 2 * patience
        return [
            Blocked(task, Access(stream, written))
            for (stream, written), task in sorted(
                self.waiting.items(), key=lambda item: self.order[item[1]]
            )
        ]

    def possible(self, access: Access) -> bool:
        """Whether an access would not block now."""
        fill = self.fill[access.stream]
        return fill < self.capacity[access.stream] if access.written else fill > 0

    def _round(self) -> None:
        """Runs each task that can go on until it blocks or ends."""
        running, self.ready = sorted(self.ready, key=self.order.__getitem__), []
        for task in running:
            wait = self._advance(self.stacks[task])
            if wait is not None:
                self.waiting[wait.stream, wait.written] = task

    def _wake(self, stream: str, written: bool) -> None:
        task = self.waiting.pop((stream, written), None)
        if task is not None:
            self.ready.append(task)

    def _advance(self, stack: list[Frame]) -> Access | None:
        """Runs one task until it blocks (the access it waits for) or ends (None)."""
        while stack:
            frame = stack[-1]
            if frame.position == 0:
                frame.left -= self._whole_rounds(frame)
            if frame.left == 0:
                stack.pop()
                continue
            blocked = self._step(stack, frame)
            if blocked is not None:
                return blocked
        return None

    def _step(self, stack: list[Frame], frame: Frame) -> Access | None:
        node = frame.repeat.body[frame.position]
        if isinstance(node, Access):
            if not self.possible(node):
                return node
            self._move(node.stream, node.written, 1)
        self._next(frame)
        if isinstance(node, Repeat):
            stack.append(Frame(node, node.count))
        return None

    def _next(self, frame: Frame) -> None:
        frame.position += 1
        if frame.position == len(frame.repeat.body):
            frame.position = 0
            frame.left -= 1

    def _whole_rounds(self, frame: Frame) -> int:
        """Runs as many whole rounds as the FIFOs allow without any other task."""
        rounds = frame.left
        for (stream, written), number in frame.repeat.totals.items():
            fill = self.fill[stream]
            room = self.capacity[stream] - fill if written else fill
            rounds = min(rounds, room // number)
            if rounds <= 0:
                return 0
        for (stream, written), number in frame.repeat.totals.items():
            self._move(stream, written, rounds * number)
        return rounds

    def _move(self, stream: str, written: bool, number: int) -> None:
        self.fill[stream] += number if written else -number
        self._wake(stream, not written)

    # Skipping of steady states

    def _snapshot(self) -> "Snapshot":
        places = {
            task: [(frame.repeat, frame.left, frame.position) for frame in stack]
            for task, stack in self.stacks.items()
        }
        return Snapshot(dict(self.fill), places)

    def _skip_periods(self, before: "Snapshot") -> None:
        """Repeats what happened since `before` as often as loops and FIFOs surely allow."""
        moved: list[tuple[Frame, int]] = []
        for task in before.moved:
            frames = _moved_frames(self.stacks[task], before.places[task])
            if frames is None:
                return
            moved += frames
        times = min(((frame.left - 1) // rounds for frame, rounds in moved), default=0)
        times = min([times, *self._fifo_limits(before, moved)])
        if times <= 0:
            return
        for frame, rounds in moved:
            frame.left -= times * rounds
        for stream, fill in before.fill.items():
            self.fill[stream] += times * (self.fill[stream] - fill)

    def _fifo_limits(self, before: "Snapshot", moved: Sequence[tuple[Frame, int]]) -> Iterator[int]:
        """Repetitions that each FIFO allows whose fill has changed.

        A period of which all writes find room (all reads a value) at its start is possible, in
        whatever order they come.
        """
        traffic: dict[tuple[str, bool], int] = {}
        for frame, rounds in moved:
            for key, number in frame.repeat.totals.items():
                traffic[key] = traffic.get(key, 0) + rounds * number
        for stream, then in before.fill.items():
            now = self.fill[stream]
            if now > then:
                room = self.capacity[stream] - now - traffic[stream, True]
                yield room // (now - then)
            elif now < then:
                yield (now - traffic[stream, False]) // (then - now)


def accesses_left(frames: Iterable[Frame]) -> Totals:
    """All accesses that are still to come in the frames of a stack."""
    left: dict[tuple[str, bool], int] = {}
    for frame in frames:
        done = count_accesses(frame.repeat.body[: frame.position])
        for key, number in frame.repeat.totals.items():
            left[key] = left.get(key, 0) + frame.left * number - done.get(key, 0)
    return left


@dataclass
class Snapshot:
    """Fills and places at some moment, and the tasks that have gone on since then."""

    fill: Mapping[str, int]
    places: Mapping[str, Sequence[tuple[Repeat[Access], int, int]]]
    moved: set[str] = field(default_factory=set[str])


def _moved_frames(
    stack: Sequence[Frame], places: Sequence[tuple[Repeat[Access], int, int]]
) -> list[tuple[Frame, int]] | None:
    """The frame that has fewer rounds left than then, and how many fewer; None: another place."""
    if len(stack) != len(places):
        return None
    moved: list[tuple[Frame, int]] = []
    for frame, (repeat, left, position) in zip(stack, places, strict=True):
        if frame.repeat is not repeat or frame.position != position:
            return None
        if frame.left != left:
            moved.append((frame, left - frame.left))
    return moved if len(moved) <= 1 else None
