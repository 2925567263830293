"""Steady states: what happens again and again, exactly, is not simulated again and again.

When the same is sure to happen k times more, everything that counts or tells a time is moved k
times by the amount by which it has moved once.
"""

import numpy as np

from lmc.simulation import layout as at
from lmc.simulation.moments import Interval, normalize
from lmc.simulation.state import Records, State

SHORT_PERIOD = 16
"""Looks after which the recent snapshot is replaced."""


class Periods:
    """Watches a run whenever the core pauses, and skips periods.

    After R. P. Brent, An improved Monte Carlo factorization algorithm (1980), section 2: a snapshot
    that is replaced after 1, 2, 4, ... looks meets a period of any length.
    """

    def __init__(self, state: State):
        self._state = state
        self._recent = self._lasting = state.copy()
        self._looks, self._patience = 0, 1
        self.skipped = 0
        """Cycles that were not simulated."""

    def look(self) -> None:
        """Skips as many periods as are sure to come."""
        self._looks += 1
        for before in (self._recent, self._lasting):
            interval = Interval(before, self._state)
            if not interval.may_repeat():
                continue
            normalize(self._state)
            times = interval.repetitions()
            if times > 0:
                self.skipped += times * interval.cycles
                _repeat(interval, times)
                self._recent = self._lasting = self._state.copy()
                return
        if self._looks % SHORT_PERIOD == 0:
            self._recent = self._snapshot()
        if self._looks == self._patience:
            self._lasting, self._patience = self._snapshot(), 2 * self._patience

    def _snapshot(self) -> State:
        normalize(self._state)
        return self._state.copy()


def _repeat(interval: Interval, times: int) -> None:
    """Moves a run on by `times` of what happened in the interval."""
    before, m = interval.before, interval.after
    for task in np.flatnonzero(m.tasks["mode"] == at.IN_PIPELINE):
        shift, delay = interval.shift(int(task))
        rings = m.pairs[m.task_pairs(int(task)), at.ENTRIES :]
        rings[:, 0::2] += times * shift
        rings[:, 1::2] += times * delay
    _repeat_marks(interval, times)
    _move(before.tasks, m.tasks, times, "since", "start", "marks")
    _move(before.points, m.points, times, "base", "delay", "carry", "since")
    _move(before.fifos, m.fifos, times, "written", "read", "empty", "full")
    for name in ("last_write", "last_read"):
        # The last one of the period is the last one of its repetitions too.
        again = m.fifos[name] != before.fifos[name]
        m.fifos[name] += times * interval.cycles * again
    _move(before.ports, m.ports, times, "left", "ready", "since", "last")
    _move(before.ports, m.ports, times, "words", "bursts", "waited", "latent")
    _move(before.channels, m.channels, times, "last")
    m.stacks[:] += times * (m.stacks - before.stacks)
    m.alarms[:] += times * (m.alarms - before.alarms)
    m.memory[at.NOW] += times * interval.cycles


def _move(before: Records, after: Records, times: int, *names: str) -> None:
    for name in names:
        after[name] += times * (after[name] - before[name])


def _repeat_marks(interval: Interval, times: int) -> None:
    """The times at which rounds of outermost loops end in the repeated periods."""
    memory = interval.after.memory
    for old, new in zip(interval.before.tasks["marks"], interval.after.tasks["marks"], strict=True):
        marks = memory[old:new]
        later = marks + interval.cycles * np.arange(1, times + 1)[:, None]
        memory[new : new + later.size] = later.ravel()
