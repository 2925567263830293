"""Where tasks are in the picture of the dataflow graph: a band for each kernel, columns by depth.

The column of a task is the length of the longest path to it within its kernel, streams that go back
left out (layers in the manner of Sugiyama, Tagawa and Toda, 1981). In a column of a band, tasks are
in the order of the mean row of what feeds them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import networkx

from lmc.dataflow.graph import DesignGraph


@dataclass(frozen=True)
class Band:
    """A kernel's band: its first row, and how many it has."""

    kernel: str
    first: int
    rows: int


@dataclass(frozen=True)
class Layout:
    """Columns and rows of tasks by name, and the bands of kernels from top to bottom."""

    places: Mapping[str, tuple[int, int]]
    bands: tuple[Band, ...]
    columns: int


def lay_out(graph: DesignGraph) -> Layout:
    """Places for all tasks of a design; the same for the same design."""
    columns = _columns(graph)
    feeders: dict[str, list[str]] = defaultdict(list)
    for task in graph.tasks:
        for stream in task.reads:
            feeders[task.name] += [node.name for node in graph.producers(stream)]
    kernels = dict.fromkeys(task.kernel for task in graph.tasks)
    places: dict[str, tuple[int, int]] = {}
    bands: list[Band] = []
    first = 0
    for kernel in kernels:
        cells: dict[int, list[str]] = defaultdict(list)
        for task in graph.tasks:
            if task.kernel == kernel:
                cells[columns[task.name]].append(task.name)
        for column in sorted(cells):
            names = sorted(cells[column], key=lambda name: _mean_row(feeders[name], places, first))
            places |= {name: (column, first + row) for row, name in enumerate(names)}
        rows = max(len(names) for names in cells.values())
        bands.append(Band(kernel, first, rows))
        first += rows
    return Layout(places, tuple(bands), max(columns.values(), default=0) + 1)


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


def _mean_row(feeders: list[str], places: Mapping[str, tuple[int, int]], default: int) -> float:
    rows = [places[name][1] for name in feeders if name in places]
    return sum(rows) / len(rows) if rows else default
