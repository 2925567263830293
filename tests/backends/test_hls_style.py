"""Printed kernels are clean: under clang-format, and under the warnings of g++."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lmc.backends.csim.build import Headers, include_folders

CLANG_FORMAT = Path(sys.executable).with_name("clang-format")
"""Of the package clang-format, in the extra `dev`."""

WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-Wno-unused-label")
"""Pragmas are the HLS tool's, and its reports name loops by their labels."""


@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_clang_format_changes_nothing(name: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(name) / "hls"
    files = sorted([*folder.glob("*.cpp"), *folder.glob("*.h")])
    assert (folder / ".clang-format").exists()
    command = [CLANG_FORMAT, "--dry-run", "-Werror", "--style=file", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:4000]


@pytest.mark.parametrize("headers", ["fast", "xilinx"])
@pytest.mark.parametrize("name", ["mamba1_design", "mamba2_design"])
def test_gcc_warns_of_nothing(name: str, headers: Headers, request: pytest.FixtureRequest) -> None:
    """Warnings of the headers themselves are not the kernels'."""
    folder: Path = request.getfixturevalue(name) / "hls"
    system = [part for path in include_folders(headers) for part in ("-isystem", str(path))]
    command = ["g++", "-std=c++17", "-fsyntax-only", *WARNINGS, *system, f"-I{folder}"]
    sources = sorted(map(str, folder.glob("*.cpp")))
    done = subprocess.run([*command, *sources], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:4000]
