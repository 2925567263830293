"""Machines: what each figure does, told by hand, and what the page says of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from cycle_reference import Simulation, figures_of
from design_builder import DesignBuilder, first
from small_designs import ITEM, WORD, add_task, finished, pass_on, target_with

from lmc.dataflow.machines import HLS_FLP, HLS_STP, MACHINES, RTL, Figure, Machine, machine_of
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value, last
from lmc.diagnostics import UsageError
from lmc.dialects.dataflow import DesignOp
from lmc.simulation import Result, Simulator
from lmc.simulation.waits import DeadlockError

PAGE = Path(__file__).parents[2] / "docs/simulation.md"


def simulated(design: DesignOp, machine: Machine) -> Result:
    """What both simulators find."""
    reference = Simulation(design, target_with(), {}, machine=machine)
    cycles = reference.run()
    result = Simulator(design, target_with(), {}, machine).run()
    assert result.cycles == cycles
    assert figures_of(result) == reference.figures()
    return result


def squared(word: Value) -> Value:
    """A word with its lowest 16 bits squared, 3 cycles later."""
    part = word.slice(0, 16)
    return word.insert((part * part).rss(8, ITEM), 0)


def test_control_of_plain_loops_and_the_way_over_a_link() -> None:
    design = DesignBuilder("d")
    stream = design.stream("s", WORD, 8)

    def source(task: TaskBuilder) -> None:
        with task.loop("i", 5):
            task.write(stream, task.zero_word(512))

    def sink(task: TaskBuilder) -> None:
        with task.loop("i", 5):
            task.read(stream)

    add_task(design, "source", source)
    add_task(design, "sink", sink)
    op = finished(design)
    rtl, hls = simulated(op, RTL), simulated(op, HLS_FLP)
    # A cycle of control and one for the write; the last element is there one cycle later.
    assert rtl.tasks["source"].end == 5 * 2
    assert rtl.tasks["sink"].end == 5 * 2 + 1
    # The same between a cycle to begin and one to leave the loop. Words are written in cycles 2, 4,
    # ..., 10 and can be read 4 cycles later.
    assert hls.tasks["source"].end == hls.tasks["source"].unblocked == 1 + 5 * 2 + 1
    assert hls.tasks["sink"].end == (10 + 4) + 1 + 1


def test_streams_inside_of_a_kernel_are_read_a_cycle_later() -> None:
    design = DesignBuilder("d")
    with design.kernel("k") as kernel:
        stream = kernel.stream("s", WORD, 8)
        for name, body in (
            ("source", pass_on(None, [stream], 5)),
            ("sink", pass_on(stream, [], 5)),
        ):
            with kernel.task(name) as task:
                body(task)
    result = simulated(finished(design), HLS_FLP)
    # Both begin in cycle 1 and issue from cycle 2 on: the sink is one cycle later.
    assert [result.tasks[name].end for name in ("source", "sink")] == [2 + 5, 2 + 5 + 1]


def read_words(count: int) -> DesignOp:
    design = DesignBuilder("d")
    bank, stream = design.bank("bank", words=count), design.stream("s", WORD, 8)
    add_task(design, "read", lambda task: task.burst_read(bank, 0, count, stream))
    add_task(design, "drop", pass_on(stream, [], count))
    return finished(design)


def test_a_burst_has_the_latency_that_the_tool_plans_with() -> None:
    """The memory's is 10 cycles and its rate a word a cycle."""
    assert simulated(read_words(300), RTL).tasks["read"].end == 1 + 10 + 300
    result = simulated(read_words(300), HLS_FLP)
    assert result.tasks["read"].end == 1 + 1 + 64 + 300 + 1
    assert result.ports[0].latency == 64


def test_words_in_flight_limit_a_port() -> None:
    """16 words in 64 cycles are one in 4; at first there is credit for one and a quarter."""
    machine = replace(HLS_FLP, words_in_flight=Figure(16, "test"))
    result = simulated(read_words(20), machine)
    assert result.tasks["read"].end == (1 + 1 + 64) + 3 + 18 * 4 + 1 + 1
    assert result.ports[0].sustained == 64 / 4


def three_words() -> DesignOp:
    """Words that come every 23 cycles are squared, 3 cycles later; the sink takes the first."""
    design = DesignBuilder("d")
    there, squares = design.stream("there", WORD, 4), design.stream("squares", WORD, 4)

    def source(task: TaskBuilder) -> None:
        held = task.buffer("held", ITEM, (20,))
        with task.loop("i", 3):
            with task.loop("idle", 20, pipeline=True) as i:
                held[i] = 0
            task.write(there, task.zero_word(512))

    def square(task: TaskBuilder) -> None:
        with task.loop("i", 3, pipeline=True):
            task.write(squares, squared(task.read(there)))

    def sink(task: TaskBuilder) -> None:
        task.read(squares)

    for name, body in (("source", source), ("square", square), ("sink", sink)):
        add_task(design, name, body)
    return finished(design)


def test_a_stalling_pipeline_writes_when_later_iterations_have_read() -> None:
    flushing, stalling = (simulated(three_words(), each) for each in (HLS_FLP, HLS_STP))
    # Words are written in cycles 23, 46 and 69, and can be read 4 cycles later.
    assert flushing.tasks["sink"].end == 27 + 3 + 4 + 1
    # The first square is written 3 moves after its word is read; two of them wait for a word.
    assert stalling.tasks["sink"].end == (69 + 4) + 1 + 4 + 1
    assert stalling.tasks["square"].end == flushing.tasks["square"].end == 73 + 4
    # From cycle 2 on, but for the cycles of the three reads.
    assert stalling.streams["there"].empty == flushing.streams["there"].empty == 73 - 2 - 2


def feedback(ii: int | None) -> DesignOp:
    """An iteration reads what is made of the write of the one before, 4 cycles after its read."""
    design = DesignBuilder("d")
    there, back = design.stream("there", WORD, 2), design.stream("back", WORD, 2)

    def front(task: TaskBuilder) -> None:
        with task.nest([("i", 30)], requested_ii=ii) as (i,):
            word = task.choose(first(i), lambda: [task.zero_word(512)], lambda: [task.read(back)])
            task.write(there, squared(word[0]))

    def rear(task: TaskBuilder) -> None:
        with task.loop("i", 30, pipeline=True) as i:
            word = task.read(there)
            with task.when(~last(i, 30)):
                task.write(back, word)

    add_task(design, "front", front)
    add_task(design, "rear", rear)
    return finished(design)


def test_a_stalling_pipeline_that_waits_for_its_own_write_stops() -> None:
    design = feedback(None)
    simulated(design, HLS_FLP)
    assert Simulation(design, target_with(), {}, machine=HLS_STP).run() == -1
    with pytest.raises(DeadlockError) as stopped:
        Simulator(design, target_with(), {}, HLS_STP).run()
    assert re.sub(r"cycle \d+", "cycle N", str(stopped.value)) == (
        "the design stops in cycle N: task front waits to read stream back (which holds 0 of 2), "
        "task rear waits to read stream there (which holds 0 of 2)"
    )


def test_iterations_that_are_far_apart_do_not_hold_each_other_up() -> None:
    """The write comes 4 cycles after the read (choosing it, a product), the next read 5."""
    assert simulated(feedback(5), HLS_STP).cycles == simulated(feedback(5), HLS_FLP).cycles
    with pytest.raises(DeadlockError):
        Simulator(feedback(4), target_with(), {}, HLS_STP).run()


def test_an_unknown_machine_is_a_wrong_usage() -> None:
    assert machine_of("hls-stp") is HLS_STP
    with pytest.raises(UsageError, match="there is no machine asic: take rtl, hls-flp, hls-stp"):
        machine_of("asic")


def test_the_page_has_all_figures_and_sources() -> None:
    text = PAGE.read_text(encoding="utf-8").split("## Three machines")[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    machines = list(MACHINES.values())
    figures = [dict(machine.figures()) for machine in machines]
    expected: list[list[str]] = []
    for name in figures[0]:
        sources = dict.fromkeys(each[name].source for each in figures[1:])
        values = [str(each[name].value) for each in figures]
        expected.append([f"`{name}`", *values, "; ".join(sources)])
    assert rows == expected
    assert all(f"`{machine.name}`" in text for machine in machines)
