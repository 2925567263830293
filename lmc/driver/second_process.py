"""A second process of lmc, which does jobs one after the other while this one goes on.

It is a new interpreter: a fork would have only one of the threads that libraries count on. Jobs are
functions by name with arguments of JSON values, a line each way. It says no more than whether a job
was done: results are in files, and what has failed is done again by who asked, who then tells why.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Lock, Thread
from types import TracebackType
from typing import IO

from lmc.progress import StepsDone

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from importlib import import_module; from lmc.driver.second_process import serve; "
    "serve(import_module(sys.argv[2]).JOBS)"
)
_LOOK_S = 0.1
"""How often a job that is waited for is asked how far it is."""


@dataclass
class Job:
    """What was asked of the second process."""

    _over: Event = field(default_factory=Event)
    _succeeded: bool = False
    _steps: tuple[int, int] | None = None

    @property
    def is_over(self) -> bool:
        """Whether it was done, or can't be."""
        return self._over.is_set()

    def wait(self, progress: StepsDone | None = None) -> bool:
        """Return when it is over: whether it was done. `progress` is called as it advances."""
        while not self._over.wait(_LOOK_S):
            if progress is not None and self._steps is not None:
                progress(*self._steps)
        return self._succeeded

    def answer(self, words: list[str]) -> bool:
        """Take a line of the second process; whether it is the last one."""
        if words[0] == "at":
            self._steps = (int(words[1]), int(words[2]))
            return False
        self._succeeded = words[0] == "done"
        self._over.set()
        return True


class SecondProcess:
    """Starts with the first job; at the end of the `with` block it is gone, whatever it was doing.

    It ends by itself, too, when this process does. `jobs` is the module whose JOBS it offers.
    """

    def __init__(self, jobs: str) -> None:
        self._module = jobs
        self._lock = Lock()
        self._open: list[Job] = []
        self._has_ended = False
        self._process: subprocess.Popen[str] | None = None
        self._listener: Thread | None = None

    def __enter__(self) -> "SecondProcess":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._process is None or self._listener is None:
            return
        self._process.kill()
        self._process.wait()
        self._listener.join()
        with suppress(BrokenPipeError):
            self._process.__exit__(None, None, None)

    def ask(self, name: str, arguments: Mapping[str, object]) -> Job:
        """Let it do a job after those before."""
        job = Job()
        with self._lock:
            if self._has_ended:
                job.answer(["failed"])
                return job
            self._open.append(job)
        try:
            if self._process is None:
                self._start()
            assert self._process is not None
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps([name, arguments]) + "\n")
            self._process.stdin.flush()
        except OSError:
            self._give_up()
        return job

    def _start(self) -> None:
        command = [sys.executable, "-c", _START, json.dumps(sys.path), self._module]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        assert self._process.stdout is not None
        self._listener = Thread(target=self._listen, args=[self._process.stdout], daemon=True)
        self._listener.start()

    def _listen(self, answers: IO[str]) -> None:
        for line in answers:
            with self._lock:
                if self._open and self._open[0].answer(line.split()):
                    del self._open[0]
        self._give_up()

    def _give_up(self) -> None:
        """There will be no answer any more."""
        with self._lock:
            self._has_ended = True
            for job in self._open:
                job.answer(["failed"])
            self._open.clear()


def serve(jobs: Mapping[str, Callable[..., None]]) -> None:
    """Be the second process: do jobs until there is nobody to ask for more.

    A job is called with what tells how far it is, and with its arguments by name.
    """
    # The first process is told to stop, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints is no answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def say(*words: object) -> None:
        print(*words, file=answers, flush=True)

    def advance(done: int, total: int) -> None:
        say("at", done, total)

    asked: SimpleQueue[str] = SimpleQueue()
    Thread(target=_read, args=[asked], daemon=True).start()
    while True:
        name, arguments = json.loads(asked.get())
        try:
            jobs[name](advance, **arguments)
        except Exception:  # Who asked does it again, and tells why.
            say("failed")
        else:
            say("done")


def _read(asked: "SimpleQueue[str]") -> None:
    """Take jobs while others are done; where the first process has ended, so does this one."""
    for line in sys.stdin:
        asked.put(line)
    os._exit(0)
