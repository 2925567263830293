"""The packages of examples/: each is installed from its wheel, and passes its own tests there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/pyproject.toml"))


def run(command: list[object], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_package_passes_its_tests_as_installed(folder: Path, tmp_path: Path) -> None:
    # What building leaves beside the sources stays out of the repository.
    source, site = tmp_path / "source", tmp_path / "site"
    shutil.copytree(folder, source, ignore=shutil.ignore_patterns("build", "*.egg-info"))
    pip = ["pip", "--quiet", "--no-input"]
    alone = ["--no-deps", "--no-build-isolation", "--no-index"]
    run([*pip, "wheel", *alone, "--wheel-dir", tmp_path / "wheels", source])
    (wheel,) = (tmp_path / "wheels").glob("*.whl")
    run([*pip, "install", *alone, "--target", site, wheel])
    # The tests see the installed package, not its sources beside them.
    tests = shutil.copytree(source / "tests", tmp_path / "tests")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(site), *sys.path))}
    output = run(["pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, tests], environment)
    assert " passed" in output
    assert "failed" not in output
