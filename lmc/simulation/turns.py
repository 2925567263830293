"""What one access point of a pipeline does, iteration after iteration, as a small tree of runs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from lmc.dataflow.timed import Iteration, Pipeline, TimedLeaf, access_points
from lmc.dataflow.trips import Access, Nodes, Repeat

Group: TypeAlias = tuple[Access, ...]
"""Accesses that happen together."""


@dataclass(frozen=True)
class Run:
    """`count` iterations after each other with the same accesses; an empty group: none."""

    group: Group
    count: int


Turns: TypeAlias = Nodes[Run]


def turns_by_offset(pipeline: Pipeline) -> dict[int, Turns]:
    """The turns of each access point, by its offset in the iteration, in order of offsets."""
    points = _Points(pipeline)
    offsets = {offset for groups in points.groups.values() for offset in groups}
    return {offset: tuple(points.turns(pipeline.rounds, offset)) for offset in sorted(offsets)}


class _Points:
    def __init__(self, pipeline: Pipeline):
        self.groups: dict[Iteration, dict[int, Group]] = {}
        self._collect(pipeline, pipeline.rounds)

    def _collect(self, pipeline: Pipeline, nodes: Iterable[TimedLeaf | Repeat[TimedLeaf]]) -> None:
        for node in nodes:
            if isinstance(node, Repeat):
                self._collect(pipeline, node.body)
            elif isinstance(node, Iteration) and node not in self.groups:
                groups: dict[int, Group] = {}
                for offset, access in access_points(pipeline, node):
                    groups[offset] = (*groups.get(offset, ()), access)
                self.groups[node] = groups

    def turns(
        self, nodes: Iterable[TimedLeaf | Repeat[TimedLeaf]], offset: int
    ) -> list[Run | Repeat[Run]]:
        """The turns of the point at an offset, as few nodes as are easily found."""
        found: list[Run | Repeat[Run]] = []
        for node in nodes:
            new: list[Run | Repeat[Run]] = []
            if isinstance(node, Repeat):
                new = _repeated(node.count, self.turns(node.body, offset))
            elif isinstance(node, Iteration):
                new = [Run(self.groups[node].get(offset, ()), 1)]
            _append(found, new)
        return found


def _repeated(count: int, body: list[Run | Repeat[Run]]) -> list[Run | Repeat[Run]]:
    if count == 1 or not body:
        return body
    only = body[0]
    if len(body) > 1:
        return [Repeat("", count, tuple(body))]
    if isinstance(only, Run):
        return [Run(only.group, count * only.count)]
    return [Repeat("", count * only.count, only.body)]


def _append(found: list[Run | Repeat[Run]], new: list[Run | Repeat[Run]]) -> None:
    if found and new:
        before, after = found[-1], new[0]
        if isinstance(before, Run) and isinstance(after, Run) and before.group == after.group:
            found[-1] = Run(before.group, before.count + after.count)
            new = new[1:]
    found += new
