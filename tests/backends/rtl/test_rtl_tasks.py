"""Tasks as RTL in Verilator: the words of the reference executor, the cycles of lmc's timing."""

from __future__ import annotations

from pathlib import Path

import pytest
from design_builder import DesignBuilder
from rtl_bench import Bench, Case, case_of, needs_verilator
from rtl_tasks import MAKERS
from small_designs import MHZ, add_task, finished

from lmc.dataflow.graph import design_graph
from lmc.dataflow.timing import Clock

pytestmark = needs_verilator
SCALARS = {"n": 3, "none": 0}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    design = DesignBuilder("tasks")
    scalars = {name: design.scalar(name, (count,)) for name, count in SCALARS.items()}
    for name, maker in MAKERS.items():
        add_task(design, name, maker(design, name, scalars))
    graph = design_graph(finished(design))
    return [case_of(task, Clock(MHZ), SCALARS) for task in graph.tasks]


@pytest.fixture(scope="module")
def bench(cases: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder: Path = tmp_path_factory.mktemp("rtl")
    return Bench(folder, cases)


def test_without_stalls_tasks_take_the_cycles_of_their_timing(
    bench: Bench, cases: list[Case]
) -> None:
    ended = bench.run(stall=0, seed=1)
    assert {name: end.cycles for name, end in ended.items()} == {
        case.task.name: case.cycles for case in cases
    }
    assert all(end.is_complete for end in ended.values())


@pytest.mark.parametrize(("stall", "seed"), [(20, 2), (50, 3), (85, 4)])
def test_with_stalls_tasks_give_the_same_words(bench: Bench, stall: int, seed: int) -> None:
    ended = bench.run(stall, seed)
    assert len(ended) == len(MAKERS)
    assert all(end.is_complete for end in ended.values())
