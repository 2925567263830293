"""What `lmc new-pass` writes works as it is: installed, found by name, its own tests green."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_new_pass_is_installed_and_passes_its_tests(lmc, tmp_path: Path) -> None:
    folder = tmp_path / "note-silus"
    finished = lmc("new-pass", "note-silus", "-o", folder)
    assert finished.status == 0, finished.errors
    site = tmp_path / "site"
    # Without an index: lmc and setuptools are here, and nothing else is wanted.
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--no-index", "--target", site, folder], check=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(site), *sys.path))}
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == 0, tests.stdout + tests.stderr
    assert "2 passed" in tests.stdout


def test_the_new_file_is_a_plugin_too(lmc, tmp_path: Path) -> None:
    folder = tmp_path / "note-silus"
    lmc("new-pass", "note-silus", "-o", folder)
    module = folder / "tests/note-silus.mlir"
    noted = lmc("opt", module, "--plugin", folder / "note_silus.py", "-p", "note-silus{note=x}")
    assert 'note_silus.note = "x"' in noted.output


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Note", "a pass cannot be called 'Note'; use small letters, digits and hyphens"),
        ("class", "a pass cannot be called 'class'"),
        ("quantize", "there is a pass 'quantize' already; give yours another name"),
    ],
)
def test_a_name_that_cannot_be_is_refused(lmc, tmp_path: Path, name: str, sentence: str) -> None:
    finished = lmc("new-pass", name, "-o", tmp_path / "new")
    assert (finished.status, finished.errors.count(sentence)) == (2, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(lmc, tmp_path: Path) -> None:
    finished = lmc("new-pass", "note-silus", "-o", tmp_path)
    assert (finished.status, finished.errors.count("exists already")) == (1, 1)
