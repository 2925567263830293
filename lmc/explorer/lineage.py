"""Where the ops of a step come from: the ops of the step before that they were, or were made of.

Passes don't record it, so it is found from what they keep: names of symbols and results, origins
of tasks, PyTorch lines, and the order of the text. Each link says which of these it stands on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum

from lmc.explorer.ops import Op

ORIGINS = " origins ["


class Kind(IntEnum):
    """What a step's pass did with an op, and what that is known from."""

    SAME = 0
    """It is as before: the same text."""
    CHANGED = 1
    """An op of this name with these results, or this symbol, was in this place with other text."""
    ORIGIN = 2
    """A new task. What it is made of are ops of the last step above the tasks, which it names."""
    LINE = 3
    """New; ops of the same PyTorch line went away."""
    NEW = 4
    """New, and made of nothing that is known."""


@dataclass(frozen=True)
class Link:
    """From an op to ops of the step before, by number; for `Kind.ORIGIN` see there."""

    kind: Kind
    before: tuple[int, ...] = ()


def links(
    before: Sequence[Op], after: Sequence[Op], origins: Mapping[int, tuple[int, ...]]
) -> list[Link]:
    """A link for each op of `after`; `origins` are those of its tasks, by the tasks' numbers."""
    return _Links(before, after).all(origins)


class _Links:
    """The links of a step while they are found."""

    def __init__(self, before: Sequence[Op], after: Sequence[Op]):
        self._before, self._after = before, after
        self._found: dict[int, Link] = {}
        self._used: set[int] = set()

    def all(self, origins: Mapping[int, tuple[int, ...]]) -> list[Link]:
        pairs = self._scopes()
        old, new = _members(self._before), _members(self._after)
        for one, other in pairs:
            self._align(old[one], new[other])
        self._join_symbols()
        for number, made_of in origins.items():
            self._found.setdefault(number, Link(Kind.ORIGIN, made_of))
        self._join_lines()
        return [self._found.get(number, Link(Kind.NEW)) for number in range(len(self._after))]

    def _add(self, before: int, after: int) -> None:
        same = self._before[before].text == self._after[after].text
        self._found[after] = Link(Kind.SAME if same else Kind.CHANGED, (before,))
        self._used.add(before)

    def _scopes(self) -> list[tuple[int, int]]:
        """Ops with a scope of their own that go on: the module, and tasks and kernels by name."""
        pairs = [(-1, -1)]
        old = _by_key(self._before)
        for key, numbers in _by_key(self._after).items():
            pairs += zip(old.get(key, []), numbers, strict=False)
        for one, other in pairs[1:]:
            self._add(one, other)
        return pairs

    def _align(self, old: Sequence[int], new: Sequence[int]) -> None:
        """Join the ops of a scope that stand in the same order, and between them by results."""
        old = [number for number in old if number not in self._used]
        new = [number for number in new if number not in self._found]
        texts = [self._before[n].text for n in old], [self._after[n].text for n in new]
        matcher = SequenceMatcher(None, *texts, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            if tag == "equal":
                for one, other in zip(old[i:j], new[k:m], strict=True):
                    self._add(one, other)
            elif tag == "replace":
                self._join(old[i:j], new[k:m], _identity)
                self._join(old[i:j], new[k:m], lambda op: (op.name,))
        self._join(old, new, _identity)

    def _join(self, old: Sequence[int], new: Sequence[int], key_of: Callable[[Op], object]) -> None:
        """Join changed ops of one key, in their order."""
        waiting: dict[object, list[int]] = defaultdict(list)
        for number in reversed(old):
            if number not in self._used and (key := key_of(self._before[number])):
                waiting[key].append(number)
        for number in new:
            key = key_of(self._after[number])
            if key and number not in self._found and waiting.get(key):
                self._add(waiting[key].pop(), number)

    def _join_symbols(self) -> None:
        """Join what has a symbol and has moved to another scope, as streams do with kernels."""
        old: dict[tuple[str, str], int] = {}
        for number, op in enumerate(self._before):
            if op.symbol and number not in self._used:
                old.setdefault((op.name, op.symbol), number)
        for number, op in enumerate(self._after):
            key = (op.name, op.symbol)
            if number not in self._found and key in old and old[key] not in self._used:
                self._add(old[key], number)

    def _join_lines(self) -> None:
        """Join new ops with those of their PyTorch line and task that are gone, by layer."""
        old, new = _tasks(self._before), _tasks(self._after)
        gone: dict[object, list[int]] = defaultdict(list)
        for number, op in enumerate(self._before):
            if op.source is not None and number not in self._used:
                gone[op.source, old[number]].append(number)
        made: dict[tuple[object, str], list[int]] = defaultdict(list)
        for number, op in enumerate(self._after):
            if (key := (op.source, new[number])) in gone and number not in self._found:
                made[key, f"{op.name} {stem(op.symbol)}"].append(number)
        for (key, kind), numbers in made.items():
            alike = [
                number
                for number in gone[key]
                if f"{self._before[number].name} {stem(self._before[number].symbol)}" == kind
            ]
            self._share(alike or gone[key], numbers)

    def _share(self, gone: Sequence[int], made: Sequence[int]) -> None:
        """Join equal parts of the new ops with the layers of those that are gone."""
        groups = _layers(self._before, gone)
        if len(made) % len(groups):
            groups = [tuple(gone)]
        each = len(made) // len(groups)
        for place, number in enumerate(made):
            self._found[number] = Link(Kind.LINE, groups[place // each])


def _layers(ops: Sequence[Op], numbers: Iterable[int]) -> list[tuple[int, ...]]:
    """Ops of one PyTorch line by the module of the model that they are in, in its order."""
    groups: dict[str, list[int]] = {}
    for number in numbers:
        groups.setdefault(_layer(ops[number].module), []).append(number)
    return [tuple(group) for group in groups.values()]


def _layer(module: str) -> str:
    """What tells the layer of a module of the model: its name up to the first number."""
    parts = module.split(".")
    index = next((i for i, part in enumerate(parts) if part.isdigit()), None)
    return "" if index is None else ".".join(parts[: index + 1])


def _identity(op: Op) -> tuple[object, ...] | None:
    """What an op is known by when its text has changed; None for one that has no such thing."""
    if op.symbol:
        return (op.name, op.symbol)
    if any(op.results) or op.parent < 0:
        return (op.name, op.results)
    return None if op.source is None else (op.name, op.source)


def _by_key(ops: Sequence[Op]) -> dict[tuple[str, ...], list[int]]:
    """Ops with a symbol and regions: tasks by their origins where they have some, else by name."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, op in enumerate(ops):
        if op.symbol and op.last > op.line:
            start = op.text.find(ORIGINS)
            is_named = start < 0
            key = op.symbol if is_named else op.text[start : op.text.find("] {", start)]
            found[(op.name, "name" if is_named else "origins", key)].append(number)
    return found


def _members(ops: Sequence[Op]) -> dict[int, list[int]]:
    """The ops of each scope, an op with a symbol and regions; -1 for those in none."""
    scopes = scope_of(ops)
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(len(ops)):
        found[scopes[number]].append(number)
    return found


def scope_of(ops: Sequence[Op]) -> list[int]:
    """For each op the number of the innermost op around it that has a symbol, -1 for none."""
    scopes: list[int] = []
    for op in ops:
        parent = op.parent
        if parent < 0:
            scopes.append(-1)
        else:
            scopes.append(parent if ops[parent].symbol else scopes[parent])
    return scopes


def _tasks(ops: Sequence[Op]) -> list[str]:
    """For each op the task that it is in, or "": a scope within another one, as a design."""
    scopes = scope_of(ops)
    return ["" if s < 0 or scopes[s] < 0 else ops[s].symbol for s in scopes]


def stem(symbol: str) -> str:
    """A symbol without the number at its end: `in_proj` of `in_proj_3`."""
    name, _, number = symbol.rpartition("_")
    return name if name and number.isdigit() else symbol
