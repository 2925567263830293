"""The search for an allocation: what it chooses, by what numbers, and what it refuses."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_boards import SHAPE, board, demand, matrix, memory
from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.allocation import (
    ALLOCATION,
    Allocation,
    LanePort,
    Place,
    allocation_of,
    set_allocation,
)
from lmc.allocation.candidates import Pins
from lmc.allocation.demand import Demand, StateDemand
from lmc.allocation.search import NEAR, Choice, choose
from lmc.diagnostics import LmcError
from lmc.targets import Memory, Target, load_target

BOARD = board(memory("A", 10), memory("B", 30))
LARGE = matrix(4000, 4096)


def sets_of(choice: Choice) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for lane in choice.allocation.lanes:
        found.setdefault(lane.memory, set()).add(lane.sets)
    return found


# What is chosen


def test_a_faster_memory_gets_more_sets() -> None:
    """Both memories are busy all the time: rows are shared as bandwidth is."""
    choice = choose(demand(LARGE), BOARD, Pins())
    ports = {name: sum(p.memory == name for p in choice.allocation.lanes) for name in "AB"}
    (of_a,), (of_b,) = sets_of(choice)["A"], sets_of(choice)["B"]
    assert ports["B"] * of_b == 3 * ports["A"] * of_a
    # Their bandwidth together is what the choice is bounded by.
    words = LARGE.words(SHAPE, 0)
    assert choice.cost.cycles == pytest.approx(64 * words * 300 / 40e3, rel=0.03)
    # With the same bandwidth it is the same number.
    (same,) = sets_of(choose(demand(LARGE), board(memory("A", 20), memory("B", 20)), Pins()))["A"]
    assert same == 1


def test_a_memory_that_is_much_slower_is_left_alone() -> None:
    choice = choose(demand(LARGE), board(memory("A", 0.1), memory("B", 30)), Pins())
    assert sets_of(choice) == {"B": {1}}


def test_no_more_lanes_than_the_memory_feeds() -> None:
    """One lane takes a word a cycle: 64 bytes at 300 MHz are 19.2 GB/s."""
    for gbps, lanes in ((19, 1), (76, 4), (130, 7)):
        choice = choose(demand(LARGE), board(memory("A", gbps, ports=8)), Pins())
        assert len(choice.allocation.lanes) == lanes


def test_a_small_device_has_fewer_lanes() -> None:
    fast = memory("A", 300, ports=16)
    lanes = [
        len(choose(demand(LARGE), board(fast, lut=lut, dsp=0), Pins()).allocation.lanes)
        for lut in (200_000, 899_840)
    ]
    assert lanes[0] < lanes[1]
    with pytest.raises(
        LmcError, match="no lane of 128 multipliers fits vck190: its budget is 700 LUTs"
    ):
        choose(demand(LARGE), board(fast, lut=1000, dsp=0), Pins())


def test_a_state_that_fits_is_on_the_chip() -> None:
    fitting = demand(matrix(256, 256))
    allocation = choose(fitting, BOARD, Pins()).allocation
    assert (allocation.state_ports, allocation.conv_state_port) == ((), None)
    assert allocation.chip_memory == "uram"
    # A device without URAM has block RAM.
    assert choose(fitting, board(memory("A", 10), uram=0), Pins()).allocation.chip_memory == "bram"
    large = demand(matrix(256, 256), state=StateDemand(4096, 16, 64, 4), layers=40)
    allocation = choose(large, BOARD, Pins()).allocation
    assert len(allocation.state_ports) >= 1
    assert allocation.conv_state_port == allocation.state_ports[0]
    # What a unit keeps whole is not in URAM that is not there, wherever states are.
    without = board(memory("A", 10), memory("B", 30), uram=0)
    assert choose(large, without, Pins()).allocation.chip_memory == "bram"


def test_a_large_state_is_updated_several_blocks_at_a_time() -> None:
    """As many as keep up with the rest, not more."""
    small, large = (demand(LARGE, state=StateDemand(rows, 16, 64, 4)) for rows in (64, 65536))
    assert choose(small, BOARD, Pins()).allocation.state_blocks == 1
    assert choose(large, BOARD, Pins()).allocation.state_blocks > 1


def test_states_have_channels_of_their_own_where_there_are_some() -> None:
    hbm = board(memory("HBM", 300, ports=16, channels=16, capacity_gib=4))
    state = StateDemand(65536, 16, 64, 4)
    allocation = choose(demand(LARGE, state=state, layers=64), hbm, Pins()).allocation
    used = [lane.channel for lane in allocation.lanes]
    assert used == list(range(len(used)))
    free = 16 - len(used)
    states = {port.channel for port in allocation.state_ports}
    assert free == 0 or not states & set(used)


@pytest.mark.parametrize("name", ["vck190", "u280", "kv260", "v80"])
def test_the_same_choice_every_time(name: str) -> None:
    target = load_target(name)
    assert choose(demand(LARGE), target, Pins()) == choose(demand(LARGE), target, Pins())


# By what numbers


def cycles_of(asked: Demand, target: Target, **pins: Any) -> list[tuple[float, str]]:
    """Cycles of each phase, and what asks for them."""
    phases = choose(asked, target, Pins(**pins)).cost.phases
    return [(phase.cycles, phase.reason) for phase in phases]


LANES = (LanePort(memory="A", sets=2), *[LanePort(memory="B", sets=3)] * 2)


def test_the_traffic_of_a_choice_adds_up() -> None:
    """Bytes of a memory: the words of its lanes; with the first phase states twice, and the rest.

    4000 rows of 128 tiles, each a weight group of its own, in rounds of 32 rows; 100 rows of 2
    tiles, in one layer with one plane and in one with two. 11 elements of scales fill a word.
    """
    state = StateDemand(200, 4, 64, 4)
    asked = demand(LARGE, matrix(100, 64, (1, 2)), state=state)
    pins = {"lanes": LANES, "state_blocks": 2, "side": "A"}
    # A step of the state is two blocks, one in each bank: 8 elements of 64 bits to a word, 128
    # exponents. The conv state is where the first bank is.
    bank = 2 * 64 * (-(-400 // 8) + -(-400 // 128))
    conv = 2 * 64 * 8

    def words(sets: int) -> tuple[int, int]:
        """Of a lane, by phase."""
        large, small = 125 * 128 * sets, 4 * 2 * sets
        return large + -(-large // 11), small * (1 + 2) + 2 * -(-small // 11)

    per_byte = 300 / 1e3
    slow = board(memory("A", 1), memory("B", 1000))
    first, second = cycles_of(asked, slow, **pins, state=(("A", 1), ("B", 1)))
    own = 64 * words(2)[0] + 2 * bank + 2 * conv + 64 + 256 + 4
    assert first == (pytest.approx(own * per_byte), "A channel 0")
    assert second == (pytest.approx(64 * words(2)[1] * per_byte), "A channel 0")
    slow = board(memory("A", 1000), memory("B", 1))
    first, second = cycles_of(asked, slow, **pins, state=(("A", 1), ("B", 1)))
    assert first == (pytest.approx((2 * 64 * words(3)[0] + 2 * bank) * per_byte), "B channel 0")
    assert second == (pytest.approx(2 * 64 * words(3)[1] * per_byte), "B channel 0")
    # On the chip nothing of a state moves.
    first, _ = cycles_of(asked, slow, **pins, state=())
    assert first[0] == pytest.approx(2 * 64 * words(3)[0] * per_byte)


def test_units_can_be_slower_than_memory() -> None:
    fast = board(memory("A", 1000), memory("B", 1000))
    asked = demand(LARGE, matrix(10, 4096, (1, 2)))
    first, second = cycles_of(asked, fast, lanes=LANES, state=())
    # Of a lane's words some are scales; the unit takes in all tiles before it multiplies.
    assert first == (125 * 128 * 3 + -(-125 * 128 * 3 // 11), "a port of B")
    assert second == (2 * 128 + 128 * 3 * (1 + 2), "the matrix unit")
    large = StateDemand(100_000, 4, 64, 4)
    asked = demand(LARGE, state=large)
    for at_once in (1, 2, 4):
        pins = {"lanes": LANES, "state": (("A", 1),), "state_blocks": at_once}
        assert cycles_of(asked, fast, **pins) == [(2 * 400_000 / at_once, "the state update")]


def test_the_slowest_lane_of_a_memory_counts() -> None:
    lanes = (LanePort(memory="B", sets=5), LanePort(memory="B", sets=1))
    fast = board(memory("B", 1000))
    found = cycles_of(demand(LARGE), fast, lanes=lanes)
    assert found == cycles_of(demand(LARGE), fast, lanes=lanes[::-1])
    assert found[0][1] == "a port of B"


def test_a_port_can_be_slower_than_a_word_a_cycle() -> None:
    slow = memory("A", 40).model_copy(update={"port_gbps": 4.8})
    lanes = (LanePort(memory="A"),)
    full, quarter = (
        cycles_of(demand(LARGE), board(one), lanes=lanes)[0] for one in (memory("A", 40), slow)
    )
    assert full[1] == quarter[1] == "a port of A"
    assert quarter[0] == pytest.approx(4 * full[0])


# What is pinned


def test_pins_are_kept() -> None:
    lanes = (LanePort(memory="B", sets=3), LanePort(memory="A", sets=2))
    pins = Pins(
        lanes=lanes,
        state=(("A", 1), ("B", 1)),
        state_blocks=4,
        side="B",
        vector_lanes=4,
        prefetch=64,
        multipliers="dsp",
    )
    assert choose(demand(LARGE), BOARD, pins).allocation == Allocation(
        target="vck190",
        clock_mhz=300,
        port_bits=512,
        lanes=lanes,
        prefetch=64,
        multipliers="dsp",
        vector_lanes=4,
        state_blocks=4,
        state_ports=(Place(memory="A"), Place(memory="B")),
        conv_state_port=Place(memory="A"),
        side_port=Place(memory="B"),
    )
    assert choose(demand(LARGE), BOARD, Pins(state=())).allocation.state_ports == ()


memories = st.lists(
    st.builds(
        memory,
        st.sampled_from("AB"),
        st.sampled_from([5, 12.8, 25, 60]),
        ports=st.integers(1, 2),
        channels=st.integers(1, 2),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda one: one.name,
)
demands = st.builds(
    lambda shapes, rows, blocks, layers: demand(
        *(matrix(n, 32 * m, (p,) * layers) for n, m, p in shapes),
        state=StateDemand(rows, blocks, 64, 4),
        layers=layers,
    ),
    st.lists(
        st.tuples(st.integers(8, 900), st.integers(1, 30), st.integers(1, 2)),
        min_size=1,
        max_size=3,
    ),
    st.integers(8, 4000),
    st.sampled_from([2, 4]),
    st.integers(1, 4),
)


@settings(max_examples=15, deadline=None)
@given(asked=demands, places=memories, data=st.data())
def test_what_is_chosen_is_never_worse_than_what_is_pinned(
    asked: Demand, places: list[Memory], data: st.DataObject
) -> None:
    target = board(*places)
    best = choose(asked, target, Pins()).cost.cycles
    names = [one.name for one in places]
    lanes = tuple(
        LanePort(memory=one.name, channel=port % one.channels, sets=sets)
        for one in places
        for sets in [data.draw(st.integers(1, 8))]
        for port in range(data.draw(st.sampled_from([1, one.ports])))
    )
    state = st.sampled_from([None, *(((name, banks),) for name in names for banks in (1, 2))])
    pins = Pins(
        lanes=data.draw(st.sampled_from([None, lanes])),
        state=data.draw(state),
        state_blocks=data.draw(st.sampled_from([None, asked.state.blocks])),
        side=data.draw(st.sampled_from([None, *names])),
    )
    assert best <= NEAR * choose(asked, target, pins).cost.cycles


# What is refused


def test_a_model_that_does_not_fit_is_refused_with_what_is_missing() -> None:
    """A gibibyte is there; 4 bits and a share of a scale for each of 3 · 10^9 weights."""
    large = demand(matrix(100_000, 30_016))
    with pytest.raises(LmcError) as error:
        choose(large, board(memory("A", 20)), Pins())
    found = re.fullmatch(
        r"the model takes (\d\.\d\d) GB with states and embedding, and vck190 has 1\.07 GB: "
        r"(\d\.\d\d) GB are missing",
        str(error.value),
    )
    assert found is not None
    needed, missing = map(float, found.groups())
    assert needed == pytest.approx(100_000 * 30_016 / 2 * (1 + 1 / 11) / 1e9, abs=0.01)
    assert missing == pytest.approx(needed - 1.07, abs=0.015)


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        (Pins(state=(("C", 1),)), "vck190 has no memory 'C'; it has A, B"),
        (Pins(side="C"), "vck190 has no memory 'C'; it has A, B"),
        (Pins(state_blocks=8), "a row of the SSM state has 4 blocks, which state_blocks=8 does"),
        (Pins(state=(("A", 3),)), "the SSM state does not fit 3 banks"),
        (Pins(state=(("A", 1), ("B", 1)), state_blocks=1), "the SSM state does not fit 2 banks"),
    ],
)
def test_pins_that_the_target_or_the_model_lacks(pins: Pins, message: str) -> None:
    with pytest.raises(LmcError, match=re.escape(message)):
        choose(demand(LARGE), BOARD, pins)


def test_a_block_that_is_wider_than_a_word() -> None:
    with pytest.raises(LmcError, match="a block of the SSM state has 1024 bits, and at most 512"):
        choose(demand(LARGE, state=StateDemand(64, 2, 1024, 4)), BOARD, Pins())


# The allocation in a module


def test_an_allocation_comes_back_from_its_module() -> None:
    module = ModuleOp([])
    with pytest.raises(LmcError, match="the module has no allocation: run allocate-resources"):
        allocation_of(module)
    for state in ((("A", 2),), ()):
        chosen = choose(demand(LARGE), BOARD, Pins(state=state)).allocation
        set_allocation(module, chosen)
        assert allocation_of(module) == chosen
    module.attributes[ALLOCATION] = StringAttr("fast")
    with pytest.raises(LmcError, match=f"the module's {ALLOCATION}: "):
        allocation_of(module)
