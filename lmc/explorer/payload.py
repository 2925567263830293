"""What the page's scripts read: JSON in parts, each compressed and unpacked when it is wanted."""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lmc.dialects.dataflow import TaskOp
from lmc.explorer.collect import Exploration
from lmc.explorer.lineage import Kind, Link, scope_of
from lmc.explorer.steps import Step


class Strings:
    """Strings by number, each once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of a string, a new one for one that is new."""
        return self._numbers.setdefault(text, len(self._numbers))

    def all(self) -> list[str]:
        """The strings in the order of their numbers."""
        return list(self._numbers)


def parts(found: Exploration) -> dict[str, str]:
    """By name: `main`, `ops` (of all steps), `text-N` (IR of step N), `cpp`; base64 of gzip.

    The same for the same exploration.
    """
    content: dict[str, Any] = {"main": _main(found), "ops": _ops(found), "cpp": _cpp(found)}
    content |= {f"text-{n}": step.text for n, step in enumerate(found.steps)}
    return {name: packed(value) for name, value in content.items()}


def packed(value: object) -> str:
    """A JSON value as base64 of gzip, without a time in it."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _main(found: Exploration) -> dict[str, Any]:
    hardware = None
    if found.hardware is not None:
        hardware = asdict(found.hardware)
        del hardware["files"]
    return {
        "model": found.model,
        "target": found.target,
        "preset": found.preset,
        "lmc": found.lmc,
        "is_random": found.is_random,
        "above": found.above,
        "steps": [_step(step, of) for step, of in zip(found.steps, found.links, strict=True)],
        "sources": [asdict(source) for source in found.sources],
        "hardware": hardware,
        "remarks": found.remarks,
        "task_op": TaskOp.name,
    }


def _step(step: Step, of: Sequence[Link]) -> dict[str, Any]:
    kinds = Counter(link.kind for link in of)
    return {
        "name": step.name,
        "file": step.file,
        "passes": step.passes,
        "level": step.level,
        "lines": step.text.count("\n"),
        "counts": list(step.counts.items()),
        "ops": len(step.ops),
        "changed": kinds[Kind.CHANGED],
        "made": sum(kinds[kind] for kind in (Kind.ORIGIN, Kind.LINE, Kind.NEW)),
    }


def _ops(found: Exploration) -> dict[str, Any]:
    strings = Strings()
    steps = [
        _op_columns(step, of, strings) for step, of in zip(found.steps, found.links, strict=True)
    ]
    return {"strings": strings.all(), "steps": steps}


def _op_columns(step: Step, of: Sequence[Link], strings: Strings) -> dict[str, list[Any]]:
    """A column for each property; `before` has a number for one op, -1 for none, else a list."""
    ops = step.ops
    sources = [f"{op.source.file}:{op.source.line}" if op.source else "" for op in ops]
    return {
        "line": [op.line for op in ops],
        "last": [op.last - op.line for op in ops],
        "parent": [op.parent for op in ops],
        "scope": scope_of(ops),
        "name": [strings.number(op.name) for op in ops],
        "symbol": [strings.number(op.symbol) for op in ops],
        "called": [strings.number(op.called) for op in ops],
        "results": [strings.number(", ".join(op.results)) for op in ops],
        "source": [strings.number(source) for source in sources],
        "kind": [int(link.kind) for link in of],
        "before": [_compact(link.before) for link in of],
    }


def _compact(before: tuple[int, ...]) -> int | list[int]:
    if len(before) > 1:
        return list(before)
    return before[0] if before else -1


def _cpp(found: Exploration) -> Mapping[str, str]:
    files = found.hardware.files if found.hardware is not None else ()
    return {file.name: file.text for file in files}
