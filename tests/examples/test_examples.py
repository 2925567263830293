"""The packages of examples/: installed from their wheels, all at once, they pass their tests."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "examples").glob("*/pyproject.toml"))


@dataclass(frozen=True)
class Installed:
    """Where the packages are, with no sources beside them, and where their tests are."""

    site: Path
    tests: Path

    def run(self, *command: object) -> str:
        path = os.pathsep.join((str(self.site), *sys.path))
        return run(command, {**os.environ, "PYTHONPATH": path})

    def pytest(self, *options: str) -> str:
        plain = ("-q", "-p", "no:cacheprovider", "-c", os.devnull, "--import-mode=importlib")
        return self.run("pytest", *plain, *options, self.tests)


def run(command: tuple[object, ...], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("examples")
    site, tests, wheels = folder / "site", folder / "tests", folder / "wheels"
    sources = [folder / "source" / package.name for package in FOLDERS]
    for package, source in zip(FOLDERS, sources, strict=True):
        # What building leaves beside the sources stays out of the repository.
        shutil.copytree(package, source, ignore=shutil.ignore_patterns("build", "*.egg-info"))
        shutil.copytree(source / "tests", tests / package.name)
    pip = ("pip", "--quiet", "--no-input")
    alone = ("--no-deps", "--no-build-isolation", "--no-index")
    run((*pip, "wheel", *alone, "--wheel-dir", wheels, *sources))
    found = sorted(wheels.glob("*.whl"))
    assert len(found) == len(FOLDERS) > 3
    run((*pip, "install", *alone, "--target", site, *found))
    return Installed(site, tests)


def test_packages_pass_their_tests_as_installed(installed: Installed) -> None:
    output = installed.pytest("-m", "not slow", "-rA")
    passed = re.findall(r"^PASSED \S*/tests/([\w-]+)/", output, re.MULTILINE)
    assert {package.name for package in FOLDERS} == set(passed), output
    assert " skipped" not in output


@pytest.mark.slow
def test_packages_pass_their_long_tests_as_installed(installed: Installed) -> None:
    assert re.search(r"^\d+ passed", installed.pytest("-m", "slow"), re.MULTILINE)


@pytest.mark.slow
def test_the_comparison_of_piecewise_silu_prints_what_its_readme_shows(
    installed: Installed,
) -> None:
    page = (ROOT / "examples/piecewise-silu/README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^    python -m (.*)$", page, re.MULTILINE)
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    assert installed.run(*command.split()) == shown


def test_lists_show_what_packages_offer_and_from_where(installed: Installed) -> None:
    show = "import sys; from lmc.cli import main; sys.exit(main())"
    path = os.pathsep.join((str(installed.site), *sys.path))
    done = subprocess.run(
        [sys.executable, "-c", show, "models"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    line = "mambapy (package lmc-mambapy 0.1.0): Mamba language models of mamba.py"
    assert line in done.stdout.splitlines()
