"""Where tasks are in the picture of the dataflow graph: a box for each kernel, columns by depth.

The column of a task is the length of the longest path to it within its kernel, streams that go back
left out (layers in the manner of Sugiyama, Tagawa and Toda, 1981). In a column of a box, tasks are
in the order of the mean row of what feeds them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import networkx

from lmc.dataflow.graph import DesignGraph

_MOST_COLUMNS = 9
"""Columns of the picture; a kernel that is deeper goes on in rows below, as text does."""


@dataclass(frozen=True)
class Box:
    """A kernel's box: its place, its size, and how many boxes' titles are above its first row."""

    kernel: str
    column: int
    row: int
    columns: int
    rows: int
    titles: int


@dataclass(frozen=True)
class Layout:
    """Columns and rows of tasks by name, and the boxes of kernels."""

    places: Mapping[str, tuple[int, int]]
    boxes: tuple[Box, ...]


def lay_out(graph: DesignGraph) -> Layout:
    """Places for all tasks of a design; the same for the same design."""
    columns = _columns(graph)
    feeders: dict[str, list[str]] = defaultdict(list)
    for task in graph.tasks:
        for stream in task.reads:
            feeders[task.name] += [node.name for node in graph.producers(stream)]
    places: dict[str, tuple[int, int]] = {}
    boxes: list[Box] = []
    for kernel in dict.fromkeys(task.kernel for task in graph.tasks):
        cells: dict[int, list[str]] = defaultdict(list)
        for task in graph.tasks:
            if task.kernel == kernel:
                cells[columns[task.name]].append(task.name)
        inside = _fold(cells, feeders)
        width, height = (1 + max(place[axis] for place in inside.values()) for axis in (0, 1))
        box = _next_box(boxes, kernel, width, height)
        boxes.append(box)
        places |= {name: (box.column + x, box.row + y) for name, (x, y) in inside.items()}
    return Layout(places, tuple(boxes))


def _fold(
    cells: Mapping[int, list[str]], feeders: Mapping[str, list[str]]
) -> dict[str, tuple[int, int]]:
    """The places of a kernel's tasks in its box, by the tasks of each of its columns."""
    places: dict[str, tuple[int, int]] = {}
    for start in range(0, max(cells) + 1, _MOST_COLUMNS):
        top = 1 + max((row for _, row in places.values()), default=-1)
        for column in range(start, min(start + _MOST_COLUMNS, max(cells) + 1)):
            names = sorted(cells[column], key=lambda name: _mean_row(feeders.get(name, []), places))
            places |= {name: (column - start, top + row) for row, name in enumerate(names)}
    return places


def _next_box(boxes: list[Box], kernel: str, width: int, height: int) -> Box:
    """The next kernel's box: beside the last one where there is room, else below all."""
    if boxes and boxes[-1].column + boxes[-1].columns + width <= _MOST_COLUMNS:
        last = boxes[-1]
        return Box(kernel, last.column + last.columns, last.row, width, height, last.titles)
    row = max((box.row + box.rows for box in boxes), default=0)
    titles = boxes[-1].titles + 1 if boxes else 1
    return Box(kernel, 0, row, width, height, titles)


def _columns(graph: DesignGraph) -> dict[str, int]:
    """Longest paths within kernels, without the streams that close circles."""
    order = {task.name: number for number, task in enumerate(graph.tasks)}
    arrows: networkx.DiGraph[str] = networkx.DiGraph()
    arrows.add_nodes_from(order)
    for stream in graph.streams:
        for producer in graph.producers(stream):
            arrows.add_edges_from(
                (producer.name, node.name)
                for node in graph.consumers(stream)
                if node.kernel == producer.kernel
            )
    _break_circles(arrows, order)
    columns: dict[str, int] = {}
    for name in networkx.lexicographical_topological_sort(arrows, key=order.__getitem__):
        columns[name] = max((columns[one] + 1 for one in arrows.predecessors(name)), default=0)
    return columns


def _break_circles(arrows: "networkx.DiGraph[str]", order: Mapping[str, int]) -> None:
    """Take out the arrows that a depth-first search in the order of the text finds to go back."""
    done: set[str] = set()
    for root in order:
        if root in done:
            continue
        path = [root]
        on_path = {root}
        branches = [iter(sorted(arrows.successors(root), key=order.__getitem__))]
        while path:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                done.add(name := path.pop())
                on_path.discard(name)
            elif following in on_path:
                arrows.remove_edge(path[-1], following)
            elif following not in done:
                path.append(following)
                on_path.add(following)
                branches.append(iter(sorted(arrows.successors(following), key=order.__getitem__)))


def _mean_row(feeders: list[str], places: Mapping[str, tuple[int, int]]) -> float:
    rows = [places[name][1] for name in feeders if name in places]
    return sum(rows) / len(rows) if rows else 0
