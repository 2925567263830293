"""Runs of one launch with several FIFO depths, as far as sizing needs them, kept in the cache.

A run is looked up by the design's first state, which is all that the core works on:
programs, FIFOs with their depths, ports and memories. The numbers that a design computes with are
not in it, so a design of the same model with other weights has the same runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lmc.cache import Entry
from lmc.simulation.result import Result
from lmc.simulation.simulator import Simulator
from lmc.simulation.waits import DeadlockError


@dataclass(frozen=True)
class FifoUse:
    """The most elements that a FIFO held at once, and the cycles in which its ends waited."""

    most: int
    empty: int
    full: int


@dataclass(frozen=True)
class Outcome:
    """The cycles of a run and the use of its FIFOs, by stream."""

    cycles: int
    streams: Mapping[str, FifoUse]


class KeptRuns:
    """A launch that can be run with different depths."""

    def __init__(self, simulator: Simulator):
        self._simulator = simulator

    def run(self, depths: Mapping[str, int], limits: Mapping[str, int] | None = None) -> Outcome:
        """A run, as `Simulator.run` does it; raises LmcError as that does."""
        simulator = self._simulator
        memory, streams = simulator.start(depths).memory, simulator.plan.streams
        ends = "" if limits is None else "\n".join(str(limits.get(name)) for name in streams)
        entry = Entry("run", memory.tobytes(), "\n".join(streams), ends)
        kept = entry.read()
        if kept is not None:
            return _outcome(kept)
        try:
            found = _as_json(simulator.run(depths, limits=limits))
        except DeadlockError as stop:
            # Where no depth helps, the sentence is what matters, and it is said anew.
            if all(stop.full):
                entry.write({"message": str(stop), "full": stop.full})
            raise
        entry.write(found)
        return _outcome(found)


def _as_json(result: Result) -> Any:
    uses = {name: (use.most, use.empty, use.full) for name, use in result.streams.items()}
    return {"cycles": result.cycles, "streams": uses}


def _outcome(kept: Any) -> Outcome:
    if "full" in kept:
        raise DeadlockError(kept["message"], [tuple(names) for names in kept["full"]])
    uses = {name: FifoUse(*use) for name, use in kept["streams"].items()}
    return Outcome(kept["cycles"], uses)
