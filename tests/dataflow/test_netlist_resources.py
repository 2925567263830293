"""What is counted of a netlist: registers exactly, DSPs as yosys cuts products, logic in terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import pytest
from design_builder import DesignBuilder
from small_designs import MHZ, add_task, finished

from lmc.backends.rtl.synthesis.run import Synthesized, synthesize
from lmc.backends.rtl.verilog.module import module_text
from lmc.dataflow.graph import design_graph
from lmc.dataflow.handles import Handle
from lmc.dataflow.implementations import DSP_SIZES, implement
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.netlist.used import used_bits
from lmc.dataflow.resources.counts import Resources, total
from lmc.dataflow.resources.netlists import netlist_tally
from lmc.dataflow.resources.operators import dsp_cuts
from lmc.dataflow.resources.tasks import parts_of_tasks, task_parts
from lmc.dataflow.resources.waiting import ADDRESS_REGISTERS
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.timing import Clock
from lmc.dialects.dataflow import DesignOp, si, ui

Body = Callable[[TaskBuilder, Handle, Handle], None]
SIZE = DSP_SIZES["DSP48E2"]
CLOCK = Clock(MHZ)


def design_of(body: Body, bits: int = 64) -> DesignOp:
    """A task `work` from x to y."""
    design = DesignBuilder("one")
    x, y = design.stream("x", ui(bits)), design.stream("y", si(48))
    add_task(design, "work", lambda task: body(task, x, y))
    return finished(design)


def counted(body: Body) -> Resources:
    (task,) = design_graph(design_of(body)).tasks
    return total(netlist_tally(task_netlist(task, CLOCK), SIZE).parts().values())


def waiting(width: int, steps: int) -> Body:
    """A part of a word that waits for a chain of products."""

    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 16, pipeline=True):
            word = task.read(x)
            chain = word.slice(0, 16, signed=True)
            for _ in range(steps):
                product = chain * word.slice(16, 16, signed=True)
                implement(product.ssa, "dsp")
                chain = product.slice(0, 16, signed=True)
            late = word.slice(32, width, signed=True)
            task.write(y, (chain + late).cast(si(48)))

    return body


def test_the_wide_factor_is_cut_to_what_a_dsp_shifts() -> None:
    assert dsp_cuts(27, 18, SIZE) == (1, 1)
    assert dsp_cuts(18, 28, SIZE) == (2, 1)
    # The second part has 17 bits, so two parts hold 44 bits and no more.
    assert dsp_cuts(44, 18, SIZE) == (2, 1)
    assert dsp_cuts(45, 19, SIZE) == (3, 2)


def test_what_waits_long_is_in_lut_ram_and_no_register() -> None:
    one, two = (counted(waiting(width, 1)) for width in (14, 15))
    # 14 bits of up to 32 places are one memory, 15 bits are two.
    assert two.lut - one.lut == 8
    assert two.ff == one.ff
    # A bit of the place is there three times: where it is written, read, and read next to it.
    assert counted(waiting(14, 2)).ff - one.ff >= ADDRESS_REGISTERS


def test_registers_next_to_a_product_are_in_its_dsp() -> None:
    def body(wait: bool) -> Body:
        def work(task: TaskBuilder, x: Handle, y: Handle) -> None:
            with task.loop("i", 16, pipeline=True):
                word = task.read(x)
                left, right = (word.slice(at, 16, signed=True) for at in (0, 16))
                product = left * right
                implement(product.ssa, "dsp")
                task.write(y, product.cast(si(48)) if wait else left.cast(si(48)))

        return work

    with_product, without = counted(body(True)), counted(body(False))
    assert with_product.dsp == 1
    # The pipeline has as many stages without it: its factors and itself have no flip-flops.
    assert with_product.ff == without.ff


def test_unused_bits_are_not_held() -> None:
    def body(task: TaskBuilder, x: Handle, y: Handle) -> None:
        with task.loop("i", 16, pipeline=True):
            task.write(y, (task.read(x).slice(8, 32, signed=True) >> 4).cast(si(48)))

    (task,) = design_graph(design_of(body)).tasks
    used = used_bits(task_netlist(task, CLOCK))
    (word,) = (node for node in used if node.access is not None)
    assert used[word] == ((1 << 28) - 1) << 12


def test_tasks_that_are_alike_are_counted_once_and_the_same() -> None:
    design = DesignBuilder("two")
    for number in range(2):
        x, y = design.stream(f"x_{number}", ui(64)), design.stream(f"y_{number}", si(48))
        add_task(design, f"work_{number}", lambda task, x=x, y=y: waiting(14, 1)(task, x, y))
    tasks = design_graph(finished(design)).tasks
    parts = parts_of_tasks(tasks, CLOCK, SIZE)
    assert parts["work_0"] is parts["work_1"]
    assert parts["work_1"] == task_parts(tasks[1], CLOCK, SIZE)


def test_a_task_is_counted_once_in_all_designs_for_each_clock() -> None:
    (task,), (again,), (other,) = (
        design_graph(design_of(waiting(14, steps))).tasks for steps in (1, 1, 2)
    )
    parts = parts_of_tasks([task], CLOCK, SIZE)["work"]
    assert parts_of_tasks([again], CLOCK, SIZE)["work"] is parts
    assert parts_of_tasks([other], CLOCK, SIZE)["work"] == task_parts(other, CLOCK, SIZE) != parts
    assert parts_of_tasks([again], replace(CLOCK, levels=1), SIZE)["work"] is not parts


def divided(task: TaskBuilder, x: Handle, y: Handle) -> None:
    with task.loop("i", 16, pipeline=True) as i:
        task.write(y, task.read(x).slice((i // 3) * 4, 4).cast(si(48)))


def test_what_has_no_netlist_is_counted_from_its_ops() -> None:
    (task,) = design_graph(design_of(divided)).tasks
    assert total(task_parts(task, CLOCK, SIZE).values()).lut > 0


@pytest.mark.skipif(find_spec("pyosys") is None, reason="pyosys is not installed")
@pytest.mark.slow
@pytest.mark.parametrize("width", [14, 15])
def test_yosys_makes_as_many_registers_and_dsps(width: int) -> None:
    (task,) = design_graph(design_of(waiting(width, 1))).tasks
    netlist = task_netlist(task, CLOCK)
    made = synthesize({"work": module_text(netlist)})["work"]
    assert isinstance(made, Synthesized)
    expected = total(netlist_tally(netlist, SIZE).parts().values())
    assert made.resources.dsp == expected.dsp == 1
    assert made.resources.ff == pytest.approx(expected.ff, rel=0.05)
    assert made.resources.lut == pytest.approx(expected.lut, rel=0.3)
