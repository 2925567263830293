"""Every command of README.md and docs/ is executed, or says why it is not."""

import os
import re
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path

import pytest
import typer
from build_once import build_once
from documented import PRINTED, ROOT, Block, command_blocks, python_blocks
from tiny_designs import MAMBA2, write_model

from lmc.cli.app import app

NOT_EXECUTED = {
    r"settings64\.sh|vitis-run|--vitis |make -C build/\w+ .*(build|package)": "needs AMD's Vitis",
    r"--calibration build/demo/calibration": "needs what Vitis has reported",
    r"/opt/xilinx/xrt|/run/media": "needs a board",
    r"-lxrt_coreutil": "tests/backends compile the host program with XRT, where it is installed",
    r"^lmc explore .*--terminal": "needs a terminal; tests/terminal press its keys",
    r"^make (demo|check)$": "installs an environment; each check of a change begins with it",
    r"^pip install|^lmc new-pass fold": "installs packages; tests/scaffold installs such a one",
    r"^(LMC_\w+=1 )?pytest ": "these are tests",
    r"^python benchmarks/": "measures for minutes to hours; tests/benchmarks test the programs",
    r"--tokens 65536": "takes hours in the integer interpreter",
    r"mamba2-2\.7b": "takes more memory than a machine for tests has",
    r"--waves ": "builds all of the RTL once more; tests/backends write waves of a small design",
    r"\.\.\.,": "is a pattern: the dots stand for other passes",
}
"""What keeps a block from being executed: a pattern of it, and the reason."""

STAND_INS = {"MODEL": "bookbyte-mamba2", "DIR": "build/demo", "FILE": "book.txt"}
"""What words in capitals stand for when a command is executed."""

PLUGINS = {
    "tutorial.md": ("round_eps.py",),
    "writing-a-pass.md": ("clamp.py", "prune.py", "fuse_gate.py"),
    "dataflow-level.md": ("soft_threshold.py",),
    "plugin-api.md": ("our_nets.py", "few_tasks.py"),
}
"""Files that commands of a page name: Python code of the page that defines a pass, an adapter or a
rule, in its order."""

SYNOPSES = [block for block in command_blocks() if block.page == "command-line.md"]
HERE = [
    block
    for block in command_blocks()
    # The others are executed, and what they print is compared, by test_docs_generated_design.
    if block not in SYNOPSES and not (block.fenced and block.page in PRINTED)
]


def reason(block: Block) -> str | None:
    """Why a block is not executed; None if it is."""
    for pattern, why in NOT_EXECUTED.items():
        if re.search(pattern, block.text, re.MULTILINE):
            return why
    return None


EXECUTED = [block for block in HERE if reason(block) is None]


def test_reasons_are_those_of_commands() -> None:
    texts = [block.text for block in HERE]
    for pattern in NOT_EXECUTED:
        assert any(re.search(pattern, text, re.MULTILINE) for text in texts), pattern
    assert len(EXECUTED) > 20


@pytest.mark.parametrize("block", SYNOPSES, ids=str)
def test_a_synopsis_has_the_options_of_its_command(block: Block) -> None:
    command = typer.main.get_command(app).commands[block.text.split()[1]]
    options = [set(option.opts) for option in command.params if option.opts[0][0] == "-"]
    written = set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", block.text))
    assert written <= set().union(*options)
    assert not [names for names in options if not names & written and names != {"--help"}]


@pytest.mark.slow
@pytest.mark.parametrize("block", [block for block in HERE if reason(block) is not None], ids=str)
def test_commands_that_are_not_executed(block: Block) -> None:
    """`pytest -rs` lists them with their reasons."""
    pytest.skip(f"{reason(block)}: {block.text.splitlines()[0]}")


def shell(text: str, folder: Path) -> str:
    """What a shell prints for commands in a folder; they may not fail."""
    done = subprocess.run(
        [
            "bash",
            "-ec",
            re.sub(r"\b[A-Z]{3,}\b", lambda word: STAND_INS.get(word[0], word[0]), text),
        ],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def workplace(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A folder as readers have it: docs/ and examples/, a design, a model, a book."""

    def build(folder: Path) -> Path:
        shell("lmc compile bookbyte-mamba2 --target vck190 -o build/demo --dump-ir", folder)
        return folder

    folder = tmp_path / "lmc"
    shutil.copytree(build_once(tmp_path_factory, "documented", build), folder)
    for name in ("docs", "examples"):
        (folder / name).symlink_to(ROOT / name)
    (folder / ".venv").symlink_to(sys.prefix)
    write_model(folder / "my-mamba", MAMBA2)
    (folder / "book.txt").write_text((ROOT / "LICENSE").read_text(encoding="utf-8") * 4)
    return folder


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
@pytest.mark.parametrize(
    "blocks",
    [list(blocks) for _, blocks in groupby(EXECUTED, lambda block: block.page)],
    ids=lambda blocks: blocks[0].page,
)
def test_commands_of_a_page(blocks: list[Block], workplace: Path) -> None:
    page = blocks[0].page
    names = PLUGINS.get(page, ())
    defines = re.compile(r"LmcPass\)|= (Adapter|Rule)\(")
    plugins = [code for code in python_blocks(page) if defines.search(code)] if names else []
    for name, code in zip(names, plugins, strict=True):
        (workplace / name).write_text(code, encoding="utf-8")
    for block in blocks:
        printed = shell(block.text, workplace)
        if block.shown is not None:
            assert printed == block.shown, block
