"""Whether a candidate fits the target: AXI masters and bytes of each channel, states on the chip.

A port of a kernel is an AXI master; each image has one in every kernel that reads or writes it.
Masters of the same channel share it, through a switch or a network, as many as a channel takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from lmc.allocation.choices import LanePort, Place
from lmc.allocation.cost import Board, Candidate
from lmc.allocation.demand import Demand
from lmc.dataflow.resources.memories import bram, uram
from lmc.targets import Target

STATE_MASTERS = 2
"""Of an image of states: one kernel reads it, another one writes it."""
STATE_IMAGES = 2
"""Of a bank of the SSM state: elements, and exponents."""


@dataclass(frozen=True)
class Shortage:
    """Something that a candidate has too little of: the ratio of what it needs to what there is,
    and a sentence."""

    ratio: float
    sentence: str


@dataclass
class ChannelLoad:
    """AXI masters that a channel of a memory serves, and the bytes that it holds."""

    masters: int = 0
    size: int = 0


def shortage(board: Board, candidate: Candidate) -> Shortage | None:
    """What a candidate lacks, the worst if it is several things; None if it fits."""
    found = [*_channels(board, candidate), *_chip(board, candidate)]
    return max(found, key=lambda one: one.ratio, default=None)


def channel_loads(board: Board, candidate: Candidate) -> dict[tuple[str, int], ChannelLoad]:
    """What a candidate asks of each channel that it uses, by memory and channel."""
    demand, loads = board.demand, dict[tuple[str, int], ChannelLoad]()

    def add(place: Place | LanePort, masters: int, size: int) -> None:
        load = loads.setdefault((place.memory, place.channel), ChannelLoad())
        load.masters += masters
        load.size += size

    sizes = _lane_sizes(demand, candidate)
    for lane in candidate.lanes:
        add(lane, 1, sizes[lane.sets])
    # Even states on the chip have an image, for the time between two launches.
    banks = candidate.state_ports or (candidate.side,)
    for place in banks:
        size = demand.bank_bytes(candidate.state_blocks, len(banks))
        add(place, STATE_IMAGES * STATE_MASTERS, size)
    add(banks[0], STATE_MASTERS * len(demand.conv_states), demand.conv_bytes)
    side = demand.side
    add(candidate.side, side.masters, side.stored_bytes(demand.layers, candidate.state_blocks))
    return loads


def chip_blocks(demand: Demand, target: Target, at_once: int) -> dict[str, int]:
    """Blocks of each kind of memory on the device that hold the states of all layers."""
    state = demand.state
    parts = [(state.steps(at_once), at_once * (state.value_bits + state.exponent_bits))]
    parts += [(conv.count, conv.bits) for conv in demand.conv_states]
    depths = [(demand.layers * count, bits) for count, bits in parts]
    blocks = {
        "uram": sum(uram(bits, depth).uram for depth, bits in depths),
        "bram36": sum(bram(bits, depth).bram36 for depth, bits in depths),
    }
    budget = target.budget()
    return {kind: ceil(count) for kind, count in blocks.items() if budget[kind]}


def chip_memory(demand: Demand, target: Target, at_once: int, share: float) -> str | None:
    """The kind of memory of which a share of the budget holds all states; None if there is none."""
    budget = target.budget()
    for kind, count in chip_blocks(demand, target, at_once).items():
        if count <= share * budget[kind]:
            return {"uram": "uram", "bram36": "bram"}[kind]
    return None


def _channels(board: Board, candidate: Candidate) -> Iterator[Shortage]:
    """Channels with too many masters or bytes, and memories with too many masters together."""
    target, loads = board.target, channel_loads(board, candidate)
    for (name, number), load in loads.items():
        memory = board.memories[name]
        place = f"{target.name}'s {name}"
        if memory.channels > 1:
            place += f" channel {number}"
        have = memory.capacity_gib * 2**30 / memory.channels
        if load.size > have:
            yield Shortage(
                load.size / have,
                f"{place} would hold {load.size / 1e6:.0f} MB, and has {have / 1e6:.0f} MB: "
                f"{ceil((load.size - have) / 1e6)} MB are missing",
            )
        if load.masters > memory.masters:
            yield _too_many(place, load.masters, memory.masters)
    used = sum(load.masters for load in loads.values())
    if target.noc is not None and used > target.noc.masters:
        yield _too_many(f"{target.name}'s network on chip", used, target.noc.masters)


def _too_many(place: str, used: int, most: int) -> Shortage:
    return Shortage(
        used / most,
        f"{place} would serve {used} AXI masters, of lanes, states and all else, and takes {most}: "
        f"{used - most} too many",
    )


def _lane_sizes(demand: Demand, candidate: Candidate) -> dict[int, int]:
    """Bytes of a lane's weights, by its sets."""
    shape = replace(demand.shape, sets=tuple(lane.sets for lane in candidate.lanes))
    first = {sets: shape.sets.index(sets) for sets in shape.sets}
    return {
        sets: sum(matrix.words(shape, lane) for matrix in demand.matrices) * shape.word_bits // 8
        for sets, lane in first.items()
    }


def _chip(board: Board, candidate: Candidate) -> Iterator[Shortage]:
    """Too few memory blocks for states on the chip."""
    demand, target = board.demand, board.target
    if candidate.state_ports or chip_memory(demand, target, candidate.state_blocks, 1.0):
        return
    budget, names = target.budget(), {"uram": "URAM", "bram36": "BRAM36"}
    need = chip_blocks(demand, target, candidate.state_blocks)
    takes = " or ".join(f"{count} {names[kind]}" for kind, count in need.items())
    have = " and ".join(f"{budget[kind]} {names[kind]}" for kind in need)
    lack = " or ".join(f"{count - budget[kind]} {names[kind]}" for kind, count in need.items())
    yield Shortage(
        min((count / budget[kind] for kind, count in need.items()), default=float("inf")),
        f"the states of all layers take {takes} on the chip, and {target.name}'s budget is {have}: "
        f"{lack} are missing",
    )
