"""Runs the `// RUN:` lines of .mlir files as tests of pytest, in its process.

A folder of such files has a conftest.py with

    from lmc.testing.filecheck import pytest_collect_file

A RUN line is a pipe of `lmc ...` and `filecheck ...`, each after an optional `not`; `%s` is the
file, `%t` a path that does not exist yet, `2>&1` joins standard error to what is piped on.
Lines that end in a backslash go on in the next RUN line.
"""

import io
import re
import shlex
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from filecheck.finput import FInput
from filecheck.matcher import Matcher
from filecheck.options import parse_argv_options
from filecheck.parser import Parser

from lmc.cli import main

_RUN = re.compile(r"^\s*//\s*RUN:(.*)$", re.MULTILINE)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect an .mlir file that has RUN lines."""
    if file_path.suffix != ".mlir" or not _RUN.search(file_path.read_text(encoding="utf-8")):
        return None
    return FilecheckFile.from_parent(parent, path=file_path)


class FilecheckError(Exception):
    """What a RUN line printed, or what is wrong with it."""


class FilecheckFile(pytest.File):
    """A file with RUN lines."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each RUN line."""
        text = "\n".join(_RUN.findall(self.path.read_text(encoding="utf-8")))
        lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
        for number, line in enumerate(lines, start=1):
            yield FilecheckItem.from_parent(self, name=f"run{number}", line=line)


class FilecheckItem(pytest.Item):
    """A RUN line."""

    def __init__(self, *, line: str, **rest: object):
        super().__init__(**rest)  # pyright: ignore[reportArgumentType]
        self.line = line

    def runtest(self) -> None:
        """Run the pipe of the line."""
        tmp = self.session.config._tmp_path_factory.mktemp("filecheck")  # pyright: ignore
        line = self.line.replace("%s", str(self.path)).replace("%t", str(tmp / "t"))
        piped = ""
        for command in _split_pipe(shlex.split(line)):
            piped = _run(command, piped)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style=None):  # pyright: ignore
        """What the line printed, without a traceback of the runner."""
        if isinstance(excinfo.value, FilecheckError):
            return f"RUN: {self.line}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file and the line, for pytest."""
        return self.path, 0, self.line


def _split_pipe(words: list[str]) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def _run(command: list[str], given: str) -> str:
    """Standard output of one command of the pipe; raises FilecheckError if it fails."""
    must_fail = command[:1] == ["not"]
    words = command[1:] if must_fail else list(command)
    join = "2>&1" in words
    words = [word for word in words if word != "2>&1"]
    output, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(output), redirect_stderr(output if join else errors), _stdin(given):
        status = _call(words, given)
    if (status != 0) != must_fail:
        raise FilecheckError(
            f"{shlex.join(words)} ended with status {status}\n{errors.getvalue()}"
            f"{output.getvalue()}\n--- its input:\n{given}"
        )
    return output.getvalue()


def _call(words: list[str], given: str) -> int:
    if words[0] == "lmc":
        return main(words[1:])
    if words[0] == "filecheck":
        options = parse_argv_options(words)
        return Matcher(options, FInput("-", given), Parser.from_opts(options)).run()
    raise FilecheckError(f"a RUN line can use lmc and filecheck, not {words[0]!r}")


@contextmanager
def _stdin(text: str) -> Generator[None]:
    before, sys.stdin = sys.stdin, io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = before
