"""`--clock`: the clock that a design is planned with, and what follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from build_once import build_once
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.backends.hls.printer import find_design
from lmc.design.folder import open_design
from lmc.dialects.dataflow import is_pipelined, loop_of
from lmc.driver.compile import compile_design
from lmc.driver.default import board_passes
from lmc.driver.request import CompileRequest, resolve
from lmc.ir.levels import DATAFLOW, QUANTIZED
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, read_text

SLOW, FAST = 200, 400
Lmc = Callable[..., Any]


@pytest.fixture(scope="module")
def designs(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that is planned with two clocks; what depends on no board is done once."""

    def build(folder: Path) -> Path:
        slow = CompileRequest(
            model=str(small_model),
            random_weights=True,
            target="vck190",
            clock_mhz=SLOW,
            output=folder / str(SLOW),
            dump_ir=True,
        )
        quantized = compile_design(slow).design.ir_file(QUANTIZED)
        fast = CompileRequest(
            from_file=str(quantized),
            target="vck190",
            clock_mhz=FAST,
            output=folder / str(FAST),
        )
        compile_design(fast)
        return folder

    return build_once(tmp_path_factory, "two-clocks", build)


def module_of(design: Path) -> ModuleOp:
    path = open_design(design).ir_file(DATAFLOW)
    return parse_module(make_context(load_registry()), read_text(str(path)), path.name)


def stages(design: Path) -> int:
    loops = [op for op in find_design(module_of(design)).walk() if is_pipelined(op)]
    return sum(loop_of(op).latency or 0 for op in loops)


@pytest.mark.parametrize("mhz", [SLOW, FAST])
def test_all_files_have_the_clock(designs: Path, mhz: int, lmc: Lmc) -> None:
    design = designs / str(mhz)
    assert allocation_of(module_of(design)).clock_mhz == mhz
    assert json.loads((design / "schedule.json").read_text("utf-8"))["clock_mhz"] == mhz
    linked = (design / "hls/connectivity.cfg").read_text("utf-8")
    assert linked.startswith(f"freqhz={mhz}000000\n\n[connectivity]\n")
    found = lmc("simulate", design, "--tokens", "2", "--prompt-length", "2", "--json").json
    assert found["clock_mhz"] == mhz
    assert found["sources"]["clock"].startswith("assumed: chosen from 200 to 400 MHz: ")
    assert f"<td>{mhz} MHz</td>" in (design / "report.html").read_text("utf-8")
    assert lmc("lint", design).status == 0


def test_a_faster_clock_takes_more_stages(designs: Path) -> None:
    assert stages(designs / str(SLOW)) < stages(designs / str(FAST))


def test_a_file_goes_on_with_its_clock(designs: Path, tmp_path: Path, lmc: Lmc) -> None:
    (file,) = (designs / str(SLOW) / "ir").glob("*-allocate-resources.mlir")
    going_on = ["compile", "--from", file, "-t", "vck190", "-o", tmp_path / "design"]
    finished = lmc(*going_on)
    assert finished.status == 0, finished.errors
    for name in ("schedule.json", "hls/connectivity.cfg"):
        made = (tmp_path / "design" / name).read_text("utf-8")
        assert made == (designs / str(SLOW) / name).read_text("utf-8")
    resolve(CompileRequest(from_file=str(file), target="vck190", clock_mhz=SLOW))
    refused = lmc(*going_on, "--clock", FAST)
    assert refused.status == 2
    assert f"is planned with {SLOW} MHz, not with {FAST} MHz; leave --clock out" in refused.errors


@pytest.mark.parametrize(
    ("target", "mhz", "message"),
    [
        ("vck190", 199, "vck190 is planned with 200 to 400 MHz, not with 199 MHz"),
        ("u280", 301, "u280 is planned with 200 to 300 MHz, not with 301 MHz"),
        (
            "lightmamba-vck190",
            300,
            "lightmamba-vck190 is planned with 400 MHz, not with 300 MHz: its file states no range",
        ),
    ],
)
def test_a_clock_out_of_the_range(
    target: str, mhz: int, message: str, small_model: Path, tmp_path: Path, lmc: Lmc
) -> None:
    options = ["--random-weights", "-t", target, "--clock", mhz, "-o", tmp_path / "design"]
    refused = lmc("compile", small_model, *options)
    assert (refused.status, message in refused.errors) == (1, True), refused.errors
    assert not (tmp_path / "design").exists()


def test_a_pipeline_of_ones_own_has_its_clock(small_model: Path, tmp_path: Path, lmc: Lmc) -> None:
    options = ["--random-weights", "-t", "vck190", "--clock", SLOW, "-o", tmp_path / "design"]
    above = lmc("compile", small_model, *options, "--pipeline", "raise-to-ssm")
    assert above.status == 2
    assert "--clock is for allocate-resources, which the pipeline does not have" in above.errors
    for other in ("", "{clock_mhz=300}"):
        refused = lmc("compile", small_model, *options, "--pipeline", f"allocate-resources{other}")
        assert refused.status == 2
        assert re.search(r"pipeline of your own; give .* clock_mhz=200", refused.errors)


def test_ports_that_are_too_slow_are_told(designs: Path, tmp_path: Path, lmc: Lmc) -> None:
    """32 ports of 512 bits carry at 200 MHz less than U280's HBM sustains."""
    file = open_design(designs / str(SLOW)).ir_file(QUANTIZED)
    one_lane = board_passes("u280", 'lanes="HBM2:1"', 200)
    options = ["--from", file, "-t", "u280", "--clock", 200, "-o", tmp_path / "design"]
    finished = lmc("compile", *options, "--pipeline", ",".join(one_lane))
    assert finished.status == 0, finished.errors
    assert "at 200 MHz the 32 ports of HBM2 carry 409.6 of the 421.3 GB/s" in finished.errors
