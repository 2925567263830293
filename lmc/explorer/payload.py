"""What the page's scripts read: JSON in parts, each compressed and unpacked when it is wanted."""

import base64
import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lmc.design.evaluation import Evaluation
from lmc.dialects.dataflow import TaskOp
from lmc.explorer.bits import Bits
from lmc.explorer.collect import Exploration
from lmc.explorer.lineage import Kind, Link, scope_of
from lmc.explorer.numerics import Deviation, Numerics
from lmc.explorer.steps import Step, Work
from lmc.numerics.distance import Distance


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
    """By name: `main`, `ops` (of all steps), `text-N` (IR of step N), `cpp`, `noise` (of ops).

    Each is JSON as base64 of gzip.

    The same for the same exploration.
    """
    content: dict[str, Any] = {"main": _main(found), "ops": _ops(found), "cpp": _cpp(found)}
    content["noise"] = _noise(found.numerics)
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
        "steps": [
            _step(step, of) | {"numerics": _of_step(found.numerics, number)}
            for number, (step, of) in enumerate(zip(found.steps, found.links, strict=True))
        ],
        "tokens": None if found.numerics is None else len(found.numerics.tokens),
        "sources": [asdict(source) for source in found.sources],
        "hardware": hardware,
        "evaluation": _evaluation(found.evaluation),
        "not_evaluated": found.not_evaluated,
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
        "taken": None if step.taken is None else asdict(step.taken),
        "bits": _bits(step.bits),
        "work": [[*work, count] for work, count in sorted(step.work_counts.items())],
    }


def _evaluation(found: Evaluation | None) -> dict[str, Any] | None:
    return None if found is None else {"rows": found.rows, "source": found.source}


def _bits(bits: Bits | None) -> dict[str, Any] | None:
    if bits is None:
        return None
    return {
        "weights": list(bits.weights.items()),
        "of_a_weight": round(bits.of_a_weight, 3),
        "stored_bytes": -(-bits.stored_bits // 8),
        "activations": bits.activations,
    }


def _of_step(numerics: Numerics | None, number: int) -> dict[str, Any] | None:
    """What a step costs in accuracy; None where it was not run."""
    step = None if numerics is None else numerics.steps.get(number)
    if step is None:
        return None
    return {"of_float": _deviation(step.of_float), "of_before": _deviation(step.of_before)}


def _deviation(deviation: Deviation | None) -> dict[str, Any] | None:
    if deviation is None:
        return None
    return {
        "is_equal": deviation.is_equal,
        "agreeing": deviation.agreeing,
        **_distance(deviation.distance),
    }


def _distance(distance: Distance) -> dict[str, Any]:
    return {"db": distance.decibels, "largest": f"{distance.largest:.3g}"}


def _noise(numerics: Numerics | None) -> dict[int, dict[int, list[dict[str, Any]]]]:
    """By step and by number of an op, its results with a distance for each layer."""
    steps = {} if numerics is None else numerics.steps
    return {
        number: {
            op: [
                {
                    "value": value.value,
                    "is_state": value.is_state,
                    "layers": [_distance(distance) for distance in value.layers],
                }
                for value in values
            ]
            for op, values in step.noise.items()
        }
        for number, step in steps.items()
        if step.noise
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
        "work": [strings.number(_work(step.work.get(n, ()))) for n in range(len(ops))],
        "kind": [int(link.kind) for link in of],
        "before": [_compact(link.before) for link in of],
    }


def _work(work: Sequence[Work]) -> str:
    """A line for each pattern: the pass, a space, and the pattern with its module."""
    return "\n".join(" ".join(one) for one in work)


def _compact(before: tuple[int, ...]) -> int | list[int]:
    if len(before) > 1:
        return list(before)
    return before[0] if before else -1


def _cpp(found: Exploration) -> Mapping[str, str]:
    files = found.hardware.files if found.hardware is not None else ()
    return {file.name: file.text for file in files}
