"""The simulator against a plain simulator that looks at every cycle of every task."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from cycle_reference import Simulation, figures_of
from design_builder import DesignBuilder, first
from hypothesis import given, settings
from hypothesis import strategies as st
from small_designs import (
    ITEM,
    TARGETS,
    WORD,
    RandomDesign,
    add_task,
    finished,
    pass_on,
    target_with,
)

from lmc.dataflow.machines import HLS_FLP, HLS_STP, RTL, Figure, Machine
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import last
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, is_pipelined, loop_of, set_loop
from lmc.simulation import Result, Simulator, layout, state
from lmc.targets import Target

SHORT = {"link": Figure(3, "test"), "memory_latency": Figure(7, "test")}
ALL = st.sampled_from(
    (
        RTL,
        HLS_FLP,
        HLS_STP,
        *(replace(m, **SHORT, words_in_flight=Figure(5, "test")) for m in (HLS_FLP, HLS_STP)),
    )
)


def expect_same(
    design: DesignOp,
    target: Target,
    depths: Mapping[str, int] | None = None,
    machine: Machine = RTL,
) -> Result | None:
    """Both simulators find the same. What they found; None if the design stops."""
    reference = Simulation(design, target, {}, depths, machine)
    cycles = reference.run()
    simulator = Simulator(design, target, {}, machine)
    if cycles < 0:
        with pytest.raises(LmcError, match="the design stops in cycle"):
            simulator.run(depths)
        return None
    result = simulator.run(depths)
    assert result.cycles == cycles
    assert figures_of(result) == reference.figures()
    return result


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 10**9), TARGETS, ALL)
def test_random_designs(seed: int, target: Target, machine: Machine) -> None:
    expect_same(RandomDesign(random.Random(seed)).build(), target, machine=machine)


def test_fields_of_records_are_where_the_core_looks() -> None:
    """The names of the views' fields against the constants, where these are called alike."""
    common = {"pc": "PC", "sp": "SP", "awaits": "AWAITS", "since": "SINCE"}
    names: dict[str, dict[str, str]] = {
        "CODE": {},
        "PIPELINE": {},
        "BURST": {"port": "BURST_PORT", "fifo": "BURST_FIFO"},
        "ACCESS": {"fifo": "ACCESS_FIFO", "write": "IS_WRITE"},
        "TASK": {**common, "points": "OWN_POINTS"},
        "POINT": common,
        "FIFO": {},
        "PORT": {
            "alarm": "PORT_ALARM",
            "latency": "PORT_LATENCY",
            "fifo": "PORT_FIFO",
            "mode": "PORT_MODE",
            "since": "PORT_SINCE",
            "rate": "OWN_RATE",
            "cap": "OWN_CAP",
            "credit": "OWN_CREDIT",
            "last": "OWN_LAST",
        },
        "CHANNEL": {"last": "LAST_CREDIT", "alarm": "CHANNEL_ALARM"},
    }
    for record, special in names.items():
        for offset, field in enumerate(getattr(state, record).names):
            assert getattr(layout, special.get(field, field.upper())) == offset, (record, field)
    for record in ("CODE", "TASK", "POINT", "PORT", "CHANNEL"):
        assert getattr(layout, f"{record}_SIZE") == len(getattr(state, record).names)


# Figures that can be told by hand


def test_a_pipeline_takes_its_iterations_and_its_latency() -> None:
    design = DesignBuilder("d")
    stream = design.stream("s", WORD, 40)

    def source(task: TaskBuilder) -> None:
        with task.nest([("o", 4), ("i", 5)], requested_ii=3):
            task.write(stream, task.zero_word(512))

    def sink(task: TaskBuilder) -> None:
        with task.loop("i", 20):
            task.read(stream)

    add_task(design, "source", source)
    add_task(design, "sink", sink)
    result = expect_same(finished(design), target_with())
    assert result is not None
    # A cycle to start, an iteration every 3 cycles, the last one of latency 1.
    assert result.tasks["source"].end == 1 + 19 * 3 + 1
    assert result.tasks["source"].unblocked == result.tasks["source"].end
    # A cycle of control before each read; the last element is there one cycle later.
    assert result.tasks["sink"].end == result.tasks["source"].end + 1
    assert result.streams["s"].most == 1


def test_iterations_and_loops_without_accesses_take_their_time() -> None:
    design = DesignBuilder("d")
    stream = design.stream("s", WORD, 4)

    def source(task: TaskBuilder) -> None:
        held = task.buffer("held", ITEM, (64,))
        with task.loop("fill", 64, pipeline=True) as i:
            held[i] = 0
        with task.loop("some", 50, pipeline=True) as i, task.when(i.eq(9)):
            task.write(stream, task.zero_word(512))

    add_task(design, "source", source)
    add_task(design, "sink", pass_on(stream, [], 1))
    result = expect_same(finished(design), target_with())
    assert result is not None
    assert result.tasks["source"].end == (1 + 64) + (1 + 50)
    assert result.tasks["sink"].end == (65 + 1 + 9) + 1 + 1


def test_bursts_pay_latency_once_and_share_a_channel() -> None:
    design = DesignBuilder("d")
    for name in ("a", "b"):
        bank = design.bank(f"bank_{name}", words=300, channel=0)
        stream = design.stream(f"s_{name}", WORD, 8)

        def read(task: TaskBuilder, bank=bank, stream=stream) -> None:
            task.burst_read(bank, 0, 300, stream)

        add_task(design, f"read_{name}", read)
        add_task(design, f"drop_{name}", pass_on(stream, [], 300))
    op = finished(design)
    # 16 GB/s at 250 MHz are a word of 64 bytes a cycle; 40 ns are 10 cycles.
    shared = expect_same(op, target_with(16.0))
    assert shared is not None
    # The bucket is full at the start: two words can go in the first cycle.
    assert max(shared.tasks[f"read_{name}"].end for name in "ab") == 1 + 10 + 600 - 1
    assert {port.latency for port in shared.ports} == {10}
    assert shared.memories["ddr"].bytes == 600 * 64
    alone = expect_same(op, target_with(32.0, port_gbps=8.0))
    assert alone is not None
    # Half a word a cycle each, and one word and a half at the start.
    assert max(alone.tasks[f"read_{name}"].end for name in "ab") == 1 + 10 + 2 * (300 - 1.5) + 1


def test_channels_have_a_share_each() -> None:
    ends: list[int] = []
    for channel in (0, 1):
        design = DesignBuilder("d")
        for number, name in ((0, "a"), (channel, "b")):
            bank = design.bank(f"bank_{name}", words=400, channel=number)
            stream = design.stream(f"s_{name}", WORD, 8)

            def read(task: TaskBuilder, bank=bank, stream=stream) -> None:
                task.burst_read(bank, 0, 400, stream)

            add_task(design, f"read_{name}", read)
            add_task(design, f"drop_{name}", pass_on(stream, [], 400))
        result = expect_same(finished(design), target_with(32.0, channels=2))
        assert result is not None
        ends.append(result.cycles)
    assert ends[0] - ends[1] == pytest.approx(400, abs=3)


def test_a_write_ends_with_its_answer() -> None:
    design = DesignBuilder("d")
    bank = design.bank("bank", words=8, direction="write")
    stream, credit = design.stream("s", WORD, 8), design.stream("credit", ITEM, 2)

    def write(task: TaskBuilder) -> None:
        task.burst_write(stream, bank, 0, 8)
        task.write(credit, 0)

    def make(task: TaskBuilder) -> None:
        with task.loop("i", 8, pipeline=True):
            task.write(stream, task.zero_word(512))
        task.read(credit)

    add_task(design, "write", write)
    add_task(design, "make", make)
    result = expect_same(finished(design), target_with(latency_ns=80.0))
    assert result is not None
    # Words are written in cycles 1 to 8, moved in 2 to 9, answered 20 later, then the credit.
    assert result.tasks["write"].end == 9 + 1 + 20 + 1
    assert result.tasks["make"].end == result.tasks["write"].end + 1


# Streams that hold each other up


def two_ways(depth: int) -> DesignOp:
    """An element goes two ways, a long one and one through a FIFO, to where both are needed."""
    design = DesignBuilder("two_ways")
    depths = {"short": depth, "long": 4, "late": 4}
    short, long, late = (design.stream(name, WORD, deep) for name, deep in depths.items())

    def split(task: TaskBuilder) -> None:
        with task.loop("i", 200, pipeline=True):
            word = task.zero_word(512)
            task.write(short, word)
            task.write(long, word)

    def slow(task: TaskBuilder) -> None:
        with task.loop("i", 200, pipeline=True):
            word = task.read(long)
            value = word.slice(0, 16)
            for _ in range(6):
                value = (value * value).rss(9, ITEM)
            task.write(late, word.insert(value, 0))

    def join(task: TaskBuilder) -> None:
        with task.loop("i", 200, pipeline=True):
            task.read(short)
            task.read(late)

    for name, body in (("split", split), ("slow", slow), ("join", join)):
        add_task(design, name, body)
    return finished(design)


def test_a_short_way_needs_a_fifo_for_the_latency_of_the_long_one() -> None:
    shallow, deep = (expect_same(two_ways(depth), target_with()) for depth in (2, 64))
    assert shallow is not None
    assert deep is not None
    assert shallow.cycles > 3 * deep.cycles
    assert shallow.streams["short"].full > 1000
    assert deep.streams["short"].full == 0
    assert 8 < deep.streams["short"].most < 64


def test_iterations_in_flight_go_on_while_a_later_one_waits() -> None:
    """Feedback: what an iteration reads is made of what the one before has still in flight."""
    design = DesignBuilder("d")
    there, back = design.stream("there", WORD, 2), design.stream("back", WORD, 2)

    def front(task: TaskBuilder) -> None:
        with task.loop("i", 30, pipeline=True) as i:
            word = task.choose(first(i), lambda: [task.zero_word(512)], lambda: [task.read(back)])
            value = word[0].slice(0, 16)
            task.write(there, word[0].insert((value * value).rss(4, ITEM), 0))

    def rear(task: TaskBuilder) -> None:
        with task.loop("i", 30, pipeline=True) as i:
            word = task.read(there)
            with task.when(~last(i, 30)):
                task.write(back, word)

    add_task(design, "front", front)
    add_task(design, "rear", rear)
    assert expect_same(finished(design), target_with()) is not None


def test_accesses_at_one_offset_happen_together_or_not_at_all() -> None:
    """A fork that can't write one copy does not write the other: a depth of 8 is too little."""
    for depth, ends in ((8, True), (7, False)):
        design = DesignBuilder("d")
        depths = {"source": 2, "kept": depth, "used": 2}
        source, kept, used = (design.stream(name, WORD, deep) for name, deep in depths.items())

        def join(task: TaskBuilder, kept=kept, used=used) -> None:
            with task.loop("all", 8, pipeline=True):
                task.read(used)
            with task.loop("then", 8, pipeline=True):
                task.read(kept)

        add_task(design, "make", pass_on(None, [source], 8))
        add_task(design, "fork", pass_on(source, [kept, used], 8))
        add_task(design, "join", join)
        result = expect_same(finished(design), target_with())
        assert (result is not None) == ends


def test_a_deadlock_names_the_tasks_that_wait_for_each_other() -> None:
    design = DesignBuilder("d")
    x, y, z = (design.stream(name, WORD, 3) for name in "xyz")
    add_task(design, "one", pass_on(x, [y], 5))
    add_task(design, "two", pass_on(y, [x, z], 5))
    add_task(design, "three", pass_on(z, [], 5))
    with pytest.raises(LmcError) as stopped:
        Simulator(finished(design), target_with(), {}).run()
    assert str(stopped.value) == (
        "the design stops in cycle 1: task one waits to read stream x (which holds 0 of 3), "
        "task two waits to read stream y (which holds 0 of 3)"
    )


# What can't be simulated


def test_errors_say_what_is_missing() -> None:
    design = DesignBuilder("d")
    bank, stream = design.bank("bank", words=8, channel=3), design.stream("s", WORD)
    add_task(design, "read", lambda task: task.burst_read(bank, 0, 8, stream))
    add_task(design, "drop", pass_on(stream, [], 8))
    op = finished(design)
    with pytest.raises(LmcError, match="channel 3 of ddr, which has 1 on target vck190"):
        Simulator(op, target_with(), {}).run()
    with pytest.raises(LmcError, match="stream s has no depth: run size-fifos first"):
        Simulator(op, target_with(channels=4), {}).run()
    elsewhere = target_with(channels=4)
    renamed = elsewhere.memories[0].model_copy(update={"name": "hbm"})
    with pytest.raises(LmcError, match="vck190 has no memory 'ddr'; it has hbm"):
        Simulator(op, elsewhere.model_copy(update={"memories": [renamed]}), {}).run()
    for loop in op.walk():
        if is_pipelined(loop):
            set_loop(loop, replace(loop_of(loop), ii=None, latency=None))
    with pytest.raises(LmcError, match=r"loop drop_i has no ii: run schedule-loops first"):
        Simulator(op, target_with(channels=4), {}).run()
