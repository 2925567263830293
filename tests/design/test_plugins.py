"""A design remembers its plugin files, and names the one that is missing."""

import json
from pathlib import Path

import pytest

from lmc.design.folder import open_design
from lmc.design.plugins import plugin_sentences

PLUGIN = Path(__file__).parents[2] / "examples/hard-silu/lmc_hard_silu.py"
PASSES = "raise-to-ssm,roll-layers,fold-norm-scales,defer-norm,hard-silu{knee=0},quantize"
NAMED = "was compiled with the plugin lmc_hard_silu.py, which is not loaded: give it with --plugin"


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
        assert finished.errors.count(NAMED) == 1, finished.errors
        assert "hard.silu" in finished.errors
    verified = lmc("verify", design)
    assert (verified.status, verified.output) == (1, "")
    assert "hard.silu is not registered; if a plugin defines it, name its" in verified.errors
    assert verified.errors.count(f"note: {design} {NAMED} lmc_hard_silu.py") == 1
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


def test_a_plugin_that_has_changed_is_named(design: Path, tmp_path: Path) -> None:
    changed = tmp_path / PLUGIN.name
    changed.write_text(f"{PLUGIN.read_text()}\n# changed\n")
    (sentence,) = plugin_sentences(open_design(design), [changed])
    assert sentence == (f"the plugin {changed} has changed since {design} was compiled with it")
    assert plugin_sentences(open_design(design), [PLUGIN]) == []


def test_a_design_without_plugins_has_no_entry(mamba2_design: Path) -> None:
    manifest = json.loads((mamba2_design / "manifest.json").read_text())
    assert "plugins" not in manifest
    assert plugin_sentences(open_design(mamba2_design), ()) == []
