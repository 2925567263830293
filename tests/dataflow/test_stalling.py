"""Pipelines that stall as a whole: what a run does then, and whether a design still ends."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from bundled_designs import compiled
from design_builder import DesignBuilder
from small_designs import finished
from stalling_machine import waiting_tasks
from tiny_designs import last_module
from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.hls.printer import find_design
from lmc.dataflow.graph import scalar_examples
from lmc.dataflow.runs import Iteration, Run, RunTrace, as_a_whole, in_order, reading_ahead
from lmc.dataflow.stalling import in_flight
from lmc.dataflow.trips import Access, Repeat, Trace
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.dataflow import DesignOp, is_pipelined, loop_of, set_loop, ui
from lmc.lint import findings
from lmc.passes.drain_pipelines import DrainPipelines
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.passes.size_fifos import size_by_order

STREAMS = [Access("a", False), Access("b", False), Access("x", True), Access("y", True)]


def random_rounds(source: random.Random, depth: int) -> RunTrace:
    """A tree of iterations, as nests with guards have it."""
    nodes: list[Iteration | Repeat] = []
    for _ in range(source.randint(1, 3)):
        if depth and source.random() < 0.7:
            body = random_rounds(source, depth - 1)
            nodes.append(Repeat("l", source.randint(1, 6), body))
        else:
            chosen = [one for one in STREAMS if source.random() < 0.5]
            reads = tuple(one for one in chosen if not one.written)
            nodes.append(Iteration(reads, tuple(one for one in chosen if one.written)))
    return tuple(nodes)


def flat(nodes: Sequence) -> Iterator:
    for node in nodes:
        if isinstance(node, Repeat):
            for _ in range(node.count):
                yield from flat(node.body)
        else:
            yield node


def accesses(trace: Trace) -> list[Access]:
    return list(flat(trace))


@pytest.mark.parametrize("seed", range(60))
def test_what_is_written_comes_after_what_is_read_ahead(seed: int) -> None:
    source = random.Random(seed)
    run = Run("l", random_rounds(source, 3))
    iterations = list(flat(run.rounds))
    for ahead in (1, 2, 5, 17, len(iterations), len(iterations) + 3):
        expected = [one for item in iterations[:ahead] for one in item.reads]
        for number, item in enumerate(iterations):
            later = iterations[number + ahead : number + ahead + 1]
            expected += [*(one for late in later for one in late.reads), *item.writes]
        assert accesses(reading_ahead(run, ahead)) == expected
    assert accesses(in_order(run)) == [
        one for item in iterations for one in (*item.reads, *item.writes)
    ]
    whole = accesses(as_a_whole(run))
    assert sorted(whole, key=str) == sorted(accesses(in_order(run)), key=str)
    assert whole == sorted(whole, key=lambda one: one.written)


def test_a_large_run_stays_small() -> None:
    word = Iteration((Access("a", False),), (Access("x", True),))
    run = Run("l", (Repeat("t", 1000, (Repeat("l", 64, (Repeat("w", 5120, (word,)),)),)),))
    trace = reading_ahead(run, 80)
    assert sum(1 for _ in nodes_of(trace)) < 100


def nodes_of(trace: Trace) -> Iterator[Access | Repeat]:
    for node in trace:
        yield node
        if isinstance(node, Repeat):
            yield from nodes_of(node.body)


WORDS, LAYERS = 8, 4


def layered() -> DesignBuilder:
    """A residual stream that goes around: `enter` takes it at first from `begin`, then from
    `leave`, in a nest over tokens, layers and words. `norm` needs all words of a layer."""
    design = DesignBuilder("d")
    tokens = design.scalar("n", examples=(1, 3))
    back, inside = design.stream("back", ui(8), 16), design.stream("inside", ui(8), 16)
    loops = [("token", tokens), ("layer", LAYERS), ("word", WORDS)]
    with design.kernel("front") as kernel:
        first = kernel.stream("first", ui(8))
        with kernel.task("begin") as task, task.nest([loops[0], loops[2]]):
            task.write(first, 1)
        with kernel.task("enter") as task, task.nest(loops) as (_, layer, _):
            begins = layer.eq(0)
            word = task.choose(begins, lambda: [task.read(first)], lambda: [task.read(back)])[0]
            task.write(inside, word)
    with design.kernel("tail") as kernel:
        normed, last = kernel.stream("normed", ui(8)), kernel.stream("last", ui(8))
        with kernel.task("norm") as task, task.nest(loops[:2], pipeline=False):
            for stream in (inside, normed):
                with task.loop("word", WORDS, pipeline=True):
                    if stream is inside:
                        task.read(inside)
                    else:
                        task.write(normed, 1)
        with kernel.task("leave") as task, task.nest(loops) as (_, layer, _):
            word = task.read(normed)
            ends = layer.eq(LAYERS - 1)
            with task.when(~ends):
                task.write(back, word)
            with task.when(ends):
                task.write(last, word)
        with kernel.task("drop") as task, task.nest([loops[0], loops[2]]):
            task.read(last)
    return design


def held(design: DesignOp) -> list[str]:
    return [one.sentence for one in findings(design) if one.rule.name == "held-writes"]


def drained(design: DesignOp) -> DesignOp:
    """The design after the pass, scheduled anew."""
    module = design.parent_op()
    assert isinstance(module, ModuleOp)
    DrainPipelines().apply(Context(), module)
    ScheduleLoops().apply(Context(), module)
    size_by_order(design)
    return design


def draining(design: DesignOp) -> list[str]:
    return [
        loop_of(op).label
        for op in design.walk()
        if isinstance(op, scf.ForOp) and loop_of(op).drains
    ]


def test_a_nest_is_cut_where_its_feedback_is() -> None:
    design = finished(layered())
    size_by_order(design)
    assert held(design) == [
        "task enter: where loop enter_word stalls, what it writes to inside may be held back until "
        "it has read what depends on that (inside -> normed -> back) for n = 1, and the design "
        "stops: run drain-pipelines"
    ]
    for scalars in scalar_examples(design):
        assert set(waiting_tasks(design, scalars, late=2)) == {"enter", "norm", "leave", "drop"}
    drained(design)
    # The nest over tokens and words of `begin` waits for nothing.
    assert draining(design) == ["enter_layer", "leave_layer"]
    assert held(design) == []
    for scalars in scalar_examples(design):
        assert waiting_tasks(design, scalars, late=2) == []


def test_the_pass_changes_nothing_twice() -> None:
    design = drained(finished(layered()))
    before = str(design)
    assert str(drained(design)) == before


def test_feedback_from_token_to_token_is_cut_at_tokens() -> None:
    design = DesignBuilder("d")
    tokens = design.scalar("n", examples=(1, 3))
    chosen, words = design.stream("chosen", ui(8), 16), design.stream("words", ui(8), 16)
    with (
        design.kernel("front") as kernel,
        kernel.task("fetch") as task,
        task.nest([("token", tokens), ("part", 2), ("word", WORDS)]) as (token, part, word),
    ):
        with task.when((token > 0) & part.eq(0) & word.eq(0)):
            task.read(chosen)
        task.write(words, 1)
    with (
        design.kernel("tail") as kernel,
        kernel.task("choose") as task,
        task.loop("token", tokens) as token,
    ):
        with task.loop("word", 2 * WORDS, pipeline=True):
            task.read(words)
        with task.when((token + 1) < task.index_of(tokens)):
            task.write(chosen, 1)
    assert draining(drained(finished(design))) == ["fetch_token"]


def ring(lag: int) -> DesignOp:
    """`hold` gives out 200 elements of a state, and takes each back `lag` iterations later."""
    design = DesignBuilder("d")
    tokens = design.scalar("n", examples=(1, 3))
    old, new = design.stream("old", ui(8), 16), design.stream("new", ui(8), 16)
    with (
        design.kernel("states") as kernel,
        kernel.task("hold") as task,
        task.nest([("token", tokens), ("step", 200 + lag)]) as (_, step),
    ):
        with task.when(step < 200):
            task.write(old, 1)
        with task.when(step >= lag):
            task.read(new)
    with (
        design.kernel("work") as kernel,
        kernel.task("update") as task,
        task.nest([("token", tokens), ("word", 200)]),
    ):
        task.write(new, slow(task.read(old)))
    return finished(design)


def slow(value: Value) -> Value:
    """The value after several multiplications."""
    for _ in range(4):
        value = (value * value).slice(0, 8, signed=False)
    return value


def flight(design: DesignOp) -> int:
    """Iterations under way in both pipelines of the ring."""
    loops = [loop_of(op) for op in design.walk() if is_pipelined(op)]
    return sum(in_flight(loop.ii or 1, loop.latency or 1) for loop in loops)


def test_a_pipeline_may_wait_for_what_it_wrote_long_before() -> None:
    """As long as more iterations lie between than a tool has under way."""
    under_way = flight(ring(64))
    assert 8 < under_way < 64
    enough, too_few = ring(under_way + 1), ring(under_way - 1)
    for design in (enough, too_few):
        drained(design)
    # The last words of a token would wait for the first of the next one: `update` is cut there.
    assert (draining(enough), held(enough)) == (["update_token"], [])
    # `hold` is cut, too, to no avail: the one loop that is left waits for itself.
    assert draining(too_few) == ["hold_token", "update_token"]
    (sentence,) = held(too_few)
    assert sentence.startswith("task hold: where loop hold_step stalls, what it writes to old")


def test_what_stops_in_any_style_is_refused() -> None:
    design = DesignBuilder("d")
    x, y = design.stream("x", ui(8), 16), design.stream("y", ui(8), 16)
    for name, source, sink in (("one", x, y), ("two", y, x)):
        with (
            design.kernel(name) as kernel,
            kernel.task(f"{name}_task") as task,
            task.loop("i", 8, pipeline=True),
        ):
            task.write(sink, task.read(source))
    with pytest.raises(LmcError, match="stops whatever the FIFO depths are: task one_task waits"):
        DrainPipelines().apply(Context(), design.module())


def test_a_design_without_a_clock_is_refused_where_one_is_needed() -> None:
    with pytest.raises(UsageError, match="names no clock, so drain-pipelines can't tell how many"):
        DrainPipelines().apply(Context(), layered().module())


SCALARS = {"n_tokens": 2, "n_prompt": 1, "n_logits": 2}


def without_drains(design: DesignOp) -> DesignOp:
    """The design as it is without the pass."""
    for op in design.walk():
        if isinstance(op, scf.ForOp):
            set_loop(op, replace(loop_of(op), drains=False))
    return design


@pytest.mark.slow
@pytest.mark.parametrize("board", ["vck190", "u280"])
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_a_bundled_model_ends_where_pipelines_stall(model: str, board: str) -> None:
    design = compiled(model, board)
    assert waiting_tasks(design, SCALARS) == []
    without_drains(design)
    assert waiting_tasks(design, SCALARS) != []
    assert held(design) != []


@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_a_compiled_design_ends_where_pipelines_stall(
    name: str, request: pytest.FixtureRequest
) -> None:
    design = find_design(last_module(request.getfixturevalue(name)))
    assert waiting_tasks(design, SCALARS) == []
    assert held(design) == []
    assert "enter_layer_layer" in draining(design)
    without_drains(design)
    assert "enter_layer" in waiting_tasks(design, SCALARS, late=1)
    assert waiting_tasks(design, SCALARS) != []
    (sentence,) = held(design)
    assert "until it has read what depends on that" in sentence
