"""Launches of tiny models' designs as RTL: the interpreter's bits, the cycle simulator's cycles."""

from __future__ import annotations

from pathlib import Path

import pytest
from rtl_bench import needs_verilator
from tiny_designs import MAMBA1, MAMBA2, ON_CHIP, STREAMED, compile_tiny

from lmc.design.folder import open_design
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.driver.rtl import RtlSimulation

PLAN = ((2, 1), (1, 2))
"""A launch from states of zero, and one that goes on from its states and feeds a token back."""


@pytest.mark.slow
@needs_verilator
@pytest.mark.parametrize(
    ("config", "target", "lanes", "allocation"),
    [
        (MAMBA1, "vck190", "DDR4:2", ON_CHIP),
        (MAMBA1, "u280", "HBM2:3", STREAMED.replace("DDR4", "HBM2")),
        (MAMBA2, "vck190", "DDR4:2", ON_CHIP),
        (MAMBA2, "u280", "HBM2:2", 'state="HBM2" state_blocks=2'),
    ],
)
def test_tiny_designs(
    config: dict[str, object], target: str, lanes: str, allocation: str, tmp_path: Path
) -> None:
    design = compile_tiny(tmp_path, config, target=target, lanes=lanes, allocation=allocation)
    simulation = RtlSimulation(open_design(design))
    check = simulation.check(PLAN)
    assert not check.deviations
    assert len(check.run.launches) == len(PLAN)
    assert check.run.launches[0].ends
    assert check.run.most
    slower = simulation.check(PLAN, seed=2, hostile=True)
    assert not slower.deviations
    assert slower.run.launches[0].cycles > check.run.launches[0].cycles


@pytest.mark.slow
@needs_verilator
def test_bookbyte_mamba2(tmp_path: Path) -> None:
    request = CompileRequest(target="vck190", model="bookbyte-mamba2", output=tmp_path / "design")
    design = compile_design(request).design
    check = RtlSimulation(design).check(PLAN)
    assert not check.deviations
    assert len(check.run.launches[0].ends) == len(check.simulated[0].tasks)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--engine", "verilog"], "--engine is cycles or rtl, not 'verilog'"),
        (["--engine", "rtl", "--machine", "hls-flp"], "--machine hls-flp is for --engine cycles"),
        (["--engine", "rtl", "--trace", "x.json"], "--trace is for --engine cycles"),
    ],
)
def test_options_that_do_not_go_together(lmc, arguments: list[str], sentence: str) -> None:
    done = lmc("simulate", "nowhere", *arguments)
    assert done.status == 2
    assert sentence in done.errors
