"""What the terminal shows line by line: IR, what a pass changed of it, PyTorch and C++."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from lmc.explorer.lineage import Kind, Link
from lmc.explorer.ops import Op
from lmc.explorer.sources import SourceFile
from lmc.terminal.differences import Block, line_blocks

_AROUND = 2
"""Lines that are alike around each change that is shown."""


class Mode(Enum):
    """What is shown of a step."""

    CHANGED = "what changed"
    WHOLE = "all lines, changes marked"
    IR = "the IR"


@dataclass(frozen=True)
class Place:
    """A line, from 0: of an entry of the history (its number), or of a file of code (its name)."""

    where: int | str
    line: int


@dataclass(frozen=True)
class Row:
    """A line on the screen.

    `mark` is `+` for a line that is new, `-` for one that is gone, `~` for an op that was changed
    in place, else a blank. `other` is the line that it is compared with, word by word. `folded` are
    the rows that this one stands for. `place` is None for a row that is no line of anything.
    """

    text: str
    place: Place | None
    language: str = "ir"
    mark: str = " "
    other: str | None = None
    folded: tuple["Row", ...] = field(default=(), repr=False, compare=False)


def ir_rows(entry: int, text: str, ops: Sequence[Op], links: Sequence[Link] | None) -> list[Row]:
    """The lines of an entry; ops that its passes made or changed are marked."""
    marks = {
        op.line: "~" if link.kind == Kind.CHANGED else "+"
        for op, link in zip(ops, links or (), strict=bool(links))
        if link.kind != Kind.SAME
    }
    lines = text.rstrip("\n").split("\n")
    return [
        Row(line, Place(entry, number), mark=marks.get(number, " "))
        for number, line in enumerate(lines)
    ]


def changed_rows(before: tuple[int, str], after: tuple[int, str], *, whole: bool) -> list[Row]:
    """The lines of entries (number, text) below each other where they differ.

    Others are folded, but for two around each change; `whole` folds none.
    """
    (old, old_text), (new, new_text) = before, after
    one, other = old_text.rstrip("\n").split("\n"), new_text.rstrip("\n").split("\n")
    rows: list[Row] = []
    at = 0
    blocks = line_blocks(one, other)
    for block in blocks:
        rows += _alike(new, other, at, block[2], whole, first=not rows, last=False)
        rows += _changed(old, one, new, other, block)
        at = block[3]
    if not blocks:
        rows.append(Row("The texts are the same.", None, "prose"))
    return rows + _alike(new, other, at, len(other), whole, first=not blocks, last=True)


def _alike(
    entry: int,
    lines: Sequence[str],
    start: int,
    end: int,
    whole: bool,
    *,
    first: bool,
    last: bool,
) -> list[Row]:
    """The lines between two changes, or before the first and after the last one."""
    rows = [Row(lines[number], Place(entry, number)) for number in range(start, end)]
    head, tail = 0 if first else _AROUND, 0 if last else _AROUND
    if whole or len(rows) <= head + tail + 1:
        return rows
    folded = rows[head : len(rows) - tail]
    fold = Row(f"{len(folded)} lines alike", None, "fold", folded=tuple(folded))
    return [*rows[:head], fold, *rows[len(rows) - tail :]]


def _changed(
    old: int, one: Sequence[str], new: int, other: Sequence[str], block: Block
) -> list[Row]:
    """A changed block: line by line where both have as many, else all old lines first."""
    a, b, c, d = block
    if b - a == d - c:
        pairs = zip(range(a, b), range(c, d), strict=True)
        return [
            row
            for i, j in pairs
            for row in (
                Row(one[i], Place(old, i), mark="-", other=other[j]),
                Row(other[j], Place(new, j), mark="+", other=one[i]),
            )
        ]
    gone = [Row(one[i], Place(old, i), mark="-") for i in range(a, b)]
    return gone + [Row(other[j], Place(new, j), mark="+") for j in range(c, d)]


def source_rows(source: SourceFile, traced: Sequence[int]) -> list[Row]:
    """The lines of a PyTorch file: `*` for those with ops, `↳` for those that reach such ones."""
    if source.text is None:
        return [Row(f"This machine has no text of {source.file}.", None, "prose")]
    marks: Mapping[int, str] = dict.fromkeys(source.callers, "↳") | dict.fromkeys(traced, "*")
    return [
        Row(line, Place(source.file, number), "python", marks.get(number + 1, " "))
        for number, line in enumerate(source.text.rstrip("\n").split("\n"))
    ]


def cpp_rows(name: str, text: str) -> list[Row]:
    """The lines of a C++ file."""
    lines = text.rstrip("\n").split("\n")
    return [Row(line, Place(name, number), "cpp") for number, line in enumerate(lines)]
