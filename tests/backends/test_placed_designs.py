"""Designs whose kernels are split over the dies of a board: code, C simulation, reports."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from build_once import build_once
from csim_comparison import assert_equal
from slr_targets import write_board
from tiny_designs import MAMBA1, MAMBA2, ON_CHIP, compile_tiny, last_module
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.hls.arguments import design_kernels, kernel_tasks
from lmc.backends.hls.printer import find_design
from lmc.backends.schedule import design_resources
from lmc.dataflow.resources import estimate
from lmc.dataflow.resources.budget import excess, slr_line
from lmc.design.folder import Design, open_design
from lmc.dialects.dataflow import DesignOp
from lmc.ir.levels import DATAFLOW
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, read_text
from lmc.placement import slr_use
from lmc.simulation.launch import simulate_launch
from lmc.targets import load_target

NEEDS_COMPILER = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
LUTS = 34_000
"""Of a die: a little more than a third of what the design takes."""
ARGUMENTS = ("--tokens", "4", "--prompt-length", "3")


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def build(folder: Path) -> Path:
        return compile_tiny(folder, MAMBA2, target=str(write_board(folder, LUTS)))

    return build_once(tmp_path_factory, "placed", build)


def before_placing(design: Path) -> DesignOp:
    (path,) = (design / "ir").glob("*-size-fifos.mlir")
    module = parse_module(make_context(load_registry()), read_text(str(path)), path.name)
    return find_design(module)


def after_placing(design: Path) -> DesignOp:
    return find_design(last_module(design))


def test_kernels_are_split_and_tasks_keep_their_order(placed: Path) -> None:
    old, new = before_placing(placed), after_placing(placed)
    tasks = {
        kernel.sym_name.data: [task.sym_name.data for task in kernel_tasks(kernel)]
        for kernel in design_kernels(new)
    }
    split = 0
    for kernel in design_kernels(old):
        name = kernel.sym_name.data
        order = [task.sym_name.data for task in kernel_tasks(kernel)]
        parts = [part for part in tasks if part == name or part.startswith(f"{name}_slr")]
        split += len(parts) > 1
        assert sorted(task for part in parts for task in tasks[part]) == sorted(order)
        for part in parts:
            assert tasks[part] == sorted(tasks[part], key=order.index)
    assert split >= 2


def test_budgets_hold_and_parts_add_up(placed: Path) -> None:
    design, target = after_placing(placed), open_design(placed).target
    use = slr_use(design, target)
    assert use is not None
    assert set(use.amounts) == {"SLR0", "SLR1", "SLR2"}
    counted = estimate(design, target).total.as_dict()
    for name, total in counted.items():
        amounts = [amount[name] for amount in use.amounts.values()]
        assert sum(amounts) == pytest.approx(total, rel=0.001, abs=1)
        budgets = [budget[name] for budget in target.slr_budgets().values()]
        assert all(have <= most for have, most in zip(amounts, budgets, strict=True))
    assert all(0 < wires <= 5_000 for _, _, wires in use.crossings)
    assert slr_use(before_placing(placed), target) is None


def test_what_a_budget_by_slr_is_for(placed: Path, tmp_path: Path) -> None:
    """With fewer LUTs the sum is still enough, and the design fits no more."""
    resources = Design(placed).resources
    assert resources is not None
    used, fullest = max((kinds["lut"]["used"], slr) for slr, kinds in resources["slrs"].items())
    target = load_target(str(write_board(tmp_path, used - 1)))
    resources = design_resources(after_placing(placed), target)
    assert resources["lut"]["used"] <= resources["lut"]["budget"]
    sentence = f"the design is estimated to exceed the budget of {fullest} by 1 LUT "
    assert excess(resources) == f"{sentence}({used:,} of {used - 1:,})"
    tight = load_target(str(write_board(tmp_path, LUTS, wires=10)))
    sentence = excess(design_resources(after_placing(placed), tight))
    assert sentence is not None
    assert "exceed the limit of wires between " in sentence


@pytest.mark.slow
@NEEDS_COMPILER
def test_the_same_numbers(placed: Path) -> None:
    assert_equal(placed)


@NEEDS_COMPILER
@pytest.mark.slow
def test_the_same_numbers_of_mamba1_with_states_on_the_chip(tmp_path: Path) -> None:
    target = str(write_board(tmp_path, 40_000))
    design = compile_tiny(tmp_path, MAMBA1, target=target, allocation=ON_CHIP)
    kernels = [kernel.sym_name.data for kernel in design_kernels(after_placing(design))]
    assert any("_slr" in kernel for kernel in kernels)
    assert_equal(design)


def test_the_same_speed(placed: Path) -> None:
    target = open_design(placed).target
    old, new = (
        simulate_launch(design, target, 3, 4)
        for design in (before_placing(placed), after_placing(placed))
    )
    assert new.cycles_per_token == pytest.approx(old.cycles_per_token, rel=0.01)


def test_the_linker_is_told(placed: Path) -> None:
    lines = (placed / "hls/connectivity.cfg").read_text(encoding="utf-8").splitlines()
    for kernel in design_kernels(after_placing(placed)):
        name = kernel.sym_name.data
        assert kernel.slr is not None
        assert lines.count(f"slr={name}_1:{kernel.slr.data}") == 1
        assert (placed / "hls" / f"{name}.cpp").exists()


def test_commands_and_report_show_slrs(
    placed: Path, tmp_path: Path, lmc: Callable[..., Any]
) -> None:
    resources = Design(placed).resources
    assert resources is not None
    line = slr_line(resources)
    assert line is not None
    done = lmc("simulate", placed, *ARGUMENTS)
    assert (done.status, f"\n{line}\n" in done.output) == (0, True)
    page = (placed / "report.html").read_text(encoding="utf-8")
    for slr, kinds in resources["slrs"].items():
        used = kinds["lut"]
        share = f"{used['used'] / used['budget']:.1%}"
        assert f"<tr><td>{slr}</td><td>{used['used']:,} of {used['budget']:,} ({share})" in page
    for item in resources["crossings"]:
        between = " and ".join(item["slrs"])
        assert f"<td>{between}</td><td>{item['wires']:,}</td><td>{item['limit']:,}</td>" in page
    options = ["-t", placed / "target.toml", "--pipeline", "check-dataflow"]
    file = Design(placed).ir_file(DATAFLOW)
    compiled = lmc("compile", *options, "--from", file, "-o", tmp_path / "a")
    assert f"\n{line}\n" in f"\n{compiled.output}"
    found = lmc("compile", *options, "--from", file, "-o", tmp_path / "b", "--json").json
    assert found["resources"]["slrs"] == resources["slrs"]
    assert found["resources"]["crossings"] == resources["crossings"]


def test_boards_without_slrs_say_nothing_of_them(mamba2_design: Path) -> None:
    resources = json.loads((mamba2_design / "schedule.json").read_text("utf-8"))["resources"]
    assert not {"slrs", "crossings"} & set(resources)
    assert slr_line(resources) is None
    module: ModuleOp = last_module(mamba2_design)
    assert all(kernel.slr is None for kernel in design_kernels(find_design(module)))
    assert "slr=" not in (mamba2_design / "hls/connectivity.cfg").read_text("utf-8")
