"""Timed traces as the core's programs: instructions, groups of accesses, pipelines, bursts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lmc.dataflow.timed import (
    Burst,
    Cycles,
    Pipeline,
    TimedLeaf,
    TimedTrace,
    unblocked_cycles,
)
from lmc.dataflow.timed import iterations as count_iterations
from lmc.dataflow.trips import Access, Repeat
from lmc.simulation import core
from lmc.simulation import layout as at
from lmc.simulation.turns import Group, Turns, turns_by_offset


@dataclass
class Entry:
    """A task's program begins at instruction `start`.

    Its widest pipeline has `points` access points; `marks` rounds of its outermost loops are
    marked; `rounds` are those of the outer levels of loops.
    """

    start: int
    points: int = 0
    marks: int = 0
    rounds: int = 0

    @property
    def pairs(self) -> int:
        """Pairs of access points."""
        return self.points * (self.points - 1) // 2


@dataclass
class Programs:
    """The programs of tasks: instructions, and tables that they refer to by number.

    `fifos` numbers streams, `ports` pairs of a task and a bank. Groups are pairs of a FIFO and
    whether it is written; a pipeline is a row of the core's record; a point's turns are its
    offset and its first instruction.
    """

    fifos: Mapping[str, int]
    ports: Mapping[tuple[str, str], int]
    depth: int = 1
    """Most loops around an instruction."""
    flight: int = 1
    """Most iterations between two points of a pipeline."""
    code: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])
    groups: dict[tuple[tuple[int, int], ...], int] = field(
        default_factory=dict[tuple[tuple[int, int], ...], int]
    )
    pipelines: list[tuple[int, int, int, int, int]] = field(
        default_factory=list[tuple[int, int, int, int, int]]
    )
    turns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    bursts: dict[tuple[int, int, int], int] = field(default_factory=dict[tuple[int, int, int], int])
    _numbers: dict[Pipeline, int] = field(default_factory=dict[Pipeline, int])

    def add(self, task: str, trace: TimedTrace) -> Entry:
        """Adds a task's program, after those of its pipelines' points."""
        points = self._add_pipelines(trace)
        entry = Entry(len(self.code), points)
        has_port = any(name == task for name, _ in self.ports)
        self._emit(task, entry, trace, 0, has_port)
        self.code.append((at.END, 0, 0))
        return entry

    # Pipelines

    def _add_pipelines(self, trace: TimedTrace) -> int:
        """Adds those of a trace; the most points of one."""
        most = 0
        for node in trace:
            if isinstance(node, Repeat):
                most = max(most, self._add_pipelines(node.body))
            elif isinstance(node, Pipeline):
                if node not in self._numbers:
                    self._numbers[node] = self._add_pipeline(node)
                most = max(most, self._points(node))
        return most

    def _points(self, pipeline: Pipeline) -> int:
        return self.pipelines[self._numbers[pipeline]][at.POINTS]

    def _add_pipeline(self, pipeline: Pipeline) -> int:
        turns = turns_by_offset(pipeline)
        offsets, first = list(turns), len(self.turns)
        for offset in offsets:
            self.turns.append((offset, len(self.code)))
            self._emit_turns(turns[offset], 1)
            self.code.append((at.END, 0, 0))
        reach = offsets[-1] - offsets[0] if offsets else 0
        self.flight = max(self.flight, reach // pipeline.ii + 2)
        count = count_iterations(pipeline.rounds)
        self.pipelines.append((pipeline.ii, pipeline.latency, count, len(offsets), first))
        return len(self.pipelines) - 1

    def _emit_turns(self, turns: Turns, depth: int) -> None:
        self.depth = max(self.depth, depth)
        for node in turns:
            if isinstance(node, Repeat):
                self._emit_loop(node.count)
                start = len(self.code)
                self._emit_turns(node.body, depth + 1)
                self.code.append((at.NEXT, start, depth))
            elif node.group:
                self.code.append((at.RUN, self._group(node.group), node.count))
            else:
                self.code.append((at.GAP, node.count, 0))

    def _group(self, group: Group) -> int:
        key = tuple((self.fifos[access.stream], int(access.written)) for access in group)
        return self.groups.setdefault(key, len(self.groups))

    # Statements

    def _emit(
        self, task: str, entry: Entry, trace: TimedTrace, depth: int, marked: bool, around: int = 1
    ) -> None:
        self.depth = max(self.depth, depth)
        for node in trace:
            if not isinstance(node, Repeat):
                self._emit_leaf(task, node)
                continue
            self._emit_loop(node.count)
            start, rounds = len(self.code), around * node.count
            # Parts of one loop that take turns are folded into a loop that is none of the text.
            folded = all(
                isinstance(part, Repeat) and part.label == node.label for part in node.body
            )
            self._emit(task, entry, node.body, depth + 1, marked and folded, rounds)
            if marked and not folded:
                self.code.append((at.MARK, 0, 0))
                entry.marks += rounds
            if depth < core.OUTER:
                entry.rounds += rounds
            self.code.append((at.NEXT, start, depth))

    def _emit_loop(self, count: int) -> None:
        self.code.append((at.LOOP, count, 0))

    def _emit_leaf(self, task: str, node: TimedLeaf) -> None:
        if isinstance(node, Access):
            self.code.append((at.ACCESS, self._group((node,)), 0))
        elif isinstance(node, Burst):
            key = (self.ports[task, node.bank], node.length, self.fifos[node.access.stream])
            number = self.bursts.setdefault(key, len(self.bursts))
            self.code.append((at.BURST, number, 0))
        elif isinstance(node, Pipeline) and self._points(node):
            self.code.append((at.PIPELINE, self._numbers[node], 0))
        else:
            assert isinstance(node, Cycles | Pipeline)
            self.code.append((at.WAIT, unblocked_cycles((node,)), 0))
