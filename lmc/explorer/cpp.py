"""The C++ kernels of a design folder, and where in them a task's function and loops are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lmc.diagnostics import LmcError

_LABEL = re.compile(r"\s*([A-Za-z_]\w*):$")


@dataclass(frozen=True)
class CppFile:
    """A file of `hls/` and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where a task's function is: lines from 1, first and last, and those of its loops by label.

    Tasks that are alike share a function, a template, and the labels in it.
    """

    file: str
    first: int
    last: int
    function: str
    labels: Mapping[str, int]


def read_kernels(
    folder: Path, functions: Mapping[str, tuple[str, str]]
) -> tuple[tuple[CppFile, ...], Mapping[str, Place]]:
    """The kernels' files, and where the functions of tasks are in them.

    `functions` has a task's kernel and function by the task's name. Raises LmcError for a kernel
    whose file is missing or lacks a function: the folder is not as it was compiled.
    """
    files: dict[str, CppFile] = {}
    places: dict[str, Place] = {}
    for task, (kernel, function) in functions.items():
        name = f"hls/{kernel}.cpp"
        if name not in files:
            path = folder / name
            if not path.is_file():
                raise LmcError(f"the design {folder} lacks {name}; compile the model again")
            files[name] = CppFile(name, path.read_text(encoding="utf-8"))
        place = _place(files[name], function)
        if place is None:
            raise LmcError(
                f"{folder / name} has no function {function}, which the IR prints; "
                "compile the model again, or see what `lmc verify` says"
            )
        places[task] = place
    return tuple(files.values()), places


def _place(file: CppFile, function: str) -> Place | None:
    """Where a function is, with the comment and the template's line above it."""
    lines = file.text.split("\n")
    head = re.compile(rf"static void {re.escape(function)}\(")
    first = next((number for number, line in enumerate(lines) if head.match(line)), None)
    if first is None:
        return None
    last = next((number for number in range(first, len(lines)) if lines[number] == "}"), None)
    if last is None:
        return None
    labels = {
        match[1]: number + 1
        for number in range(first, last)
        if (match := _LABEL.match(lines[number]))
    }
    while first > 0 and lines[first - 1].startswith(("//", "template")):
        first -= 1
    return Place(file.name, first + 1, last + 1, function, labels)
