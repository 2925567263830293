"""The checker of AXI's rules finds what breaks them."""

from collections.abc import Callable

import pytest
from axi_rules import Addresses, ReadRules, WriteRules

Change = Callable[[list[dict[str, int]]], object]


def reading() -> list[dict[str, int]]:
    """Two bursts of two beats of 8 bytes; the second address waits for a cycle."""
    quiet = {"arvalid": 0, "arready": 0, "araddr": 0, "arlen": 1, "arsize": 3, "arburst": 1}
    quiet |= {"rvalid": 0, "rready": 1, "rlast": 0}
    first, second = {"arvalid": 1, "araddr": 4080}, {"arvalid": 1, "araddr": 8192}
    changes: list[dict[str, int]] = [
        {**first, "arready": 1},
        second,
        {**second, "arready": 1, "rvalid": 1},
        {"rvalid": 1, "rlast": 1},
        {"rvalid": 1},
        {"rvalid": 1, "rlast": 1},
    ]
    return [{**quiet, **change} for change in changes]


def check_reading(trace: list[dict[str, int]], most_beats: int = 16, most_bursts: int = 2) -> None:
    rules = ReadRules(Addresses("ar", 8, most_beats, most_bursts))
    for cycle in trace:
        rules.cycle(cycle)
    assert not rules.addresses.lengths


def test_reading_is_fine() -> None:
    check_reading(reading())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t[0].update(araddr=4088), "boundary of 4 KiB"),
        (lambda t: t[0].update(araddr=4084), "not aligned"),
        (lambda t: t[0].update(arlen=16, araddr=0), "17 beats"),
        (lambda t: t[0].update(arburst=2), "does not increment"),
        (lambda t: t[0].update(arsize=2), "no whole word"),
        (lambda t: t[2].update(araddr=0), "changed before"),
        (lambda t: t[2].update(arvalid=0), "fell before"),
        (lambda t: t[4].update(rready=0), "holds up a beat"),
    ],
)
def test_broken_reading(change: Change, sentence: str) -> None:
    trace = reading()
    change(trace)
    with pytest.raises(AssertionError, match=sentence):
        check_reading(trace)


def test_too_many_bursts() -> None:
    with pytest.raises(AssertionError, match="too many bursts"):
        check_reading(reading(), most_bursts=1)


def writing() -> list[dict[str, int]]:
    """Two bursts of two beats; the data of the second one come before its address."""
    quiet = {"awvalid": 0, "awready": 1, "awaddr": 0, "awlen": 1, "awsize": 3, "awburst": 1}
    quiet |= {"wvalid": 1, "wready": 1, "wdata": 7, "wlast": 0, "bvalid": 0, "bready": 1}
    changes: list[dict[str, int]] = [
        {"awvalid": 1},
        {"wready": 0, "wlast": 1},
        {"wlast": 1},
        {},
        {"wlast": 1, "bvalid": 1},
        {"wvalid": 0, "awvalid": 1},
        {"wvalid": 0, "bvalid": 1},
    ]
    return [{**quiet, **change} for change in changes]


def check_writing(trace: list[dict[str, int]]) -> None:
    rules = WriteRules(Addresses("aw", 8, 16, 2))
    for cycle in trace:
        rules.cycle(cycle)
    assert not rules.addresses.lengths
    assert not rules.asked


def test_writing_is_fine() -> None:
    check_writing(writing())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t[3].update(wlast=1), "wlast comes with beat 1 of 2"),
        (lambda t: t[0].update(awlen=2), "wlast comes with beat 2 of 3"),
        (lambda t: t[2].update(wdata=6), "w changed before"),
        (lambda t: t[2].update(wvalid=0), "wvalid fell"),
        (lambda t: t[1].update(wready=1, wvalid=0), "makes a pause"),
        (lambda t: t[4].update(bready=0), "holds up a response"),
        (lambda t: t[5].update(bvalid=1), "a response to no burst"),
    ],
)
def test_broken_writing(change: Change, sentence: str) -> None:
    trace = writing()
    change(trace)
    with pytest.raises(AssertionError, match=sentence):
        check_writing(trace)
