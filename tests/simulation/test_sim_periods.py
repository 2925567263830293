"""Skipping steady states: the result is that of simulating everything."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from design_builder import DesignBuilder
from hypothesis import given, settings
from hypothesis import strategies as st
from small_designs import (
    ITEM,
    TARGETS,
    WORD,
    RandomDesign,
    add_task,
    finished,
    target_with,
)

from lmc.dataflow.handles import Handle
from lmc.dataflow.machines import MACHINES, RTL, Machine
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.simulation import Result, Simulator, layout, simulator
from lmc.targets import Target


def expect_same(design: DesignOp, target: Target, every: int, machine: Machine = RTL) -> Result:
    """Both ways give the same; what they give, from looking every so many accesses."""
    one = Simulator(design, target, {}, machine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulator, "LOOK_EVERY", layout.FOREVER)
        whole = one.run()
        assert whole.simulated == whole.cycles
        patch.setattr(simulator, "LOOK_EVERY", every)
        skipped = one.run()
    assert replace(skipped, simulated=whole.simulated) == whole
    return skipped


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.integers(0, 10**9),
    TARGETS,
    st.sampled_from((40, 100, 333)),
    st.integers(1, 300),
    st.sampled_from(list(MACHINES.values())),
)
def test_random_designs(
    seed: int, target: Target, outer: int, every: int, machine: Machine
) -> None:
    design = RandomDesign(random.Random(seed), outer).build()
    try:
        expect_same(design, target, every, machine)
    except LmcError as stopped:
        with pytest.raises(LmcError, match=str(stopped).split(":")[0]):
            Simulator(design, target, {}, machine).run()


def layers(count: int, *, drained: bool = False) -> DesignOp:
    """Rounds of a vector that goes round through two tasks, with weights from a memory.

    The pipeline of the second one ends with each layer if it is drained, else it goes on.
    """
    design = DesignBuilder("layers")
    bank = design.bank("weights", words=64 * count)
    words, there, back = (design.stream(name, WORD, 40) for name in ("words", "there", "back"))

    def read(task: TaskBuilder) -> None:
        with task.loop("layer", count) as layer:
            task.burst_read(bank, layer * 64, 64, words)

    def front(task: TaskBuilder) -> None:
        held = task.buffer("held", WORD, (16,))
        with task.loop("layer", count):
            with task.loop("send", 16, pipeline=True) as i:
                task.write(there, held[i])
            with task.loop("take", 16, pipeline=True) as i:
                held[i] = task.read(back)

    def multiply(task: TaskBuilder) -> None:
        held = task.register("held", WORD)

        def step(k: Value) -> None:
            word = task.choose(k.eq(0), lambda: [task.read(there)], lambda: [held.get()])[0]
            held.set(word)
            weight = task.read(words).slice(0, 16)
            with task.when(k.eq(3)):
                task.write(back, word.insert((weight * word.slice(0, 16)).rss(3, ITEM), 0))

        if drained:
            with task.loop("layer", count):
                held.set(task.zero_word(512))
                with task.nest([("i", 16), ("k", 4)]) as (_, k):
                    step(k)
            return
        with task.nest([("layer", count), ("i", 16), ("k", 4)]) as (_, _i, k):
            step(k)

    for name, body in (("read", read), ("front", front), ("multiply", multiply)):
        add_task(design, name, body)
    return finished(design)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
@pytest.mark.parametrize("sustained", [16.0, 7.3])
def test_layers_are_skipped(sustained: float, machine: Machine) -> None:
    design = layers(3000, drained=machine.stalls.value == 1)
    result = expect_same(design, target_with(sustained), 500, machine)
    assert result.cycles > 20 * result.simulated


def rounds(design: DesignBuilder, count: int, sink: Handle, idle: int) -> None:
    """A task that writes a word in each of its rounds."""

    def body(task: TaskBuilder) -> None:
        held = task.buffer("held", ITEM, (idle,))
        with task.loop("round", count):
            with task.loop("idle", idle, pipeline=True) as i:
                held[i] = 0
            task.write(sink, task.zero_word(512))

    add_task(design, "rounds", body)


def test_a_fifo_that_drains_is_watched() -> None:
    """100 elements ahead, and one more in 10 cycles where 9 are enough for the reader."""
    design = DesignBuilder("d")
    bank = design.bank("bank", words=1, direction="write")
    stream, out = design.stream("stream", WORD, 128), design.stream("out", WORD, 4)

    def make(task: TaskBuilder) -> None:
        with task.loop("first", 100, pipeline=True):
            task.write(stream, task.zero_word(512))
        with task.loop("then", 3000, pipeline=True, requested_ii=10):
            task.write(stream, task.zero_word(512))

    def take(task: TaskBuilder) -> None:
        held = task.buffer("held", ITEM, (6,))
        with task.loop("round", 3100):
            task.write(out, task.read(stream))
            with task.loop("idle", 5, pipeline=True) as i:
                held[i] = 0

    def store(task: TaskBuilder) -> None:
        with task.loop("round", 3100):
            task.burst_write(out, bank, 0, 1)

    for name, body in (("make", make), ("take", take), ("store", store)):
        add_task(design, name, body)
    result = expect_same(finished(design), target_with(latency_ns=4.0), 30)
    assert result.simulated < result.cycles // 2
    assert result.streams["stream"].empty > 1000
    assert len(result.tasks["store"].rounds) == 3100


def test_a_pipeline_that_waits_all_the_time_stands_still() -> None:
    """Its later point waits until all rounds are over; its iterations in flight come at odd
    times, which the later point must know of then."""
    design = DesignBuilder("d")
    early, late, tick = (design.stream(name, WORD, 4) for name in ("early", "late", "tick"))

    def wait(task: TaskBuilder) -> None:
        with task.loop("i", 12, pipeline=True):
            value = task.read(early).slice(0, 16)
            for _ in range(3):
                value = (value * value).rss(9, ITEM)
            with task.when(value > 0) as positive:
                task.read(late)
            with task.otherwise(positive):
                task.read(late)

    def make_early(task: TaskBuilder) -> None:
        with task.loop("i", 12, pipeline=True, requested_ii=3):
            task.write(early, task.zero_word(512))

    def end(task: TaskBuilder) -> None:
        with task.loop("round", 2000):
            task.read(tick)
        with task.loop("late", 12, pipeline=True):
            task.write(late, task.zero_word(512))

    add_task(design, "wait", wait)
    add_task(design, "make_early", make_early)
    rounds(design, 2000, tick, 9)
    add_task(design, "end", end)
    result = expect_same(finished(design), target_with(), 20)
    assert result.simulated < result.cycles // 2
