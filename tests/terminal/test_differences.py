"""Differences of texts: whatever they are, they lead from one text to the other."""

from hypothesis import given
from hypothesis import strategies as st

from lmc.explorer.ops import plain
from lmc.terminal.differences import changed_words, line_blocks

LINES = st.lists(st.sampled_from(["a.b", "c.d %1", "c.d %2", "}", "e.f %x_1", "", "g.h"]))


@given(LINES, LINES)
def test_blocks_lead_from_one_text_to_the_other(one: list[str], other: list[str]) -> None:
    made: list[str] = []
    at = 0
    for a, b, c, d in line_blocks(one, other):
        assert a >= at
        assert b > a or d > c
        made += one[at:a] + other[c:d]
        at = b
    made += one[at:]
    assert [plain(line) for line in made] == [plain(line) for line in other]


def test_numbers_of_values_are_no_difference() -> None:
    assert not line_blocks(["%1 = a.b %x_3"], ["%7 = a.b %x_4"])
    assert line_blocks(["%1 = a.b %x"], ["%1 = a.b %y"]) == [(0, 1, 0, 1)]


def test_a_line_that_moved_is_found_between_lines_that_stay() -> None:
    one = ["head", "x", "x", "middle", "x", "tail"]
    other = ["head", "x", "middle", "x", "x", "tail"]
    assert line_blocks(one, other) == [(2, 3, 2, 2), (4, 4, 3, 4)]


def test_changed_words_are_those_that_the_other_line_has_not() -> None:
    line, other = "%1 = a.b %x {ii = 1} : i8", "%2 = a.b %x {ii = 22} : i8"
    assert [line[a:b] for a, b in changed_words(line, other)] == ["1"]
    assert [other[a:b] for a, b in changed_words(other, line)] == ["22"]
