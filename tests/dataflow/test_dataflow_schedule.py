"""Initiation intervals and latencies of pipelined loops."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from design_builder import DesignBuilder, first
from xdsl.context import Context

from lmc.dataflow.handles import Handle
from lmc.dataflow.schedule import LoopSchedule, schedule_loop
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.timing import Clock
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.dataflow import COMPLETE, is_pipelined, si
from lmc.passes.schedule_loops import ScheduleLoops

Body = Callable[[TaskBuilder, Handle, Handle], None]


def built(body: Body) -> DesignBuilder:
    design = DesignBuilder("d")
    x, y = design.stream("x", si(16)), design.stream("y", si(32))
    with design.kernel("k") as kernel, kernel.task("work") as task:
        body(task, x, y)
    return design


def schedule(body: Body, mhz: int = 250) -> LoopSchedule:
    loops = [op for op in built(body).op.walk() if is_pipelined(op)]
    return schedule_loop(loops[-1], Clock(mhz))


def test_lanes_need_ports() -> None:
    def body(factor: int) -> Body:
        def lanes(task: TaskBuilder, x: Handle, y: Handle) -> None:
            table = task.buffer("table", si(16), (64,), "bram", {0: factor} if factor else None)
            with task.loop("i", 4, pipeline=True) as i:
                task.write(y, task.sum("lane", 16, lambda lane: table[i * 16 + lane]))

        return lanes

    assert schedule(body(0)).ii == 8
    assert schedule(body(0)).reason == (
        "buffer table is accessed 16 times in an iteration, through 2 ports"
    )
    assert schedule(body(4)).ii == 2
    assert schedule(body(8)).ii == 1


def test_lanes_share_one_load_of_one_address() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        table = task.buffer("table", si(16), (64,), "bram")
        with task.loop("i", 4, pipeline=True) as i:
            task.write(y, task.sum("lane", 16, lambda lane: table[i]))

    assert schedule(body).ii == 1


def test_branches_share_ports() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 4, pipeline=True) as i, task.when(first(i)) as at_first:
            task.write(y, 1)
        del at_first
        with task.loop("j", 4, pipeline=True) as j:
            with task.when(first(j)) as branch:
                task.write(y, 1)
            with task.otherwise(branch):
                task.write(y, 2)

    assert schedule(body).ii == 1


def test_accumulators_in_registers_run_every_cycle() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        total = task.register("total", si(32))
        with task.loop("i", 64, pipeline=True) as i:
            before = first(i).select(task.constant(0, si(32)), total.get())
            total.set(task.add(before, task.read(x) * task.read(x), si(32)))

    found = schedule(body)
    assert found.ii == 2
    assert "stream x is accessed 2 times" in found.reason


@pytest.mark.parametrize(
    ("inner", "ii", "free"), [(64, 1, ("sums",)), (2, 2, ("sums",)), (1, 3, ())]
)
def test_distance_between_uses_of_a_place(inner: int, ii: int, free: tuple[str, ...]) -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        sums = task.buffer("sums", si(32), (64,), "bram")
        with task.nest([("row", 8), ("column", inner)]) as (_, column):
            sums[column] = task.add(sums[column], task.read(x), si(32))

    found = schedule(body)
    assert (found.ii, found.free) == (ii, free)


def test_a_store_before_the_load_is_no_recurrence() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        last = task.buffer("last", si(16), (4,), "register", {0: COMPLETE})
        with task.loop("i", 64, pipeline=True):
            last[1] = task.read(x)
            value = (last[1] * last[1]) * last[1] * last[1]
            last[0] = value.rss(7, si(16))

    assert schedule(body).ii == 1


def test_places_with_different_constants_are_told_apart() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        totals = task.buffer("totals", si(32), (16,), "register", {0: COMPLETE})
        with task.loop("i", 64, pipeline=True):
            value = task.read(x)
            for place in range(16):
                totals[place] = task.add(totals[place], value, si(32))

    found = schedule(body)
    assert (found.ii, found.latency) == (1, 1)


def test_the_place_before_is_a_recurrence() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        sums = task.buffer("sums", si(32), (130,), "bram")
        with task.loop("i", 64, pipeline=True) as i:
            sums[i * 2 + 2] = task.add(sums[i * 2], task.read(x), si(32))

    def odd_and_even(task: TaskBuilder, x: Handle, y: Handle) -> None:
        sums = task.buffer("sums", si(32), (130,), "bram")
        with task.loop("i", 64, pipeline=True) as i:
            sums[i * 2 + 1] = task.add(sums[i * 2], task.read(x), si(32))

    assert schedule(body).ii == 3
    assert schedule(odd_and_even).ii == 1


def test_two_dimensional_places_are_told_apart() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        state = task.buffer("state", si(32), (8, 64), "bram")
        with task.nest([("row", 8), ("column", 64)]) as (row, column):
            state[row, column] = task.add(state[row, column], task.read(x), si(32))

    assert schedule(body).ii == 1


def test_faster_clocks_take_more_stages() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 64, pipeline=True):
            v = task.read(x)
            task.write(y, ((v * 3 + 5) * 7 + 11).rss(4, si(32)))

    latencies = [schedule(body, mhz).latency for mhz in (50, 250, 500)]
    assert latencies == sorted(latencies)
    assert latencies[0] == 1 < latencies[2]


def test_adder_trees_are_logarithmic() -> None:
    def body(lanes: int) -> Body:
        def total(task: TaskBuilder, x: Handle, y: Handle) -> None:
            held = task.buffer("held", si(8), (lanes,), "register", {0: COMPLETE})
            with task.loop("i", 64, pipeline=True):
                task.write(y, task.sum("lane", lanes, lambda lane: held[lane]))

        return total

    assert schedule(body(256)).latency <= schedule(body(4)).latency + 4


@pytest.mark.parametrize(("lanes", "latency"), [(2, 1), (3, 2), (8, 4), (9, 5)])
def test_two_carried_values_take_the_time_of_both(lanes: int, latency: int) -> None:
    """A lane compares 32 bits (1.03 ns) and then selects (0.3 ns); a cycle holds two (2.92 ns)."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        held = task.buffer("held", si(32), (lanes,), "register", {0: COMPLETE})

        def step(lane: Value, best: Value, number: Value) -> list[Value]:
            value = held[lane]
            better = value > best
            return [better.select(value, best), better.select(lane.cast(si(32)), number)]

        with task.loop("i", 64, pipeline=True):
            start = [task.constant(-9, si(32)), task.constant(0, si(32))]
            _, number = task.fold("lane", lanes, start, step, unroll=True)
            task.write(y, number)

    assert schedule(body).latency == latency


def test_a_sum_that_is_used_on_the_way_is_no_tree() -> None:
    """An addition of 32 bits takes 1.03 ns, two of them fit into a cycle of 2.92 ns."""

    def body(kept: bool) -> Body:
        def total(task: TaskBuilder, x: Handle, y: Handle) -> None:
            held = task.buffer("held", si(32), (16,), "register", {0: COMPLETE})
            sums = task.buffer("sums", si(32), (16,), "register", {0: COMPLETE})

            def step(lane: Value, before: Value) -> list[Value]:
                after = task.add(before, held[lane], si(32))
                if kept:
                    sums[lane] = after
                return [after]

            with task.loop("i", 64, pipeline=True):
                (value,) = task.fold("lane", 16, [task.constant(0, si(32))], step, unroll=True)
                task.write(y, value)

        return total

    assert schedule(body(kept=True)).latency == 16 / 2
    assert schedule(body(kept=False)).latency == 3


def test_arithmetic_between_the_loops_of_a_nest_takes_its_time() -> None:
    """A product of counters takes 1.5 ns and a remainder by 3 twenty cycles."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("outer", 8) as outer:
            third = (outer * outer) % 3
            with task.loop("inner", 8, pipeline=True):
                task.write(y, third.cast(si(32)))

    assert schedule(body).latency == 1 + 20 + 1


def test_what_only_bounds_a_loop_of_a_nest_is_known_ahead() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("outer", 8) as outer:
            third = (outer * outer) % 3
            with task.loop("inner", third + 1, pipeline=True):
                task.write(y, 1)

    assert schedule(body).latency == 1


def test_a_store_is_seen_from_the_next_cycle_on() -> None:
    """The product ends with a clock edge, in cycle 3; it is stored in that cycle, loaded after."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        total = task.register("total", si(16))
        with task.loop("i", 64, pipeline=True):
            product = total.get() * task.read(x)
            total.set(product.slice(0, 16))

    assert schedule(body).ii == 4


def test_requests_that_cannot_be_met_are_refused_with_the_reason() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        bins = task.buffer("bins", si(32), (64,), "bram")
        with task.loop("i", 64, pipeline=True, requested_ii=1):
            place = task.read(x).cast(si(6)).index()
            bins[place] = task.add(bins[place], 1, si(32))

    with pytest.raises(
        LmcError,
        match=r"loop work_i can't start an iteration every 1 cycles, only every 3: the recurrence "
        r"through buffer bins \(load -> add -> store\) takes 3 cycles",
    ):
        ScheduleLoops(clock_mhz=250).apply(Context(), built(body).module())


def test_clock_is_checked() -> None:
    with pytest.raises(UsageError, match="clock_mhz=0"):
        ScheduleLoops(clock_mhz=0).apply(Context(), DesignBuilder("d").module())
