"""Runs a command as a child process and measures it."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Wall and CPU time in seconds, largest memory in bytes and standard output of a command."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


_LMC = "import sys, lmc.cli; sys.exit(lmc.cli.main())"


def lmc(*arguments: str, expected: Sequence[int] = (0,)) -> Measured:
    """Measure an lmc command; ends this program with its message if it fails."""
    return measure([sys.executable, "-c", _LMC, *arguments], expected)


def measure(command: Sequence[str], expected: Sequence[int] = (0,)) -> Measured:
    """Measure a command; ends this program with its message for a status that is not expected."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode not in expected:
        sys.exit(f"{' '.join(command[3:])} ended with status {process.returncode}")
    scale = 1 if sys.platform == "darwin" else 1024
    cpu_seconds = usage.ru_utime + usage.ru_stime
    return Measured(seconds, cpu_seconds, usage.ru_maxrss * scale, output)
