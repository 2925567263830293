"""A design remembers its plugin files, and names the one that is missing."""

import json
from pathlib import Path

import pytest

from lmc import open as lmc_open
from lmc.design.folder import open_design
from lmc.design.plugins import plugin_sentences
from lmc.diagnostics import LmcError
from lmc.lint import OFFERED

PLUGIN = Path(__file__).parents[2] / "examples/hard-silu/lmc_hard_silu.py"
PASSES = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,hard-silu{knee=0},quantize"
NAMED = (
    "was compiled with the plugin lmc_hard_silu.py ({}/manifest.json has its SHA-256), "
    "which is not loaded: give it with --plugin lmc_hard_silu.py"
)
RULE = """
from lmc.lint.rule import Rule
RULE = Rule("few-tasks", "our floorplan", lambda subject: iter(()))
"""


@pytest.fixture
def design(lmc, small_model: Path, tmp_path: Path) -> Path:
    """A design of levels 0 to 2 with an op of a plugin."""
    folder = tmp_path / "design"
    options = ["-t", "vck190", "--random-weights", "--plugin", PLUGIN, "--pipeline", PASSES]
    finished = lmc("compile", small_model, "-o", folder, *options)
    assert finished.status == 0, finished.errors
    return folder


def test_the_missing_plugin_is_named(lmc, design: Path, tmp_path: Path) -> None:
    (entry,) = json.loads((design / "manifest.json").read_text())["plugins"]
    assert entry["file"] == PLUGIN.name
    ids = ["--prompt-tokens", "1,2"]
    for command in (
        ("run", design, *ids, "--engine", "integer", "--max-new-tokens", "1"),
        ("explore", design, *ids, "-o", tmp_path / "x.html"),
        ("trace", design, *ids),
        ("opt", design / json.loads((design / "manifest.json").read_text())["ir"]["2"]),
    ):
        finished = lmc(*command)
        assert finished.status == 1
        assert finished.errors.count(NAMED.format(design)) == 1, finished.errors
        assert "hard.silu" in finished.errors
    verified = lmc("verify", design)
    assert (verified.status, verified.output) == (1, "")
    assert "hard.silu is not registered; if a plugin defines it, name its" in verified.errors
    assert verified.errors.count(f"note: {design} {NAMED.format(design)}\n") == 1
    with pytest.raises(LmcError, match=r"hard\.silu is not registered") as raised:
        print(lmc_open(design).ir("quantize").module)
    assert f"note: {design} {NAMED.format(design)}" in raised.value.__notes__
    assert lmc_open(design).ir("quantize", plugins=[PLUGIN]).module
    for command in (
        ("run", design, *ids, "--engine", "integer", "--max-new-tokens", "1"),
        ("explore", design, *ids, "-o", tmp_path / "x.html"),
        ("verify", design),
    ):
        finished = lmc(*command, "--plugin", PLUGIN)
        assert finished.status == 0, finished.errors
        assert "compiled with" not in finished.errors + finished.output
    # The page without a prompt runs no module, and has bits of all steps.
    assert lmc("explore", design, "-o", tmp_path / "x.html").status == 0


def test_a_plugin_that_has_changed_is_named(lmc, design: Path, tmp_path: Path) -> None:
    """What the design computes isn't told with it, but passes that are being written are run."""
    changed = tmp_path / PLUGIN.name
    changed.write_text(f"{PLUGIN.read_text()}\n# changed\n")
    (sentence,) = plugin_sentences(open_design(design), [changed])
    assert sentence == (
        f"the plugin {changed} has changed since {design} was compiled with it "
        f"({design}/manifest.json has its SHA-256)"
    )
    assert plugin_sentences(open_design(design), [PLUGIN]) == []
    ids, page = ["--prompt-tokens", "1,2"], ["-o", tmp_path / "x.html"]
    for command in (
        ("run", design, *ids, "--engine", "integer", "--max-new-tokens", "1"),
        ("explore", design, *ids, *page),
        ("trace", design, *ids),
        ("verify", design),
    ):
        finished = lmc(*command, "--plugin", changed)
        wanted = f"error: {sentence}: give the file as it was then, or compile the model again"
        assert (finished.status, finished.errors.startswith(wanted)) == (1, True), finished.errors
    with pytest.raises(LmcError, match="has changed since"):
        print(lmc_open(design).ir("quantize", plugins=[changed]).module)
    module = design / json.loads((design / "manifest.json").read_text())["ir"]["2"]
    assert lmc("opt", module, "--plugin", changed).status == 0


def test_lint_wants_the_rules_of_the_compile(
    lmc, mamba2_design: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OFFERED, "of_files", {})
    plugin, design = tmp_path / "few_tasks.py", tmp_path / "design"
    plugin.write_text(RULE)
    (file,) = mamba2_design.glob("ir/*-check-dataflow.mlir")
    options = ["-t", "kv260", "-o", design, "--plugin", plugin]
    assert lmc("compile", "--from", file, *options).status == 0
    assert json.loads((design / "manifest.json").read_text())["rules"] == ["few-tasks"]
    assert lmc("lint", design, "--plugin", plugin).status == 0
    monkeypatch.setattr(OFFERED, "of_files", {})
    refused = lmc("lint", design)
    assert (refused.status, refused.output) == (1, "")
    error, note = refused.errors.splitlines()
    assert error.startswith(f"error: {design}/manifest.json has the rule 'few-tasks', which the")
    assert note == f"note: {design} {NAMED.format(design).replace(PLUGIN.stem, 'few_tasks')}"
    plugin.write_text(RULE + "# changed")
    refused = lmc("lint", design, "--plugin", plugin)
    assert (refused.status, "has changed since" in refused.errors) == (1, True)


def test_a_design_without_plugins_has_no_entry(mamba2_design: Path) -> None:
    manifest = json.loads((mamba2_design / "manifest.json").read_text())
    assert "plugins" not in manifest
    assert plugin_sentences(open_design(mamba2_design), ()) == []
