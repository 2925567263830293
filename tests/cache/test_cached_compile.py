"""A compile with the cache gives the bytes of one without it, and does not find things twice."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_designs import FOLDED, INTEGERS, MAMBA2, compile_tiny, write_model

from lmc.cache import version
from lmc.cache.folder import artifacts_folder, entries_folder
from lmc.design.folder import MEASURED

PASSES = (
    f"{FOLDED},insert-rotation,fold-gated-scale,{INTEGERS},rewrite-power-of-two,"
    "optimize-weights{sequences=2 tokens=16}"
)
OF_TRACE = {"operators", "trace"}
KINDS = {"folding", "level0", "level1", "ranges", "rounded", "run", "text", "weights"} | OF_TRACE


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))
    # Also the embedding of a tiny model is worth keeping then.
    monkeypatch.setattr("lmc.weights.store._WORTH_KEEPING", 1)
    for name in [name for name in sys.modules if name.startswith(version.PLUGIN_PREFIX)]:
        monkeypatch.delitem(sys.modules, name)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of what is found anew, in order."""
    from lmc.cache import Entry

    kinds: list[str] = []
    write = Entry.write

    def spy(entry: Entry, answer: object) -> None:
        assert entry._path is not None
        kinds.append(entry._path.name.partition("-")[0])
        write(entry, answer)

    monkeypatch.setattr(Entry, "write", spy)
    return kinds


def compiled(folder: Path, seed: int = 0, **options: str) -> dict[str, bytes]:
    """The files of a design of the one model; `folder` is where it lies, then it is deleted."""
    # Generated text is also remembered in the process.
    from lmc.quantization import calibration

    calibration._generated.clear()
    if not (folder / "model").exists():
        write_model(folder / "model", MAMBA2, seed)
    design = compile_tiny(folder, MAMBA2, passes=PASSES, **options)
    files = {
        str(path.relative_to(design)): path.read_bytes()
        for path in sorted(design.rglob("*"))
        if path.is_file() and path.name != MEASURED
    }
    shutil.rmtree(design)
    return files


def test_warm_and_damaged_caches_give_the_bytes_of_a_cold_one(tmp_path: Path, found: list[str]):
    cold = compiled(tmp_path)
    assert set(found) == KINDS
    found.clear()
    assert compiled(tmp_path) == cold
    assert found == []
    for path in [*entries_folder().iterdir(), *artifacts_folder().iterdir()]:
        path.write_bytes(path.read_bytes()[:-3])
    assert compiled(tmp_path) == cold
    assert set(found) == KINDS
    found.clear()
    for path in artifacts_folder().iterdir():
        path.unlink()
    assert compiled(tmp_path) == cold
    assert set(found) == {"rounded", "weights"}
    found.clear()
    assert compiled(tmp_path) == cold
    assert found == []


def test_what_is_found_anew_is_what_has_changed(tmp_path: Path, found: list[str]):
    compiled(tmp_path / "a")
    found.clear()
    # Another board: tensors are there.
    compiled(tmp_path / "a", target="kv260", lanes="DDR4:1")
    assert set(found) == {"run"}
    found.clear()
    # Other weights: no FIFO is sized again, and the model is traced as it was.
    compiled(tmp_path / "b", seed=1)
    assert set(found) == KINDS - {"run"} - OF_TRACE
    found.clear()
    # Another preset.
    compiled(tmp_path / "a", preset="w4a4")
    assert {"weights", "run"} <= set(found)
    assert "text" not in found


_COMPILE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tiny_designs import MAMBA2, compile_tiny
compile_tiny(Path(sys.argv[2]), MAMBA2, passes=sys.argv[3])
"""


def test_two_compiles_at_once(tmp_path: Path):
    support = str(Path(__file__).parents[1] / "support")
    for name in "ab":
        write_model(tmp_path / name / "model", MAMBA2)
    running = [
        subprocess.Popen([sys.executable, "-c", _COMPILE, support, str(tmp_path / name), PASSES])
        for name in "ab"
    ]
    assert [process.wait() for process in running] == [0, 0]
    first, second = (next((tmp_path / name).glob("design*")) for name in "ab")
    for part in ("hls", "host", "weights"):
        files = [path for path in (first / part).rglob("*") if path.is_file()]
        assert files
        for path in files:
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
