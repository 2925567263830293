"""FIFO depths with which a design is as fast as with FIFOs that never fill.

With unbounded FIFOs a FIFO's largest fill is enough: with that depth nothing ever happens later
(self-timed execution; S. Stuijk, M. Geilen, T. Basten, Throughput-buffering trade-off exploration
for cyclo-static and synchronous dataflow graphs, IEEE Trans. Computers 57 (2008), section 4). But
what comes from memory runs ahead of its use as far as it can, so FIFOs that would get large begin
small and grow as long as that makes the design faster; whether any depth does is tried first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lmc.simulation.kept_runs import KeptRuns, Outcome
from lmc.simulation.simulator import Simulator
from lmc.simulation.waits import DeadlockError

UNBOUNDED = 1 << 40
SMALL_BITS = 72 * 1024
"""A FIFO of up to two BRAMs is small."""
FIRST = 32
"""The depth with which a large FIFO begins, if it is not given."""
GROWTH = 4
"""A large FIFO that stalls the design grows by this factor."""
MOST = 4096
"""A large FIFO does not grow beyond this depth: as deep as URAMs are."""
WORTH = 0.002
"""The least gain, as a share of the cycles, that larger FIFOs are worth."""


@dataclass(frozen=True)
class Fifo:
    """A FIFO to be sized: bits of an element, its least depth, and whether that is given."""

    bits: int
    least: int
    is_given: bool = False


Fits = Callable[[Mapping[str, int]], bool]
"""Whether there is room for FIFOs of these depths."""


def throughput_depths(
    simulator: Simulator, fifos: Mapping[str, Fifo], fits: Fits = lambda _depths: True
) -> dict[str, int]:
    """The depth of each FIFO; large ones only where they pay and fit.

    Raises:
        LmcError: the design stops whatever the depths are.
    """
    trial = _Trial(KeptRuns(simulator), fifos)
    best = trial.run()
    least = trial.bounded(best)
    kept, result = dict(trial.large), least
    may_grow = least.cycles > best.cycles * (1 + WORTH) and _pays(trial.deepest(), least)
    while may_grow and least.cycles > best.cycles * (1 + WORTH):
        grown = {
            name: min(GROWTH * depth, MOST)
            for name, depth in trial.large.items()
            if _stalls(result, name) and depth < min(MOST, best.streams[name].most)
        }
        if not grown or not fits(_depths(fifos, {**trial.large, **grown}, result)):
            break
        trial.large.update(grown)
        result = trial.bounded(trial.run(trial.limits))
        if _pays(result, least):
            kept, least = dict(trial.large), result
    return _depths(fifos, kept, least)


def _pays(larger: Outcome, least: Outcome) -> bool:
    """Whether the larger FIFOs of a run are worth it."""
    return larger.cycles < least.cycles * (1 - WORTH)


def _depths(fifos: Mapping[str, Fifo], large: Mapping[str, int], result: Outcome) -> dict[str, int]:
    """What large FIFOs have, and others have held."""
    return {
        name: large.get(name, max(fifo.least, result.streams[name].most))
        for name, fifo in fifos.items()
    }


@dataclass
class _Trial:
    """Runs of a design, with the depths of large FIFOs found so far; others are unbounded."""

    runs: KeptRuns
    fifos: Mapping[str, Fifo]
    large: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def free(self) -> dict[str, int]:
        """Depths with nothing bounded but what is given."""
        return {
            name: fifo.least if fifo.is_given else UNBOUNDED for name, fifo in self.fifos.items()
        }

    @property
    def limits(self) -> dict[str, int]:
        """The most elements that FIFOs may hold without being large; large ones may hold any."""
        return {
            name: SMALL_BITS // fifo.bits
            for name, fifo in self.fifos.items()
            if name not in self.large and not fifo.is_given
        }

    def bounded(self, result: Outcome, first: int = FIRST) -> Outcome:
        """The first run after `result` in which only those in `large` would get large.

        Those that it adds begin with the depth `first`. The runs before it end as soon as they have
        shown which others would.
        """
        while True:
            new = [name for name, most in self.limits.items() if result.streams[name].most > most]
            if not new:
                return result
            self.large.update((name, max(first, self.fifos[name].least)) for name in new)
            result = self.run(self.limits)

    def deepest(self) -> Outcome:
        """A run with all large FIFOs as deep as they may get, those that get large in it too.

        No growth gains more, but for the order in which tasks get at a memory.
        """
        deep = {name: max(depth, MOST) for name, depth in self.large.items()}
        trial = _Trial(self.runs, self.fifos, deep)
        return trial.bounded(trial.run(trial.limits), MOST)

    def run(self, limits: Mapping[str, int] | None = None) -> Outcome:
        """A run; FIFOs that stop it, given ones too, are doubled and from then on large.

        With limits it ends early if FIFOs outgrow them.
        """
        while True:
            try:
                return self.runs.run({**self.free, **self.large}, limits)
            except DeadlockError as stop:
                depths = {**self.free, **self.large}
                self.large.update((name, 2 * depths[name]) for name in stop.to_deepen(depths))


def _stalls(result: Outcome, name: str) -> bool:
    """Whether both ends of a FIFO have waited: its depth matters."""
    use = result.streams[name]
    return use.full > 0 and use.empty > 0
