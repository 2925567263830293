"""The ops of an IR file, found in its text: where each is, what it is called, and what it is in.

Text as `lmc.ir.text.module_text` prints it has each op at the beginning of a line and, where the op
has regions, its end at the beginning of another one, equally far in. So ops of all dialects are
found without loading them, a hundred times as fast as a parser would.
"""

import re
from dataclasses import dataclass, replace

from lmc.diagnostics import LmcError

_OP = re.compile(r'(?P<results>%[^=]*? = )?(?P<name>"?[A-Za-z_][\w$-]*\.[\w$.-]+"?)(?=[\s(<]|$)')
_SYMBOL = re.compile(r"(?:(?:private|public|nested) )?@([\w$.-]+)")
_CALLED = re.compile(r'(?<=\s)"([\w.$-]+)"')
_MODULE = re.compile(r'lmc\.module = "([^"]*)"')
_FILE_LINE = re.compile(r'"((?:[^"\\]|\\.)*)":(\d+):\d+')
_LOCATION = " loc("
_NUMBER = re.compile(r"%\d+\b")
_COUNTED = re.compile(r"%([A-Za-z_$][\w$.-]*?)(?:_\d+)+_?(?![\w$.-])")


@dataclass(frozen=True)
class SourceLine:
    """A line of PyTorch code: `lmc/models/mamba2.py`, 38."""

    file: str
    line: int


@dataclass(frozen=True)
class Op:
    """An op of a step. Lines count from 0; `last` is the line that ends its regions.

    `parent` is the number of the op around it, -1 for the module. `symbol` is the name that it
    defines or, for a call, uses, and `called` the string after its name, as `aten.linear` is.
    `results` are its results' names without a number after them. `text` is the op without its
    regions, and without the numbers of values, which say nothing.
    """

    line: int
    last: int
    parent: int
    name: str
    symbol: str
    called: str
    results: tuple[str, ...]
    source: SourceLine | None
    module: str
    text: str


@dataclass
class _Open:
    """An op whose regions are not at their end yet."""

    number: int
    indent: int


def scan(text: str, file: str) -> list[Op]:
    """All ops of a module's text, in its order; raises LmcError where it is no such text."""
    lines = text.split("\n")
    ops: list[Op] = []
    around: list[_Open] = []
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        content = line[indent:]
        if content.startswith("}"):
            if around and around[-1].indent == indent and not content.endswith("{"):
                _end(ops, around.pop().number, number, content)
            continue
        found = _OP.match(content)
        if found is None:
            continue
        ops.append(_op(number, around[-1].number if around else -1, content, found))
        if content.endswith("{"):
            around.append(_Open(len(ops) - 1, indent))
    if around or not ops:
        raise LmcError(f"{file} is not IR as lmc prints it; compile the model again")
    return ops


def plain(text: str) -> str:
    """Text of IR without the numbers that only tell values of one name apart."""
    return _COUNTED.sub(r"%\1", _NUMBER.sub("%", text))


def _op(line: int, parent: int, content: str, found: re.Match[str]) -> Op:
    name = found["name"].strip('"')
    symbol = _SYMBOL.match(content, found.end() + 1)
    called = _CALLED.match(content, found.end() + 1)
    module = _MODULE.search(content)
    body, _, location = (
        content.rpartition(_LOCATION) if content.endswith(")") else (content, "", "")
    )
    return Op(
        line=line,
        last=line,
        parent=parent,
        name=name,
        symbol="" if symbol is None else symbol[1],
        called="" if called is None else called[1],
        results=_results(found["results"]),
        source=_source(location),
        module="" if module is None else module[1],
        text=plain(body or content),
    )


def _end(ops: list[Op], number: int, last: int, content: str) -> None:
    """The op `number` ends in line `last`, where its result types and its location are."""
    op = ops[number]
    body, _, location = (
        content.rpartition(_LOCATION) if content.endswith(")") else (content, "", "")
    )
    ops[number] = replace(
        op,
        last=last,
        source=_source(location) or op.source,
        text=f"{op.text} {plain(body or content)}",
    )


def _results(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    names = (plain(name.strip()).partition(":")[0] for name in text.rpartition("=")[0].split(","))
    return tuple(name.lstrip("%") for name in names)


def _source(location: str) -> SourceLine | None:
    found = _FILE_LINE.search(location)
    return None if found is None else SourceLine(found[1], int(found[2]))
