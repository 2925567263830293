"""`lmc.open` and the methods of a design, which do what the commands do."""

import subprocess
import sys
from pathlib import Path

import pytest

import lmc as package
from lmc.diagnostics import LmcError, UsageError


@pytest.fixture(scope="module")
def design(mamba2_design: Path):
    return package.open(mamba2_design)


def test_importing_lmc_loads_neither_torch_nor_xdsl():
    heavy = "('torch', 'xdsl', 'numpy')"
    loaded = f"import sys, lmc; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_compile_returns_a_design(small_model: Path, tmp_path: Path):
    passes = "raise-to-ssm,roll-layers"
    made = package.compile(
        str(small_model),
        target="vck190",
        random_weights=True,
        output=tmp_path / "out",
        pipeline=passes,
        dump_ir=True,
    )
    assert [(step.number, step.name) for step in made.steps] == [
        (0, "traced"),
        (1, "raise-to-ssm"),
        (2, "roll-layers"),
    ]
    assert made.ir(1).text == str(made.ir("raise-to-ssm"))
    assert any(op.name == "ssm.layers" for op in made.ir("roll-layers").module.walk())
    assert "raise-to-ssm" in made._repr_html_()
    for method in (made.predict, made.simulate):
        with pytest.raises(LmcError, match="without IR of level 4"):
            method()
    with pytest.raises(LmcError, match="2 roll-layers"):
        made.ir("quantize")


def test_a_folder_without_a_design(tmp_path: Path):
    with pytest.raises(LmcError, match="not a design folder"):
        package.open(tmp_path)


def test_run_is_lmc_run(lmc, design):
    wanted = lmc("run", design.path, "--prompt-tokens", "1,2,3", "--max-new-tokens", "4", "--json")
    for engine in (None, "integer"):
        found = design.run(prompt_tokens=[1, 2, 3], max_new_tokens=4, engine=engine)
        assert list(found.tokens) == wanted.json["tokens"]
        assert found.engine == (engine or "csim")
        assert found.text == wanted.json["text"]
        assert "<pre" in found._repr_html_()
    with pytest.raises(UsageError, match="no engine"):
        design.run(prompt_tokens=[1], engine="none")
    with pytest.raises(UsageError, match="either"):
        design.run()
    with pytest.raises(UsageError, match="max_new_tokens is 0"):
        design.run(prompt_tokens=[1], max_new_tokens=0)


def test_trace_is_lmc_trace(lmc, design):
    arguments = ("--prompt-tokens", "1,2,3", "--max-new-tokens", "2", "--json")
    found = design.trace(prompt_tokens=[1, 2, 3], max_new_tokens=2)
    assert found.as_json() == lmc("trace", design.path, *arguments).json
    assert found.fault is None
    assert found.ops[0]["op"] == "ssm.embedding"
    assert "0 of" in found._repr_html_()
    both = design.trace(prompt_tokens=[1, 2, 3], against=design.path)
    assert both.as_json()["between"]["logits"]["max_abs_error"] == 0
    assert "exact" in both._repr_html_()


def test_simulate_and_report_are_lmc_simulate(lmc, design):
    given = ("--tokens", "3", "--prompt-length", "2", "--json")
    wanted = lmc("simulate", design.path, *given).json
    found = design.simulate(tokens=3, prompt_length=2)
    assert found.as_json() == wanted
    assert found.tokens_per_second == wanted["tokens_per_second"]
    assert "simulated" in found._repr_html_()
    report = design.report(tokens=3, prompt_length=2)
    assert report.path == design.path / "report.html"
    assert report.html.startswith("<!")
    assert report._repr_html_().startswith("<iframe")
    with pytest.raises(UsageError, match="two new tokens"):
        design.simulate(tokens=1)
    with pytest.raises(UsageError, match="no machine"):
        design.simulate(machine="none")


def test_predict_has_what_the_compile_estimated(design):
    prediction = design.predict()
    assert prediction.resources == design.resources
    assert prediction.clock_mhz == design.clock_mhz
    assert "estimated" in prediction._repr_html_()
    assert "estimated" in design._repr_html_()
