"""Two moments of a run: did something happen between them that can happen again?

It can if the state is what it was, times taken relative to now, but for fewer rounds left in one
loop (or fewer words in the burst) of a task or of an access point. It then happens again until one
of these loops is in its last round.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lmc.simulation import layout as at
from lmc.simulation.state import Ints, Records, State

Moved: TypeAlias = list[tuple[int, int]]
"""Of each loop with fewer rounds left: those left now, and how many fewer they are."""


def normalize(m: State) -> None:
    """One form of what has several: credits as of now, delays that can't matter any more."""
    for buckets in (m.channels, m.ports):
        earned = buckets["credit"] + buckets["rate"] * (m.now - buckets["last"])
        buckets["credit"] = np.minimum(buckets["cap"], earned)
        buckets["last"] = m.now
    m.ports["ready"] = np.maximum(m.ports["ready"], m.now)
    for task in np.flatnonzero(m.tasks["mode"] == at.IN_PIPELINE):
        points = m.points[m.task_points(int(task))]
        waiting = points[points["base"] < at.FOREVER]
        # A delay below that of all accesses to come delays none of them.
        least = np.maximum(waiting["delay"], waiting["carry"]).min()
        points["delay"] = np.maximum(points["delay"], least)
        points["carry"] = np.maximum(points["carry"], least)


@dataclass(frozen=True)
class Interval:
    """What happened between two moments of a run; both are normalized but for `may_repeat`."""

    before: State
    after: State

    @property
    def cycles(self) -> int:
        """How long it took."""
        return self.after.now - self.before.now

    def may_repeat(self) -> bool:
        """Whether what `normalize`, which takes longer, leaves as it is does not rule it out."""
        a, b = self.before, self.after
        return (
            _equal(a.tasks, b.tasks, "pc", "sp", "mode", "awaits")
            and _equal(a.fifos, b.fifos, "reader", "writer")
            and _equal(a.ports, b.ports, "mode")
            and _equal(a.channels, b.channels, "turn")
        )

    def repetitions(self) -> int:
        """How often the same is sure to happen again; 0 if the moments differ."""
        if not self.may_repeat() or not self._same():
            return 0
        limits = self._draining()
        if limits is None:
            return 0
        for task in range(len(self.after.tasks)):
            moved = self._moved(task)
            if moved is None:
                return 0
            limits += [(left - 1) // rounds for left, rounds in moved]
        return min(limits, default=0)

    def shift(self, task: int) -> tuple[int, int]:
        """By how much a pipeline's issue times are later, and its delays longer."""
        if self._stands_still(task):
            return 0, 0
        points = self.after.task_points(task)
        old, new = self.before.points[points], self.after.points[points]
        first = int(np.argmax(new["base"] < at.FOREVER))
        shift = int(new["base"][first] - old["base"][first])
        return shift, self.cycles - shift

    # What must be the same

    def _same(self) -> bool:
        a, b = self.before, self.after
        blocked, busy = b.tasks["awaits"] > 0, b.ports["left"] > 0
        return (
            np.array_equal(_on_their_way(a), _on_their_way(b))
            and _equal(a.ports, b.ports, "credit")
            and _equal(a.channels, b.channels, "credit")
            and np.array_equal(a.ports["left"] > 0, busy)
            and np.array_equal(a.ports["fifo"][busy], b.ports["fifo"][busy])
            and np.array_equal(a.alarms >= at.FOREVER, b.alarms >= at.FOREVER)
            and self._on_time(a.alarms, b.alarms, b.alarms < at.FOREVER)
            and self._waits(a.tasks["since"], b.tasks["since"], blocked)
            and self._waits(a.ports["since"], b.ports["since"], b.ports["mode"] != at.IDLE)
            and self._on_time(a.ports["ready"], b.ports["ready"], busy)
        )

    def _on_time(self, before: Ints, after: Ints, where: NDArray[np.bool_]) -> bool:
        """Whether times have moved with the clock."""
        return bool(((after - before)[where] == self.cycles).all())

    def _waits(self, before: Ints, after: Ints, where: NDArray[np.bool_]) -> bool:
        """Whether waits have begun in step with the clock, or are the same ones."""
        moved = (after - before)[where]
        return bool(((moved == self.cycles) | (moved == 0)).all())

    def _draining(self) -> list[int] | None:
        """How often each FIFO that has lost elements can do so again; None where one has gained.

        Nothing changes by its lower fill as long as nobody has waited for it, and all reads of a
        period find elements in it whatever is written meanwhile.
        """
        a, b = self.before.fifos, self.after.fifos
        change = _fill(self.after) - _fill(self.before)
        moving = change != 0
        if not moving.any():
            return []
        waited = (a["empty"] != b["empty"]) | (a["full"] != b["full"])
        waited |= np.isin(np.arange(len(b)), list(self.after.awaited_fifos()))
        if (waited & moving).any() or (change > 0).any():
            return None
        # Elements written shortly before a read are not there yet.
        spare = _fill(self.after) - (b["read"] - a["read"]) - b["link"]
        return [
            int(left // -drained)
            for left, drained in zip(spare[moving], change[moving], strict=True)
        ]

    # What may have fewer rounds left

    def _moved(self, task: int) -> Moved | None:
        """The loops of a task that have moved; None: what they did can't be repeated."""
        moved = self._moved_counters(task, self.after.tasks["sp"][task])
        if moved is None:
            return None
        owner = self.after.places["tasks"].address(task)
        ports = (self.after.ports["owner"] == owner) & (self.after.ports["left"] > 0)
        for left, then in zip(
            self.after.ports["left"][ports], self.before.ports["left"][ports], strict=True
        ):
            if left != then:
                moved.append((int(left), int(then - left)))
        if any(rounds < 0 for _, rounds in moved) or len(moved) > 1:
            return None
        if self.after.tasks["mode"][task] != at.IN_PIPELINE:
            return moved
        return self._moved_points(task, moved)

    def _moved_counters(self, row: int, end: int) -> Moved | None:
        """The loop counter of a row that has moved, below the address `end`."""
        place = self.after.places["stacks"]
        depth = end - place.address(row)
        now, then = self.after.stacks[row, :depth], self.before.stacks[row, :depth]
        moved = [(int(left), int(old - left)) for left, old in zip(now, then, strict=True)]
        moved = [(left, rounds) for left, rounds in moved if rounds]
        return moved if len(moved) <= 1 and all(rounds > 0 for _, rounds in moved) else None

    def _moved_points(self, task: int, around: Moved) -> Moved | None:
        """What has moved inside of a pipeline; nothing may if a loop around it has."""
        if not self._same_pipeline(task, restarted=bool(around)):
            return None
        points, tasks = self.after.task_points(task), len(self.after.tasks)
        inside: Moved = []
        for number in range(points.start, points.stop):
            moved = self._moved_counters(tasks + number, self.after.points["sp"][number])
            if moved is None:
                return None
            inside += moved
        return None if around and inside else around + inside

    def _same_pipeline(self, task: int, *, restarted: bool) -> bool:
        a, b = self.before, self.after
        if a.tasks["inside"][task] != b.tasks["inside"][task]:
            return False
        if not restarted and self._stands_still(task):
            return True
        points = b.task_points(task)
        old, new = a.points[points], b.points[points]
        shift, delay = self.shift(task)
        waits, blocked = new["base"] < at.FOREVER, new["awaits"] > 0
        return (
            b.tasks["start"][task] - a.tasks["start"][task] == (shift if restarted else 0)
            and np.array_equal(old["base"] < at.FOREVER, waits)
            and _equal(old, new, "pc", "sp", "awaits")
            and _equal(old[waits], new[waits], "group")
            and bool((new["base"] - old["base"] == shift)[waits].all())
            and bool((new["delay"] - old["delay"] == delay).all())
            and bool((new["carry"] - old["carry"] == delay).all())
            and self._waits(old["since"], new["since"], blocked)
            and self._same_history(task, shift, delay)
        )

    def _stands_still(self, task: int) -> bool:
        """Whether a pipeline has waited all the time, so long that only its waiting matters."""
        a, b = self.before, self.after
        points, pairs = b.task_points(task), b.task_pairs(task)
        if (
            b.alarms[task] < at.FOREVER
            or not np.array_equal(a.points[points], b.points[points])
            or not np.array_equal(a.pairs[pairs], b.pairs[pairs])
        ):
            return False
        if b.stalls:
            return True
        late = max(
            [
                *(int(b.points[name][points].max()) for name in ("delay", "carry")),
                *(int(delay) for pair in b.pairs[pairs] for _, delay in _entries(pair)),
            ]
        )
        waiting = b.points[points][b.points["base"][points] < at.FOREVER]
        return bool((waiting["base"] + waiting["offset"] + late <= a.now).all())

    def _same_history(self, task: int, shift: int, delay: int) -> bool:
        pairs = self.after.task_pairs(task)
        for old, new in zip(self.before.pairs[pairs], self.after.pairs[pairs], strict=True):
            then, now = _entries(old), _entries(new)
            if len(then) != len(now) or not np.array_equal(then + np.array((shift, delay)), now):
                return False
        return True


def _equal(before: Records, after: Records, *names: str) -> bool:
    return all(np.array_equal(before[name], after[name]) for name in names)


def _fill(m: State) -> Ints:
    return m.fifos["written"] - m.fifos["read"]


def _on_their_way(m: State) -> Ints:
    """For each FIFO, the writes whose elements can't be read in the next cycle: bit i is that i
    cycles ago."""
    fifos = m.fifos
    age = np.minimum(m.now - fifos["last_write"], fifos["link"])
    return (fifos["recent"] << age) & ((1 << (fifos["link"] - 1)) - 1)


def _entries(pair: Ints) -> Ints:
    """What a pair's ring holds, oldest first: rows of (base, delay)."""
    ring = pair[at.ENTRIES :].reshape(-1, 2)
    return ring[(pair[at.HELD] + np.arange(pair[at.COUNT])) % len(ring)]
