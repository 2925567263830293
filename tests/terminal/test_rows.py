"""What is shown of a step: nothing is lost in a fold, and marks are those of the links."""

import pytest

from lmc.explorer.lineage import Kind
from lmc.terminal.history import History
from lmc.terminal.rows import Place, Row, changed_rows, ir_rows
from lmc.terminal.syntax import row_text


def unfolded(rows: list[Row]) -> list[Row]:
    return [one for row in rows for one in (row.folded or (row,))]


@pytest.mark.parametrize("whole", [False, True])
def test_all_lines_of_both_texts_are_there(history: History, whole: bool) -> None:
    texts = [entry.step.text for entry in history.entries]
    lines = [text.rstrip("\n").split("\n") for text in texts]
    for number in range(1, len(texts)):
        before, after = (number - 1, texts[number - 1]), (number, texts[number])
        rows = changed_rows(before, after, whole=whole)
        assert not whole or not any(row.folded for row in rows)
        rows = [row for row in unfolded(rows) if row.place]
        assert [row.text for row in rows if row.mark != "-"] == lines[number]
        for row in rows:
            assert row.place is not None
            assert row.text == lines[int(row.place.where)][row.place.line]


def test_equal_texts_are_said_to_be_equal() -> None:
    text = "\n".join("abcdefgh")
    said, fold = changed_rows((0, text), (1, text), whole=False)
    assert said.text == "The texts are the same."
    assert [row.text for row in fold.folded] == list("abcdefgh")


def test_a_change_is_shown_with_two_lines_around_it() -> None:
    text = "\n".join("abcdefghijkl")
    rows = changed_rows((0, text), (1, text.replace("f", "X")), whole=False)
    assert [row.text for row in rows if not row.folded] == ["d", "e", "f", "X", "g", "h"]
    assert [row.mark for row in rows] == [" ", " ", " ", "-", "+", " ", " ", " "]
    assert rows[0].text == "3 lines alike"


def test_marks_in_the_ir_are_those_of_the_links(history: History) -> None:
    entry = history.entries[2]
    rows = ir_rows(2, entry.step.text, entry.step.ops, entry.links)
    marks = {Kind.SAME: " ", Kind.CHANGED: "~"}
    assert entry.links is not None
    for op, link in zip(entry.step.ops, entry.links, strict=True):
        assert rows[op.line].mark == marks.get(link.kind, "+")


def test_what_is_far_from_a_change_is_left_out() -> None:
    alike = "same " * 40
    row = Row(f"a.b {alike}1 {alike}", Place(0, 6), mark="+", other=f"a.b {alike}2 {alike}")
    text = row_text(row, 3)
    assert text.plain.startswith("  7 + a.b same")
    assert " … " in text.plain
    assert text.plain.index("1 same") < 80
    (span,) = [span for span in text.spans if span.style == "black on green"]
    assert text.plain[span.start : span.end] == "1"
