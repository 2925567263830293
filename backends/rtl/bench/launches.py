"""Runs launches of a design's RTL, and reads what has happened."""

import subprocess
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lmc.backends.rtl.bench.build import BuiltBench
from lmc.backends.rtl.bench.top import TOP, TaskWait
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
    """What a launch has done: cycles, the ends of tasks, and the banks that may be written.

    `start` is its first cycle, counted from the reset.
    """

    start: int
    cycles: int = -1
    ends: dict[str, int] = field(default_factory=dict[str, int])
    banks: dict[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass
class RtlRun:
    """Launches, one after the other without a reset.

    `most` are the most elements that have had a place in each FIFO, `passed` those that have
    passed it, in all launches together; `held` those that are in it at the end. `moved` is the last
    cycle of the last launch in which an element went into a FIFO or out of one. `waits` has what
    each task waits for at the end. `speed` is in cycles a second of processor time.
    """

    launches: list[RtlResult] = field(default_factory=list[RtlResult])
    most: dict[str, int] = field(default_factory=dict[str, int])
    passed: dict[str, int] = field(default_factory=dict[str, int])
    held: dict[str, int] = field(default_factory=dict[str, int])
    moved: int = -1
    waits: dict[str, TaskWait] = field(default_factory=dict[str, TaskWait])
    speed: float = 0.0


class RtlStopError(LmcError):
    """A launch has not ended within the cycles that it had; `run` is what has happened."""

    def __init__(self, message: str, run: RtlRun):
        super().__init__(message)
        self.run = run


@dataclass(frozen=True)
class BenchOptions:
    """How launches are run.

    Memories are as documented, or `hostile`: they take requests when they like, pause at random and
    answer after up to four times their latency. `seed`, 1 or more, is what that is drawn from, and
    what registers without a reset hold at first. All signals go into the file `waves`, if the bench
    is built for that.
    """

    seed: int = 1
    hostile: bool = False
    waves: Path | None = None

    @property
    def arguments(self) -> list[str]:
        """Arguments of the bench."""
        given = [f"+verilator+seed+{self.seed}", "+verilator+rand+reset+2"]
        given += [f"+hostile={self.seed}"] * self.hostile
        return given + ([] if self.waves is None else [f"+waves={self.waves.absolute()}"])


def run_launches(
    bench: BuiltBench,
    launches: Sequence[RtlLaunch],
    most_cycles: int,
    most_steps: int,
    options: BenchOptions,
) -> RtlRun:
    """Runs launches of at most so many cycles and steps with logits.

    Raises:
        RtlStopError: a launch does not end.
        LmcError: a task asks for a word outside of a bank.
    """
    with _scratch(launches) as folder:
        command = _command(bench, folder, launches, (most_cycles, most_steps), options)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        run = _Reader(bench).read(done.stdout)
        if done.returncode != 0:
            raise _failure(done.stderr, done.returncode)
        for number, result in enumerate(run.launches):
            for path in sorted((folder / str(number)).glob("*.after")):
                result.banks[path.stem] = path.read_bytes()
    return run


def watch_launch(
    bench: BuiltBench, launch: RtlLaunch, bank: str, most: tuple[int, int], options: BenchOptions
) -> Iterator[bytes]:
    """The words that a launch writes to a bank, each as soon as it is there.

    `most` are cycles and steps of the launch. Raises as `run_launches`.
    """
    with _scratch([launch]) as folder, (folder / "errors").open("w+", encoding="utf-8") as errors:
        command = [*_command(bench, folder, [launch], most, options), f"+watch={bank}"]
        reader = _Reader(bench)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    if line.startswith("WORD "):
                        yield bytes.fromhex(line.split()[2])
                    else:
                        reader.line(line.rstrip("\n"))
            except BaseException:  # whoever listens has heard enough, or nothing will be read
                process.kill()
                raise
        reader.end()
        if process.returncode != 0:
            errors.seek(0)
            raise _failure(errors.read(), process.returncode)


@contextmanager
def _scratch(launches: Sequence[RtlLaunch]) -> Generator[Path]:
    """A folder with what banks are filled with."""
    with tempfile.TemporaryDirectory(prefix="lmc-rtl-") as scratch:
        folder = Path(scratch)
        for number, launch in enumerate(launches):
            (folder / str(number)).mkdir()
            for bank, content in launch.contents.items():
                (folder / str(number) / f"{bank}.bin").write_bytes(content)
        yield folder


def _command(
    bench: BuiltBench,
    folder: Path,
    launches: Sequence[RtlLaunch],
    most: tuple[int, int],
    options: BenchOptions,
) -> list[str]:
    scalars = [",".join(map(str, launch.scalars.values())) for launch in launches]
    program = [str(bench.program.absolute()), str(folder)]
    return [*program, *map(str, most), *scalars, *options.arguments]


def _failure(errors: str, status: int) -> LmcError:
    message = errors.strip() or f"exit status {status}"
    return LmcError(f"the simulation of the RTL failed: {message}")


class _Reader:
    """Reads what a bench prints."""

    def __init__(self, bench: BuiltBench):
        self._bench = bench
        self._run = RtlRun()
        self._fault: str | None = None
        self._late = False

    def read(self, output: str) -> RtlRun:
        """All of it; raises as `end`."""
        for line in output.splitlines():
            self.line(line)
        return self.end()

    def line(self, line: str) -> None:
        """Takes a line."""
        run, top = self._run, self._bench.top
        word, _, rest = line.replace(f" TOP.{TOP}.", f" {TOP}.").partition(" ")
        match word:
            case "LAUNCH":
                run.launches.append(RtlResult(int(rest)))
            case "CYCLES":
                run.launches[-1].cycles = int(rest)
            case "END":
                path, cycle = rest.split()
                run.launches[-1].ends[top.tasks[path]] = int(cycle)
            case "FIFO":
                path, *figures = rest.split()
                name = top.fifos[path]
                run.most[name], run.passed[name], run.held[name], moved = map(int, figures)
                run.moved = max(run.moved, moved - run.launches[-1].start if run.launches else -1)
            case "WAIT":
                wait = top.waits[rest]
                other = run.waits.get(wait.task)
                if other is None or wait.rank > other.rank:
                    run.waits[wait.task] = wait
            case "LATE":
                self._late, self._fault = True, f"the launch has not ended after {rest} cycles"
            case "SPEED":
                run.speed = float(rest)
            case "FAULT":
                self._fault = rest
            case _:
                if not line.startswith("- "):  # Verilator's own line about $finish
                    raise LmcError(f"the simulation of the RTL says: {line}")

    def end(self) -> RtlRun:
        """What has happened. Raises RtlStopError, or LmcError for another fault."""
        if self._fault is None:
            return self._run
        message = f"the simulation of the RTL failed: {self._fault}{_stuck(self._bench, self._run)}"
        raise RtlStopError(message, self._run) if self._late else LmcError(message)


def _stuck(bench: BuiltBench, run: RtlRun) -> str:
    """What is added to a fault: the tasks that have not ended then, and what they wait for."""
    if not run.launches:
        return ""
    late = [task for task in bench.top.tasks.values() if task not in run.launches[-1].ends]
    if not late:
        return ""
    told = [f"{task}{_waiting(run, task)}" for task in late[:8]]
    listed = ", ".join(told) + (", ..." if len(late) > 8 else "")
    last = f"the last element was moved in cycle {run.moved}" if run.moved >= 0 else ""
    return f"; {last or 'no element was moved'}; tasks that have not ended: {listed}"


def _waiting(run: RtlRun, task: str) -> str:
    if (wait := run.waits.get(task)) is None:
        return ""
    what = "write" if wait.written else "read"
    return f" (waits to {what} {wait.stream}, which holds {run.held[wait.stream]})"
