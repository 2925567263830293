"""A design remembers its plugin files, and names the one that is missing."""

import json
from pathlib import Path

import pytest

from lmc import open as lmc_open
from lmc.design.folder import open_design
from lmc.design.plugins import plugin_sentences
from lmc.diagnostics import LmcError
from lmc.lint import OFFERED
from lmc.plugins.installed import UNIVERSE, packages_of

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


@pytest.fixture
def packaged(
    lmc, small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """A design with the pass and an op of an installed package; the package's metadata."""
    for folder in (PLUGIN.parent, tmp_path):
        monkeypatch.syspath_prepend(folder)
    metadata = tmp_path / "lmc_hard_silu-1.5.dist-info"
    metadata.mkdir()
    write_version(metadata, "1.5")
    entries = "[xdsl.universe]\nhard_silu = lmc_hard_silu:UNIVERSE\n"
    (metadata / "entry_points.txt").write_text(entries)
    options = ["-t", "vck190", "--random-weights", "--pipeline", PASSES]
    design = tmp_path / "design"
    finished = lmc("compile", small_model, "-o", design, *options)
    assert finished.status == 0, finished.errors
    return design, metadata


def write_version(metadata: Path, version: str) -> None:
    text = f"Metadata-Version: 2.1\nName: lmc-hard-silu\nVersion: {version}\n"
    (metadata / "METADATA").write_text(text)


def test_a_package_that_took_part_is_recorded_and_named(
    lmc, packaged: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    design, metadata = packaged
    manifest = json.loads((design / "manifest.json").read_text())
    assert manifest["packages"] == [{"name": "lmc-hard-silu", "version": "1.5"}]
    assert "plugins" not in manifest
    assert packages_of({UNIVERSE: {"another-pass", "ssm"}, "lmc.targets": {"vck190"}}) == []
    ran = ["--prompt-tokens", "1,2", "--max-new-tokens", "1", "--engine", "integer"]
    assert lmc("run", design, *ran).status == 0
    said = (
        f"{design} was compiled with the package lmc-hard-silu 1.5 "
        f"({design}/manifest.json names it), which is "
    )
    write_version(metadata, "1.6")
    other = lmc("run", design, *ran)
    wanted = f"error: {said}installed as 1.6: install that version, or compile the model again\n"
    assert (other.status, other.errors) == (1, wanted)
    page = ["-o", design.parent / "x.html"]
    assert wanted in lmc("explore", design, *ran[:2], *page).errors
    # What needs none of its ops goes on.
    assert lmc("explore", design, *page).status == 0
    monkeypatch.syspath_prepend(metadata)  # Packages are looked up anew for another path.
    (metadata / "METADATA").rename(metadata.parent / "METADATA")
    (metadata / "entry_points.txt").unlink()
    metadata.rmdir()
    gone = lmc("run", design, *ran)
    assert (gone.status, "hard.silu is not registered" in gone.errors) == (1, True)
    assert gone.errors.endswith(f"note: {said}not installed: install that version\n")
