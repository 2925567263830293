"""The C simulation of a design folder as its Makefile builds it: g++, make and POSIX's tools."""

import shutil
import subprocess
from itertools import islice
from pathlib import Path

import pytest
from build_folders import link_tools
from build_once import build_once
from tiny_designs import interpreter

from lmc.driver.compile import compile_design
from lmc.driver.request import CompileRequest
from lmc.interpreter import generate

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


def copy_design(design: Path, scratch: Path) -> Path:
    """A copy of the design, and beside it the tools that make finds: no lmc and no Python."""
    shutil.copytree(design, scratch / "copy", ignore=shutil.ignore_patterns("ir", "artifacts"))
    link_tools(scratch / "tools", "g++", "as", "ld")
    return scratch / "copy"


def run_make(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=copy,
        env={"PATH": str(copy.parent / "tools"), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


def make(copy: Path, *arguments: str) -> str:
    """What make says."""
    done = run_make(copy, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def expected(design: Path, prompt: list[int], count: int) -> list[int]:
    return list(islice(generate(interpreter(design), prompt), count))


@pytest.mark.slow
def test_a_folder_needs_no_lmc_to_be_simulated(mamba1_design: Path, tmp_path: Path) -> None:
    """A model whose tokens are no bytes."""
    copy = copy_design(mamba1_design, tmp_path)
    first = expected(mamba1_design, [0], 2)
    assert make(copy, "csim-design").endswith("".join(f"\n{id}" for id in first) + "\n")
    said = make(copy, "run-sim", "PROMPT_IDS=1,2,3", "NEW=5")
    assert [int(word) for word in said.split()] == expected(mamba1_design, [1, 2, 3], 5)
    check_that_faults_fail(copy)


def check_that_faults_fail(copy: Path) -> None:
    """A word that is never written, and one that is never read."""
    store = copy / "hls/store.cpp"
    text = store.read_text(encoding="utf-8")
    waits = ("conv_state_state.write_response();", "conv_state_saved_words.read();")
    leaves = ("pack_conv_state_layer:", "conv_state_saved_words.write(0);")
    for (before, fault), said in ((waits, "deadlock"), (leaves, "values were left")):
        assert text.count(before) == 1
        store.write_text(text.replace(before, f"{fault}\n{before}"), encoding="utf-8")
        done = run_make(copy, "csim")
        assert done.returncode != 0
        assert said in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("target", ["vck190", "u280"])
@pytest.mark.parametrize("model", ["bookbyte-mamba1", "bookbyte-mamba2"])
def test_bundled_models_go_on_with_a_text(
    model: str, target: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def build(folder: Path) -> Path:
        wanted = CompileRequest(model=model, target="vck190", output=folder / "design")
        return compile_design(wanted).design.ir_file(2)

    quantized = build_once(tmp_path_factory, f"quantized-{model}", build)
    request = CompileRequest(from_file=str(quantized), target=target, output=tmp_path / "design")
    design = compile_design(request).design.path
    copy = copy_design(design, tmp_path)
    said = make(copy, "run-sim", "PROMPT=It was", "NEW=20")
    new = bytes(expected(design, list(b"It was"), 20)).decode()
    assert said.endswith(f"It was{new}\n")
    said = make(copy, "csim")
    for testbench in (copy / "testbench").glob("*.cpp"):
        assert f"\nkernel {testbench.stem}: as recorded in 2 launches" in said
