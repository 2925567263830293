"""What fits a target: AXI masters and bytes of each channel, states on the chip, words."""

import re
from dataclasses import replace

import pytest
from small_boards import SIDE, board, demand, matrix, memory

from lmc.allocation import LanePort
from lmc.allocation.candidates import Pins
from lmc.allocation.demand import Packed, Parameter, StateDemand
from lmc.allocation.search import choose
from lmc.diagnostics import LmcError
from lmc.targets import Noc, Target

SMALL = demand(matrix(256, 256))
# A lane and what else there is: embedding, prompt, logits, tokens; of an SSM state elements and
# exponents, and a conv state, each read by a kernel and written by another one.
SIDE_MASTERS, BANK_MASTERS, CONV_MASTERS = 4, 4, 2
LEAST_MASTERS = 1 + SIDE_MASTERS + BANK_MASTERS + CONV_MASTERS


def with_chip(target: Target, **resources: int) -> Target:
    have = target.resources.model_copy(update=resources)
    return target.model_copy(update={"resources": have})


# AXI masters


@pytest.mark.parametrize("state", [(), (("A", 1),)])
def test_masters_of_a_channel_are_counted(state: tuple[tuple[str, int], ...]) -> None:
    """States on the chip have their images too."""
    pins = Pins(lanes=(LanePort(memory="A"),), state=state)
    choose(SMALL, board(memory("A", 10, masters=LEAST_MASTERS)), pins)
    with pytest.raises(LmcError) as error:
        choose(SMALL, board(memory("A", 10, masters=LEAST_MASTERS - 3)), pins)
    assert str(error.value) == (
        "vck190's A would serve 11 AXI masters, of lanes, states and all else, and takes 8: "
        "3 too many"
    )


def test_images_of_parameters_and_tables_have_masters() -> None:
    side = replace(
        SIDE,
        parameters=(Parameter(Packed(8, 128)),) * 2,
        final_parameters=(Packed(8, 128),),
        tables=(Packed(8, 64),) * 3,
    )
    asked = demand(matrix(256, 256), side=side)
    pins = Pins(lanes=(LanePort(memory="A"),))
    choose(asked, board(memory("A", 10, masters=LEAST_MASTERS + 3)), pins)
    with pytest.raises(LmcError, match=r"14 AXI masters.* takes 13: 1 too many"):
        choose(asked, board(memory("A", 10, masters=LEAST_MASTERS + 2)), pins)


def test_fewer_lanes_where_a_channel_takes_no_more_masters() -> None:
    """All of four lanes would be used."""
    asked = demand(matrix(4000, 4096))
    lanes = [
        len(choose(asked, board(memory("A", 77, ports=4, masters=most)), Pins()).allocation.lanes)
        for most in (LEAST_MASTERS + 3, LEAST_MASTERS + 2, LEAST_MASTERS)
    ]
    assert lanes == [4, 3, 1]


def test_the_rest_goes_where_masters_are_left() -> None:
    """The memory that states and the rest would otherwise be in takes the lane alone."""
    places = [memory("A", 300, ports=1), memory("B", 5, ports=1)]
    pins = Pins(lanes=(LanePort(memory="A"),))
    free = choose(SMALL, board(*places), pins).allocation
    assert free.side_port.memory == "A"
    full = board(places[0].model_copy(update={"masters": 1}), places[1])
    assert choose(SMALL, full, pins).allocation.side_port.memory == "B"


def test_channels_have_masters_of_their_own() -> None:
    """Lanes, the state's banks and the rest are on channels of their own."""
    pins = Pins(
        lanes=tuple(LanePort(memory="A", channel=channel) for channel in range(4)),
        state=(("A", 2),),
        state_blocks=2,
    )
    most = BANK_MASTERS + CONV_MASTERS
    choose(SMALL, board(memory("A", 10, 8, 8, masters=most)), pins)
    with pytest.raises(LmcError, match="vck190's A channel 4 would serve 6 AXI masters"):
        choose(SMALL, board(memory("A", 10, 8, 8, masters=most - 1)), pins)


def test_a_network_takes_so_many_of_all_memories() -> None:
    places = [memory("A", 10, masters=8), memory("B", 10, masters=8)]
    pins = Pins(lanes=(LanePort(memory="A"), LanePort(memory="B")), state=(("A", 1),), side="B")
    used = LEAST_MASTERS + 1
    network = Noc(masters=used, source="a test")
    choose(SMALL, board(*places).model_copy(update={"noc": network}), pins)
    network = Noc(masters=used - 1, source="a test")
    with pytest.raises(LmcError, match="vck190's network on chip would serve 12 AXI masters"):
        choose(SMALL, board(*places).model_copy(update={"noc": network}), pins)


# Bytes


def test_what_is_put_into_a_memory_has_to_fit_it() -> None:
    """Both together hold the model, A alone doesn't."""
    large = demand(matrix(40_000, 30_016))
    target = board(memory("A", 300, capacity_gib=0.4), memory("B", 5))
    pinned = Pins(lanes=(LanePort(memory="A"),))
    # 4 bits for each weight, in rounds of 4 rows, and a word of scales for each 11.
    size = 40_000 * 30_016 // 2 * 12 / 11
    with pytest.raises(LmcError) as error:
        choose(large, target, pinned)
    found = re.fullmatch(
        r"vck190's A would hold (\d+) MB, and has 429 MB: (\d+) MB are missing", str(error.value)
    )
    assert found is not None
    held, missing = map(int, found.groups())
    assert held == pytest.approx(size / 1e6, rel=0.01)
    assert missing == pytest.approx(held - 429, abs=2)
    # Not pinned, the lanes are where the weights fit, though A is faster by far.
    lanes = choose(large, target, Pins()).allocation.lanes
    assert "B" in {lane.memory for lane in lanes}


def test_a_channel_has_its_share_of_the_capacity() -> None:
    """The embedding takes more than a quarter of A, and an image is in one channel."""
    rows = 6_000_000
    asked = demand(matrix(256, 256), side=replace(SIDE, embedding_rows=rows))
    whole, quarters = memory("A", 300), memory("A", 300, ports=4, channels=4)
    slow = memory("B", 5)
    assert choose(asked, board(whole, slow), Pins()).allocation.side_port.memory == "A"
    assert choose(asked, board(quarters, slow), Pins()).allocation.side_port.memory == "B"
    with pytest.raises(LmcError, match=r"A channel 3 would hold 38[45] MB, and has 268 MB: 11"):
        choose(asked, board(quarters, slow), Pins(side="A"))


def test_states_have_to_fit_their_banks() -> None:
    state = StateDemand(65536, 16, 64, 4)
    asked = demand(matrix(256, 256), state=state, layers=40)
    # 8.4 MB of elements and 0.5 MB of exponents in each layer.
    target = board(memory("A", 20, ports=4, channels=4), memory("B", 20))
    with pytest.raises(LmcError, match=r"A channel 1 would hold 357 MB, and has 268 MB: \d+ MB"):
        choose(asked, target, Pins(lanes=(LanePort(memory="A"),), state=(("A", 1),)))
    halves = Pins(lanes=(LanePort(memory="A"),), state=(("A", 2),), state_blocks=2)
    assert len(choose(asked, target, halves).allocation.state_ports) == 2


# States on the chip


def test_a_state_that_is_pinned_to_the_chip_may_take_all_of_its_budget() -> None:
    """272 bits a step, 4096 of them: 4 URAM. The conv state has 384 bits: 6."""
    asked = demand(matrix(256, 256), state=StateDemand(512, 4, 64, 4), layers=8)
    pins = Pins(state=(), state_blocks=4)
    exact = with_chip(board(memory("A", 20)), uram=13, bram36=0)
    assert exact.budget()["uram"] == 10
    assert choose(asked, exact, pins).allocation.state_ports == ()
    # Not pinned, they would have to leave half of it.
    assert choose(asked, exact, Pins(state_blocks=4)).allocation.state_ports != ()
    with pytest.raises(LmcError) as error:
        choose(asked, with_chip(exact, uram=10), pins)
    assert str(error.value) == (
        "the states of all layers take 10 URAM on the chip, and vck190's budget is 8 URAM: "
        "2 URAM are missing"
    )


def test_a_state_that_is_pinned_to_a_chip_without_room() -> None:
    large = demand(matrix(256, 256), state=StateDemand(65536, 4, 64, 4), layers=8)
    with pytest.raises(LmcError) as error:
        choose(large, with_chip(board(memory("A", 20)), uram=64, bram36=144), Pins(state=()))
    found = re.fullmatch(
        r"the states of all layers take (\d+) URAM or (\d+) BRAM36 on the chip, and vck190's "
        r"budget is 51 URAM and 115 BRAM36: (\d+) URAM or (\d+) BRAM36 are missing",
        str(error.value),
    )
    assert found is not None
    urams, brams, missing, others = map(int, found.groups())
    # 2 M blocks of 68 bits are 32768 words of 272 in 8 layers: 4 URAM beside each other.
    assert urams == 4 * 65536 * 8 // 4096 + 6
    assert (missing, others) == (urams - 51, brams - 115)


# Words


def by_channel(bits: int) -> Parameter:
    """A decay for each element of the state, `bits` for a block."""
    return Parameter(Packed(64 * 4, bits), by_block=True)


def test_as_many_blocks_as_their_decay_fits_a_word() -> None:
    """Blocks of 64 bits whose decay has 256: two at once, though there is time for no less."""
    state = StateDemand(65536, 4, 64, 4)
    side = replace(SIDE, parameters=(by_channel(256),))
    asked = demand(matrix(256, 256), state=state, side=side)
    assert choose(asked, board(memory("A", 300)), Pins()).allocation.state_blocks == 2
    with pytest.raises(LmcError) as error:
        choose(asked, board(memory("A", 300)), Pins(state_blocks=4))
    assert str(error.value) == (
        "the decay of 4 blocks of the SSM state takes 1024 bits, and a word of memory has 512: "
        "update fewer in a cycle"
    )


def test_a_block_whose_decay_is_wider_than_a_word() -> None:
    asked = demand(matrix(256, 256), side=replace(SIDE, parameters=(by_channel(1024),)))
    with pytest.raises(LmcError, match="a block of the SSM state's decay has 1024 bits, and at"):
        choose(asked, board(memory("A", 300)), Pins())


def test_exponents_can_be_what_does_not_fit_a_word() -> None:
    """128 exponents of 4 bits fill one."""
    narrow = StateDemand(16, 256, 2, 4)
    assert narrow.fits_banks(128, 1)
    assert not narrow.fits_banks(256, 1)
    assert narrow.fits_banks(256, 2)
