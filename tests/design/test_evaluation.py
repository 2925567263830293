"""What `lmc eval` keeps in a design's folder, and what pages show of it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lmc.backends.report.summary import accuracy
from lmc.backends.report.tables import loss_table
from lmc.design.evaluation import (
    EngineLoss,
    Evaluation,
    read_evaluation,
    why_not_evaluated,
    write_evaluation,
)
from lmc.design.folder import EVALUATION, Design, open_design
from lmc.diagnostics import LmcError
from lmc.explorer import Exploration, explorer_page
from lmc.terminal.history import History
from lmc.terminal.panel import Panel

FOUND = Evaluation(
    "book.txt",
    "ab" * 32,
    8192,
    256,
    {"float": EngineLoss(1.56, 0.0, 1.0), "integer": EngineLoss(1.57, 0.012, 0.981)},
)


@pytest.fixture
def design(mamba2_design: Path, tmp_path: Path) -> Design:
    """Its manifest and its times, without the rest."""
    for name in ("manifest.json", "measured.json"):
        shutil.copy(mamba2_design / name, tmp_path / name)
    return open_design(tmp_path)


def test_what_is_written_is_read(design: Design) -> None:
    assert read_evaluation(design) is None
    assert "no measurement of bits per byte: `lmc eval DIR --text FILE`" in why_not_evaluated(
        design
    )
    assert write_evaluation(design, FOUND) == FOUND == read_evaluation(design)
    assert why_not_evaluated(design) == ""
    assert not list(design.path.glob(".*"))
    assert accuracy(design)[1] == []
    table = loss_table(design)
    assert table is not None
    assert table.rows == [
        ("float model", "1.5600", "0.00000", "100.00%"),
        ("integer interpreter", "1.5700", "0.01200", "98.10%"),
    ]
    assert table.source == "lmc eval: 8,192 tokens of book.txt in windows of 256"


def test_engines_on_the_same_tokens_stay_together(design: Design) -> None:
    write_evaluation(design, FOUND)
    other = replace(FOUND, engines={"csim": EngineLoss(1.57, 0.012, 0.981)})
    assert list(write_evaluation(design, other).engines) == ["float", "integer", "csim"]
    assert list(write_evaluation(design, replace(other, tokens=64)).engines) == ["csim"]


def test_of_another_compile_nothing_is_shown(design: Design) -> None:
    write_evaluation(design, FOUND)
    manifest = json.loads((design.path / "manifest.json").read_text())
    last = manifest["ir"][max(manifest["ir"])]
    manifest["files"][last] = "0" * 64
    (design.path / "manifest.json").write_text(json.dumps(manifest))
    other = open_design(design.path)
    assert read_evaluation(other) is None
    assert loss_table(other) is None
    assert accuracy(other)[1] == [why_not_evaluated(other)]
    assert f"{EVALUATION} in the folder is of another compile" in why_not_evaluated(other)
    with pytest.raises(LmcError, match="is of another compile than the design"):
        _ = other.measured


@pytest.mark.parametrize(
    ("preset", "shown"),
    [
        ("w4a8", "preset w4a8"),
        ("formats.toml", "configuration formats.toml"),
        (None, "of its own pipeline"),
    ],
)
def test_where_formats_come_from(design: Design, preset: str | None, shown: str) -> None:
    manifest = json.loads((design.path / "manifest.json").read_text())
    manifest["preset"] = preset
    (design.path / "manifest.json").write_text(json.dumps(manifest))
    assert accuracy(open_design(design.path))[0][0] == ("numbers", shown, "")


def test_random_weights_have_no_accuracy(design: Design) -> None:
    write_evaluation(design, FOUND)
    manifest = json.loads((design.path / "manifest.json").read_text())
    manifest["model"]["weights"] = "random:small:0"
    (design.path / "manifest.json").write_text(json.dumps(manifest))
    assert loss_table(open_design(design.path)) is None
    assert "weights are random" in why_not_evaluated(open_design(design.path))


@pytest.mark.parametrize("text", ["[]", "{", '{"design": "DIGEST", "engines": []}'])
def test_other_files_are_refused(design: Design, text: str) -> None:
    (design.path / EVALUATION).write_text(text.replace("DIGEST", design.digest))
    with pytest.raises(LmcError, match="is not what `lmc eval` writes"):
        read_evaluation(design)


def test_pages_show_it(exploration: Exploration) -> None:
    history = History(exploration.steps)
    found = replace(exploration, evaluation=FOUND, not_evaluated="")
    told = Panel(history, found).overview("x").plain
    assert "integer interpreter: 1.5700 bits per byte\n" in told
    assert FOUND.source in told
    assert "`lmc eval DIR --text FILE`" in Panel(history, exploration).overview("x").plain
    assert explorer_page(found) != explorer_page(exploration)
