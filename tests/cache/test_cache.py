"""The cache's files: entries that are right or not there, and what is deleted when."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lmc import cache
from lmc.cache import Entry, folder, version
from lmc.weights.artifacts import find_artifact, save_artifact


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))
    for name in [name for name in sys.modules if name.startswith(version.PLUGIN_PREFIX)]:
        monkeypatch.delitem(sys.modules, name)


def files() -> list[Path]:
    return sorted(folder.entries_folder().glob("*"))


def test_an_answer_comes_back_as_it_was():
    answer = {"numbers": [0.1, 1e-300, 3, -7], "none": None, "text": "ö"}
    assert Entry("kind", "a", b"b").read() is None
    Entry("kind", "a", b"b").write(answer)
    assert Entry("kind", "a", b"b").read() == answer
    assert len(files()) == 1


@pytest.mark.parametrize(
    "other", [("kind", "a", "c"), ("kind", "ab"), ("kind", "", "ab"), ("other", "a", "b")]
)
def test_another_question_has_another_answer(other: tuple[str, ...]):
    Entry("kind", "a", "b").write(1)
    assert Entry(*other).read() is None


def test_another_version_reads_nothing(monkeypatch: pytest.MonkeyPatch):
    Entry("kind", "a").write(1)
    monkeypatch.setattr("lmc.cache.entries.code_version", lambda: "another")
    assert Entry("kind", "a").read() is None


def test_the_version_is_that_of_every_file_and_of_the_machine(monkeypatch: pytest.MonkeyPatch):
    names = {path.name for path in version._sources()}
    assert {"core.py", "optimize_weights.py", "images.py", "weights.py"} <= names
    first = version.code_version.__wrapped__()
    assert first == version.code_version.__wrapped__()
    monkeypatch.setenv("OMP_NUM_THREADS", "77")
    assert version.code_version.__wrapped__() != first


@pytest.mark.parametrize("damage", [b"", b"{}", b"0" * 64 + b"\n{}"])
def test_a_damaged_entry_is_none_and_is_written_anew(damage: bytes):
    Entry("kind", "a").write([1, 2])
    files()[0].write_bytes(damage)
    assert Entry("kind", "a").read() is None
    Entry("kind", "a").write([1, 2])
    assert Entry("kind", "a").read() == [1, 2]


def test_what_cannot_be_told_or_comes_from_a_plugin_is_not_kept(monkeypatch: pytest.MonkeyPatch):
    Entry("kind", None).write(1)
    assert Entry("kind", None).read() is None
    Entry("kind", "a").write(1)
    monkeypatch.setitem(sys.modules, "lmc_plugin_mine", sys)
    assert Entry("kind", "a").read() is None
    Entry("kind", "b").write(1)
    assert len(files()) == 1


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path):
    (tmp_path / "cache").write_text("a file")
    with cache.in_use():
        Entry("kind", "a").write(1)
        assert Entry("kind", "a").read() is None
    assert cache.used_bytes() == 0


def test_what_was_not_used_for_longest_is_deleted(monkeypatch: pytest.MonkeyPatch):
    for number in range(6):
        Entry("kind", str(number)).write("x" * 100)
        os.utime(folder.entries_folder() / files_of(number), (number, number))
    assert Entry("kind", "0").read() is not None
    monkeypatch.setattr(folder, "LIMIT_BYTES", 3 * (100 + 2 + 65))
    with cache.in_use():
        assert len(files()) == 6
    left = [number for number in range(6) if Entry("kind", str(number)).read() is not None]
    assert left == [0, 4, 5]
    assert cache.used_bytes() <= folder.LIMIT_BYTES


def files_of(number: int) -> str:
    path = Entry("kind", str(number))._path
    assert path is not None
    return path.name


def test_nothing_is_deleted_while_another_is_at_work(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folder, "LIMIT_BYTES", 0)
    with cache.in_use():
        Entry("kind", "a").write(1)
        with cache.in_use():
            pass
        assert Entry("kind", "a").read() == 1
    assert files() == []


_WRITER = """
from lmc.cache import Entry
for turn in range(300):
    entry = Entry("kind", str(turn % 3))
    found = entry.read()
    assert found is None or found == [turn % 3] * 5000, found
    entry.write([turn % 3] * 5000)
"""


def test_two_processes_write_the_same_entries():
    running = [subprocess.Popen([sys.executable, "-c", _WRITER]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert [Entry("kind", str(turn)).read() for turn in range(3)] == [[t] * 5000 for t in range(3)]
    assert len(files()) == 3


def test_a_damaged_artifact_is_none_and_is_written_anew():
    import numpy as np

    from lmc.weights import QuantizedMatrix

    matrix = QuantizedMatrix(
        np.ones((2, 4), np.int8), np.ones((2, 1), np.uint16), np.zeros((2, 1), np.uint8)
    )
    place = cache.artifacts_folder()
    name = save_artifact(matrix, place)
    (place / f"{name}.safetensors").write_bytes(b"damaged")
    assert find_artifact(name, [place]) is None
    assert save_artifact(matrix, place) == name
    found = find_artifact(name, [place])
    assert found is not None
    assert np.array_equal(found.q, matrix.q)
