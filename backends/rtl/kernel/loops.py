"""Alike parts of a kernel whose names count on, `lane_0`, `lane_1`, ..., as generate loops."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping

from lmc.backends.rtl.kernel.text import indented

LEAST = 3
"""So many parts in a row are a loop."""
_NUMBERED = re.compile(r"(.+)_(0|[1-9]\d*)")
_INDEXED = re.compile(r"(\w+)\[(\d+)\](\.\w+)")


def numbered(name: str) -> tuple[str, int] | None:
    """What a name is without its number, and that; None for a name without."""
    match = _NUMBERED.fullmatch(name)
    return None if match is None else (match[1], int(match[2]))


def counted_runs(parts: Mapping[str, Hashable]) -> list[list[str]]:
    """Names of the same that differ in numbers that follow each other, LEAST or more."""
    families: dict[tuple[str, Hashable], dict[int, str]] = defaultdict(dict)
    for name, what in parts.items():
        if (pair := numbered(name)) is not None:
            families[pair[0], what][pair[1]] = name
    found: list[list[str]] = []
    for members in families.values():
        run: list[str] = []
        for number in sorted(members):
            if number - 1 not in members:
                run = []
                found.append(run)
            run.append(members[number])
    return [run for run in found if len(run) >= LEAST]


def counting(signal: str, number: int, genvar: str) -> str:
    """A signal of a part of another loop, `rows[7].in_valid`, as it is seen from this number."""
    match = _INDEXED.fullmatch(signal)
    return f"{match[1]}[{offset(genvar, int(match[2]) - number)}]{match[3]}" if match else signal


def offset(genvar: str, by: int) -> str:
    """The number that is `by` more than that of this round."""
    return genvar if by == 0 else f"{genvar} {'+' if by > 0 else '-'} {abs(by)}"


def loop(genvar: str, first: int, last: int, label: str, body: Iterable[str]) -> list[str]:
    """A generate loop."""
    head = f"for (genvar {genvar} = {first}; {genvar} <= {last}; {genvar}++) begin : {label}"
    return [head, *indented(body), "end"]
