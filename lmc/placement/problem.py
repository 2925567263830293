"""Placement as plain data: parts to put into places that lie in a row, and what that takes.

Places (the SLRs of a device) have budgets; wires between parts cross every boundary that lies
between their places, and each boundary lets so many wires pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

Amounts = tuple[float, ...]
"""How much of each resource, always in the same order."""


@dataclass(frozen=True)
class Link:
    """Wires from one part to another, by their numbers."""

    one: int
    other: int
    wires: int
    cut: Amounts = ()
    """What the place of `other` has to hold besides (or less of) if `one` is in another place."""
    is_deep: bool = False
    """Whether both are better in one place."""


@dataclass(frozen=True)
class Tie:
    """Wires between a part and a place, wherever the part is."""

    part: int
    place: int
    wires: int


@dataclass(frozen=True)
class Shared:
    """What parts have in common: it is there once in each place that has any of them."""

    parts: tuple[int, ...]
    amounts: Amounts


@dataclass(frozen=True)
class Problem:
    """Parts and places, by their numbers; boundary b is between the places b and b + 1."""

    budgets: tuple[Amounts, ...]
    """Of each place."""
    limits: tuple[int, ...]
    """Wires that may cross each boundary."""
    parts: tuple[Amounts, ...]
    """What each part takes."""
    links: tuple[Link, ...] = ()
    ties: tuple[Tie, ...] = ()
    shared: tuple[Shared, ...] = ()
    pins: tuple[tuple[int, int], ...] = ()
    """(part, place) of what is not free."""
    together: tuple[tuple[int, int], ...] = ()
    """Pairs of parts that are in one place, wherever that is."""


@dataclass(frozen=True)
class Use:
    """What a placement takes of each place, and the wires across each boundary."""

    amounts: tuple[Amounts, ...]
    wires: tuple[int, ...]


def use_of(problem: Problem, places: Sequence[int]) -> Use:
    """What a placement takes, `places` being the place of each part."""
    kinds = len(problem.budgets[0])
    amounts = [[0.0] * kinds for _ in problem.budgets]
    held = [(amount, {places[part]}) for part, amount in enumerate(problem.parts)]
    held += [(some.amounts, {places[part] for part in some.parts}) for some in problem.shared]
    held += [
        (link.cut, {places[link.other]})
        for link in problem.links
        if link.cut and places[link.one] != places[link.other]
    ]
    for taken, where in held:
        for place in where:
            amounts[place] = [have + more for have, more in zip(amounts[place], taken, strict=True)]
    wires = [0] * len(problem.limits)
    ends = [(places[link.one], places[link.other], link.wires) for link in problem.links]
    ends += [(places[tie.part], tie.place, tie.wires) for tie in problem.ties]
    for one, other, count in ends:
        for boundary in range(min(one, other), max(one, other)):
            wires[boundary] += count
    return Use(tuple(map(tuple, amounts)), tuple(wires))


def budget_excess(problem: Problem, use: Use) -> float:
    """By how much any budget is exceeded at most, in shares of it; a budget of 0 in amounts."""
    return max(
        max(0.0, taken - budget) / (budget or 1)
        for amounts, budgets in zip(use.amounts, problem.budgets, strict=True)
        for taken, budget in zip(amounts, budgets, strict=True)
    )


def wire_excess(problem: Problem, use: Use) -> int:
    """Wires above the limit of any boundary, at most."""
    return max(max(0, n - limit) for n, limit in zip(use.wires, problem.limits, strict=True))


def without_wires(problem: Problem) -> Problem:
    """The problem of fitting the budgets alone."""
    links = tuple(replace(link, wires=0) for link in problem.links if link.cut)
    return replace(problem, links=links, ties=())


def with_deep_uncut(problem: Problem) -> Problem:
    """The problem with both parts of each deep link in one place."""
    deep = tuple((link.one, link.other) for link in problem.links if link.is_deep)
    return replace(problem, together=(*problem.together, *deep))
