"""Tasks that are alike are traced once: the traces are those of each task by itself."""

import random
from collections.abc import Callable

import pytest
from design_builder import DesignBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from small_designs import WORD, RandomDesign, finished

from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.graph import TaskNode, design_graph
from lmc.dataflow.handles import Handle
from lmc.dataflow.runs import RunTracer
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.timed import TimedTracer
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import AccessTracer, Tracer
from lmc.dialects.dataflow import DesignOp

SETTINGS = ({"n": 3, "m": 3}, {"n": 5, "m": 2})


def timed(task: TaskNode) -> TimedTracer:
    return TimedTracer(task, Clock(250))


TRACERS: tuple[Callable[[TaskNode], Tracer], ...] = (AccessTracer, RunTracer, timed)


def check(design: DesignOp, tracer: Callable[[TaskNode], Tracer]) -> list[str]:
    """The tasks that have been traced."""
    traced: list[str] = []

    def counted(task: TaskNode) -> Tracer:
        traced.append(task.name)
        return tracer(task)

    tasks = design_graph(design).tasks
    together = DesignTracer(tasks, counted)
    for scalars in SETTINGS:
        alone = {task.name: tracer(task).trace(scalars) for task in tasks}
        assert together.trace(scalars) == alone
        assert list(together.trace(scalars)) == list(alone)
    return traced


def lanes(*bounds: str | int, mode: str = "pipeline") -> DesignOp:
    """Tasks that move words from a bank to a stream and on; lane i does it as often as it says."""
    design = DesignBuilder("lanes")
    scalars = {name: design.scalar(name, (3, 5)) for name in ("n", "m")}
    for number, bound in enumerate(bounds):
        bank = design.bank(f"bank{number}", words=100)
        words, copies = (design.stream(f"{name}{number}", WORD) for name in ("words", "copies"))
        count = scalars[bound] if isinstance(bound, str) else bound
        with design.kernel(f"lane{number}") as kernel:
            with kernel.task(f"load{number}") as task, task.loop("chunk", count) as i:
                task.burst_read(bank, i * 4, 4, words)
            with kernel.task(f"copy{number}") as task:
                _copy(task, words, copies, count, mode)
            with kernel.task(f"drop{number}") as task, task.nest([("chunk", count), ("word", 4)]):
                task.read(copies)
    return finished(design)


def _copy(task: TaskBuilder, source: Handle, sink: Handle, count: Handle | int, mode: str) -> None:
    with task.loop("chunk", count) as i:
        if mode == "pipeline":
            with task.nest([("half", 2), ("word", 2)]):
                task.write(sink, task.read(source))
        else:
            with task.loop("word", 4) as word, task.when(word < i + 4):
                task.write(sink, task.read(source))


@pytest.mark.parametrize("tracer", TRACERS)
@pytest.mark.parametrize("mode", ["pipeline", "guarded"])
def test_lanes_are_traced_once(tracer: Callable[[TaskNode], Tracer], mode: str) -> None:
    design = lanes("n", "n", "n", mode=mode)
    assert check(design, tracer) == ["load0", "copy0", "drop0"]


@pytest.mark.parametrize("tracer", TRACERS)
def test_other_bounds_are_other_traces(tracer: Callable[[TaskNode], Tracer]) -> None:
    assert len(check(lanes("n", "m", 3, 4), tracer)) == 12


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**9), st.sampled_from(TRACERS))
def test_random_designs_have_the_traces_of_their_tasks(
    seed: int, tracer: Callable[[TaskNode], Tracer]
) -> None:
    check(RandomDesign(random.Random(seed)).build(), tracer)
