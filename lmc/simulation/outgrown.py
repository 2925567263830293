"""When a run has shown which FIFOs outgrow their limits, and need not go on."""

from collections.abc import Mapping, Sequence

import numpy as np

from lmc.simulation.state import State

_FIRST_LOOK = 1 << 16
"""Cycles before the first look. Shorter launches are run to their end."""


class Outgrown:
    """Looks at a run after 2^16, 2^17, ... cycles.

    A design does the same layer after layer, so the FIFOs that outgrow their limits do so early,
    within a few layers of each other. That is over once as many cycles again have brought no more.
    """

    def __init__(self, streams: Sequence[str], limits: Mapping[str, int]):
        """Take limits in elements; streams without one may hold any number."""
        most = np.iinfo(np.int64).max
        self._limits = np.array([limits.get(name, most) for name in streams], np.int64)
        self._seen = np.zeros(len(streams), np.bool_)
        self.next_look = _FIRST_LOOK
        """The cycle to look after."""

    def is_known(self, state: State) -> bool:
        """Whether some FIFOs have outgrown their limits, and none since the look before."""
        if state.soon <= self.next_look:
            return False
        now = state.fifos["most"] > self._limits
        known = bool(now.any() and np.array_equal(now, self._seen))
        self._seen, self.next_look = now, 2 * max(self.next_look, state.now)
        return known
