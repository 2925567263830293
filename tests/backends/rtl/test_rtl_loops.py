"""Which parts of a kernel become generate loops, and how they see each other."""

from __future__ import annotations

import pytest

from lmc.backends.rtl.kernel.loops import counted_runs, counting, loop, offset


def test_names_that_count_on_are_a_run() -> None:
    parts = dict.fromkeys(("row_1", "gather", "row_0", "row_2", "row_10", "row_3"), "a")
    assert counted_runs(parts) == [["row_0", "row_1", "row_2", "row_3"]]


def test_a_gap_ends_a_run() -> None:
    parts = {f"row_{number}": "a" for number in (0, 1, 3, 4, 5, 7, 8)}
    assert counted_runs(parts) == [["row_3", "row_4", "row_5"]]


def test_what_is_unlike_is_in_no_run() -> None:
    parts = {f"row_{number}": "b" if number == 2 else "a" for number in range(6)}
    assert counted_runs(parts) == [["row_3", "row_4", "row_5"]]


def test_numbers_with_zeros_in_front_do_not_count() -> None:
    assert counted_runs(dict.fromkeys(("row_00", "row_01", "row_02"), "a")) == []


@pytest.mark.parametrize(
    ("signal", "seen"),
    [
        ("rows[7].in_valid", "rows[i].in_valid"),
        ("rows[8].in_valid", "rows[i + 1].in_valid"),
        ("rows[5].in_valid", "rows[i - 2].in_valid"),
        ("rows_7_valid", "rows_7_valid"),
        ("start", "start"),
    ],
)
def test_signals_are_seen_from_a_number(signal: str, seen: str) -> None:
    assert counting(signal, 7, "i") == seen


def test_a_loop_is_printed() -> None:
    lines = loop("i", 2, 5, "lane", [f"lane_0 unit (.done(are_done[{offset('i', -2)}]));"])
    assert lines == [
        "for (genvar i = 2; i <= 5; i++) begin : lane",
        "  lane_0 unit (.done(are_done[i - 2]));",
        "end",
    ]
