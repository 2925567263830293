"""Design folders with SystemVerilog: what `--rtl` adds, and how it is verified."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lmc.design.folder import open_design
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.driver.verify import verify_design


@pytest.fixture(scope="module")
def design(mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a compile with `--rtl` leaves, from the last module of a folder without."""
    request = CompileRequest(
        target="vck190",
        from_file=str(open_design(mamba1_design).ir_file(4)),
        output=tmp_path_factory.mktemp("rtl") / "design",
        rtl=True,
    )
    return compile_design(request).design.path


def test_the_rest_of_the_folder_is_the_same(design: Path, mamba1_design: Path) -> None:
    assert open_design(design).has_rtl
    assert not open_design(mamba1_design).has_rtl
    assert not (mamba1_design / "rtl").exists()
    for path in (*design.rglob("hls/*"), *design.rglob("host/*.h"), design / "Makefile"):
        assert path.read_bytes() == (mamba1_design / path.relative_to(design)).read_bytes()
    for kernel in (design / "hls").glob("*.cpp"):
        assert (design / f"rtl/{kernel.stem}.sv").is_file()
        assert (design / f"rtl/vivado/package_{kernel.stem}.tcl").is_file()


def test_an_altered_module_is_all_that_is_found(design: Path) -> None:
    path = design / "rtl/tasks/add.sv"
    text = path.read_text(encoding="utf-8")
    assert " + " in text
    path.write_text(text.replace(" + ", " - ", 1), encoding="utf-8")
    line = text[: text.index(" + ")].count("\n") + 1
    groups = verify_design(open_design(design))
    said = [sentence for group in groups for sentence in group.deviations]
    path.write_text(text, encoding="utf-8")
    assert said == [f"rtl/tasks/add.sv was changed after the compile, first in line {line}"]


def test_a_compile_that_makes_no_design_has_no_rtl(
    lmc: Callable[..., Any], mamba1_design: Path, tmp_path: Path
) -> None:
    integers = open_design(mamba1_design).ir_file(2)
    given = ("--from", integers, "--target", "vck190", "--pipeline", "cse")
    done = lmc("compile", *given, "--rtl", "-o", tmp_path / "design")
    assert done.status == 2
    assert "--rtl is for designs, and this compile ends at level 2: leave it out" in done.errors
    assert not (tmp_path / "design").exists()
