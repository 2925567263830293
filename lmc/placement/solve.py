"""Placement by mixed-integer programming (HiGHS, through scipy).

For each part p and boundary b a binary y[p, b] says whether the part lies below the boundary, in
one of the places 0 to b; y[p, b] <= y[p, b + 1]. So the part is in place s where
y[p, s] - y[p, s - 1] is 1, and a link crosses b where the y of its ends differ: both are linear.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from lmc.placement.problem import (
    Link,
    Problem,
    budget_excess,
    use_of,
    wire_excess,
    with_deep_uncut,
    without_wires,
)

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

NODES = 1000
"""Nodes of the search tree; time is no limit, so that a placement is the same on any machine."""

GAP = 0.01
"""The wires may be above what is proved to be the least by this share."""

SLACK = 1e-6
"""For what an earlier search has reached: as exact as HiGHS is."""


def solve(problem: Problem) -> tuple[int, ...]:
    """The place of each part: budgets hold, no boundary has wires above its limit, fewest wires.

    No deep link is cut, if there is such a placement. Where none satisfies everything, budgets come
    first, since what does not fit can't be built, while more wires may still be routed, if slower:
    the largest excess of a budget (in shares of it) is the least, then the most wires above a
    limit, then all wires. All of it as far as the search tree's nodes allow.
    """
    for allowed in (with_deep_uncut(problem), problem):
        found = _Search(allowed, excess=0.0, above=0).least_wires()
        if found is not None:
            return found
    fitted = _Search(without_wires(problem)).least_excess()
    assert fitted is not None, "every placement is one without limits"
    excess = budget_excess(problem, use_of(problem, fitted))
    found = _Search(problem, excess).least_above() or fitted
    above = wire_excess(problem, use_of(problem, found))
    return _Search(problem, excess, above).least_wires() or found


@dataclass
class _Sum:
    """A linear sum of variables, and a constant."""

    terms: dict[int, float] = field(default_factory=dict[int, float])
    constant: float = 0.0

    def add(self, other: "_Sum", factor: float = 1.0) -> "_Sum":
        for variable, value in other.terms.items():
            self.terms[variable] = self.terms.get(variable, 0.0) + factor * value
        self.constant += factor * other.constant
        return self


class _Search:
    """The program of a problem, with bounds on the excess of budgets and of wires, if any."""

    def __init__(self, problem: Problem, excess: float | None = None, above: float | None = None):
        self.problem = problem
        self.integral: list[int] = []
        self.upper: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        boundaries = range(len(problem.limits))
        self.below = [[self._variable(binary=True) for _ in boundaries] for _ in problem.parts]
        for mine in self.below:
            for one, next_one in pairwise(mine):
                self._at_most(_Sum({one: 1.0, next_one: -1.0}), 0.0)
        for part, place in problem.pins:
            self._equal(self._is_in(part, place), 1.0)
        for one, other in problem.together:
            for boundary in boundaries:
                apart = self._lies_below(one, boundary).add(self._lies_below(other, boundary), -1.0)
                self._equal(apart, 0.0)
        self.excess = self._over(self._shares(), excess)
        self.wires = [self._wires(boundary) for boundary in boundaries]
        self.above = self._over(zip(self.wires, problem.limits, strict=True), above)

    def least_wires(self) -> tuple[int, ...] | None:
        """The placement with the fewest wires; None if none was found."""
        total = _Sum()
        for wires in self.wires:
            total.add(wires)
        return self._minimize(total)

    def least_above(self) -> tuple[int, ...] | None:
        """The placement with the fewest wires above a limit."""
        return self._minimize(self.above)

    def least_excess(self) -> tuple[int, ...] | None:
        """The placement with the least excess of a budget."""
        return self._minimize(self.excess)

    # Variables and rows

    def _variable(self, upper: float = 1.0, binary: bool = False) -> int:
        self.integral.append(int(binary))
        self.upper.append(upper)
        return len(self.upper) - 1

    def _at_most(self, total: _Sum, bound: float) -> None:
        self.rows.append((total.terms, -inf, bound - total.constant))

    def _over(self, totals: Iterable[tuple[_Sum, float]], allowed: float | None) -> _Sum:
        """The most that a total is above its bound; where nothing is allowed that is nothing."""
        over = _Sum()
        if allowed != 0:
            over = _Sum({self._variable(inf if allowed is None else allowed + SLACK): 1.0})
        for total, bound in totals:
            self._at_most(_Sum().add(total).add(over, -1.0), bound)
        return over

    def _equal(self, total: _Sum, value: float) -> None:
        self.rows.append((total.terms, value - total.constant, value - total.constant))

    def _lies_below(self, part: int, boundary: int) -> _Sum:
        if boundary < 0:
            return _Sum()
        if boundary == len(self.problem.limits):
            return _Sum({}, 1.0)
        return _Sum({self.below[part][boundary]: 1.0})

    def _is_in(self, part: int, place: int) -> _Sum:
        return self._lies_below(part, place).add(self._lies_below(part, place - 1), -1.0)

    # Budgets

    def _shares(self) -> Iterator[tuple[_Sum, float]]:
        """What is taken, and all that there is, in shares of each budget."""
        for place, budgets in enumerate(self.problem.budgets):
            holders = [
                (amounts, self._is_in(part, place))
                for part, amounts in enumerate(self.problem.parts)
            ]
            holders += [
                (some.amounts, self._any_in(some.parts, place)) for some in self.problem.shared
            ]
            holders += [
                (link.cut, self._is_cut_in(link, place)) for link in self.problem.links if link.cut
            ]
            for kind, budget in enumerate(budgets):
                scale = budget or 1.0
                total = _Sum()
                for amounts, held in holders:
                    if amounts[kind]:
                        total.add(held, amounts[kind] / scale)
                yield total, budget / scale

    def _is_cut_in(self, link: Link, place: int) -> _Sum:
        """1 where a link leads to a part in the place, from one that is not there."""
        cut = _Sum({self._variable(): 1.0})
        begins, ends = (self._is_in(part, place) for part in (link.one, link.other))
        self._at_most(_Sum().add(ends).add(begins, -1.0).add(cut, -1.0), 0.0)
        if min(link.cut) < 0:
            # What is saved must not be counted where nothing is cut.
            self._at_most(_Sum().add(cut).add(ends, -1.0), 0.0)
            self._at_most(_Sum().add(cut).add(begins), 1.0)
        return cut

    def _any_in(self, parts: tuple[int, ...], place: int) -> _Sum:
        """1 where a place has any of the parts."""
        any_ = _Sum({self._variable(): 1.0})
        for part in parts:
            self._at_most(self._is_in(part, place).add(any_, -1.0), 0.0)
        return any_

    # Wires

    def _wires(self, boundary: int) -> _Sum:
        """The wires across a boundary."""
        total = _Sum()
        for tie in self.problem.ties:
            below = self._lies_below(tie.part, boundary)
            if tie.place <= boundary:
                total.add(_Sum({}, 1.0).add(below, -1.0), tie.wires)
            else:
                total.add(below, tie.wires)
        for link in self.problem.links:
            crosses = _Sum({self._variable(): 1.0})
            one, other = (self._lies_below(part, boundary) for part in (link.one, link.other))
            difference = one.add(other, -1.0)
            self._at_most(_Sum().add(difference).add(crosses, -1.0), 0.0)
            self._at_most(_Sum().add(difference, -1.0).add(crosses, -1.0), 0.0)
            total.add(crosses, link.wires)
        return total

    # The search

    def _minimize(self, total: _Sum) -> tuple[int, ...] | None:
        # Imported late: it takes a quarter of a second, and most boards have one die.
        from scipy.optimize import Bounds, milp

        # A variable that is 1 stands for the constant, which counts where the gap is a share.
        one = self._variable()
        self._equal(_Sum({one: 1.0}), 1.0)
        costs = np.zeros(len(self.upper))
        for variable, value in (total.terms | {one: total.constant}).items():
            costs[variable] = value
        done = milp(
            costs,
            integrality=np.array(self.integral),
            bounds=Bounds(0, np.array(self.upper)),  # pyright: ignore[reportArgumentType]
            constraints=self._constraints(),
            # HiGHS's presolve has called placements the best that were not; a test has one.
            options={"node_limit": NODES, "mip_rel_gap": GAP, "presolve": False},
        )
        if done.x is None:
            return None
        return tuple(
            len(mine) - sum(round(done.x[variable]) for variable in mine) for mine in self.below
        )

    def _constraints(self) -> "LinearConstraint":
        from scipy.optimize import LinearConstraint
        from scipy.sparse import coo_array

        entries = [
            (value, number, variable)
            for number, (terms, _, _) in enumerate(self.rows)
            for variable, value in terms.items()
        ]
        values, numbers, variables = zip(*entries, strict=True)
        shape = (len(self.rows), len(self.upper))
        _, low, high = zip(*self.rows, strict=True)
        matrix = coo_array((values, (numbers, variables)), shape=shape)
        return LinearConstraint(matrix.tocsr(), low, high)  # pyright: ignore[reportArgumentType]
