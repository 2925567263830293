"""Placement: the solver against trying all placements, and what a design counts."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from unittest.mock import patch

import pytest
from design_builder import DesignBuilder
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import IntegerAttr, StringAttr, i64

from lmc.backends.hls.printer import find_design
from lmc.dataflow.graph import design_graph
from lmc.dataflow.resources import estimate, link_resources, stream_resources
from lmc.dialects.dataflow import DesignOp, KernelOp, si, ui
from lmc.passes.place_kernels import place_kernel
from lmc.placement import place_tasks, slr_use
from lmc.placement import solve as solver
from lmc.placement.design import bank_accesses, design_problem, port_wires
from lmc.placement.problem import (
    Link,
    Problem,
    Shared,
    Tie,
    budget_excess,
    use_of,
    wire_excess,
)
from lmc.placement.solve import solve
from lmc.targets import load_target


@st.composite
def problems(draw: st.DrawFn, parts: int = 5) -> Problem:
    """Up to `parts` parts in two or three places; budgets are tight, and often too small."""
    places, kinds = draw(st.integers(2, 3)), draw(st.integers(1, 2))
    count = draw(st.integers(1, parts))
    some = st.integers(0, count - 1)
    amounts = st.tuples(*[st.integers(0, 6)] * kinds)
    budget = st.tuples(*[st.integers(0, 4 + 3 * count)] * kinds)
    wires, place = st.integers(1, 9), st.integers(0, places - 1)
    cut = st.just(()) | st.tuples(*[st.integers(-2, 4)] * kinds)
    link = st.builds(Link, some, some, wires, cut, st.booleans())
    links = draw(st.lists(link, max_size=2 * count))
    return Problem(
        budgets=tuple(draw(st.tuples(*[budget] * places))),
        limits=tuple(draw(st.tuples(*[st.integers(0, 15)] * (places - 1)))),
        parts=tuple(draw(amounts) for _ in range(count)),
        links=tuple(link for link in links if link.one != link.other),
        ties=tuple(draw(st.lists(st.builds(Tie, some, place, wires), max_size=3))),
        shared=tuple(
            draw(
                st.lists(
                    st.builds(Shared, st.lists(some, min_size=1, unique=True).map(tuple), amounts),
                    max_size=2,
                )
            )
        ),
        pins=tuple(draw(st.dictionaries(some, place, max_size=1)).items()),
    )


def all_placements(problem: Problem) -> list[tuple[int, ...]]:
    places = range(len(problem.budgets))
    every = product(places, repeat=len(problem.parts))
    return [one for one in every if all(one[part] == place for part, place in problem.pins)]


def cost_of(problem: Problem, places: tuple[int, ...]) -> tuple[float, int, int]:
    """Excess of a budget, wires above a limit, all wires: in this order the least is the best."""
    use = use_of(problem, places)
    return round(budget_excess(problem, use), 6), wire_excess(problem, use), sum(use.wires)


MISLED_PRESOLVE = Problem(
    ((10.0,), (2.0,), (15.0,)),
    (0, 0),
    ((6.0,), (6.0,), (4.0,), (1.0,), (5.0,)),
    shared=(Shared((0,), (5.0,)),),
)


@settings(max_examples=100, deadline=None)
@example(MISLED_PRESOLVE)
@given(problems())
def test_the_solver_finds_the_best_of_all_placements(problem: Problem) -> None:
    with patch.object(solver, "GAP", 0.0):
        found = solve(problem)
    assert found in all_placements(problem)
    costs = {one: cost_of(problem, one) for one in all_placements(problem)}
    fits = [one for one, (excess, above, _) in costs.items() if not excess and not above]
    uncut = [one for one in fits if not any(deep_cuts(problem, one))]
    assert costs[found] == min(costs[one] for one in uncut or costs)
    assert found in (uncut or costs)


def deep_cuts(problem: Problem, places: tuple[int, ...]) -> list[bool]:
    return [places[link.one] != places[link.other] for link in problem.links if link.is_deep]


def test_what_a_cut_takes_is_counted_where_the_link_ends() -> None:
    """The second part, of 2, takes one less if the first one is elsewhere, and the third 3 more."""
    links = (Link(0, 1, 1, cut=(-1.0,)), Link(1, 2, 1, cut=(3.0,)))
    problem = Problem(((3.0,), (9.0,)), (9,), ((2.0,), (2.0,), (1.0,)), links)
    assert use_of(problem, (0, 1, 1)).amounts == ((2.0,), (2.0,))
    assert use_of(problem, (0, 1, 0)).amounts == ((6.0,), (1.0,))
    assert use_of(problem, (1, 1, 0)).amounts == ((4.0,), (4.0,))
    # All in one place are too many.
    tight = replace(problem, budgets=((4.0,), (4.0,)))
    assert cost_of(tight, solve(tight)) == (0.0, 0, 1)


def test_a_deep_link_is_cut_only_where_it_has_to_be() -> None:
    """Cutting the shallow link takes more wires; with fewer wires only the deep one is left."""
    links = (Link(0, 1, 2, cut=(1.0,), is_deep=True), Link(1, 2, 5))
    problem = Problem(((4.0,), (4.0,)), (9,), ((2.0,), (2.0,), (1.0,)), links)
    assert use_of(problem, solve(problem)).wires == (5,)
    narrow = replace(problem, limits=(4,))
    assert use_of(narrow, solve(narrow)).wires == (2,)


def test_wires_give_way_to_budgets() -> None:
    """Parts that do not fit in one place are parted by more wires than the limit."""
    problem = Problem(((3.0,), (3.0,)), (5,), ((2.0,), (2.0,)), (Link(0, 1, 8),), (Tie(1, 1, 1),))
    assert solve(problem) == (0, 1)
    assert cost_of(problem, (0, 1)) == (0.0, 3, 8)


def test_what_is_too_much_is_spread() -> None:
    """Five equal parts in two places for one each: three in one, though wires join all."""
    links = tuple(Link(part, part + 1, 5) for part in range(4))
    problem = Problem(((1.0,), (1.0,)), (100,), ((1.0,),) * 5, links)
    use = use_of(problem, solve(problem))
    assert sorted(use.amounts) == [(2.0,), (3.0,)]
    assert use.wires == (5,)


def test_wires_cross_all_boundaries_between() -> None:
    problem = Problem(((9.0,),) * 4, (0, 0, 0), ((1.0,), (2.0,)), (Link(0, 1, 5),), (Tie(0, 2, 3),))
    use = use_of(problem, (0, 3))
    assert use.wires == (8, 8, 5)
    assert use.amounts == ((1.0,), (0.0,), (0.0,), (2.0,))


# Designs


def small_design(depth: int | None = None) -> DesignOp:
    """Reader, worker and writer in one kernel, with memory in two SLRs of the u280.

    `depth` is that of the FIFO where the wires are few.
    """
    design = DesignBuilder("d")
    count = design.scalar("n", examples=[2])
    source = design.bank("source", words=8, memory="DDR4")
    sink = design.bank("sink", words=8, memory="DDR4", direction="write", channel=1)
    with design.kernel("k") as kernel:
        words, values = kernel.stream("words", ui(512)), kernel.stream("values", si(16))
        out = kernel.stream("out", ui(512))
        with kernel.task("read") as task, task.loop("read_i", count):
            task.burst_read(source, 0, 4, words)
        with kernel.task("work") as task, task.loop("work_i", 8, pipeline=True):
            word = task.read(words)
            task.write(values, word.slice(0, 16))
        with kernel.task("widen") as task, task.loop("widen_i", 8, pipeline=True):
            task.write(out, task.zero_word(512).insert(task.read(values), 0))
        with kernel.task("write") as task, task.loop("write_i", count):
            task.burst_write(out, sink, 0, 4)
    found = find_design(design.module())
    if depth is not None:
        design_graph(found).streams["values"].depth = IntegerAttr(depth, i64)
    return found


def test_the_cut_is_where_the_wires_are_few() -> None:
    target = load_target("u280")
    slrs = place_tasks(small_design(), target, {})
    assert slrs == {"read": "SLR0", "work": "SLR0", "widen": "SLR1", "write": "SLR1"}
    pinned = place_tasks(small_design(), target, {"work": "SLR2"})
    assert pinned["work"] == "SLR2"


def test_a_fifo_that_would_take_more_bram_is_not_cut() -> None:
    """16 bits and 8192 elements are two URAMs in a kernel, and four BRAMs between two."""
    target, design = load_target("u280"), small_design(8192)
    stream = design_graph(design).streams["values"]
    own, linked = stream_resources(stream, target), link_resources(stream, target)
    assert (own.bram36, own.uram, linked.bram36, linked.uram) == (0, 2, 4, 0)
    problem = design_problem(design, target)
    (link,) = [one for one in problem.links if one.is_deep]
    assert ((link.one, link.other), link.cut[-2:]) == ((1, 2), (4, -2))
    slrs = place_tasks(design, target, {})
    assert slrs["work"] == slrs["widen"]
    # Pins leave no other choice. What the solver counts then is what is counted of the result.
    slrs = place_tasks(design, target, {"work": "SLR0", "widen": "SLR1"})
    counted = use_of(problem, [int(slr[-1]) for slr in slrs.values()]).amounts
    (kernel,) = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    place_kernel(kernel, slrs, [slr.name for slr in target.slrs])
    use = slr_use(design, target)
    assert use is not None
    for amounts, expected in zip(use.amounts.values(), counted, strict=True):
        assert list(amounts.values()) == pytest.approx(list(expected), abs=1)


def test_what_wires_a_design_counts() -> None:
    target, design = load_target("u280"), small_design()
    problem = design_problem(design, target)
    assert [task.name for task in design_graph(design).tasks] == ["read", "work", "widen", "write"]
    assert {(link.one, link.other): link.wires for link in problem.links} == {
        (0, 1): 514,
        (1, 2): 18,
        (2, 3): 514,
    }
    reads, writes = (port_wires(access) for access in bank_accesses(design))
    assert (reads, writes) == (512 + 79 + 5, 512 + 64 + 79 + 7)
    assert {(tie.part, tie.place, tie.wires) for tie in problem.ties} == {
        (0, 0, reads),
        (3, 1, writes),
    }


def test_a_design_takes_what_is_estimated() -> None:
    """All of it, in one SLR; each part is rounded up."""
    target, design = load_target("u280"), small_design()
    assert slr_use(design, target) is None, "it is not placed"
    (kernel,) = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    kernel.slr = StringAttr("SLR1")
    use = slr_use(design, target)
    assert use is not None
    counted = estimate(design, target).total.as_dict()
    for name, amount in use.amounts["SLR1"].items():
        assert counted[name] <= amount <= counted[name] + len(design_graph(design).tasks)
    assert not any(use.amounts["SLR0"].values())
    reads, _ = (port_wires(access) for access in bank_accesses(design))
    assert use.crossings == (("SLR0", "SLR1", reads), ("SLR1", "SLR2", 0))
    kernel.slr = StringAttr("SLR9")
    assert slr_use(design, target) is None, "there is no such SLR"
