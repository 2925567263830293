"""`lmc verify`: design folders as they were compiled, and with changes."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lmc.design.folder import MANIFEST, open_design
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.driver.verify import as_compiled, verify_design


@pytest.fixture
def design(mamba2_design: Path, tmp_path: Path) -> Path:
    """A copy to alter."""
    ignored = shutil.ignore_patterns("fast-*")
    return Path(shutil.copytree(mamba2_design, tmp_path / "design", ignore=ignored))


def deviations(design: Path) -> dict[str, list[str]]:
    """The sentences of each group that has any."""
    groups = verify_design(open_design(design))
    assert as_compiled(groups) == (not any(group.deviations for group in groups))
    return {group.name: group.deviations for group in groups if group.deviations}


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def level_4(design: Path) -> Path:
    return open_design(design).ir_file(4)


def test_a_folder_as_compiled(lmc: Callable[..., Any], mamba2_design: Path) -> None:
    done = lmc("verify", mamba2_design)
    assert (done.status, done.errors) == (0, "")
    lines = done.output.splitlines()
    names = [line.partition(":")[0] for line in lines]
    assert names == ["lmc", "files", "IR", "C++ and build files", "golden vectors"]
    assert all(line.endswith(": as compiled") for line in lines)
    assert lines[4] == "golden vectors: 3 launches in the integer interpreter: as compiled"


def test_what_builds_leave_is_no_deviation(design: Path) -> None:
    """Nor that another lmc has compiled it, though this is said."""
    edit(design / MANIFEST, '"lmc": "', '"lmc": "0.0.1+')
    for name in (
        *("build/csim/simulation", "build/hls/front.cpp", "csim/fast-0123"),
        *("report.html", "explorer.html", "calibration.json"),
        "host/pyhost/__pycache__/files.cpython-311.pyc",
    ):
        path = design / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("built", encoding="utf-8")
    groups = verify_design(open_design(design))
    assert as_compiled(groups)
    assert groups[0].remarks == ["another lmc may print the same IR in another way"]
    assert not any(group.remarks for group in groups[1:])


def test_an_altered_image(lmc: Callable[..., Any], design: Path) -> None:
    image = design / "weights/tables.bin"
    content = image.read_bytes()
    image.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    done = lmc("verify", design, "--json")
    assert done.status == 1
    assert not done.json["as_compiled"]
    found = {group["name"]: group["deviations"] for group in done.json["groups"]}
    assert found.pop("files") == ["weights/tables.bin was changed after the compile"]
    assert not any(found.values())


def test_an_altered_kernel(design: Path) -> None:
    kernel = design / "hls/front.cpp"
    lines = kernel.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[19] = lines[19].rstrip() + "  // by hand\n"
    kernel.write_text("".join(lines), encoding="utf-8")
    sentence = "hls/front.cpp was changed after the compile, first in line 20"
    assert deviations(design) == {"files": [sentence]}


def test_files_that_are_missing_or_new(design: Path) -> None:
    (design / "host/design.h").unlink()
    (design / "weights/golden.txt").unlink()
    (design / "notes.txt").write_text("mine", encoding="utf-8")
    (design / "hls/more.cpp").write_text("int more;", encoding="utf-8")
    groups = verify_design(open_design(design))
    files = next(group for group in groups if group.name == "files")
    assert files.deviations == [
        "host/design.h is missing",
        "weights/golden.txt is missing",
        "hls/more.cpp is not of the compile, and make would compile it",
    ]
    assert files.remarks == ["notes.txt is not of the compile"]
    assert groups[-1].deviations == ["there are none: weights/golden.txt is missing"]


def test_ir_that_ends_too_early(design: Path) -> None:
    path = level_4(design)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    found = deviations(design)
    name = f"ir/{path.name}"
    assert found["files"] == [f"{name} was changed after the compile"]
    (sentence,) = found["IR"]
    assert sentence.startswith(f"{name}:")
    assert found["C++ and build files"][0].startswith("they cannot be printed from the IR: ")
    assert found["golden vectors"][0].startswith("they cannot be computed: ")


def test_ir_that_prints_other_files(design: Path) -> None:
    path = level_4(design)
    path.write_text(
        path.read_text(encoding="utf-8").replace("@decode_step", "@decode_other"), encoding="utf-8"
    )
    found = deviations(design)
    assert found["files"] == [f"ir/{path.name} was changed after the compile"]
    sentence = "is as it was compiled, but the IR in the folder prints another text, first in line"
    assert any(one.startswith(f"Makefile {sentence}") for one in found["C++ and build files"])


def test_ir_of_which_another_result_comes(design: Path) -> None:
    """The level that the interpreter runs."""
    path = open_design(design).ir_file(3)
    edit(path, "eps(1.000000e-05 : f64)", "eps(1.000000e-01 : f64)")
    found = deviations(design)
    assert found["files"] == [f"ir/{path.name} was changed after the compile"]
    (sentence,) = found["golden vectors"]
    wrong = r"weights/golden.txt, line \d: the interpreter comes to other (tokens|logits|state \w+)"
    assert re.fullmatch(wrong, sentence)


def test_a_manifest_that_is_none(lmc: Callable[..., Any], design: Path, tmp_path: Path) -> None:
    manifest = json.loads((design / MANIFEST).read_text(encoding="utf-8"))
    del manifest["files"]
    (design / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    done = lmc("verify", design)
    assert done.status == 1
    assert f"{MANIFEST} has no 'files'" in done.errors
    assert lmc("verify", tmp_path / "nothing").status == 1


def test_recording_what_a_compile_has_left_out(
    lmc: Callable[..., Any], design: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = design / "weights/golden.txt"
    recorded = golden.read_bytes()
    manifest = json.loads((design / MANIFEST).read_text(encoding="utf-8"))
    del manifest["files"]["weights/golden.txt"]
    (design / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    golden.unlink()
    done = lmc("verify", design)
    assert done.status == 0
    assert "none were recorded; `lmc verify DIR --record` does it" in done.output
    assert lmc("verify", design, "--record").status == 0
    assert golden.read_bytes() == recorded
    # Only what is as compiled has golden vectors.
    edit(design / "Makefile", "#", "# mine:")
    refused = lmc("verify", design, "--record")
    assert refused.status == 1
    assert "golden vectors are of a design as compiled: Makefile was changed" in refused.errors


def test_a_design_above_level_4(small_model: Path, tmp_path: Path) -> None:
    request = CompileRequest(
        target="vck190",
        model=str(small_model),
        output=tmp_path / "above",
        random_weights=True,
        pipeline="raise-to-ssm,roll-layers",
    )
    groups = verify_design(compile_design(request).design)
    assert as_compiled(groups)
    assert [group.name for group in groups] == ["lmc", "files", "IR"]


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_the_c_simulation_too(mamba2_design: Path) -> None:
    groups = verify_design(open_design(mamba2_design), csim=True)
    assert as_compiled(groups)
    assert groups[-1].name == "C simulation"
    assert groups[-1].found.startswith("self-test: 3 launches of 10 steps: ")
