"""Differences of two texts of IR: by line, and by word within lines.

Numbers of values, as in `%12`, are no difference. Texts are matched at the lines that each has once
(patience diff, Bram Cohen), and between those by difflib.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from lmc.explorer.ops import plain

_WORD = re.compile(r"[%@!#]?[\w$.-]+|\s+|.")
_MOST_PAIRS = 1_000_000
"""What is compared without unique lines; of larger pieces all is taken as different."""
_MOST_WORDS = 1200

Block = tuple[int, int, int, int]
"""Lines [a, b) of one text that became lines [c, d) of the other; one of both may be empty."""


def line_blocks(one: Sequence[str], other: Sequence[str]) -> list[Block]:
    """Where two texts differ, in their order."""
    return _blocks([plain(line) for line in one], [plain(line) for line in other])


@lru_cache(maxsize=4096)
def changed_words(line: str, other: str) -> tuple[tuple[int, int], ...]:
    """The places [start, end) in `line` of words that `other` has not; all of it if too long."""
    words, others = _WORD.findall(line), _WORD.findall(other)
    if max(len(words), len(others)) > _MOST_WORDS:
        return ((0, len(line)),)
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    blocks = _blocks([plain(word) for word in words], [plain(word) for word in others])
    return tuple((ends[a], ends[b]) for a, b, _, _ in blocks if a < b)


def _blocks(one: Sequence[str], other: Sequence[str]) -> list[Block]:
    pairs: list[tuple[int, int]] = []
    _match(one, 0, len(one), other, 0, len(other), pairs)
    found: list[Block] = []
    a = c = 0
    for i, j in [*pairs, (len(one), len(other))]:
        if i > a or j > c:
            found.append((a, i, c, j))
        a, c = i + 1, j + 1
    return found


def _match(
    one: Sequence[str],
    a: int,
    b: int,
    other: Sequence[str],
    c: int,
    d: int,
    pairs: list[tuple[int, int]],
) -> None:
    """Append the pairs of equal items in one[a:b] and other[c:d], in order."""
    while a < b and c < d and one[a] == other[c]:
        pairs.append((a, c))
        a, c = a + 1, c + 1
    tail: list[tuple[int, int]] = []
    while a < b and c < d and one[b - 1] == other[d - 1]:
        b, d = b - 1, d - 1
        tail.append((b, d))
    if a < b and c < d:
        anchors = _anchors(one[a:b], other[c:d])
        start, begin = a, c
        for i, j in anchors:
            _match(one, start, a + i, other, begin, c + j, pairs)
            pairs.append((a + i, c + j))
            start, begin = a + i + 1, c + j + 1
        if anchors:
            _match(one, start, b, other, begin, d, pairs)
        elif (b - a) * (d - c) <= _MOST_PAIRS:
            matcher = SequenceMatcher(None, one[a:b], other[c:d], autojunk=False)
            for i, j, size in matcher.get_matching_blocks():
                pairs += [(a + i + n, c + j + n) for n in range(size)]
    pairs += reversed(tail)


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The items that both have once, in an order that both have: the longest such chain."""
    counts, others = Counter(one), Counter(other)
    where = {item: j for j, item in enumerate(other) if others[item] == 1}
    tops: list[int] = []
    chains: list[tuple[tuple[int, int], int]] = []
    last: list[int] = []
    for i, item in enumerate(one):
        if counts[item] == 1 and item in where:
            place = bisect_left(tops, where[item])
            chains.append(((i, where[item]), last[place - 1] if place else -1))
            tops[place : place + 1] = [where[item]]
            last[place : place + 1] = [len(chains) - 1]
    found: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        pair, at = chains[at]
        found.append(pair)
    return found[::-1]
