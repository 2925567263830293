"""`lmc report` and what its file does to a compile."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from vitis_reports import Made, load_design, write_reports

FACTORS = {"registers": {"ff": 1.5}, "dataflow.bank": {"lut": 2.0}}


@pytest.fixture(scope="module")
def design(mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that a command may write into."""
    return shutil.copytree(mamba1_design, tmp_path_factory.mktemp("designs") / "design")


@pytest.fixture(scope="module")
def reports(design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vitis")
    return write_reports(folder, *load_design(design), Made(FACTORS))


def test_the_report(lmc: Callable[..., object], design: Path, reports: Path) -> None:
    done = lmc("report", design, "--vitis", reports)
    assert done.status == 0, done.errors
    lines = done.output.splitlines()
    assert lines[0] == "- nothing is worse than planned"
    assert (
        "planned / reported (estimated: docs/resources.md / estimated: Vitis HLS 2024.2)" in lines
    )
    assert lines[-1] == f"{design}/calibration.json: for `lmc compile --calibration`"
    written = json.loads((design / "calibration.json").read_text())
    assert (written["lmc_calibration"], written["family"]) == (1, "Versal")


def test_the_report_as_json(
    lmc: Callable[..., object], design: Path, reports: Path, tmp_path: Path
) -> None:
    file = tmp_path / "c.json"
    found = lmc("report", design, "--vitis", reports, "-o", file, "--json").json
    assert found["findings"] == []
    assert found["speed"] is None
    assert found["calibration"]["output"] == str(file)
    assert found["sources"] == {"reported": "estimated: Vitis HLS 2024.2", "routed": None}
    front = found["kernels"]["front"]
    norm = next(one for one in front["functions"] if one["tasks"] == ["rms_norm"])
    assert norm["modules"] == {"rms_norm": 1}
    square = norm["loops"]["rms_norm_square"]
    assert square["ii"] == {"planned": 1, "reported": 1}
    assert square["latency"]["planned"] == square["latency"]["reported"]
    assert norm["reported"]["ff"] > norm["estimated"]["ff"]
    again = tmp_path / "again.json"
    lmc("report", design, "--vitis", reports, "-o", again)
    assert again.read_bytes() == file.read_bytes()


def test_what_is_refused(
    lmc: Callable[..., object], design: Path, reports: Path, tmp_path: Path
) -> None:
    done = lmc("report", design, "--vitis", tmp_path)
    assert (done.status, done.output) == (1, "")
    assert "has no report of Vitis (csynth.xml, " in done.errors
    done = lmc("report", tmp_path, "--vitis", reports)
    assert done.status == 1
    assert "is not a design folder" in done.errors
    done = lmc("report", design, "--vitis", reports, "--machine", "fast")
    assert done.status == 2
    done = lmc("report", design, "--vitis", reports, "-o", tmp_path / "no/where.json")
    assert done.status == 1
    assert "where.json cannot be written: No such file" in done.errors
