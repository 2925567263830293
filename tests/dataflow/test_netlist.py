"""Netlists as text: widths from ranges, constants, stages, statements; and what is refused."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest
from design_builder import DesignBuilder
from rtl_tasks import MAKERS
from small_designs import MHZ, add_task, finished

from lmc.backends.rtl.verilog.module import module_text
from lmc.dataflow.graph import design_graph
from lmc.dataflow.handles import Handle
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.netlist.text import netlist_text
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.timing import Clock
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import COMPLETE, DesignOp, si, ui

Body = Callable[[TaskBuilder, Handle, Handle], None]


def text_of(design: DesignOp) -> str:
    (task,) = design_graph(design).tasks
    return netlist_text(task_netlist(task, Clock(MHZ)))


def made(name: str) -> str:
    """The netlist of a task of `rtl_tasks`."""
    design = DesignBuilder("one")
    scalars = {scalar: design.scalar(scalar, (1,)) for scalar in ("n", "none")}
    add_task(design, name, MAKERS[name](design, name, scalars))
    return text_of(finished(design))


def refused(body: Body) -> str:
    """Why a task with streams x and y has no netlist, or no module."""
    design = DesignBuilder("one")
    x, y = design.stream("x", si(16)), design.stream("y", si(16))
    add_task(design, "work", lambda task: body(task, x, y))
    (task,) = design_graph(finished(design)).tasks
    with pytest.raises(LmcError) as caught:
        module_text(task_netlist(task, Clock(MHZ)))
    return str(caught.value)


def test_an_accumulator_is_loaded_when_the_iteration_before_has_stored_it() -> None:
    assert made("accumulate") == textwrap.dedent(
        """\
        task accumulate
        scalar %n : u32
        reads accumulate_x : s12
        writes accumulate_y : s20
        memory total : 1 x s20 registers latency 0
        %n_2 = resize %n : u31 0..2147483647
        %enters_accumulate_i = gt %n_2, 0 : u1 0..1
        START_ACCUMULATE_J, RUN_ACCUMULATE_J: pipeline accumulate_j, 1 stages
          %n_held <= %n_2
          ahead %last_i = sub %n_held, 1 : s32 -1..2147483646
          ahead %is_last_i = eq %i, %last_i : u1 0..1
          ahead %is_last_j = eq %j, 4 : u1 0..1
          %i = counter u31 0..2147483646 until %is_last_i
          %j = counter u3 0..4 until %is_last_j
          0: read accumulate_x -> %accumulate_x_element
          0: %is_first_j = eq %j, 0 : u1 0..1
          0: %total_now = load total[0] : s20 -524288..524287
          0: %chosen = select %is_first_j, 0, %total_now : s20 -524288..524287
          0: %sum = add %chosen, %accumulate_x_element : s21 -526336..526334
          0: %accumulate_y_element = resize %sum : s20 -524288..524287
          0: %is_last_j_2 = eq %j, 4 : u1 0..1
          0: write accumulate_y = %accumulate_y_element if %is_last_j_2
          0: store total[0] = %accumulate_y_element
        """
    )


def test_straight_line_code_of_several_cycles_is_a_state_with_stages() -> None:
    netlist = made("table")
    assert (
        textwrap.indent(
            textwrap.dedent(
                """\
                COMPUTE_TABLE: 6 cycles
                  1: %product = mul dsp %table_x_element, %table_x_element : s32 \
-1073709056..1073741824 until 3
                  3: %part = slice %product[0] : u6 0..63
                  5: %table_element = load table[%part] : s16 -32768..32767
                  %table_element_held <= %table_element
                """
            ),
            "  ",
        )
        in netlist
    )


def test_code_of_one_cycle_has_no_state_of_its_own() -> None:
    netlist = made("branches")
    assert "    keep %kept_now\n    WRITE_BRANCHES_Y: write branches_y = %kept_now\n" in netlist
    assert "COMPUTE" not in netlist


def test_lanes_are_unrolled_and_places_folded() -> None:
    """Each lane has a slice at a place of its own; the cascade takes a cycle for each product."""
    lines = made("lanes").splitlines()
    slices = [line for line in lines if "= slice %lanes_x_word[" in line]
    assert len({line.split("slice ")[1] for line in slices}) == len(slices) == 5 + 2 * 6
    sums = [line for line in lines if "_sum_" in line and "= add" in line]
    stages = [int(line.split(":")[0]) for line in sums]
    assert stages == list(range(stages[0], stages[0] + len(sums)))


def test_a_cyclic_partition_is_rows_and_banks() -> None:
    """Lanes of a word are stored in banks that its number chooses; each lane loads from its own."""
    lines = made("cyclic").splitlines()
    assert "memory held : 2 x 8 x u8 lutram latency 1 banked [1] cyclic {0: 8}" in lines
    loads = [line.split("held[")[1].split("]")[0] for line in lines if "= load held[" in line]
    assert [load.split(", ")[1] for load in loads] == [str(bank) for bank in range(8)]


def test_banks_that_a_counter_chooses_are_all_loaded() -> None:
    lines = made("chosen_bank").splitlines()
    held = [line.split("held[")[1].split(",")[0] for line in lines if "= load held[" in line]
    assert held == ["0", "1", "2"]
    turned = [line.split(", ")[-1][0] for line in lines if "= load turned[" in line]
    assert turned == ["0", "1"]
    assert sum("= select " in line for line in lines) == 3


def test_a_store_that_nothing_loads_is_dropped() -> None:
    design = DesignBuilder("one")
    x, y = design.stream("x", ui(8)), design.stream("y", ui(8))

    def body(task: TaskBuilder) -> None:
        held = task.register("held", ui(8))
        with task.loop("i", 4, pipeline=True):
            held.set(task.read(x))
            task.write(y, held.get())

    add_task(design, "work", body)
    netlist = text_of(finished(design))
    assert "memory" not in netlist
    assert "store" not in netlist


def _divides(task: TaskBuilder, x: Handle, y: Handle) -> None:
    with task.loop("i", 6, pipeline=True) as i:
        task.write(y, (task.read(x) + (i // 3).cast(si(8))).cast(si(16)))


def _carries(task: TaskBuilder, x: Handle, y: Handle) -> None:
    zero = task.constant(0, si(16))
    total = task.fold("i", 6, [zero], lambda _, t: [t.max(task.read(x))], pipeline=True)
    task.write(y, total[0])


def _carries_slowly(task: TaskBuilder, x: Handle, y: Handle) -> None:
    zero = task.constant(0, si(16))
    task.write(y, task.fold("i", 6, [zero], lambda _, t: [t.max(task.read(x))])[0])


def _odd_cyclic(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.buffer("held", si(16), (9,), "bram", {0: 3})
    with task.loop("i", 9, pipeline=True) as i:
        held[i] = task.read(x)
    with task.loop("j", 9, pipeline=True) as j:
        task.write(y, held[j])


def _stored_twice(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.buffer("held", si(16), (8,), "bram")
    with task.loop("i", 4, pipeline=True) as i:
        value = task.read(x)
        held[i * 2] = value
        held[i * 2 + 1] = value
    with task.loop("j", 8, pipeline=True) as j:
        task.write(y, held[j])


def _stored_at_once(task: TaskBuilder, x: Handle, y: Handle) -> None:
    """Code without a statement between its stores happens in one cycle."""
    held = task.buffer("held", si(16), (4,), "bram")
    value = task.read(x)
    held[0] = value
    held[1] = value
    with task.loop("j", 4, pipeline=True) as j:
        task.write(y, held[j])


def _stored_around_a_branch(task: TaskBuilder, x: Handle, y: Handle) -> None:
    """Where the branch is not taken, the code before and after it shares a cycle."""
    held = task.buffer("held", si(16), (4,), "bram")
    with task.loop("i", 4) as i:
        value = task.read(x)
        held[0] = value
        with task.when(i.eq(0)):
            task.write(y, value)
        held[1] = value
        task.write(y, value)
    with task.loop("j", 4, pipeline=True) as j:
        task.write(y, held[j])


def _stored_before_a_branch_in_a_branch(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.buffer("held", si(16), (4,), "bram")
    with task.loop("i", 4) as i:
        value = task.read(x)
        with task.when(i > 1):
            task.write(y, value)
            held[0] = value
            with task.when(i > 2):
                task.write(y, value)
        held[1] = value
        task.write(y, value)
    with task.loop("j", 4, pipeline=True) as j:
        task.write(y, held[j])


def _stored_outside(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.buffer("held", si(16), (4, 8), "bram", {0: COMPLETE})
    with task.nest([("i", 4), ("j", 8)]) as (i, j):
        held[i + 4, j] = task.read(x)
    with task.nest([("k", 4), ("m", 8)]) as (k, m):
        task.write(y, held[k, m])


def _loaded_outside(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.buffer("held", si(16), (4, 8), "bram", {0: COMPLETE})
    with task.nest([("i", 4), ("j", 8)]) as (i, j):
        held[i, j] = task.read(x)
    with task.nest([("k", 4), ("m", 8)]) as (k, m):
        task.write(y, held[k + 4, m])


def _data_decides(task: TaskBuilder, x: Handle, y: Handle) -> None:
    with task.loop("i", 4):
        value = task.read(x)
        with task.when(value > 0):
            task.write(y, value)


def _long_interval(task: TaskBuilder, x: Handle, y: Handle) -> None:
    with task.loop("i", 4, requested_ii=9, pipeline=True):
        task.write(y, task.read(x))


def _counter_at_the_end(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.register("held", si(16))
    with task.loop("i", 4) as i:
        task.write(y, held.get().max(task.read(x)))
        held.set(i.cast(si(16)))


def _same_cycle(task: TaskBuilder, x: Handle, y: Handle) -> None:
    held = task.register("held", si(16))
    with task.loop("i", 4) as i:
        with task.when(i.eq(0)):
            held.set(task.read(x))
        value = held.get()
        task.write(y, (value * value).rss(3, si(16)))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (_divides, "task work: arith.divui by something else than a power of two"),
        (_carries, "task work: loop work_i is pipelined and carries values: use a register"),
        (_carries_slowly, "task work: loop work_i carries values outside of a pipeline"),
        (_odd_cyclic, "task work: buffer held is partitioned cyclically in dimension 0 by 3"),
        (_stored_twice, "task work: buffer held is stored 2 times in an iteration"),
        (_stored_at_once, "task work: buffer held is stored 2 times in an iteration, or in code"),
        (_stored_around_a_branch, "task work: buffer held is stored twice in a cycle"),
        (_stored_before_a_branch_in_a_branch, "task work: buffer held is stored twice in a cycle"),
        (_stored_outside, "task work: buffer held is accessed outside of its dimension 0"),
        (_loaded_outside, "task work: buffer held is accessed outside of its dimension 0"),
        (_data_decides, "task work: a branch with loops or stream accesses outside of pipelines"),
        (_long_interval, "task work: loop work_i begins an iteration every 9 cycles"),
        (_counter_at_the_end, "task work: code at the end of loop work_i needs its counter"),
        (_same_cycle, "task work: code between statements loads a register that is stored"),
    ],
)
def test_what_has_no_hardware_is_refused(body: Body, reason: str) -> None:
    assert refused(body).startswith(reason)


def test_written_before_it_is_there() -> None:
    """lmc's timing has the second access of a stream a stage later, but not what depends on it."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 4, pipeline=True):
            first, second = task.read(x), task.read(x)
            task.write(y, second)
            task.write(y, first)

    reason = "stream y is written in stage 0, but what that takes is there in stage 1"
    assert f"task work: loop work_i: {reason}" in refused(body)
