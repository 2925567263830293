"""`lmc.open` and the methods of a design, which do what the commands do."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import lmc as package
from lmc.cli.compile import compile_command
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


def test_files_of_a_compile_and_what_excludes_each_other(small_model: Path, tmp_path: Path):
    """`pipeline_file`, `from_file` and `config` are what the command's options are."""
    passes, config = tmp_path / "passes.txt", tmp_path / "formats.toml"
    passes.write_text("raise-to-ssm,  # first\nroll-layers\n")
    config.write_text("[state]\nbits = 16\n")
    given = {"target": "vck190", "output": tmp_path / "out"}
    made = package.compile(str(small_model), random_weights=True, pipeline_file=passes, **given)
    assert made.manifest["pipeline"] == ["raise-to-ssm", "roll-layers"]
    further = package.compile(
        from_file=made.ir("roll-layers").path,
        config=config,
        pipeline="fold-norm-scales",
        target="vck190",
        output=tmp_path / "further",
    )
    assert further.manifest["preset"] == str(config)
    assert further.manifest["pipeline"] == [*made.manifest["pipeline"], "fold-norm-scales"]
    for wrong, sentence in (
        ({"preset": "w4a4", "config": config}, "give either --preset or --config"),
        ({"config": passes}, r"--config takes a \.toml file, not .*passes\.txt"),
        ({"pipeline": "a", "pipeline_file": passes}, "either --pipeline or --pipeline-file"),
        ({"from_file": "x.mlir"}, r"name either a model or an IR file to go on from"),
    ):
        with pytest.raises(UsageError, match=sentence):
            package.compile(str(small_model), **given, **wrong)
    with pytest.raises(UsageError, match="name either a model"):
        package.compile(**given)


def test_every_option_of_the_command_has_an_argument_or_is_named_in_the_docs():
    """Options that only change what is printed have none, and docs/python.md says so."""
    command = inspect.signature(compile_command).parameters
    names = {"plugin": "plugins"}
    options = {names.get(name, name) for name in command}
    arguments = set(inspect.signature(package.compile).parameters)
    assert arguments - options == {"name"}
    page = (Path(__file__).parents[2] / "docs/python.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"^Only the command has .*$", page, re.MULTILINE)
    named = {
        flag.removeprefix("--").replace("-", "_") for flag in re.findall(r"`(--[\w-]+)`", sentence)
    }
    assert {name.removesuffix("_output") for name in options - arguments} == named


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
        assert repr(found).startswith(f"Generation(engine='{found.engine}', ")
        # Two runs give the same, and take other times.
        assert "per_second" not in repr(found)
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
    assert repr(found).startswith("Traced(logits: ")
    assert "0 of" in repr(found)
    assert len(repr(found)) < 600
    both = design.trace(prompt_tokens=[1, 2, 3], against=design.path)
    assert both.as_json()["between"]["logits"]["max_abs_error"] == 0
    assert "exact" in both._repr_html_()
    assert repr(both).startswith("Traced(logits against float: ")


def test_simulate_and_report_are_lmc_simulate(lmc, design):
    given = ("--tokens", "3", "--prompt-length", "2", "--json")
    wanted = lmc("simulate", design.path, *given).json
    found = design.simulate(tokens=3, prompt_length=2)
    assert found.as_json() == wanted
    assert found.tokens_per_second == wanted["tokens_per_second"]
    assert "simulated" in found._repr_html_()
    assert repr(found) == f"Simulated({found.tokens_per_second:,.2f} tokens/s, simulated: rtl)"
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
    assert repr(prediction).startswith(f"Prediction({design.clock_mhz} MHz, LUT ")
    assert repr(prediction).endswith("% of the budget, estimated)")
    assert "estimated" in design._repr_html_()


def test_explore_is_lmc_explore(lmc, design, tmp_path: Path):
    given = ["--prompt-tokens", "1,2,3", "-o", tmp_path / "wanted.html", "--json"]
    wanted = lmc("explore", design.path, *given).json
    page = design.explore(prompt_tokens=[1, 2, 3], output=tmp_path / "found.html")
    assert page.html == (tmp_path / "wanted.html").read_text(encoding="utf-8")
    assert page.exploration.numerics.tokens == (1, 2, 3)
    assert repr(page) == f"Explored(path={page.path!r})"
    assert wanted["tokens"] == 3
    assert "<iframe" in page._repr_html_()
    with pytest.raises(LmcError, match=r"no plugin file ops\.py"):
        design.explore(plugins=["ops.py"])
