"""What passes take: time, processor time, and the most memory that the process holds meanwhile."""

import os
import resource
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

_STATM = "/proc/self/statm"
"""On Linux: sizes of the process in pages, the second one what is resident."""
_INTERVAL_S = 0.02


@dataclass(frozen=True)
class PassRun:
    """One pass of a finished pipeline and what it took.

    `processor_seconds` are those of all threads. `peak_bytes` is the most memory that the process
    held during the pass; None where it was not measured, or can't be.
    """

    name: str
    seconds: float
    processor_seconds: float
    peak_bytes: int | None


@dataclass
class Meter:
    """Measures one thing after the other; with a sampler their memory, too."""

    memory: "MemorySampler | None" = None
    runs: list[PassRun] = field(default_factory=list[PassRun])

    @contextmanager
    def measured(self, name: str) -> Generator[None]:
        """Append what the block takes to `runs`, if it ends well."""
        if self.memory is not None:
            self.memory.begin()
        start, processor = time.perf_counter(), time.process_time()
        yield
        seconds, used = time.perf_counter() - start, time.process_time() - processor
        peak = None if self.memory is None else self.memory.peak_bytes()
        self.runs.append(PassRun(name, seconds, used, peak))


class MemorySampler:
    """The most memory that the process holds in stretches of time, while the `with` block runs.

    The system knows the most that a process has ever held, and what it holds now. So a stretch
    that raises the former is known exactly, and others are sampled, 50 times a second.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._sampled = 0
        self._ever = 0
        self._stop = Event()
        self._thread = Thread(target=self._sample, name="memory", daemon=True)

    def __enter__(self) -> "MemorySampler":
        if os.path.exists(_STATM):
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def begin(self) -> None:
        """A stretch begins."""
        with self._lock:
            self._sampled, self._ever = _resident_bytes(), peak_memory_bytes()

    def peak_bytes(self) -> int | None:
        """The most since `begin`; None where the system only knows that it was more before."""
        ever = peak_memory_bytes()
        with self._lock:
            return ever if ever > self._ever else max(self._sampled, _resident_bytes()) or None

    def _sample(self) -> None:
        while not self._stop.wait(_INTERVAL_S):
            with self._lock:
                self._sampled = max(self._sampled, _resident_bytes())


def peak_memory_bytes() -> int:
    """The largest memory this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _resident_bytes() -> int:
    """What the process holds now, 0 where the system does not say it."""
    try:
        with open(_STATM, "rb") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0
