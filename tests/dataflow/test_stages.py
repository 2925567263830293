"""Depths with which a launch does not stop, told from its order: a simulated one ends with them."""

import random
from collections.abc import Callable

import pytest
from design_builder import DesignBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from small_designs import WORD, RandomDesign, add_task, finished, target_with

from lmc.dataflow.graph import design_graph
from lmc.dataflow.handles import Handle
from lmc.dataflow.machines import HLS_FLP, RTL
from lmc.dataflow.stages import by_stages, unstopped_depths
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.trips import Repeat
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.simulation import Simulator
from lmc.simulation.waits import DeadlockError

TARGET = target_with()


def found(design: DesignOp, depths: dict[str, int]) -> dict[str, int]:
    traces = Simulator(design, TARGET, {}).traces({})
    return unstopped_depths(design_graph(design), traces, depths)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**9), st.sampled_from([1, 2, 8]))
def test_a_launch_with_these_depths_ends(seed: int, start: int) -> None:
    design = RandomDesign(random.Random(seed)).build()
    begin = dict.fromkeys(design_graph(design).streams, start)
    depths = found(design, begin)
    assert all(depths[name] >= start for name in begin)
    for machine in (RTL, HLS_FLP):
        Simulator(design, TARGET, {}, machine).run(depths)
    assert found(design, depths) == depths


def test_what_is_written_together_needs_a_place_in_each() -> None:
    """One after the other, a depth of 1 would do: the second element of `early` goes out alone."""
    design = DesignBuilder("together")
    early, late = design.stream("early", WORD), design.stream("late", WORD)

    def both(task: TaskBuilder) -> None:
        with task.loop("i", 2, pipeline=True):
            task.write(early, task.zero_word(512))
            task.write(late, task.zero_word(512))

    def one_by_one(task: TaskBuilder) -> None:
        for source in (early, late):
            for _ in range(2):
                task.read(source)

    add_task(design, "both", both)
    add_task(design, "one_by_one", one_by_one)
    module = finished(design)
    with pytest.raises(DeadlockError):
        Simulator(module, TARGET, {}).run({"early": 1, "late": 1})
    depths = found(module, {"early": 1, "late": 1})
    Simulator(module, TARGET, {}).run(depths)
    assert depths["late"] > 1


def test_each_stage_reads_before_it_writes() -> None:
    design = DesignBuilder("order")
    begin, middle, end = (design.stream(name, WORD) for name in ("begin", "middle", "end"))
    add_task(design, "first", _copies(None, begin))
    add_task(design, "second", _copies(begin, middle))
    add_task(design, "third", _copies(middle, end))
    add_task(design, "last", _copies(end, None))
    (loop,) = by_stages(Simulator(finished(design), TARGET, {}).traces({})["second"])
    assert isinstance(loop, Repeat)
    assert loop.count == 3
    assert [(one.stream, one.written) for one in loop.body if not isinstance(one, Repeat)] == [
        ("begin", False),
        ("middle", True),
    ]


def test_a_circle_that_no_depth_opens_is_refused() -> None:
    design = DesignBuilder("starved")
    there, back = design.stream("there", WORD), design.stream("back", WORD)
    add_task(design, "first", _copies(back, there))
    add_task(design, "second", _copies(there, back))
    with pytest.raises(LmcError, match="whatever the FIFO depths are: task first waits to read"):
        found(finished(design), {"there": 4, "back": 4})


def _copies(source: Handle | None, sink: Handle | None) -> Callable[[TaskBuilder], None]:
    def body(task: TaskBuilder) -> None:
        with task.loop("i", 3, pipeline=True):
            word = task.zero_word(512) if source is None else task.read(source)
            if sink is not None:
                task.write(sink, word)

    return body
