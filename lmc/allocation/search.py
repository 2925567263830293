"""The search for the allocation with the fewest cycles a token, over all sensible ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from lmc.allocation.candidates import (
    BRAM_DEPTH,
    URAM_BITS,
    URAM_DEPTH,
    Pins,
    block_choices,
    check_pins,
    chip_blocks,
    chip_memory,
    lane_choices,
    memory_named,
    multipliers,
    side_choices,
    state_choices,
)
from lmc.allocation.choices import Allocation, LanePort
from lmc.allocation.cost import Board, Candidate, Cost
from lmc.allocation.demand import Demand
from lmc.diagnostics import LmcError
from lmc.targets import Target

NEAR = 1.005
"""Costs that differ by less are equal: the smaller design wins."""


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
    found = [
        (cost, candidate)
        for lanes in lane_choices(demand, target, pins)
        for cost, candidate in _around_lanes(board, pins, lanes)
    ]
    if not found:
        raise LmcError(
            f"no lane of {demand.shape.word_bits // 4} multipliers fits {target.name}: its budget "
            f"is {target.budget()['lut']} LUTs and {target.budget()['dsp']} DSPs"
        )
    least = min(cost.cycles for cost, _ in found)
    near = [pair for pair in found if pair[0].cycles <= NEAR * least]
    cost, best = min(near, key=lambda pair: (_size(pair[1]), pair[0].cycles))
    return Choice(_allocation(demand, target, pins, best), cost)


def _around_lanes(
    board: Board, pins: Pins, lanes: tuple[LanePort, ...]
) -> Iterator[tuple[Cost, Candidate]]:
    """All candidates with these lanes."""
    demand, target = board.demand, board.target
    phases = board.lane_phases(lanes)
    for at_once, side in product(block_choices(demand, pins), side_choices(target, pins)):
        for ports in state_choices(demand, target, pins, lanes, at_once):
            candidate = Candidate(lanes, at_once, ports, side)
            yield board.cost(candidate, phases), candidate


def _size(candidate: Candidate) -> tuple[int, ...]:
    sets = [lane.sets for lane in candidate.lanes]
    return len(sets), max(sets), candidate.state_blocks, len(candidate.state_ports)


def check_capacity(demand: Demand, target: Target) -> None:
    """Raises LmcError where the target's memories can't hold the model."""
    states = demand.layers * (demand.state.bank_bytes(1, 1) + demand.conv_state_bits // 8)
    weights = sum(matrix.words(demand.shape, 0) for matrix in demand.matrices)
    needed = weights * demand.shape.word_bits // 8 + states + demand.stored_bytes
    have = sum(memory.capacity_gib for memory in target.memories) * 2**30
    if needed > have:
        raise LmcError(
            f"the model takes {needed / 1e9:.2f} GB with states and embedding, and {target.name} "
            f"has {have / 1e9:.2f} GB: {(needed - have) / 1e9:.2f} GB are missing"
        )


def _allocation(demand: Demand, target: Target, pins: Pins, best: Candidate) -> Allocation:
    kind = chip_memory(demand, target, best.state_blocks) or "uram"
    urams = target.budget()["uram"]
    if not best.state_ports and kind == "uram":
        urams -= chip_blocks(demand, best.state_blocks, URAM_BITS, URAM_DEPTH)
    return Allocation(
        target=target.name,
        clock_mhz=round(target.clock_mhz),
        port_bits=demand.shape.word_bits,
        lanes=best.lanes,
        prefetch=pins.prefetch or _prefetch(demand, best, urams),
        multipliers=multipliers(demand, target, pins, len(best.lanes)) or "fabric",
        vector_lanes=pins.vector_lanes or 8,
        state_blocks=best.state_blocks,
        state_ports=best.state_ports,
        conv_state_port=best.state_ports[0] if best.state_ports else None,
        chip_memory=kind,
        side_port=best.side,
    )


def _prefetch(demand: Demand, best: Candidate, urams: int) -> int:
    """Memory words of a lane's FIFO: a column of URAMs where there are enough, else BRAMs."""
    each = -(-demand.shape.word_bits // URAM_BITS)
    return URAM_DEPTH if len(best.lanes) * each <= urams else BRAM_DEPTH


__all__ = ["Choice", "Pins", "check_capacity", "choose", "memory_named"]
