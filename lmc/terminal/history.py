"""The steps of a compile, and those that the user adds by running passes: a tree of modules."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from lmc.dialects.dataflow import TaskOp
from lmc.explorer import Exploration
from lmc.explorer.bits import Bits
from lmc.explorer.lineage import Kind, Link, links, scope_of
from lmc.explorer.steps import Step
from lmc.explorer.task_origins import TaskOrigins
from lmc.ir.levels import DATAFLOW


@dataclass(frozen=True)
class Entry:
    """A step and where it comes from.

    `before` is the number of the entry that its passes ran on, -1 for the first; `above` that of
    the last one above the tasks on the way to it, or -1. `links` is None until they are known.
    `is_own` says that the user ran the passes here.
    """

    step: Step
    before: int
    above: int = -1
    links: Sequence[Link] | None = None
    is_own: bool = False

    @cached_property
    def scopes(self) -> Sequence[int]:
        """For each op the number of the innermost op around it that has a symbol, -1 for none."""
        return scope_of(self.step.ops)


class History:
    """All entries: first those of the compile, in its order, then the user's."""

    def __init__(self, steps: Sequence[Step]):
        self.entries = [Entry(step, number - 1) for number, step in enumerate(steps)]
        self.compiled = len(steps)
        """How many entries are the compile's."""
        self._after: dict[int, Mapping[int, Sequence[int]]] = {}

    def explore(self, found: Exploration) -> None:
        """Take the links that were found for the compile's entries."""
        for number, known in enumerate(found.links):
            self.entries[number] = replace(self.entries[number], above=found.above, links=known)

    def made(self, before: int, step: Step) -> Entry:
        """What the user's passes made of an entry, with its links; for `add`."""
        above = self._above(before)
        made_of: Mapping[int, tuple[int, ...]] = {}
        if step.level == DATAFLOW and above >= 0:
            made_of = TaskOrigins(self.entries[above].step.ops).of(step.ops)
        known = links(self.entries[before].step.ops, step.ops, made_of)
        return Entry(step, before, above, known, is_own=True)

    def add(self, entry: Entry) -> int:
        """Add an entry of the user's; returns its number."""
        self.entries.append(entry)
        return len(self.entries) - 1

    def undo(self) -> Entry | None:
        """Take the user's last entry away; None if there is none."""
        if len(self.entries) == self.compiled:
            return None
        self._after.pop(len(self.entries) - 1, None)
        return self.entries.pop()

    def bits_before(self, entry: int) -> Bits | None:
        """The bits of the entry that an entry was made from; None for the first."""
        before = self.entries[entry].before
        return None if before < 0 else self.entries[before].step.bits

    def family(self, entry: int, ops: Set[int]) -> dict[int, set[int]]:
        """Ancestors and descendants of ops of an entry: by entry, the numbers of its ops.

        An entry on the way to this one, or made from it, is always there, if with no ops.
        """
        found: dict[int, set[int]] = {entry: set(ops)}
        at = entry
        while at >= 0:
            for op in found.setdefault(at, set()):
                self._add_ancestors(found, at, op)
            at = self.entries[at].before
        reached = {entry}
        for number in range(entry + 1, len(self.entries)):
            one = self.entries[number]
            if one.before in reached:
                reached.add(number)
                after = self.after(number)
                found[number] = {to for op in found[one.before] for to in after.get(op, ())}
                if one.above in reached:
                    found[number] |= self._tasks_for(number, found[one.above])
        return dict(sorted(found.items()))

    def after(self, entry: int) -> Mapping[int, Sequence[int]]:
        """By number of an op of the entry before, the ops that it became; tasks' origins aside."""
        if entry not in self._after:
            known, found = self.entries[entry].links, dict[int, list[int]]()
            if known is None:
                return {}
            for number, link in enumerate(known):
                if link.kind != Kind.ORIGIN:
                    for op in link.before:
                        found.setdefault(op, []).append(number)
            self._after[entry] = found
        return self._after[entry]

    def deed(self, entry: int, sets: Mapping[int, Set[int]]) -> str:
        """What the passes of an entry did with ops, as a word; "" for nothing."""
        one, ops = self.entries[entry], sets.get(entry, set())
        if one.before < 0:
            return "traced" if ops else ""
        kinds = {one.links[op].kind for op in ops} if one.links else set[Kind]()
        if kinds - {Kind.SAME, Kind.CHANGED}:
            return "made"
        if Kind.CHANGED in kinds:
            return "changed"
        after = self.after(entry)
        if any(op not in after for op in sets.get(one.before, set())):
            return "took away"
        return "kept" if kinds else ""

    def task_of(self, entry: int, op: int) -> int:
        """The task that an op is in or is, as its number in the entry; -1 for none."""
        ops, scopes = self.entries[entry].step.ops, self.entries[entry].scopes
        while op >= 0 and ops[op].name != TaskOp.name:
            op = scopes[op]
        return op

    def tasks_in(self, ops: Set[int]) -> list[str]:
        """The tasks of the compile's last step that ops of it are or are in, by name."""
        last = self.compiled - 1
        tasks = {self.task_of(last, op) for op in ops} - {-1}
        return [self.entries[last].step.ops[task].symbol for task in sorted(tasks)]

    def op_at(self, entry: int, line: int) -> int:
        """The op that begins in a line (from 0), or the one that ends there; -1 for none."""
        ops = self.entries[entry].step.ops
        ends = [number for number, op in enumerate(ops) if op.last == line]
        begins = (number for number, op in enumerate(ops) if op.line == line)
        return next(begins, ends[0] if ends else -1)

    def _above(self, entry: int) -> int:
        while entry >= 0:
            level = self.entries[entry].step.level
            if level is not None and level < DATAFLOW:
                return entry
            entry = self.entries[entry].before
        return -1

    def _add_ancestors(self, found: dict[int, set[int]], entry: int, op: int) -> None:
        one = self.entries[entry]
        if one.links is None:
            return
        link = one.links[op]
        to = one.above if link.kind == Kind.ORIGIN else one.before
        if link.before:
            found.setdefault(to, set()).update(link.before)
        if link.kind == Kind.NEW:
            # A new op of a task is made of what the task is for.
            task = self.task_of(entry, op)
            if task not in (-1, op):
                self._add_ancestors(found, entry, task)

    def _tasks_for(self, entry: int, above: Set[int]) -> set[int]:
        """The tasks of an entry that are for ops of the last one above the tasks."""
        return {
            number
            for number, link in enumerate(self.entries[entry].links or ())
            if link.kind == Kind.ORIGIN and not above.isdisjoint(link.before)
        }
