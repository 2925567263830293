"""The self-test of the host program: golden vectors, and whom it names where something is wrong."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from build_once import build_once

from lmc.backends.golden import GOLDEN
from lmc.backends.images import CHECKSUMS

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


@pytest.fixture(scope="module", autouse=True)
def fast_compiler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """make finds a g++ that does not optimize: a few steps of a small model take no time."""
    folder = tmp_path_factory.mktemp("compiler")
    (folder / "g++").write_text(f'#!/bin/sh\nexec {shutil.which("g++")} "$@" -O0\n')
    (folder / "g++").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=os.pathsep)
        yield


def self_test(design: Path) -> "subprocess.CompletedProcess[str]":
    """The self-test of the simulated device; make compiles what has changed."""
    command = ["make", "-s", "self-test"]
    return subprocess.run(command, cwd=design, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def built(mamba1_design: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a design with its C simulation compiled, which has passed its self-test."""

    def build(folder: Path) -> Path:
        ignored = shutil.ignore_patterns("ir", "artifacts")
        shutil.copytree(mamba1_design, folder / "design", ignore=ignored)
        done = self_test(folder / "design")
        expected = (
            "3 launches of 10 steps: 6 tokens, their logits and 18 states of layers are right"
        )
        assert (done.stdout, done.stderr) == (f"self-test: {expected}\n", "")
        return folder / "design"

    return build_once(tmp_path_factory, "self-test", build)


@pytest.fixture
def design(built: Path, tmp_path: Path) -> Path:
    """A copy of its own for a test to alter; with the times of files, so that make knows them."""
    return Path(shutil.copytree(built, tmp_path / "design"))


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def fault(design: Path) -> str:
    """The one sentence of a self-test that fails."""
    done = self_test(design)
    assert done.returncode != 0
    (sentence,) = re.findall(r"^host: self-test: (.*)$", done.stderr, re.MULTILINE)
    return sentence


@dataclass(frozen=True)
class Mutant:
    """A change of a kernel, and what the self-test says of it."""

    file: str
    before: str
    after: str
    where: str
    first: str
    named: str


MUTANTS = {
    # What it weights has been zero in the first launch.
    "convolution": Mutant(
        "after_in_proj.cpp",
        " + product_4;",
        " - product_4;",
        "launch 2, layer 0: ssm_state_state is wrong",
        "after_in_proj",
        "after_in_proj (conv1d ",
    ),
    "residual stream": Mutant(
        "after_out_proj.cpp",
        "<< 9) + ap_int<32>(out_element)",
        "<< 9) - ap_int<32>(out_element)",
        "launch 1, layer 1: conv_state_state is wrong",
        "after_in_proj",
        "after_out_proj (add leave_layer)",
    ),
    "choice": Mutant(
        "after_lm_head.cpp",
        "tokens_2.write(best_id_now_2);",
        "tokens_2.write(best_id_now_2 ^ 1);",
        "launch 1: the last token is",
        "after_lm_head",
        "after_lm_head (fork_logits choose_greedily)",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_kernel_that_computes_something_else_is_named(design: Path, name: str) -> None:
    mutant = MUTANTS[name]
    edit(design / "hls" / mutant.file, mutant.before, mutant.after)
    sentence = fault(design)
    assert sentence.startswith(mutant.where)
    assert f"the first kernel that can be at fault is {mutant.first}; on the way are " in sentence
    assert mutant.named in sentence


def test_an_altered_weight_of_the_matrix_unit(design: Path) -> None:
    """With a checksum that fits: it stands for a lane that reads something else."""
    image = design / "weights/weights_0.bin"
    content = bytearray(image.read_bytes())
    old = hashlib.sha256(content).hexdigest()
    content[-64] ^= 0x07  # of a word of the last phase, the LM head
    image.write_bytes(content)
    edit(design / "weights" / CHECKSUMS, old, hashlib.sha256(content).hexdigest())
    sentence = fault(design)
    assert sentence.startswith("launch 1: the logits of token 1 are wrong and what comes before is")
    assert ", matrix, " in sentence


def test_golden_vectors_that_are_none(design: Path) -> None:
    golden = design / "weights" / GOLDEN
    text = golden.read_text(encoding="utf-8")
    for other, sentence in (
        ("", "golden.txt is empty; copy it again"),
        ("tokens 1\n", "golden.txt does not begin with a launch"),
        (text[: len(text) // 2], "golden.txt is not whole|does not have the 2 layers of"),
        (text + "more\n", "golden.txt has a line that says nothing: more"),
        (text.replace("conv_state", "other"), "does not have the 2 layers of conv_state_state"),
        (text.replace("launch 1 ", "launch 1 9"), "are of different designs"),
    ):
        golden.write_text(other, encoding="utf-8")
        done = self_test(design)
        assert re.search(sentence, done.stderr), done.stderr
    golden.unlink()
    assert "golden.txt: No such file or directory" in self_test(design).stderr
