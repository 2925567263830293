"""Traces of tasks: exact, small, and refused where they can't be told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from design_builder import DesignBuilder, first

from lmc.backends.hls.printer import find_design
from lmc.dataflow import library
from lmc.dataflow.graph import design_graph, scalar_examples
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.trips import Access, AccessTracer, Repeat, Trace, count_accesses
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import si, ui

Body = Callable[[TaskBuilder, Handle, Handle, Handle], None]


def trace_of(body: Body, n: int) -> Trace:
    design = DesignBuilder("d")
    scalar = design.scalar("n", examples=(1, 2))
    x, y = design.stream("x", si(8)), design.stream("y", si(8))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        body(task, scalar, x, y)
    graph = design_graph(find_design(design.module()))
    return AccessTracer(graph.tasks[0]).trace({"n": n})


def unrolled(trace: Sequence[Access | Repeat]) -> Iterator[str]:
    for node in trace:
        if isinstance(node, Access):
            yield node.stream
            continue
        for _ in range(node.count):
            yield from unrolled(node.body)


def test_independent_loops_are_multiplied() -> None:
    def body(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.nest([("t", n), ("l", 24), ("i", 10**6)]):
            task.write(y, task.read(x))

    start = time.perf_counter()
    trace = trace_of(body, 3)
    assert time.perf_counter() - start < 0.5
    assert count_accesses(trace) == {("x", False): 72 * 10**6, ("y", True): 72 * 10**6}


def test_guards_cut_loops_into_ranges() -> None:
    def body(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.loop("i", 1000) as i:
            with task.when(first(i)):
                task.read(x)
            with task.when((i >= 990) | i.eq(500)) as late:
                task.write(y, 1)
            with task.otherwise(late):
                task.read(x)

    trace = trace_of(body, 1)
    loops = [node for node in trace if isinstance(node, Repeat)]
    assert [loop.count for loop in loops] == [1, 499, 1, 489, 10]
    assert "".join(unrolled(trace)) == "x" + "x" * 500 + "y" + "x" * 489 + "y" * 10


def test_periods_are_folded() -> None:
    def body(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.loop("i", 16 * 5000 + 3, pipeline=True) as i:
            task.read(x)
            with task.when((i % 16).eq(15)):
                task.write(y, 1)

    trace = trace_of(body, 1)
    assert len(trace) == 2
    assert count_accesses(trace) == {("x", False): 80003, ("y", True): 5000}


def test_counts_of_inner_loops_may_depend_on_outer_counters_and_scalars() -> None:
    def body(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.loop("phase", 4) as phase:
            count = phase.eq(0).select(7, (phase < 3).select(task.index_of(n) * 2, 1))
            with task.loop("i", count) as i, task.when((i + phase) < 6):
                task.read(x)

    for n in (0, 1, 5):
        expected = sum(
            1
            for phase in range(4)
            for i in range(7 if phase == 0 else 2 * n if phase < 3 else 1)
            if i + phase < 6
        )
        assert count_accesses(trace_of(body, n)).get(("x", False), 0) == expected


def test_data_dependent_rates_are_refused() -> None:
    def guarded(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.when(task.read(x) > 0):
            task.write(y, 1)

    def counted(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.loop("i", task.read(x).index()):
            task.write(y, 1)

    with pytest.raises(LmcError, match="task work: a branch that reads or writes streams depends"):
        trace_of(guarded, 1)
    with pytest.raises(LmcError, match="task work: the trip count of loop work_i depends on data"):
        trace_of(counted, 1)


def test_data_dependent_branches_with_equal_rates_are_fine() -> None:
    def body(task: TaskBuilder, n: Handle, x: Handle, y: Handle) -> None:
        with task.when(task.read(x) > 0) as positive:
            task.write(y, 1)
        with task.otherwise(positive):
            task.write(y, 0)

    assert count_accesses(trace_of(body, 1)) == {("x", False): 1, ("y", True): 1}


def test_library_tasks_balance() -> None:
    design = DesignBuilder("d")
    n = design.scalar("n", examples=(1, 4))
    words, elements, back = (
        design.stream("words", ui(512)),
        design.stream("elements", si(24)),
        design.stream("back", ui(512)),
    )
    with design.kernel("k") as kernel:
        library.unpack(kernel, "cut", words, elements, 100, [("t", n)])
        library.pack(kernel, "join", elements, back, 100, [("t", n)])
    found = find_design(design.module())
    assert scalar_examples(found) == [{"n": 1}, {"n": 4}]
    cut, join = (
        count_accesses(AccessTracer(task).trace({"n": 4})) for task in design_graph(found).tasks
    )
    assert cut == {("words", False): 20, ("elements", True): 400}
    assert join == {("elements", False): 400, ("back", True): 20}
