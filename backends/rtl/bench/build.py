"""Builds the bench of a design with Verilator."""

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lmc.backends.rtl.bench.top import TOP, BenchTop, bench_top
from lmc.backends.rtl.bench.waves import is_own
from lmc.backends.rtl.kernel.files import DesignRtl
from lmc.diagnostics import LmcError, UsageError
from lmc.targets import Target

HERE = Path(__file__).parent
METERS, PROGRAM = HERE / "meters.sv", HERE / "bench.cpp"
_FLAGS = (
    *("--cc", "--exe", "--build", "-j", "2", "-O3", "--top-module", TOP),
    *("--inline-mult", "1", "-fno-table", "-MAKEFLAGS", "OPT_FAST=-O2"),
    *("--x-assign", "fast", "--x-initial", "unique", "--noassert", "-Wno-fatal", "-Wno-lint"),
    *("--output-split", "20000", "--output-split-cfuncs", "5000"),
)
"""`--x-initial unique`: what is not reset is random. A launch may rely on the reset alone.

`-O3` makes a copy of a module for each instance, and a program that is larger than caches: with
`--inline-mult 1` instances share their code. They do so where it is the same to the letter, and
tables are called differently in each. `OPT_FAST` is for what runs in each cycle; all else runs once
and is not optimized."""
_TRACED = {"fst": ("--trace-fst", "--trace-structs"), "vcd": ("--trace", "--trace-structs")}
"""What makes a build write waves, by the suffix of their file."""
_LEAST_VERSION = 5


@dataclass(frozen=True)
class BuiltBench:
    """A program that runs launches, and the bench that it was made of."""

    program: Path
    top: BenchTop


def check_waves(path: Path) -> str:
    """The format of a file of waves.

    Raises UsageError where it is none, and LmcError where it can't be built here or written, or its
    save file would take the place of one that a user has saved in GTKWave.
    """
    form = path.suffix.lstrip(".")
    if form not in _TRACED:
        raise UsageError(f"{path.name} is no file of waves: its name ends in .fst or .vcd")
    if form == "fst" and not _has_zlib():
        raise LmcError(
            f"{path.name} can't be written, because zlib.h is not installed (zlib1g-dev): give it, "
            "or a name that ends in .vcd"
        )
    folder = path.absolute().parent
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        why = "" if folder.is_dir() else f": there is no folder {path.parent}"
        raise LmcError(f"{path} can't be written{why}; give a path that can")
    save = path.with_suffix(".gtkw")
    if save.is_file() and not is_own(save.read_text(encoding="utf-8", errors="replace")):
        raise LmcError(
            f"{save} is not as lmc writes it, and would be overwritten: rename it, or give the "
            "waves another name"
        )
    return form


def _has_zlib() -> bool:
    """Whether g++ finds what Verilator's FST writer needs."""
    if shutil.which("g++") is None:
        return True  # Verilator says so when it builds
    command = ["g++", "-E", "-x", "c++", "-"]
    source = "#include <zlib.h>\n"
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    return done.returncode == 0


def build_bench(
    rtl: DesignRtl, target: Target, folder: Path, waves: str | None = None
) -> BuiltBench:
    """Writes the SystemVerilog of a design to `folder`, and builds its bench there.

    What is there already from the same texts is kept. With `waves`, fst or vcd, it is one that can
    write them, which is slower. Raises LmcError when Verilator is missing, is too old or refuses
    something, or the folder cannot be written.
    """
    verilator, version = _find_verilator()
    flags = (*_FLAGS, *(() if waves is None else _TRACED[waves]))
    top = bench_top(rtl, target)
    texts = {f"rtl/{name}": text for name, text in rtl.files.items()}
    texts |= {f"bench/{TOP}.vlt": top.kept, f"bench/{TOP}.sv": top.text}
    texts["bench/tables.h"] = top.tables
    for path in (METERS, PROGRAM):
        texts[f"bench/{path.name}"] = path.read_text(encoding="utf-8")
    digest = hashlib.sha256("\0".join((version, *flags)).encode())
    for name, text in texts.items():
        digest.update(f"{name}\0{text}\0".encode())
    kind = "bench" if waves is None else waves
    program = folder / f"{kind}-{digest.hexdigest()[:16]}"
    if not program.exists():
        try:
            _write(folder, texts, kind)
        except OSError as error:
            raise LmcError(f"{folder} cannot be written: {error.strerror or error}") from error
        sources = [name for name in texts if name.endswith((".sv", ".vlt"))]
        made = _verilate([verilator, *flags], folder, sources)
        made.replace(program)
    return BuiltBench(program, top)


def _find_verilator() -> tuple[str, str]:
    """Verilator's path and what it says of its version."""
    path = shutil.which("verilator")
    if path is None:
        raise LmcError("verilator is not installed; --engine rtl needs version 5 on the PATH")
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = done.stdout.strip()
    number = re.match(r"Verilator (\d+)\.", version)
    if number is None or int(number[1]) < _LEAST_VERSION:
        said = version or f"exit status {done.returncode}"
        raise LmcError(
            f"{path} says {said!r}; --engine rtl needs Verilator {_LEAST_VERSION} on the PATH"
        )
    return path, version


def _write(folder: Path, texts: dict[str, str], kind: str) -> None:
    for part in ("rtl", "bench"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for old in folder.glob(f"{kind}-*"):
        old.unlink()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _verilate(verilator: list[str], folder: Path, sources: list[str]) -> Path:
    """The program; all paths are relative, for make knows no blanks in them."""
    objects = folder / "objects"
    shutil.rmtree(objects, ignore_errors=True)
    command = [*verilator, "--Mdir", "objects", *sources]
    command.append("bench/bench.cpp")
    environment = {**os.environ, "MAKEFLAGS": "", "LC_ALL": "C"}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    if done.returncode != 0:
        lines = (done.stderr + done.stdout).splitlines()
        wrong = [line for line in lines if re.search(r"%Error|error:|undefined", line)]
        first = (wrong or lines or [f"exit status {done.returncode}"])[0]
        raise LmcError(f"Verilator could not build the RTL: {first.strip()}")
    return objects / f"V{TOP}"
