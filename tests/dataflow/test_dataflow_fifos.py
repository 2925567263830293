"""FIFO sizing against a plain simulation of the same network."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence

import pytest
from design_builder import DesignBuilder
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.backends.hls.printer import find_design
from lmc.dataflow import library
from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.fifos import bridges, deadlock_free_depths, latency_slack
from lmc.dataflow.graph import design_graph
from lmc.dataflow.network import Network
from lmc.dataflow.trips import Access, AccessTracer, Repeat, Trace
from lmc.dataflow.values import last
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import si, ui
from lmc.lint import findings
from lmc.passes.size_fifos import size_by_order


def steps(trace: Sequence[Access | Repeat]) -> Iterator[Access]:
    for node in trace:
        if isinstance(node, Access):
            yield node
            continue
        for _ in range(node.count):
            yield from steps(node.body)


def ends(traces: Mapping[str, Trace], capacity: Mapping[str, int]) -> bool:
    """Whether the network comes to its end, one access at a time."""
    fill = dict.fromkeys(capacity, 0)
    running = {name: steps(trace) for name, trace in traces.items()}
    pending = {name: next(run, None) for name, run in running.items()}
    progress = True
    while progress:
        progress = False
        for name, access in pending.items():
            while access is not None and (
                fill[access.stream] < capacity[access.stream]
                if access.written
                else fill[access.stream] > 0
            ):
                fill[access.stream] += 1 if access.written else -1
                access = next(running[name], None)
                progress = True
            pending[name] = access
    return all(access is None for access in pending.values())


def matrix_engine(layers: int, rows: int, width: int) -> ModuleOp:
    """A rolled layer: weights and activations into a matrix unit, a bypass, and feedback."""
    design = DesignBuilder("engine")
    n = design.scalar("n", examples=(1, 2))
    bank = design.bank("w", words=layers * rows * width)
    weights = design.stream("weights", ui(512))
    activations, results = design.stream("activations", si(16)), design.stream("results", si(16))
    with (
        design.kernel("reader") as kernel,
        kernel.task("fetch") as task,
        task.nest([("t", n), ("l", layers)], pipeline=False) as (_, layer),
    ):
        task.burst_read(bank, layer * (rows * width), rows * width, weights)
    with design.kernel("vector") as kernel, kernel.task("residual") as task:
        held = task.buffer("held", si(16), (rows,))
        with task.nest([("t", n), ("l", layers)], pipeline=False):
            with task.loop("send", rows, pipeline=True) as i:
                task.write(activations, held[i])
            with task.loop("take", rows, pipeline=True) as i:
                held[i] = task.read(results)
    loops = [("t", n), ("l", layers), ("i", rows)]
    with design.kernel("matrix") as kernel:
        main, bypass, sums = (kernel.stream(name, si(16)) for name in ("main", "bypass", "sums"))
        library.fork(kernel, "split", activations, [main, bypass], loops)
        with kernel.task("multiply") as task:
            vector = task.buffer("vector", si(16), (rows,))
            with task.nest(loops[:2], pipeline=False):
                with task.loop("load", rows, pipeline=True) as i:
                    vector[i] = task.read(main)
                with task.nest([("row", rows), ("word", width)]) as (row, word):
                    task.read(weights)
                    with task.when(last(word, width)):
                        task.write(sums, vector[row])
        with kernel.task("add") as task, task.nest(loops):
            task.write(results, (task.read(sums) + task.read(bypass)).rss(1, si(16)))
    return design.module()


def test_depths_are_enough_and_little_more() -> None:
    design = find_design(matrix_engine(layers=3, rows=40, width=3))
    size_by_order(design, start=2)
    graph = design_graph(design)
    depths = {name: op.depth.value.data for name, op in graph.streams.items() if op.depth}
    traces = DesignTracer(graph.tasks, AccessTracer).trace({"n": 2})
    assert ends(traces, depths)
    assert not ends(traces, {**depths, "bypass": 30})
    # Those between kernels have the least depth that the linker makes.
    assert {name for name, depth in depths.items() if depth > 2} == {
        *("bypass", "weights", "activations", "results")
    }
    assert {depths[name] for name in ("weights", "activations", "results")} == {16}
    assert depths["bypass"] <= 45
    rates = graph.streams["weights"].rate
    assert rates is not None
    assert [rate.value.data for rate in rates.data] == [360, 720]


def test_a_sized_design_that_stops_is_refused() -> None:
    design = find_design(matrix_engine(layers=3, rows=40, width=3))
    size_by_order(design, start=2)
    assert list(findings(design)) == []
    design_graph(design).streams["bypass"].depth = IntegerAttr(30, i64)
    assert [found.sentence for found in findings(design)] == [
        f"stream bypass has depth 30, with which the design stops for n = {n}: run size-fifos"
        for n in (1, 2)
    ]


def test_a_model_of_130m_parameters_takes_seconds() -> None:
    design = find_design(matrix_engine(layers=24, rows=768, width=54))
    start = time.process_time()
    size_by_order(design)
    assert time.process_time() - start < 10


def random_trace(source: random.Random, streams: list[Access], depth: int) -> Trace:
    nodes: list[Access | Repeat] = []
    for _ in range(source.randrange(1, 4)):
        if depth and source.random() < 0.6:
            body = random_trace(source, streams, depth - 1)
            nodes.append(Repeat("", source.randrange(1, 30), body))
        else:
            nodes.append(source.choice(streams))
    return tuple(nodes)


@pytest.mark.parametrize("seed", range(40))
def test_fast_network_agrees_with_plain_simulation(seed: int) -> None:
    """Random traces, mostly unbalanced: both stop at the same place, or both come to the end."""
    source = random.Random(seed)
    traces = {
        "a": random_trace(source, [Access("x", True), Access("y", False)], 3),
        "b": random_trace(source, [Access("x", False), Access("z", True)], 3),
        "c": random_trace(source, [Access("z", False), Access("y", True)], 3),
    }
    capacity = {name: source.randrange(1, 40) for name in "xyz"}
    network = Network(dict(capacity))
    network.load(traces)
    blocked = network.run()
    assert (not blocked) == ends(traces, capacity)


def test_true_deadlock_is_named() -> None:
    design = DesignBuilder("d")
    x, y = design.stream("x", si(8)), design.stream("y", si(8))
    for name, source, sink in (("first", x, y), ("second", y, x)):
        with design.kernel(name) as kernel, kernel.task(f"{name}_task") as task:
            task.write(sink, task.read(source))
    found = find_design(design.module())
    with pytest.raises(LmcError, match="task first_task waits to read stream x, task second_task"):
        size_by_order(found)


def test_slack_is_what_the_longer_way_takes_longer() -> None:
    design = DesignBuilder("d")
    x = design.stream("x", si(8))
    names = ("a", "b", "a_late", "a_later", "y")
    with design.kernel("k") as kernel:
        a, b, late, later, y = (kernel.stream(name, si(8)) for name in names)
        library.fork(kernel, "split", x, [a, b], [("i", 9)])
        library.fork(kernel, "one", a, [late], [("j", 9)])
        library.fork(kernel, "two", late, [later], [("k", 9)])
        with kernel.task("join") as task, task.loop("m", 9):
            task.write(y, task.read(later).max(task.read(b)))
    graph = design_graph(find_design(design.module()))
    latency = {"a": 1, "b": 1, "a_late": 20, "a_later": 30, "y": 5}
    assert latency_slack(graph, latency) == {"a": 0, "a_late": 0, "a_later": 0, "b": 50}
    depths = deadlock_free_depths(graph, {"split": ()}, dict.fromkeys(graph.streams, 2))
    assert set(depths.values()) == {2}


def test_streams_that_are_the_only_way_are_left_alone() -> None:
    design = find_design(matrix_engine(layers=2, rows=8, width=2))
    graph = design_graph(design)
    assert bridges(graph) == {"weights"}
