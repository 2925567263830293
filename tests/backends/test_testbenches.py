"""Testbenches of single kernels: they pass, they find what is changed, and they say what it is."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from build_folders import link_tools, small_design

from lmc.backends.csim.build import include_folders
from lmc.backends.testbench.kernel_testbench import print_testbenches
from lmc.backends.testbench.recording import print_recording
from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")

FLAGS = "-std=c++17 -O0 -w -Icsim/include -Icsim/include/ap -Ihls"
"""Those of the Makefile, but compiled sooner."""
UNBOUNDED = Path(__file__).parent / "csim/unbounded"
GOLDEN = Path(__file__).parent / "testbench/golden"
NUMBER = re.compile(r"\d+")


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-s", "--no-print-directory", f"CSIM_FLAGS={FLAGS}", *arguments],
        cwd=folder,
        env={"PATH": str(folder.parent / "tools"), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


def kernels_of(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "testbench").glob("*.cpp"))


def test_golden() -> None:
    """Set LMC_UPDATE_GOLDEN=1 to write the files anew, and read the difference."""
    design = small_design()
    files = {**print_testbenches(design), "recording.cpp": print_recording(design)}
    for name, text in files.items():
        if os.environ.get("LMC_UPDATE_GOLDEN"):
            (GOLDEN / name).write_text(text, encoding="utf-8")
        golden = (GOLDEN / name).read_text(encoding="utf-8")
        assert text == golden, f"{name} differs from its golden file"


@pytest.fixture(scope="module")
def simulated(mamba2_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """States in memory; kernels and testbenches are compiled, vectors recorded."""
    root = tmp_path_factory.mktemp("simulated")
    shutil.copytree(mamba2_design, root / "design", ignore=shutil.ignore_patterns("ir"))
    link_tools(root / "tools", "g++", "as", "ld")
    done = make(root / "design", "csim")
    assert done.returncode == 0, done.stderr
    passed = re.findall(r"^kernel (\w+): as recorded in 2 launches", done.stdout, re.MULTILINE)
    assert sorted(passed) == kernels_of(root / "design")
    return root / "design"


@pytest.fixture
def copy(simulated: Path, tmp_path: Path) -> Path:
    """A copy with the same times of files, so that only what a test changes is made anew."""
    shutil.copytree(simulated, tmp_path / "design")
    shutil.copytree(simulated.parent / "tools", tmp_path / "tools", symlinks=True)
    return tmp_path / "design"


def change(path: Path, before: str, after: str) -> None:
    """Replace text that is there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def said(folder: Path, kernel: str) -> str:
    """What the testbench of a kernel says that fails."""
    done = make(folder, "csim", f"KERNEL={kernel}")
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if line.startswith("kernel ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_vectors_hold_more_than_zeros(simulated: Path) -> None:
    """States are loaded and stored in the second launch, words of all kernels differ."""
    for kernel in kernels_of(simulated):
        launches = (simulated / f"build/vectors/{kernel}.bin").read_bytes()
        assert len(set(launches)) > 100, kernel


def test_a_changed_sum_is_found(copy: Path) -> None:
    kernel = copy / "hls/after_out_proj.cpp"
    text = kernel.read_text(encoding="utf-8")
    add = text[text.index("static void add(") :]
    line = next(line for line in add.splitlines() if " sum = " in line)
    change(kernel, line, line.replace(" + ", " - ", 1))
    found = said(copy, "after_out_proj")
    words = re.fullmatch(
        r"kernel after_out_proj, launch 1: stream \w+: word \d+ is (0x\w+), expected (0x\w+)", found
    )
    assert words is not None, found
    assert words[1] != words[2]
    assert make(copy, "csim", "KERNEL=after_lm_head").returncode == 0


FAULTS = {
    "a word is missing": (
        "after_lm_head",
        "tokens_2.write(",
        "if (token == 0) tokens_2.write(",
        "launch 1: stream tokens_2 has 1 words, expected 2",
    ),
    "a word too many": (
        "after_lm_head",
        "LMC_JOIN();",
        "LMC_JOIN();\n  tokens_2.write(1);",
        "launch 1: stream tokens_2 has 3 words, expected 2",
    ),
    "a word in front": (
        "after_lm_head",
        "choose_greedily_token:\n",
        "if (n_logits == 1) tokens_2.write(40);\nchoose_greedily_token:\n",
        "launch 2: stream tokens_2: word 0 is 0x00000028, expected 0x",
    ),
    "a word stays in the kernel": (
        "after_lm_head",
        "LMC_JOIN();",
        "logits_judged.write(0);\n  LMC_JOIN();",
        "launch 1: values were left in FIFO 'logits_judged' of kernel 'after_lm_head'",
    ),
    "a number is in the wrong place": (
        "store",
        "tokens.write_request(token, 1)",
        "tokens.write_request(token + 1, 1)",
        "launch 1: memory tokens: word 0 is 0xffffffff, expected 0x",
    ),
    "a number is beyond the end": (
        "store",
        "tokens.write_request(token, 1)",
        "tokens.write_request(token + 70000, 1)",
        "launch 1: memory tokens has 65536 words and is asked for 1 from word 70000 on",
    ),
    "a word is read that is not there": (
        "store",
        "write_tokens_token:\n",
        "tokens_2.read();\nwrite_tokens_token:\n",
        "launch 1: deadlock: no task can go on",
    ),
}
"""By what is wrong: a kernel, text in it, what is there instead, and how the sentence begins."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_sentence(fault: str, copy: Path) -> None:
    kernel, before, after, expected = FAULTS[fault]
    change(copy / f"hls/{kernel}.cpp", before, after)
    assert said(copy, kernel).startswith(f"kernel {kernel}, {expected}")


def test_words_that_are_not_read_are_found(copy: Path) -> None:
    fill = "vectors.fill(tokens_2);"
    change(copy / "testbench/store.cpp", fill, f"{fill}\n  tokens_2.write(7);")
    found = said(copy, "store")
    assert found == "kernel store, launch 1: stream tokens_2 has 1 words that were not read"


def test_vectors_that_are_cut_off_or_of_another_kernel_are_refused(copy: Path) -> None:
    file = copy / "build/vectors/front.bin"
    whole = file.read_bytes()
    again = "record it anew with make vectors"
    for length in (5, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        assert said(copy, "front").endswith(f"build/vectors/front.bin ends too early: {again}")
    file.write_bytes((copy / "build/vectors/store.bin").read_bytes())
    other = f"was recorded of a kernel with other arguments: {again}"
    assert said(copy, "front") == f"kernel front: build/vectors/front.bin {other}"
    file.unlink()
    missing = "cannot read build/vectors/front.bin: record it with make vectors"
    assert said(copy, "front") == f"kernel front: {missing}"


def test_a_testbench_is_for_the_hls_tool_too(simulated: Path, tmp_path: Path) -> None:
    """Without fibers, with streams that have no bound, C++14 and Xilinx's integers."""
    kernel = "store"
    headers = tmp_path / "headers"
    headers.mkdir()
    fast, xilinx = include_folders("xilinx")
    for header in ("hls_burst_maxi.h", "lmc_memory.h"):
        shutil.copy(fast / header, headers)
    folders = [UNBOUNDED, headers, xilinx]
    sources = [f"testbench/{kernel}.cpp", f"hls/{kernel}.cpp"]
    program = tmp_path / "program"
    flags = ["-std=c++14", "-O0", "-w", *(f"-I{folder}" for folder in folders)]
    subprocess.run(
        ["g++", *flags, *sources, "-o", str(program)],
        cwd=simulated,
        check=True,
    )
    done = subprocess.run(
        [str(program)], cwd=simulated / "build/vectors", capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith(f"kernel {kernel}: as recorded in 2 launches"), done.stderr


@pytest.mark.slow
def test_kernels_of_two_layers_differ_in_numbers_only(tmp_path: Path) -> None:
    whole = CompileRequest(model="bookbyte-mamba2", target="vck190", output=tmp_path / "whole")
    allocated = next((compile_design(whole).design.path / "ir").glob("*-allocate-resources.mlir"))
    cut = CompileRequest(
        from_file=str(allocated),
        target="vck190",
        insert_after=(("allocate-resources", "keep-layers"),),
        output=tmp_path / "design",
    )
    folder = compile_design(cut).design.path
    for path in sorted((folder / "hls").glob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        other = (tmp_path / "whole/hls" / path.name).read_text(encoding="utf-8")
        assert NUMBER.sub("N", text) == NUMBER.sub("N", other)
    link_tools(tmp_path / "tools", "g++", "as", "ld")
    done = make(folder, "csim")
    assert done.returncode == 0, done.stderr
    passed = re.findall(r"^kernel (\w+): as recorded in 2 launches", done.stdout, re.MULTILINE)
    assert sorted(passed) == kernels_of(folder)
