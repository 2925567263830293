"""What a task computes between its loops takes its cycles."""

from __future__ import annotations

from collections.abc import Callable

from design_builder import DesignBuilder

from lmc.dataflow.graph import design_graph
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.timed import Cycles, TimedTrace, TimedTracer
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import Access, Repeat
from lmc.dialects.dataflow import COMPLETE, si

Body = Callable[[TaskBuilder, Handle, Handle], None]


def trace(body: Body) -> TimedTrace:
    design = DesignBuilder("d")
    x, y = design.stream("x", si(16)), design.stream("y", si(32))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        body(task, x, y)
    (node,) = design_graph(design.op).tasks
    return TimedTracer(node, Clock(250)).trace({})


READ, WRITE = Access("x", False), Access("y", True)


def test_code_that_fits_into_a_cycle_shares_that_of_the_next_statement() -> None:
    """Two additions of up to 18 bits take 1.64 ns of 2.92."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        task.write(y, task.read(x) + 5 + 7)

    assert trace(body) == (READ, WRITE)


def test_a_chain_between_two_statements_delays_the_second() -> None:
    """A product of 16 bits takes 3 cycles, a load from a BRAM 2 and 0.3 ns of the next one."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        table = task.buffer("table", si(16), (64,), "bram")
        value = task.read(x)
        square = value * value
        place = square.slice(0, 6, signed=False).index()
        task.write(y, table[place])

    assert trace(body) == (READ, Cycles(3 + 2 + 1), WRITE)


def test_what_counters_decide_is_known_ahead() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 4) as i:
            task.write(y, ((i * i) % 3).cast(si(32)))

    assert trace(body) == (Repeat("work_i", 4, (Cycles(1), WRITE)),)


def test_a_round_ends_with_the_code_after_its_last_statement() -> None:
    """A product of 3 cycles is stored in the fourth one."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        held = task.buffer("held", si(32), (2,), "register", {0: COMPLETE})
        with task.loop("i", 4):
            value = task.read(x)
            held[1] = value * value
        task.write(y, held[1])

    assert trace(body) == (Repeat("work_i", 4, (Cycles(1), READ, Cycles(4))), WRITE)


def test_a_branch_without_accesses_is_straight_line_code() -> None:
    """The condition is a comparison of 16 bits; the branch stores a product after its 3 cycles."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        held = task.buffer("held", si(32), (2,), "register", {0: COMPLETE})
        value = task.read(x)
        with task.when(value > 3):
            held[1] = value * value
        task.write(y, held[1])

    assert trace(body) == (READ, Cycles(4), WRITE)
