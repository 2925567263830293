"""Every file of a design folder has a golden file: a tiny model on three boards.

The boards are a Versal with an SD card, an XRT card in a server, and one without a platform. A text
is stored once, in a folder that is named for the boards that have it: `golden/u280+vck190/...`.
Not stored are

- copies of lmc's own files: the file that is copied is the golden one;
- SystemVerilog of all boards but one: they differ in numbers;
- IR, which filecheck tests hold, and weights, which `test_images` and `test_golden` do. Their names
  are in the golden manifest, as are those of all files: a new one is found there.

Set LMC_UPDATE_GOLDEN=1 to write the files anew, and read the difference.
"""

import json
import os
from itertools import zip_longest
from pathlib import Path

import pytest
from build_once import build_once
from golden_folders import Texts, golden_of, write_golden
from tiny_designs import MAMBA1, ON_CHIP, compile_tiny

import lmc
from lmc.design.folder import MANIFEST, MEASURED, REWRITES, TARGET_FILE, file_digest

RTL_OF = "vck190"
"""The board whose SystemVerilog is stored; of others there are the scripts."""
BOARDS = {"vck190": "DDR4:1", "u280": "HBM2:1", "v80": "HBM2e:1"}
"""With the lanes: a search would make more of them, and so longer files."""
MODEL: dict[str, object] = {
    **MAMBA1,
    "hidden_size": 16,
    "vocab_size": 16,
    "state_size": 4,
    "time_step_rank": 2,
    "intermediate_size": 32,
}
APART = ("ir/", "weights/", REWRITES, MEASURED)
"""Compared by name only; of what the compile took the manifest has no name."""


def copied(board: str) -> dict[str, set[bytes]]:
    """Contents of lmc's own files, by the last part of the name that a copy has."""
    package = Path(lmc.__file__).parent
    found = {TARGET_FILE: {(package / f"targets/{board}.toml").read_bytes()}}
    for path in (package / "backends").rglob("*.*"):
        if path.is_file():
            found.setdefault(path.name, set()).add(path.read_bytes())
    return found


def plain_manifest(text: str, design: Path) -> str:
    """Names for `files`, each of the right digest; what differs between machines is dots."""
    manifest = json.loads(text)
    for name, digest in manifest["files"].items():
        assert digest == file_digest(design / name), name
    manifest["files"] = sorted(manifest["files"])
    manifest["lmc"] = manifest["model"]["weights"] = "..."
    manifest["versions"] = dict.fromkeys(manifest["versions"], "...")
    return json.dumps(manifest, indent=1) + "\n"


def texts_of(design: Path, board: str) -> Texts:
    """What has to have a golden file."""
    sources, texts = copied(board), Texts()
    for path in sorted(design.rglob("*")):
        name = path.relative_to(design).as_posix()
        if path.is_dir() or name.startswith(APART):
            continue
        if name.startswith("rtl/") and path.suffix == ".sv" and board != RTL_OF:
            continue
        content = path.read_bytes()
        if content not in sources.get(path.name, ()):
            texts[name] = content.decode()
    texts[MANIFEST] = plain_manifest(texts[MANIFEST], design)
    return texts


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Texts]:
    """The texts of the design of each board."""

    def build(folder: Path) -> dict[str, Texts]:
        designs = {
            board: compile_tiny(
                folder / board, MODEL, target=board, lanes=lanes, allocation=ON_CHIP, rtl=True
            )
            for board, lanes in BOARDS.items()
        }
        texts = {board: texts_of(design, board) for board, design in designs.items()}
        if os.environ.get("LMC_UPDATE_GOLDEN"):
            write_golden(texts)
        return texts

    return build_once(tmp_path_factory, "emitted-files", build)


@pytest.mark.parametrize("board", BOARDS)
def test_golden(board: str, emitted: dict[str, Texts]) -> None:
    golden = golden_of(board)
    assert set(emitted[board]) == set(golden), "files without a golden one, or the reverse"
    for name, text in emitted[board].items():
        pairs = zip_longest(text.splitlines(), golden[name].splitlines())
        for number, (found, expected) in enumerate(pairs, 1):
            assert found == expected, f"{name} differs from its golden file in line {number}"
        assert text == golden[name], f"{name} ends in another way than its golden file"
