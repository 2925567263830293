"""Launches of tiny models' designs as RTL: the interpreter's bits, the cycle simulator's cycles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rtl_bench import needs_verilator
from tiny_designs import MAMBA1, MAMBA2, ON_CHIP, STREAMED, compile_tiny, interpreter

from lmc.design.folder import open_design
from lmc.diagnostics import LmcError
from lmc.driver import rtl
from lmc.driver.compile import compile_design
from lmc.driver.pipeline import Edit
from lmc.driver.request import CompileRequest
from lmc.driver.rtl import RtlSimulation
from lmc.evaluation.generation import design_runner
from lmc.evaluation.likelihood import Continuation, score

PLAN = ((2, 1), (2, 0), (1, 2))
"""A launch from states of zero, one that goes on from its states without logits, and one that feeds
a token back."""
TEXT = ((4, 2), (1, 14))
"""16 tokens in two launches."""
SIX = (
    ("bookbyte-mamba1", "vck190", "chip", "w4a8"),
    ("bookbyte-mamba2", "u280", "HBM2", "w4a8"),
    ("bookbyte-mamba1", "u280", "chip", "w4a4"),
    ("bookbyte-mamba2", "vck190", "DDR4", "w4a4"),
    ("bookbyte-mamba1", "vck190", "DDR4", "lightmamba"),
    ("bookbyte-mamba2", "u280", "chip", "lightmamba"),
)
"""Model, board, where states are, and preset: of any two of these each pair is there."""


@pytest.mark.slow
@needs_verilator
@pytest.mark.parametrize(
    ("config", "target", "lanes", "allocation"),
    [
        (MAMBA1, "vck190", "DDR4:2", ON_CHIP),
        (MAMBA1, "u280", "HBM2:3", STREAMED.replace("DDR4", "HBM2")),
        (MAMBA2, "vck190", "DDR4:2", ON_CHIP),
        (MAMBA2, "u280", "HBM2:2", 'state="HBM2" state_blocks=1'),
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
    assert [one.cycles for one in slower.run.launches] != [one.cycles for one in check.run.launches]
    ids = np.array([[7], [0], [3]])
    expected = interpreter(design).run(ids).logits[:, 0]
    assert (simulation.logits(ids[:, 0].tolist()) == expected).all()


@pytest.mark.slow
@needs_verilator
@pytest.mark.parametrize(("model", "target", "state", "preset"), SIX)
def test_texts_of_bookbyte(
    model: str, target: str, state: str, preset: str, tmp_path: Path
) -> None:
    allocate = f'allocate-resources{{target="{target}" state="{state}"}}'
    request = CompileRequest(
        target=target,
        model=model,
        preset=preset,
        edits=(Edit("replace", "allocate-resources", allocate),),
        output=tmp_path / "design",
    )
    design = compile_design(request).design
    simulation = RtlSimulation(design)
    check = simulation.check(TEXT)
    assert not check.deviations
    first, second = check.run.launches
    assert len(first.ends) == len(check.simulated[0].tasks)
    amounts = f"{len(first.ends)} tasks, {len(check.run.most)} FIFOs"
    print(model, target, state, preset, f"{amounts}, {first.cycles:,} + {second.cycles:,} cycles")
    assert not simulation.check(TEXT, seed=2, hostile=True).deviations
    runners = [design_runner(design, engine) for engine in ("rtl", "integer")]
    texts = [list(runner.generate([73, 116], 3, ignore_eos=True)) for runner in runners]
    assert texts[0] == texts[1]
    # What lm-evaluation-harness asks for: sequences that are not equally long, scored together.
    asked = [Continuation([73], [116, 32]), Continuation([73, 116, 32], [119])]
    scores = [score(runner.engine, asked, max_length=8, batch=2) for runner in runners]
    assert scores[0] == scores[1]


@pytest.mark.parametrize(
    ("plan", "bank"), [((70_000, 1), "70000 ids .* prompt"), ((1, 70_000), "70000 ids .* token")]
)
def test_a_launch_without_room_is_refused_before_it_is_simulated(
    plan: tuple[int, int], bank: str, mamba1_design: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtl, "design_rtl", lambda *_: None)
    monkeypatch.setattr(rtl, "build_bench", lambda *_: None)
    simulation = RtlSimulation(open_design(mamba1_design))
    with pytest.raises(LmcError, match=rf"{bank}.*, which has room for \d+: give a shorter prompt"):
        simulation.check([plan])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--engine", "verilog"], "--engine is cycles or rtl, not 'verilog'"),
        (["--engine", "rtl", "--machine", "hls-flp"], "--machine hls-flp is for --engine cycles"),
        (["--engine", "rtl", "--trace", "x.json"], "--trace is for --engine cycles"),
        (["--memory", "adversarial"], "--memory adversarial is for --engine rtl"),
        (["--memory", "hostile"], "--memory is polite or adversarial, not 'hostile'"),
        (["--waves", "x.fst"], "--waves is for --engine rtl"),
        (["--tokens", "1"], "--tokens is 2 or more for --engine cycles"),
    ],
)
def test_options_that_do_not_go_together(lmc, arguments: list[str], sentence: str) -> None:
    done = lmc("simulate", "nowhere", *arguments)
    assert done.status == 2
    assert sentence in done.errors
