"""Compiles emitted C++ into a C simulation with g++."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeAlias

from lmc.diagnostics import LmcError

Headers: TypeAlias = Literal["fast", "xilinx"]

INCLUDE = Path(__file__).parent / "include"
PARALLEL_JOBS = 2
FLAGS = ("-std=c++17", "-O2")
WARNINGS: dict[str, tuple[str, ...]] = {
    "fast": ("-Wall", "-Wno-unknown-pragmas", "-Wno-unused-label"),
    "xilinx": ("-Wno-maybe-uninitialized", "-Wno-int-in-bool-context", "-Wno-unknown-pragmas"),
}


def build(
    sources: Sequence[Path],
    include_dirs: Sequence[Path],
    output: Path,
    *,
    headers: Headers = "fast",
) -> None:
    """Compile and link `sources` into the program `output`, two files at a time.

    `include_dirs` come after the simulation's own folders. `headers` chooses whose `ap_int.h` is
    used: lmc's ("fast") or Xilinx's as the package hls4ml ships it ("xilinx"); streams and tasks
    are lmc's with both. Nothing is left behind when it fails. Raises LmcError when g++ is missing
    or refuses a source, with the compiler's first error.
    """
    compiler = shutil.which("g++")
    if compiler is None:
        raise LmcError("g++ is not installed; C simulation needs version 9 or later on the PATH")
    command = [compiler, *FLAGS, *WARNINGS[headers]]
    command += [f"-I{folder}" for folder in (*include_folders(headers), *include_dirs)]
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".csim-") as scratch:
        objects = [Path(scratch) / f"{i}.o" for i in range(len(sources))]
        jobs = [
            [*command, "-c", str(source), "-o", str(made)]
            for source, made in zip(sources, objects, strict=True)
        ]
        with ThreadPoolExecutor(PARALLEL_JOBS) as pool:
            list(pool.map(_run, jobs))
        program = Path(scratch) / "program"
        _run([compiler, *map(str, objects), "-o", str(program)])
        program.replace(output)


def include_folders(headers: Headers) -> list[Path]:
    """Give the include folders of the simulation, in order.

    The folder of `ap_int.h` comes second, since Xilinx's also has an `hls_stream.h`. Raises
    LmcError when Xilinx's headers are asked for and hls4ml is not installed.
    """
    return [INCLUDE, INCLUDE / "ap" if headers == "fast" else _xilinx_headers()]


def _xilinx_headers() -> Path:
    package = importlib.util.find_spec("hls4ml")
    if package is None or package.origin is None:
        raise LmcError("Xilinx's ap_int.h comes with the package hls4ml; install hls4ml 1.3")
    return Path(package.origin).parent / "templates" / "vivado" / "ap_types"


def _run(command: list[str]) -> None:
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode == 0:
        return
    lines = done.stderr.splitlines() or [f"exit status {done.returncode}"]
    first = next((line for line in lines if "error:" in line or "undefined" in line), lines[0])
    raise LmcError(f"g++ could not build the C simulation: {first.strip()}")
