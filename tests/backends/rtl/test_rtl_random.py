"""Random tasks of level 4 as RTL: the reference executor's words, the cycles of lmc's timing."""

from __future__ import annotations

import pytest
from random_designs import seeded_launch
from rtl_bench import Bench, Case, case_of, needs_verilator
from small_designs import MHZ
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.backends.rtl.verilog.module import module_text
from lmc.dataflow.graph import TaskNode, design_graph
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.timing import Clock
from lmc.diagnostics import LmcError
from lmc.ir.text import Context
from lmc.passes.schedule_loops import ScheduleLoops

pytestmark = needs_verilator
CLOCK = Clock(MHZ)


def has_hardware(task: TaskNode) -> bool:
    """Whether a task is not refused; one that is says so itself."""
    try:
        module_text(task_netlist(task, CLOCK))
    except LmcError as error:
        if str(error).startswith(f"task {task.name}: "):
            return False
        raise
    return True


def random_cases(seeds: range) -> list[Case]:
    """The tasks of random designs that have hardware."""
    found: list[Case] = []
    for seed in seeds:
        launch = seeded_launch(seed, f"d{seed}")
        launch.design.clock_mhz = IntegerAttr(MHZ, i64)
        module = launch.design.parent_op()
        assert isinstance(module, ModuleOp)
        ScheduleLoops().apply(Context(), module)
        tasks = [task for task in design_graph(launch.design).tasks if has_hardware(task)]
        found += [case_of(task, CLOCK, launch.scalars, seed) for task in tasks]
    return found


def check(folder: Bench, cases: list[Case]) -> None:
    ended = folder.run(stall=0, seed=1)
    assert {name: end.cycles for name, end in ended.items()} == {
        case.task.name: case.cycles for case in cases
    }
    assert all(end.is_complete for end in ended.values())
    for stall, seed in ((30, 2), (70, 3)):
        assert all(end.is_complete for end in folder.run(stall, seed).values())


def test_tasks_of_random_designs(tmp_path_factory: pytest.TempPathFactory) -> None:
    cases = random_cases(range(4))
    assert len(cases) >= 15
    check(Bench(tmp_path_factory.mktemp("rtl"), cases), cases)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(4, 64, 12))
def test_tasks_of_many_random_designs(first: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    cases = random_cases(range(first, first + 12))
    assert len(cases) >= 40
    check(Bench(tmp_path_factory.mktemp("rtl"), cases), cases)
