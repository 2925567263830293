"""Cycles a token of a candidate, by what bounds them. Stalls are `lmc simulate`'s business.

A token is a sequence of phases, one for each linear layer. A phase takes as long as the slowest of
its memory channels, ports and units; states and everything beside the weights move in the first
one of a layer, while the state is updated. Prefetching may overlap phases, which is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lmc.allocation.choices import LanePort, Place
from lmc.allocation.demand import Demand, MatrixDemand
from lmc.memory_layout.tiling import MatrixUnitShape
from lmc.memory_layout.words import WORD_BITS
from lmc.targets import Memory, Target


@dataclass(frozen=True)
class Candidate:
    """A possible allocation: lanes, blocks of the state at once, where states and the rest are."""

    lanes: tuple[LanePort, ...]
    state_blocks: int
    state_ports: tuple[Place, ...]
    side: Place


@dataclass(frozen=True)
class PhaseCost:
    """A phase over all layers: its cycles, and what asks for them."""

    phase: str
    cycles: float
    reason: str


@dataclass(frozen=True)
class Cost:
    """The phases of a token."""

    phases: tuple[PhaseCost, ...]

    @property
    def cycles(self) -> float:
        """Cycles of a token."""
        return sum(phase.cycles for phase in self.phases)


Traffic = dict[tuple[str, int], float]
"""Cycles that a memory's channel is busy with, by memory and channel."""


@dataclass(frozen=True)
class _Phase:
    """What a phase takes whatever else there is beside the lanes."""

    matrix: MatrixDemand
    traffic: Traffic
    units: dict[str, float]


@dataclass(frozen=True)
class _LanePhases:
    """The phases of some lanes: the first without states and the rest, and those after it."""

    first: _Phase
    others: tuple[PhaseCost, ...]


@dataclass(frozen=True)
class Board:
    """A target and a demand, with what all candidates share worked out once."""

    target: Target
    demand: Demand

    @cached_property
    def memories(self) -> dict[str, Memory]:
        """Memories by name."""
        return {memory.name: memory for memory in self.target.memories}

    @cached_property
    def _rates(self) -> dict[str, float]:
        """Sustained bytes a cycle of one channel of each memory."""
        mhz = self.target.clock_mhz
        return {
            name: memory.sustained_gbps * 1e3 / mhz / memory.channels
            for name, memory in self.memories.items()
        }

    @cached_property
    def _side_bytes(self) -> dict[int, int]:
        """Bytes of a token at the side port, by the blocks of the state in a cycle."""
        demand, blocks = self.demand, self.demand.state.blocks
        return {
            at_once: demand.side.token_bytes(demand.layers, at_once)
            for at_once in range(1, blocks + 1)
            if blocks % at_once == 0 and demand.side.fits_words(at_once)
        }

    @cached_property
    def _known_banks(self) -> dict[tuple[int, int], tuple[int, float]]:
        return {}

    def _bank(self, at_once: int, banks: int) -> tuple[int, float]:
        """Bytes of the states in one of `banks` banks, and words of their values."""
        found = self._known_banks.get((at_once, banks))
        if found is None:
            values, _ = self.demand.state.bank(at_once, banks)
            words = self.demand.layers * values.size * 8 / WORD_BITS
            found = self.demand.bank_bytes(at_once, banks), words
            self._known_banks[at_once, banks] = found
        return found

    @cached_property
    def _conv_bytes(self) -> int:
        return self.demand.conv_bytes

    def lane_phases(self, lanes: Sequence[LanePort]) -> _LanePhases:
        """All phases with the traffic of these lanes alone."""
        shape = replace(self.demand.shape, sets=tuple(lane.sets for lane in lanes))
        first, *others = (self._lane_phase(each, shape, lanes) for each in self.demand.matrices)
        return _LanePhases(first, tuple(map(_phase_cost, others)))

    def _lane_phase(
        self, matrix: MatrixDemand, shape: MatrixUnitShape, lanes: Sequence[LanePort]
    ) -> _Phase:
        traffic = Traffic()
        units: dict[str, float] = {"the matrix unit": matrix.cycles(shape)}
        words: dict[int, int] = {}
        for index, lane in enumerate(lanes):
            if lane.sets not in words:
                words[lane.sets] = matrix.words(shape, index)
            count = words[lane.sets]
            self._add(traffic, lane, count * shape.word_bits / 8)
            label = f"a port of {lane.memory}"
            cycles = count * self._word_cycles(lane.memory, shape.word_bits)
            units[label] = max(units.get(label, 0.0), cycles)
        return _Phase(matrix, traffic, units)

    def cost(self, candidate: Candidate, phases: _LanePhases) -> Cost:
        """The cost of a candidate whose lanes have these phases."""
        first = _phase_cost(self._with_states(candidate, phases.first))
        return Cost((first, *phases.others))

    def cycles(self, candidate: Candidate, phases: _LanePhases) -> float:
        """The cycles of `cost` alone: of most candidates nobody asks for the reasons."""
        first = self._with_states(candidate, phases.first)
        busiest = max(max(first.traffic.values()), max(first.units.values()))
        return sum((phase.cycles for phase in phases.others), start=busiest)

    def _with_states(self, candidate: Candidate, phase: _Phase) -> _Phase:
        demand, at_once = self.demand, candidate.state_blocks
        traffic, units = dict(phase.traffic), dict(phase.units)
        units["the state update"] = demand.layers * demand.state.steps(at_once)
        banks = len(candidate.state_ports)
        for place in candidate.state_ports:
            size, words = self._bank(at_once, banks)
            self._add(traffic, place, 2 * size)
            cycles = words * self._word_cycles(place.memory, WORD_BITS)
            label = f"a state's port of {place.memory}"
            units[label] = max(units.get(label, 0.0), cycles)
        if banks:
            self._add(traffic, candidate.state_ports[0], 2 * self._conv_bytes)
        self._add(traffic, candidate.side, self._side_bytes[at_once])
        return _Phase(phase.matrix, traffic, units)

    def _add(self, traffic: Traffic, place: Place | LanePort, size: float) -> None:
        key = (place.memory, place.channel)
        traffic[key] = traffic.get(key, 0.0) + size / self._rates[place.memory]

    def _word_cycles(self, memory: str, word_bits: int) -> float:
        """Cycles that a port needs for a word."""
        rate = self.memories[memory].port_gbps
        if rate is None:
            return 1.0
        return max(1.0, word_bits / 8 * self.target.clock_mhz / (rate * 1e3))


def _phase_cost(phase: _Phase) -> PhaseCost:
    busy = {
        f"{memory} channel {channel}": cycles for (memory, channel), cycles in phase.traffic.items()
    }
    cycles, reason = max((cycles, name) for name, cycles in (busy | phase.units).items())
    return PhaseCost(phase.matrix.name, cycles, reason)
