"""The Makefile of a design folder, run with stand-ins for the tools that it calls."""

import os
import subprocess
from pathlib import Path

import pytest
from build_folders import KERNELS, TOOLS, BuildFolder, Made, board, equipped, refusal

from lmc.targets import NO_FLOW

PACKAGE = (
    *("out_dir", "boot_mode", "image_format", "kernel_image", "rootfs", "sd_file", "sd_dir"),
)
OPTIONS = {
    "v++": {
        *("-c", "-l", "-p", "-t", "-o", "--mode", "--config", "--work_dir", "--platform"),
        *("--temp_dir", *(f"--package.{name}" for name in PACKAGE)),
    },
    "vitis-run": {"--mode", "--package", "--cosim", "--config", "--work_dir"},
    "vitis_hls": {"-f"},
    "emconfigutil": {"--platform", "--od"},
}
"""UG1702: v++ Command, --package Options, vitis-run Command, emconfigutil Utility; UG1399 of
2023.1: vitis_hls Command."""
PROGRAM = '#!/bin/sh\nprintf \'%s\\n\' "$XCL_EMULATION_MODE" "$@"\n'
"""A host program that says what it is called with, each word on a line."""


def check_options(made: Made) -> None:
    for tool, *given in made.calls:
        options = {word for word in given if word.startswith("-")}
        if tool in OPTIONS:
            assert options <= OPTIONS[tool], tool


def test_a_versal_board_ends_with_an_sd_card(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "vck190")
    made = folder.make("all", **variables)
    assert made.status == 0, made.errors
    check_options(made)
    for kernel in KERNELS:
        files = ["--config", f"{kernel}.cfg", "--work_dir", f"../build/hls/{kernel}"]
        assert ["v++", "-c", "--mode", "hls", *files] in made.calls
        assert ["vitis-run", "--mode", "hls", "--package", *files] in made.calls
    (link,) = [call for call in made.calls if call[:2] == ["v++", "-l"]]
    kernels = [f"build/hls/{kernel}.xo" for kernel in KERNELS]
    platform = ["-t", "hw", "--platform", "xilinx_vck190_base_202420_1"]
    assert link == [
        *("v++", "-l", *platform, "--config", "hls/connectivity.cfg"),
        *("--temp_dir", "build/hw/link", "-o", "build/hw/small.xsa", *kernels),
    ]
    (package,) = [call for call in made.calls if call[:2] == ["v++", "-p"]]
    assert package[2:9] == [
        *platform,
        "build/hw/small.xsa",
        "-o",
        "build/hw/card/small.xclbin",
    ]
    options = dict(zip(package[9::2], package[10::2], strict=True))
    assert options["--package.boot_mode"] == "sd"
    assert options["--package.out_dir"] == "build/hw/package"
    assert options["--package.rootfs"] == variables["EDGE_COMMON_SW"] + "/rootfs.ext4"
    assert options["--package.kernel_image"] == variables["EDGE_COMMON_SW"] + "/Image"
    files = [
        value for key, value in zip(package[9::2], package[10::2], strict=True) if "sd_" in key
    ]
    assert files == ["build/hw/host", "build/hw/card/weights"]
    card = sorted(path.name for path in (folder.path / "build/hw/card/weights").iterdir())
    assert card == ["SHA256SUMS", "prompt.bin"]
    host = made.call("aarch64-linux-gnu-g++")
    assert f"--sysroot={variables['SYSROOT']}" in host
    assert "host/host.cpp" in host
    assert "host/system.cpp" not in host
    assert host[-5:] == ["host/host.cpp", "-lxrt_coreutil", "-luuid", "-o", "build/hw/host"]
    assert folder.make("all", **variables).calls == []  # all is there now


def test_a_zynq_board_is_packaged_from_an_xclbin(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "zcu102")
    made = folder.make("package", **variables)
    check_options(made)
    (package,) = [call for call in made.calls if call[:2] == ["v++", "-p"]]
    assert package[6:9] == ["build/hw/small.xclbin", "-o", "build/hw/card/small.xclbin"]


def test_simulated_rtl_of_a_board_runs_the_host_program(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "vck190")
    made = folder.make("run", TARGET="hw_emu", **variables)
    assert made.status == 0, made.errors
    assert "launched -run-app run_app.sh" in made.output
    (package,) = [call for call in made.calls if call[:2] == ["v++", "-p"]]
    assert "build/hw_emu/card/run_app.sh" in package
    folder.write("build/hw_emu/card/host", PROGRAM).chmod(0o755)
    script = folder.path / "build/hw_emu/card/run_app.sh"
    done = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=True)
    wanted = ["--prompt-tokens", "0", "--new", "2", "--timeout", "0"]
    assert done.stdout.splitlines() == ["hw_emu", "small.xclbin", "weights", *wanted]
    assert {call[3] for call in made.calls if call[0] == "v++" and call[1] in ("-l", "-p")} == {
        "hw_emu"
    }
    said = refusal(folder.make("run", **variables))
    assert said.startswith("the board is another machine: write build/hw/package/sd_card.img to an")
    assert said.endswith("start there: ./host small.xclbin weights --prompt 'It was'")


def test_a_card_is_built_with_its_own_release_and_run_here(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "u280")
    made = folder.make("all", **variables)
    assert made.status == 0, made.errors
    check_options(made)
    scripts = [call[1:] for call in made.calls if call[0] == "vitis_hls"]
    assert scripts == [["-f", f"../../hls/{kernel}.tcl"] for kernel in KERNELS]
    assert not any(call[0] == "vitis-run" or call[:2] == ["v++", "-p"] for call in made.calls)
    (link,) = [call for call in made.calls if call[0] == "v++"]
    assert link[link.index("-o") + 1] == "build/hw/small.xclbin"
    assert f"-I{variables['XILINX_XRT']}/include" in made.call("g++")
    wanted = ["weights", "--prompt", "It", "--new", "100"]
    folder.write("build/hw/host", PROGRAM).chmod(0o755)
    made = folder.make("run", **variables)
    assert made.output.splitlines() == ["", "build/hw/small.xclbin", *wanted]
    folder.write("build/hw_emu/host", PROGRAM).chmod(0o755)
    made = folder.make("run", TARGET="hw_emu", **variables)
    emulated = ["hw_emu", "build/hw_emu/small.xclbin", *wanted, "--timeout", "0"]
    assert made.output.splitlines()[-len(emulated) :] == emulated
    assert made.call("emconfigutil")[2:] == ["--od", "build/hw_emu"]


def test_python_runs_on_a_card_where_it_is_there(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "u280")
    variables["PROMPT"] = "It's a"
    said = refusal(folder.make("run-python", **variables))
    assert said == "python3 is not on the PATH: install Python 3.8 or later or set PYTHON"
    python = folder.write("own/python", PROGRAM)
    python.chmod(0o755)
    wanted = ["weights", "--prompt", "It's a", "--new", "100"]
    for target, end in (("hw", []), ("hw_emu", ["--timeout", "0"])):
        made = folder.make("run-python", TARGET=target, PYTHON=str(python), **variables)
        mode = target if end else ""
        shown = [mode, "host/run.py", f"build/{target}/small.xclbin", *wanted, *end]
        assert made.output.splitlines()[-len(shown) :] == shown


def simulated(root: Path, *, byte_tokens: bool = True, status: int = 0) -> BuildFolder:
    """A folder whose C simulation is there already: it says its arguments and ends as told."""
    folder = BuildFolder(root, board("v80"), byte_tokens=byte_tokens)
    folder.install("g++")
    programs = [f"build/csim/testbench/{kernel}" for kernel in KERNELS]
    programs += ["build/csim/recording", "build/csim/simulation"]
    assert folder.make(*programs).status == 0
    for program in programs:
        folder.write(program, f'{PROGRAM}echo "$LMC_VECTORS"\n').chmod(0o755)
    folder.write("build/csim/simulation", f"{PROGRAM}exit {status}\n").chmod(0o755)
    return folder


PROMPTS = ("It was", "a\\n%d'\"`$x$(x)$$", "two  spaces ", "--new", "é,(", "#;&|>x\t", "two\nlines")
NEVER_ON_A_COMMAND_LINE = (" a space first", "\ta tab first")
"""make drops blanks before the value of an argument."""


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_text_comes_to_the_host_program_as_it_is(prompt: str, tmp_path: Path) -> None:
    made = simulated(tmp_path).make("-s", "run-sim", PROMPT=prompt, NEW="5")
    words = ["", "small.xclbin", "weights", "--prompt", prompt, "--new", "5", ""]
    assert (made.status, made.output) == (0, "\n".join(words)), made.errors


@pytest.mark.parametrize("prompt", [*PROMPTS, *NEVER_ON_A_COMMAND_LINE])
def test_a_text_of_the_environment_comes_as_it_is(prompt: str, tmp_path: Path) -> None:
    made = simulated(tmp_path).make("-s", "run-sim", environment={"PROMPT": prompt})
    words = ["", "small.xclbin", "weights", "--prompt", prompt, "--new", "100", ""]
    assert (made.status, made.output) == (0, "\n".join(words)), made.errors


def test_ids_come_to_the_host_program(tmp_path: Path) -> None:
    made = simulated(tmp_path, byte_tokens=False).make("-s", "run-sim", PROMPT_IDS="1,2,3")
    assert made.output.split() == [
        *("small.xclbin", "weights", "--prompt-tokens", "1,2,3", "--new", "100"),
    ]


def test_a_text_for_a_model_whose_tokens_are_no_bytes_is_refused(tmp_path: Path) -> None:
    folder = simulated(tmp_path, byte_tokens=False)
    said = refusal(folder.make("run-sim", PROMPT="It was"))
    assert said.startswith("PROMPT is set and this model's tokens are no bytes: set PROMPT_IDS")
    assert refusal(folder.make("run-sim")) == "PROMPT_IDS is not set: try PROMPT_IDS=1,2,3"


@pytest.mark.parametrize("target", ["csim", "run-sim"])
@pytest.mark.parametrize("status", [0, 1, 3])
def test_a_simulation_that_fails_is_a_failure(target: str, status: int, tmp_path: Path) -> None:
    made = simulated(tmp_path, status=status).make(target, PROMPT="It")
    assert made.status == (2 if status else 0)


def test_csim_is_the_design_and_then_every_kernels_testbench(tmp_path: Path) -> None:
    made = simulated(tmp_path).make("-s", "csim")
    design = ["", "small.xclbin", "weights", "--prompt-tokens", "0", "--new", "2"]
    assert made.output.splitlines() == [*design, *["", "build/vectors"] * len(KERNELS)]


def test_csim_of_a_kernel_is_its_testbench(tmp_path: Path) -> None:
    folder = simulated(tmp_path)
    folder.write("build/csim/testbench/reader", "#!/bin/sh\nexit 1\n").chmod(0o755)
    made = folder.make("-s", "csim", KERNEL="writer")
    assert (made.status, made.output.splitlines()) == (0, ["", "build/vectors"])
    assert folder.make("csim", KERNEL="reader").status == 2
    said = refusal(folder.make("csim", KERNEL="other"))
    assert said == 'KERNEL is "other" and the design has no such kernel: it has reader writer'


def test_vectors_are_recorded_once_unless_asked_for(tmp_path: Path) -> None:
    folder = simulated(tmp_path)
    count = 'echo run >> "$LMC_CSIM_VECTORS/../runs"\n'
    folder.write("build/csim/recording", f"{PROGRAM}{count}").chmod(0o755)
    runs = folder.path / "build/runs"
    for target, expected in (("csim", 1), ("csim", 1), ("vectors", 2)):
        assert folder.make(target).status == 0
        assert runs.read_text(encoding="utf-8").count("run") == expected
    arguments = (folder.path / "build/vectors/recorded").read_text(encoding="utf-8").split()
    assert arguments[:2] == ["small.xclbin", "weights"]
    folder.write("build/csim/recording", "#!/bin/sh\nexit 1\n").chmod(0o755)
    assert folder.make("vectors").status == 2
    assert not (folder.path / "build/vectors/recorded").exists()


def test_rtl_of_a_kernel_is_simulated_with_its_testbench(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "vck190")
    folder.write("build/vectors/recorded", "")
    made = folder.make("cosim", "-o", "build/csim/recording", **variables)
    assert made.status == 0, made.errors
    check_options(made)
    for kernel in KERNELS:
        files = ["--config", f"{kernel}.cfg", "--work_dir", f"../build/hls/{kernel}"]
        synthesis = made.calls.index(["v++", "-c", "--mode", "hls", *files])
        assert made.calls.index(["vitis-run", "--mode", "hls", "--cosim", *files]) > synthesis
    made = folder.make("cosim", "-o", "build/csim/recording", KERNEL="writer", **variables)
    assert [call[4:6] for call in made.calls if "--cosim" in call] == [["--config", "writer.cfg"]]


def test_rtl_is_simulated_by_a_script_where_the_board_needs_an_old_release(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "u280")
    folder.write("build/vectors/recorded", "")
    arguments = ("cosim", "-o", "build/csim/recording")
    made = folder.make(*arguments, **variables)
    assert made.status == 0, made.errors
    check_options(made)
    scripts = [call[1:] for call in made.calls if call[0] == "vitis_hls"]
    assert scripts == [["-f", f"../../hls/{kernel}.tcl"] for kernel in KERNELS]
    shown = folder.make("-n", *arguments, KERNEL="reader", **variables).output
    assert f"LMC_STEP=cosim LMC_VECTORS={folder.path}/build/vectors vitis_hls" in shown


def test_a_changed_header_of_the_host_program_is_compiled_anew(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "u280")
    wanted = ("host", "build/csim/simulation")
    assert folder.make(*wanted, **variables).calls
    assert not folder.make(*wanted, **variables).calls
    later = (folder.path / "build/hw/host").stat().st_mtime + 10
    os.utime(folder.path / "host/design.h", (later, later))
    outputs = {call[-1] for call in folder.make(*wanted, **variables).calls}
    assert {"build/hw/host", "build/csim/host/host.o", "build/csim/simulation"} <= outputs


def test_a_board_without_a_platform_has_its_kernels_as_ip(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "v80")
    made = folder.make("all", **variables)
    assert made.status == 0, made.errors
    check_options(made)
    assert all((folder.path / f"build/hls/{kernel}.zip").exists() for kernel in KERNELS)
    for target in ("build", "host", "run"):
        said = refusal(folder.make(target, **variables))
        assert said.startswith("v80 has no Vitis platform to link with and no XRT: use the kernels")
        assert "AVED" in said


def test_a_board_that_makes_no_card_says_what_to_do(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "kv260")
    assert folder.make("all", **variables).status == 0
    for target in ("package", "run"):
        assert "xmutil loadapp" in refusal(folder.make(target, **variables))
    del variables["PLATFORM"]
    said = refusal(folder.make("clean", "build", **variables))
    assert said == "PLATFORM is not set: name the platform of kv260 that v++ links with"


@pytest.mark.parametrize(
    ("name", "missing", "target", "said"),
    [
        ("vck190", "v++", "hls", "v++ is not on the PATH: source settings64.sh of Vitis 2024.2"),
        ("vck190", "vitis-run", "hls", "vitis-run is not on the PATH: source settings64.sh"),
        ("u280", "vitis_hls", "hls", "vitis_hls is not on the PATH: source settings64.sh of Vitis"),
        ("vck190", "vitis-run", "cosim", "vitis-run is not on the PATH: source settings64.sh of"),
        ("u280", "vitis_hls", "cosim", "vitis_hls is not on the PATH: source settings64.sh of"),
        ("u280", "g++", "host", "g++ is not on the PATH: install version 9 or later"),
        ("u280", "g++", "csim", "g++ is not on the PATH: install version 9 or later"),
        ("vck190", "aarch64-linux-gnu-g++", "host", "aarch64-linux-gnu-g++ is not on the PATH:"),
        ("vck190", "SYSROOT", "all", "SYSROOT is not set: name the sysroot that sdk.sh of AMD's"),
        ("vck190", "EDGE_COMMON_SW", "package", "EDGE_COMMON_SW is not set: name the folder of"),
        ("vck190", "PLATFORM_REPO_PATHS", "build", "platform xilinx_vck190_base_202420_1 is not"),
        ("u280", "PROMPT", "run", "PROMPT is not set: try PROMPT='It was'"),
        ("v80", "PROMPT", "run-sim", "PROMPT is not set: try PROMPT='It was'"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    name: str, missing: str, target: str, said: str, tmp_path: Path
) -> None:
    folder, variables = equipped(tmp_path, name)
    if missing in variables:
        del variables[missing]
    else:
        (folder.tools / missing).unlink()
    made = folder.make(target, **variables)
    assert refusal(made).startswith(said)
    # It is said before anything that takes hours.
    assert not any(call[0] in ("v++", "vitis-run", "vitis_hls") for call in made.calls)


@pytest.mark.parametrize(
    ("name", "release", "right"),
    [
        ("vck190", "2024.1", "2024.2 or later"),
        ("vck190", "2024.2", None),
        ("vck190", "2025.1", None),
        ("u280", "2022.1", "2022.2 to 2023.1"),
        ("u280", "2023.1", None),
        ("u280", "2023.2", "2022.2 to 2023.1"),
    ],
)
def test_a_release_that_does_not_build_for_the_board_is_refused(
    name: str, release: str, right: str | None, tmp_path: Path
) -> None:
    folder, variables = equipped(tmp_path, name)
    folder.install(*TOOLS, release=release)
    made = folder.make("hls", **variables)
    if right is None:
        assert made.status == 0, made.errors
    else:
        said = f"v++ is of Vitis {release}: source settings64.sh of Vitis {right}"
        assert refusal(made) == said


def test_a_wrong_target_is_refused(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "vck190")
    made = folder.make("build", TARGET="sw_emu", **variables)
    assert refusal(made) == 'TARGET is hw or hw_emu and not "sw_emu"'


def test_a_target_without_a_flow_says_where_to_put_one(tmp_path: Path) -> None:
    target = board("v80").model_copy(update={"flow": NO_FLOW, "name": "mine"})
    said = refusal(BuildFolder(tmp_path, target).make("build"))
    assert said.startswith("mine has no Vitis platform to link with and no XRT: say in [flow] of")


def test_clean_removes_what_was_built(tmp_path: Path) -> None:
    folder, variables = equipped(tmp_path, "vck190")
    folder.make("hls", **variables)
    assert (folder.path / "build").exists()
    folder.make("clean")
    assert not (folder.path / "build").exists()
