"""Lines of SystemVerilog as they are read: declarations of a type together, none too long."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

WIDTH = 100
"""Columns of a line, where it can be broken."""
_DECLARATION = re.compile(r"( *logic(?: signed)?(?: \[\d+:0\])?) (\w+(?:, \w+)*);")
_BREAK = re.compile(r"(?<=[,&|?:+=]) ")
"""A space after an operator or a comma: between tokens a line may end."""


def laid_out(lines: Iterable[str]) -> list[str]:
    """Lines of a module, with declarations that follow each other in one where the type is one.

    What is longer than WIDTH is broken after commas and operators, but for lines with comments.
    """
    found: list[str] = []
    for kind, group in groupby(lines, _type_of):
        together = list(group)
        if kind is not None and len(together) > 1:
            names = [line.removeprefix(f"{kind} ").removesuffix(";") for line in together]
            together = [f"{kind} {', '.join(names)};"]
        for line in together:
            found += _broken(line)
    return found


def _type_of(line: str) -> str | None:
    """The type of a line that declares signals and does nothing else."""
    match = _DECLARATION.fullmatch(line)
    return None if match is None else match[1]


def _broken(line: str) -> Iterator[str]:
    if len(line) <= WIDTH or "//" in line or "/*" in line:
        yield line
        return
    indent = len(line) - len(line.lstrip())
    now = ""
    for part in _BREAK.split(line):
        if now and len(now) + 1 + len(part) > WIDTH:
            yield now
            now = " " * (indent + 4) + part
        else:
            now = f"{now} {part}" if now else part
    yield now
