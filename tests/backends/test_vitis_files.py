"""Files that AMD's tools and make read: golden files, and their keys and commands as documented."""

import os
from pathlib import Path

import pytest
from build_folders import KERNELS, board, build_files, small_design
from vitis_inputs import CONFIG_KEYS, check_calls, config_of, run_script
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.backends.vitis.hls_input import print_hls_inputs
from lmc.backends.vitis.makefile import print_makefile
from lmc.targets import NO_FLOW

GOLDEN = Path(__file__).parent / "vitis/golden"
BOARDS = ("vck190", "u280", "u55c", "zcu102", "kv260", "v80")
"""A board for each way that a flow can be."""

SETUP = ("open_project", "set_top", "add_files", "add_files")
SETUP += ("open_solution", "set_part", "create_clock")
STEPS = {
    None: ("csynth_design", "export_design"),
    "package": ("csynth_design", "export_design"),
    "csim": ("csim_design",),
    "cosim": ("csynth_design", "cosim_design"),
}
"""Commands by the value of LMC_STEP, in the order that they are needed."""


@pytest.mark.parametrize("name", BOARDS)
def test_golden(name: str) -> None:
    """Set LMC_UPDATE_GOLDEN=1 to write the files anew, and read the difference."""
    files = build_files(board(name))
    for path, text in files.items():
        golden = GOLDEN / name / path
        if os.environ.get("LMC_UPDATE_GOLDEN"):
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(text, encoding="utf-8")
        assert text == golden.read_text(encoding="utf-8"), f"{path} differs from its golden file"
    there = {path.relative_to(GOLDEN / name).as_posix() for path in (GOLDEN / name).rglob("*.*")}
    assert there | {"Makefile"} == set(files)


@pytest.mark.parametrize("name", ["vck190", "v80"])
@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernels_configuration(name: str, kernel: str) -> None:
    target = board(name)
    found = config_of(build_files(target)[f"hls/{kernel}.cfg"])
    assert {section: set(keys) for section, keys in found.items()} == CONFIG_KEYS
    assert found[""]["part"] == target.part
    hls = found["[hls]"]
    assert hls["syn.top"] == kernel
    assert hls["syn.file"] == f"{kernel}.cpp"
    assert hls["tb.file"] == f"../testbench/{kernel}.cpp"
    assert hls["clock"] == f"{target.clock_mhz:g}MHz"
    linked = target.flow.link is not None
    kind = (hls["flow_target"], hls["package.output.format"])
    assert kind == (("vitis", "xo") if linked else ("vivado", "ip_catalog"))


def script_of(kernel: str, folder: Path) -> Path:
    script = folder / f"{kernel}.tcl"
    script.write_text(build_files(board("u280"))[f"hls/{kernel}.tcl"], encoding="utf-8")
    return script


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernels_script_runs_in_tcl(kernel: str, step: str | None, tmp_path: Path) -> None:
    calls = run_script(script_of(kernel, tmp_path), step)
    assert [command for command, *_ in calls] == [*SETUP, *STEPS[step], "exit"]
    check_calls(calls)
    assert ("set_top", kernel) in calls
    assert ("set_part", board("u280").part) in calls
    assert ("create_clock", "-period", "225MHz", "-name", "default") in calls
    assert ("add_files", str(tmp_path / f"{kernel}.cpp"), "-cflags", f"-I{tmp_path}") in calls
    testbench = str(tmp_path / ".." / "testbench" / f"{kernel}.cpp")
    assert ("add_files", "-tb", testbench) in calls
    output = str(Path.cwd() / f"{kernel}.xo")
    export = ("export_design", "-format", "xo", "-output", output)
    assert (export in calls) == ("export_design" in STEPS[step])


def test_a_step_that_a_script_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match='LMC_STEP is csim, cosim or package and not "synth"'):
        run_script(script_of("reader", tmp_path), "synth")


def test_the_clock_is_that_of_the_design() -> None:
    design = small_design()
    assert design.clock_mhz is None

    design.clock_mhz = IntegerAttr(275, i64)
    assert "clock=275MHz\n" in print_hls_inputs(design, board("vck190"))["reader.cfg"]
    assert "-period 275MHz " in print_hls_inputs(design, board("u280"))["reader.tcl"]


def test_text_of_a_target_file_is_only_text_in_the_makefile() -> None:
    target = board("v80")
    flow = target.flow.model_copy(update={"instead": "pay $(HOME) in $ # now\nor, (later"})
    text = print_makefile(
        small_design(), target.model_copy(update={"flow": flow}), byte_tokens=True
    )
    assert "INSTEAD := pay $$(HOME) in $$ \\# now or, (later\n" in text


def test_a_target_without_a_flow_still_has_its_kernels_made() -> None:
    files = build_files(board("v80").model_copy(update={"flow": NO_FLOW}))
    assert files["hls/reader.cfg"] == build_files(board("v80"))["hls/reader.cfg"]
    assert "say in [flow] of the target file" in files["Makefile"]
