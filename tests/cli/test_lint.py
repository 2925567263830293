"""`lmc lint`: exit status, text and JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

SOUND = Path(__file__).parents[1] / "dialects" / "sound_design.mlir"


def test_a_sound_file(lmc: Callable[..., Any]) -> None:
    done = lmc("lint", SOUND)
    assert (done.status, done.errors) == (0, "")
    assert done.output.startswith("0 findings, ")


def test_findings(lmc: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "broken.mlir"
    path.write_text(SOUND.read_text().replace("latency 9", "latency 5"))
    done = lmc("lint", path)
    assert done.status == 1
    first, second = done.output.splitlines()
    assert first.startswith("schedules: loop sum_word has latency 5, its body takes 9 cycles")
    assert first.endswith('[UG1399, "pragma HLS dependence"]')
    assert second.startswith("1 findings, ")
    done = lmc("lint", path, "--json")
    assert done.status == 1
    assert done.json["target"] == "vck190"
    assert [one["rule"] for one in done.json["findings"]] == ["schedules"]
    assert done.json["unchecked"] == []


def test_what_is_no_design(lmc: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "empty.mlir"
    path.write_text("builtin.module {}")
    for wrong in (path, tmp_path / "missing.mlir", tmp_path):
        done = lmc("lint", wrong)
        assert (done.status, done.output) == (1, "")
        assert done.errors.count(str(wrong)) == 1, done.errors


def test_a_design_folder(lmc: Callable[..., Any], mamba2_design: Path) -> None:
    done = lmc("lint", mamba2_design)
    assert (done.status, done.errors) == (0, ""), done.output
