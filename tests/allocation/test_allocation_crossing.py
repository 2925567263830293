"""Lanes that find no room in the SLR of their memory cost wires across its boundary."""

from dataclasses import replace

import pytest
from small_boards import SHAPE, board, demand, matrix, memory

from lmc.allocation import LanePort, Place
from lmc.allocation.candidates import LUT_PER_PACKED, Pins
from lmc.allocation.cost import Board, Candidate
from lmc.allocation.crossing import LANES_OF_SLR, SHIFT_LUT, crossing_wires, lane_lut
from lmc.allocation.search import choose
from lmc.dataflow.wires import HANDSHAKE
from lmc.targets import Crossing, Slr, Target

ROOM = 3
"""Lanes for which SLR0 has LUTs."""
ASKED = demand(matrix(4096, 4096))


def two_dies(wires: int) -> Target:
    """Eight channels at SLR0, one at SLR1."""
    lane = lane_lut(SHAPE, LUT_PER_PACKED)
    plain = board(memory("HBM", 80, 8, 8), memory("DDR", 1, 1), dsp=8000)
    most = plain.resources.model_dump(exclude={"source", "lut"})
    luts = {"SLR0": int((ROOM + 0.5) * lane / LANES_OF_SLR / plain.limits.lut), "SLR1": 10**6}
    hbm, ddr = plain.memories
    return plain.model_copy(
        update={
            "slrs": [Slr(name=name, lut=lut, source="", **most) for name, lut in luts.items()],
            "crossing": Crossing(wires=wires, source=""),
            "memories": [
                hbm.model_copy(update={"slr": "SLR0"}),
                ddr.model_copy(update={"slr": "SLR1"}),
            ],
        }
    )


def lanes(count: int) -> tuple[LanePort, ...]:
    return tuple(LanePort(memory="HBM", channel=channel) for channel in range(count))


def wires(count: int, state: tuple[Place, ...], side: str) -> int:
    candidate = Candidate(lanes(count), 2, state, Place(memory=side))
    return crossing_wires(Board(two_dies(0), ASKED), candidate, LUT_PER_PACKED)


def test_nothing_crosses_while_there_is_room() -> None:
    assert wires(ROOM, (Place(memory="HBM", channel=7),), "HBM") == 0


def test_words_of_lanes_cross_and_what_lies_behind_the_full_slr() -> None:
    spilled = 2
    port = SHAPE.word_bits + 79 + 5
    weights = spilled * port
    between = 2 * (SHAPE.tile_bits + HANDSHAKE)
    assert wires(ROOM + spilled, (Place(memory="DDR"),), "DDR") == weights + between
    # Two blocks of 64 bits and an exponent of 4, elements and exponents apart, there and back.
    state, conv = 2 * (2 * (64 + 4) + 2 * HANDSHAKE), 2 * (384 + HANDSHAKE)
    found = wires(ROOM + spilled, (Place(memory="HBM", channel=7),), "DDR")
    assert found == weights + between + state + conv


def test_small_blocks_take_more_of_a_lane() -> None:
    """Each block of a tile has an exponent, by which its sums are shifted, row by row."""
    small = replace(SHAPE, block=SHAPE.block // 4)
    more = SHIFT_LUT * SHAPE.rows * (small.blocks - SHAPE.blocks)
    assert lane_lut(small, LUT_PER_PACKED) == lane_lut(SHAPE, LUT_PER_PACKED) + more


@pytest.mark.parametrize(("most", "at_most"), [(100_000, 8), (2_500, ROOM + 4), (0, ROOM)])
def test_no_more_lanes_than_wires_allow(most: int, at_most: int) -> None:
    found = choose(ASKED, two_dies(most), Pins()).allocation.lanes
    at_hbm = sum(lane.memory == "HBM" for lane in found)
    assert at_hbm <= at_most
    assert at_hbm == 8 or most < 100_000


def test_pinned_lanes_are_taken_as_they_are() -> None:
    found = choose(ASKED, two_dies(0), Pins(lanes=lanes(8))).allocation.lanes
    assert found == lanes(8)
