"""Yosys as a process of its own: an error of it ends the process that it runs in."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import lmc.backends

LIBRARY = Path(lmc.backends.__file__).parent / "rtl" / "library"
"""The SystemVerilog modules that generated designs are made of."""

PROGRAM = """
import sys
import pyosys.libyosys as yosys
design = yosys.Design()
for command in sys.argv[1:]:
    yosys.run_pass(command, design)
"""

Parameters = Mapping[str, int | str]


def yosys(*commands: str) -> str:
    """What yosys prints while it runs these commands."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *commands], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, (run.stdout + run.stderr)[-2000:]
    return run.stdout


def read(top: str, files: Sequence[Path], parameters: Parameters) -> str:
    """The command that reads a module with these parameters."""
    values = (
        f'-G {name}="{value}"' if isinstance(value, str) else f"-G {name}={value}"
        for name, value in parameters.items()
    )
    return " ".join(["read_slang", "--top", top, *values, *map(str, files)])


def holds(top: str, files: Sequence[Path], parameters: Parameters) -> bool:
    """Whether all assertions of a module hold in all cycles: proved by induction, or refuted.

    A module that is refuted has a run from its initial state on in which an assertion fails, at
    most 12 cycles long. One that is neither fails the test.
    """
    log = yosys(
        read(top, files, parameters),
        "prep -flatten",
        "memory_map",
        "opt -full",
        "chformal -lower",
        "async2sync",
        "dffunmap",
        "opt_clean",
        "select -assert-min 3 t:$assert",
        "sat -tempinduct -prove-asserts -set-assumes -seq 1 -maxsteps 12",
    )
    proved = "Induction step proven: SUCCESS!" in log
    refuted = "model found for base case: FAIL!" in log
    assert proved != refuted, log[-2000:]
    return proved
