"""The search for the allocation with the fewest cycles a token, over all sensible ones."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from lmc.allocation.candidates import (
    Pins,
    block_choices,
    check_pins,
    chip_share,
    lane_choices,
    multipliers,
    side_choices,
    state_choices,
    state_ports,
)
from lmc.allocation.choices import Allocation, LanePort
from lmc.allocation.cost import Board, Candidate, Cost
from lmc.allocation.crossing import crossing_wires
from lmc.allocation.demand import Demand
from lmc.allocation.fit import Shortage, chip_blocks, chip_memory, shortage
from lmc.dataflow.resources.memories import URAM_SHAPE
from lmc.diagnostics import LmcError
from lmc.targets import Target

NEAR = 1.005
"""Costs that differ by less are equal: the smaller design wins."""
SHALLOW_PREFETCH = 512
"""Memory words of a lane's FIFO that BRAMs of their widest shape hold."""
_Found = tuple[float, Candidate]


@dataclass(frozen=True)
class Choice:
    """The allocation, and the cycles a token that its resources ask for."""

    allocation: Allocation
    cost: Cost


def choose(demand: Demand, target: Target, pins: Pins) -> Choice:
    """The allocation with the fewest cycles a token; the smallest of those within half a percent.

    Raises:
        LmcError: a pin names what the target lacks, the model does not fit the target's memories,
            or nothing that is allowed fits; the message says what is short by how much.
    """
    check_pins(demand, pins)
    check_capacity(demand, target)
    board = Board(target, demand)
    states = {
        at_once: state_choices(demand, target, pins, at_once)
        for at_once in block_choices(demand, pins)
    }
    found = [
        each
        for lanes in lane_choices(demand, target, pins)
        for each in _around_lanes(board, pins, lanes, states)
    ]
    if not found:
        raise LmcError(
            f"no lane of {demand.shape.word_bits // 4} multipliers fits {target.name}: its budget "
            f"is {target.budget()['lut']} LUTs and {target.budget()['dsp']} DSPs"
        )
    found = _routable(board, pins, found) or found
    least, _ = _first_that_fits(board, sorted(found, key=lambda each: each[0]))
    near = [each for each in found if each[0] <= NEAR * least]
    near.sort(key=lambda each: (_size(each[1]), each[0]))
    _, best = _first_that_fits(board, near)
    cost = board.cost(best, board.lane_phases(best.lanes))
    return Choice(_allocation(demand, target, pins, best), cost)


def _routable(board: Board, pins: Pins, found: Sequence[_Found]) -> list[_Found]:
    """Those of which so few wires cross from SLR to SLR as the target's limit says."""
    demand, target = board.demand, board.target
    if target.crossing is None:
        return list(found)
    routable: list[_Found] = []
    for each in found:
        kind = multipliers(demand, target, pins, len(each[1].lanes))
        lut = pins.product_lut(kind or "fabric")
        if crossing_wires(board, each[1], lut) <= target.crossing.wires:
            routable.append(each)
    return routable


def _first_that_fits(board: Board, found: Sequence[_Found]) -> _Found:
    """The first candidate without a shortage.

    Raises LmcError if all have one, naming the smallest shortage.
    """
    lacking: list[Shortage] = []
    for each in found:
        lack = shortage(board, each[1])
        if lack is None:
            return each
        lacking.append(lack)
    raise LmcError(min(lacking, key=lambda lack: lack.ratio).sentence)


def _around_lanes(
    board: Board,
    pins: Pins,
    lanes: tuple[LanePort, ...],
    states: Mapping[int, Sequence[Mapping[str, int]]],
) -> Iterator[_Found]:
    """All candidates with these lanes, and their cycles; `states` are banks by memory, by blocks
    at once."""
    target, phases = board.target, board.lane_phases(lanes)
    taken = Counter(lane.memory for lane in lanes)
    ports = {
        at_once: [state_ports(target, each, taken) for each in shares]
        for at_once, shares in states.items()
    }
    for at_once, side in product(states, side_choices(target, pins)):
        for places in ports[at_once]:
            candidate = Candidate(lanes, at_once, places, side)
            yield board.cycles(candidate, phases), candidate


def _size(candidate: Candidate) -> tuple[int, ...]:
    sets = [lane.sets for lane in candidate.lanes]
    return len(sets), max(sets), candidate.state_blocks, len(candidate.state_ports)


def check_capacity(demand: Demand, target: Target) -> None:
    """Raises LmcError where the target's memories can't hold the model."""
    states = demand.bank_bytes(1, 1) + demand.conv_bytes
    weights = sum(matrix.words(demand.shape, 0) for matrix in demand.matrices)
    side = demand.side.stored_bytes(demand.layers, 1)
    needed = weights * demand.shape.word_bits // 8 + states + side
    have = sum(memory.capacity_gib for memory in target.memories) * 2**30
    if needed > have:
        raise LmcError(
            f"the model takes {needed / 1e9:.2f} GB with states and embedding, and {target.name} "
            f"has {have / 1e9:.2f} GB: {(needed - have) / 1e9:.2f} GB are missing"
        )


def _allocation(demand: Demand, target: Target, pins: Pins, best: Candidate) -> Allocation:
    budget, at_once = target.budget(), best.state_blocks
    kind, urams = "uram" if budget["uram"] else "bram", budget["uram"]
    if not best.state_ports:
        kind = chip_memory(demand, target, at_once, chip_share(pins)) or kind
        urams -= chip_blocks(demand, target, at_once)["uram"] if kind == "uram" else 0
    return Allocation(
        target=target.name,
        clock_mhz=target.clock_mhz,
        port_bits=demand.shape.word_bits,
        lanes=best.lanes,
        prefetch=pins.prefetch or _prefetch(demand, best, urams),
        multipliers=multipliers(demand, target, pins, len(best.lanes)) or "fabric",
        vector_lanes=pins.vector_lanes,
        state_blocks=at_once,
        state_ports=best.state_ports,
        conv_state_port=best.state_ports[0] if best.state_ports else None,
        chip_memory=kind,
        side_port=best.side,
        calibration=pins.calibration,
    )


def _prefetch(demand: Demand, best: Candidate, urams: int) -> int:
    """Memory words of a lane's FIFO: a column of URAMs where there are enough, else BRAMs."""
    bits, depth = URAM_SHAPE
    columns = -(-demand.shape.word_bits // bits)
    return depth if len(best.lanes) * columns <= urams else SHALLOW_PREFETCH


__all__ = ["Choice", "Pins", "check_capacity", "choose"]
