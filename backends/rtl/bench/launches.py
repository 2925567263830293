"""Runs launches of a design's RTL, and reads what has happened."""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lmc.backends.rtl.bench.build import BuiltBench
from lmc.backends.rtl.bench.top import TOP
from lmc.diagnostics import LmcError


@dataclass(frozen=True)
class RtlLaunch:
    """What a launch is given: its scalars in the design's order, and the contents of banks.

    Banks that are not named keep what they hold; before the first launch that is zeros.
    """

    scalars: Mapping[str, int]
    contents: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass
class RtlResult:
    """What a launch has done: cycles, the ends of tasks, and the banks that may be written."""

    cycles: int = -1
    ends: dict[str, int] = field(default_factory=dict[str, int])
    banks: dict[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass
class RtlRun:
    """Launches, one after the other without a reset.

    `most` are the most elements that have had a place in each FIFO, `passed` those that have
    passed it, in all launches together. `speed` is in cycles a second.
    """

    launches: list[RtlResult] = field(default_factory=list[RtlResult])
    most: dict[str, int] = field(default_factory=dict[str, int])
    passed: dict[str, int] = field(default_factory=dict[str, int])
    speed: float = 0.0


def run_launches(
    bench: BuiltBench,
    launches: Sequence[RtlLaunch],
    most_cycles: int,
    most_steps: int,
    *,
    seed: int,
    hostile: bool = False,
) -> RtlRun:
    """Runs launches of at most so many cycles and steps with logits.

    `seed`, 1 or more, is what registers without a reset are drawn from. Memories are as documented,
    or `hostile`: they take requests when they like, pause at random and answer after up to four
    times their latency, all drawn from the seed.

    Raises:
        LmcError: a launch does not end, or a task asks for a word outside of a bank.
    """
    with tempfile.TemporaryDirectory(prefix="lmc-rtl-") as scratch:
        folder = Path(scratch)
        for number, launch in enumerate(launches):
            (folder / str(number)).mkdir()
            for bank, content in launch.contents.items():
                (folder / str(number) / f"{bank}.bin").write_bytes(content)
        command = [str(bench.program.absolute()), scratch, str(most_cycles), str(most_steps)]
        command += [",".join(map(str, launch.scalars.values())) for launch in launches]
        command += [f"+verilator+seed+{seed}", "+verilator+rand+reset+2"]
        command += [f"+hostile={seed}"] * hostile
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        run = _read(bench, done.stdout)
        if done.returncode != 0:
            message = done.stderr.strip() or f"exit status {done.returncode}"
            raise LmcError(f"the simulation of the RTL failed: {message}")
        for number, result in enumerate(run.launches):
            for path in sorted((folder / str(number)).glob("*.after")):
                result.banks[path.stem] = path.read_bytes()
    return run


def _read(bench: BuiltBench, output: str) -> RtlRun:
    run = RtlRun()
    for line in output.replace(f" TOP.{TOP}.", f" {TOP}.").splitlines():
        word, _, rest = line.partition(" ")
        match word:
            case "LAUNCH":
                run.launches.append(RtlResult())
            case "CYCLES":
                run.launches[-1].cycles = int(rest)
            case "END":
                path, cycle = rest.split()
                run.launches[-1].ends[bench.top.tasks[path]] = int(cycle)
            case "FIFO":
                path, most, passed = rest.split()
                name = bench.top.fifos[path]
                run.most[name], run.passed[name] = int(most), int(passed)
            case "SPEED":
                run.speed = float(rest)
            case "FAULT":
                raise LmcError(f"the simulation of the RTL failed: {_stuck(bench, run, rest)}")
            case _:
                if not line.startswith("- "):  # Verilator's own line about $finish
                    raise LmcError(f"the simulation of the RTL says: {line}")
    return run


def _stuck(bench: BuiltBench, run: RtlRun, fault: str) -> str:
    """A fault with the tasks that have not ended then."""
    if not run.launches:
        return fault
    waiting = [task for task in bench.top.tasks.values() if task not in run.launches[-1].ends]
    listed = ", ".join(waiting[:8]) + (", ..." if len(waiting) > 8 else "")
    return f"{fault}; tasks that have not ended: {listed}" if waiting else fault
