"""Which pattern made or changed which op of the IR files of a design."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from xdsl.ir import Operation
from xdsl.passes import ModulePass

from lmc.ir.rewriting import RewriteLog


@dataclass(frozen=True)
class Rewrite:
    """A pattern that a pass has applied to ops; `number` is the pass's in the pipeline, from 1."""

    number: int
    pass_name: str
    pattern: str


Rewrites = dict[Rewrite, list[int]]
"""The ops of a module that are a pattern's work, by their numbers in the order of its text."""


@dataclass
class RewriteRecord:
    """What a log has noted of the ops of a module, over all passes."""

    log: RewriteLog = field(default_factory=RewriteLog)
    _known: WeakKeyDictionary[Operation, list[Rewrite]] = field(
        default_factory=WeakKeyDictionary[Operation, list[Rewrite]]
    )

    def add(self, number: int, one: ModulePass | None) -> None:
        """A pass has ended: what was noted is its work."""
        for op, patterns in self.log.take().items():
            found = self._known.setdefault(op, [])
            found += (Rewrite(number, one.name if one else "", name) for name in patterns)

    def of(self, ops: Sequence[Operation]) -> Rewrites:
        """The work of all patterns so far that is left in a module, whose text has these ops."""
        found: Rewrites = {}
        for number, op in enumerate(ops):
            for rewrite in self._known.get(op, ()):
                found.setdefault(rewrite, []).append(number)
        return found


def rewrites_json(files: Iterable[tuple[str, int, Rewrites]]) -> str:
    """The record of IR files, given in order with the number of the last pass and all rewrites.

    For each file its passes since the file before, for each of them its patterns, and for each of
    these runs of ops: the first one's number and how many there are.
    """
    record: dict[str, dict[str, dict[str, list[tuple[int, int]]]]] = {}
    before = 0
    for file, number, rewrites in files:
        passes: dict[str, dict[str, list[tuple[int, int]]]] = {}
        for rewrite, ops in rewrites.items():
            if before < rewrite.number <= number:
                own = passes.setdefault(rewrite.pass_name, {})
                # A pass can be in a pipeline twice.
                own[rewrite.pattern] = sorted({*own.get(rewrite.pattern, ()), *_runs(ops)})
        if passes:
            record[file] = passes
        before = number
    return json.dumps(record, separators=(",", ":"), sort_keys=True) + "\n"


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and sum(runs[-1]) == number:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        else:
            runs.append((number, 1))
    return runs
