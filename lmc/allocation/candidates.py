"""All sensible allocations of a target, with what the user has pinned taken as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from lmc.allocation.choices import VECTOR_LANES, LanePort, Place
from lmc.allocation.demand import Demand
from lmc.allocation.fit import chip_memory
from lmc.dataflow.resources.calibrated import sum_of_parts
from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import AddOp, Calibration, MulOp
from lmc.memory_layout.words import WORD_BITS
from lmc.targets import Memory, Target

MOST_SETS = 8
"""Sets of rows of a lane: each has accumulators of its own, and a way to them."""
MOST_LANES = 64
LUT_PRODUCT, LUT_SUM = 54, 14
"""LUTs of a product of a 4-bit and an 8-bit number, and of its share of the adder tree
(docs/resources.md)."""
LUT_PER_PACKED = 9
"""LUTs of that share where products are packed in pairs into DSPs (docs/resources.md)."""
LANE_SHARE = 0.6
"""Share of the budget of LUTs or DSPs that lanes may take; the rest is for all other units."""
CHIP_SHARE = 0.5
"""Share of the budget of a kind of memory that states may take without being told to."""
BANKS = (1, 2, 4)
"""Numbers of banks that the SSM state is shared by."""


@dataclass(frozen=True)
class Pins:
    """What the user has decided; None: the search decides.

    `state` is empty for states on the chip; otherwise (memory, banks) pairs.
    """

    lanes: tuple[LanePort, ...] | None = None
    state: tuple[tuple[str, int], ...] | None = None
    state_blocks: int | None = None
    side: str | None = None
    vector_lanes: int = VECTOR_LANES
    prefetch: int | None = None
    multipliers: str | None = None
    calibration: Calibration | None = None
    """What estimates are multiplied by."""

    def product_lut(self, kind: str) -> float:
        """LUTs of a product of the matrix unit with its share of the sum, made of `fabric` or of
        `dsp`."""
        product = Resources(lut=LUT_PRODUCT if kind == "fabric" else 0)
        share = Resources(lut=LUT_SUM if kind == "fabric" else LUT_PER_PACKED)
        parts = {MulOp.name: product, AddOp.name: share}
        return sum_of_parts(parts, self.calibration).lut


def lane_choices(demand: Demand, target: Target, pins: Pins) -> Iterator[tuple[LanePort, ...]]:
    """Lanes: ports of each memory, and the sets of rows of a lane of one."""
    if pins.lanes is not None:
        yield pins.lanes
        return
    choices = [_memory_choices(memory) for memory in target.memories]
    for combination in product(*choices):
        pairs = zip(target.memories, combination, strict=True)
        used = [(memory, ports, sets) for memory, (ports, sets) in pairs if ports]
        multiples = {sets for _, _, sets in used}
        is_reduced = len(multiples) > 1 or multiples == {1}
        lanes = sum(ports for _, ports, _ in used)
        if used and is_reduced and lanes <= MOST_LANES and multipliers(demand, target, pins, lanes):
            yield tuple(
                LanePort(memory=memory.name, channel=port % memory.channels, sets=sets)
                for memory, ports, sets in used
                for port in range(ports)
            )


def multipliers(demand: Demand, target: Target, pins: Pins, lanes: int) -> str | None:
    """What multiplies in that many lanes: DSPs if they are enough, else LUTs; None: too many."""
    if pins.multipliers is not None:
        return pins.multipliers
    budget, products = target.budget(), lanes * demand.shape.word_bits // 4
    if products // 2 <= LANE_SHARE * budget["dsp"] and demand.shape.rows % 2 == 0:
        return "dsp"
    lut = products * pins.product_lut("fabric")
    return "fabric" if lut <= LANE_SHARE * budget["lut"] else None


def _memory_choices(memory: Memory) -> list[tuple[int, int]]:
    """(ports, sets of rows of each lane) of a memory; (0, 0): no lanes."""
    most = memory.ports
    counts = {most, most - 1, most - most // 8, most // 2, 1}
    ports = sorted(count for count in counts if count > 0)
    return [(0, 0), *product(ports, range(1, MOST_SETS + 1))]


def side_choices(target: Target, pins: Pins) -> list[Place]:
    """Where the rest may be: the last channel of a memory."""
    names = [memory.name for memory in target.memories] if pins.side is None else [pins.side]
    memories = [target.memory(name) for name in names]
    return [Place(memory=memory.name, channel=memory.channels - 1) for memory in memories]


def block_choices(demand: Demand, pins: Pins) -> list[int]:
    """Blocks of the SSM state that can be updated in a cycle."""
    if pins.state_blocks is not None:
        return [pins.state_blocks]
    powers = [2**n for n in range(demand.state.blocks.bit_length())]
    return [count for count in powers if demand.state.blocks % count == 0]


def state_choices(demand: Demand, target: Target, pins: Pins, at_once: int) -> list[dict[str, int]]:
    """Banks of the SSM state by memory; none: on the chip."""
    found = [
        shares
        for shares in _shares(target, pins)
        if demand.fits_words(at_once, sum(shares.values()))
    ]
    # A launch loads a state on the chip from one bank, and saves it there.
    can_load = demand.fits_words(at_once, 1)
    share = chip_share(pins)
    if pins.state == () or (share and chip_memory(demand, target, at_once, share)):
        found += [{}] * can_load
    return found


def state_ports(
    target: Target, shares: Mapping[str, int], taken: Mapping[str, int]
) -> tuple[Place, ...]:
    """Where the banks are: channels behind those of the lanes, of which each memory has `taken`.

    Where some are left, states have them alone.
    """
    return tuple(
        Place(memory=name, channel=(taken.get(name, 0) + bank) % target.memory(name).channels)
        for name, banks in shares.items()
        for bank in range(banks)
    )


def chip_share(pins: Pins) -> float:
    """The share of the memory on the chip that states may take: all if they are pinned there."""
    return CHIP_SHARE if pins.state is None else float(pins.state == ())


def _shares(target: Target, pins: Pins) -> Iterator[dict[str, int]]:
    """Banks by memory."""
    if pins.state is not None:
        yield from [dict(pins.state)] if pins.state else []
        return
    names = [memory.name for memory in target.memories]
    for counts in product(range(max(BANKS) + 1), repeat=len(names)):
        if sum(counts) in BANKS:
            yield {name: count for name, count in zip(names, counts, strict=True) if count}


def check_pins(demand: Demand, pins: Pins) -> None:
    """Raises LmcError where blocks of the SSM state are too wide, or pins do not divide a row."""
    blocks, at_once = demand.state.blocks, pins.state_blocks
    parameters = [each.packed.bits for each in demand.side.parameters if each.by_block]
    for what, bits in (("", demand.state.value_bits), ("'s decay", max(parameters, default=0))):
        if bits > WORD_BITS:
            raise LmcError(
                f"a block of the SSM state{what} has {bits} bits, and at most {WORD_BITS} can be "
                "lowered: use a smaller group"
            )
    if at_once is not None and blocks % at_once:
        raise LmcError(
            f"a row of the SSM state has {blocks} blocks, which state_blocks={at_once} does not "
            "divide"
        )
    banks = sum(count for _, count in pins.state or ()) or 1
    choices = block_choices(demand, pins)
    if not any(demand.state.fits_banks(count, banks) for count in choices):
        raise LmcError(
            f"the SSM state does not fit {banks} banks: they share evenly the blocks of a cycle, "
            f"{max(choices)} at most, and each takes up to {WORD_BITS} bits"
        )
    if not any(demand.fits_words(count, banks) for count in choices):
        raise LmcError(
            f"the decay of {min(choices)} blocks of the SSM state takes "
            f"{min(choices) * max(parameters)} bits, and a word of memory has {WORD_BITS}: "
            "update fewer in a cycle"
        )
