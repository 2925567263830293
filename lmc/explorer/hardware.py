"""What became of a design in hardware: tasks, streams, their C++, cycles, waits and resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lmc.backends.hls.printer import design_instances, find_design
from lmc.backends.schedule import design_resources
from lmc.dataflow.graph import DesignGraph, TaskNode, design_graph
from lmc.dataflow.resources.budget import budget_rows, excess
from lmc.dataflow.resources.budget import source_of as resources_source
from lmc.design.folder import SCHEDULE, Design
from lmc.design.modules import design_module
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, StreamOp, StreamType
from lmc.explorer.cpp import CppFile, Place, read_kernels
from lmc.explorer.layout import Layout, lay_out
from lmc.ir.levels import DATAFLOW
from lmc.simulation.launch import Launch
from lmc.simulation.limits import limits
from lmc.simulation.report import figure_rows, longest_wait, source_of
from lmc.simulation.steady import steady_launch

_PROMPT = 16
"""Tokens of the prompt of the launch that is simulated, as `lmc simulate` has them."""


@dataclass(frozen=True)
class TaskFigures:
    """A task in the simulated launch; all but `occupancy` in cycles.

    `decode_cycles` are those of a new token without waits, `occupancy` their share of its time.
    """

    decode_cycles: int
    occupancy: float
    waited: int
    longest_wait: str
    longest_wait_cycles: int


@dataclass(frozen=True)
class Task:
    """A task: where its C++ is, its loops as in schedule.json, resources by kind, figures."""

    name: str
    kernel: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    cpp: Place | None
    loops: Sequence[Mapping[str, Any]]
    resources: Mapping[str, float]
    figures: TaskFigures | None


@dataclass(frozen=True)
class StreamFigures:
    """A stream in the simulated launch; `empty` and `full` are cycles waited at its ends."""

    elements: int
    most: int
    empty: int
    full: int


@dataclass(frozen=True)
class Stream:
    """A FIFO: bits of an element, depth in elements, the tasks at its ends, resources."""

    name: str
    bits: int
    depth: int | None
    producer: str | None
    consumer: str | None
    resources: Mapping[str, float]
    figures: StreamFigures | None


@dataclass(frozen=True)
class Simulation:
    """The launch: (figure, value, label) for reading."""

    rows: Sequence[tuple[str, str, str]]
    label: str
    cycles: int
    prompt_length: int
    new_tokens: int


@dataclass(frozen=True)
class Hardware:
    """A design at the dataflow level. `not_simulated` says why, where there is no simulation.

    `budget` has (resource, used, budget, share) with one label for all.
    """

    tasks: tuple[Task, ...]
    streams: tuple[Stream, ...]
    files: tuple[CppFile, ...]
    layout: Layout
    simulation: Simulation | None
    not_simulated: str
    limits: Sequence[str]
    budget: Sequence[tuple[str, float, float, str]]
    budget_label: str
    excess: str | None


def read_hardware(folder: Design, plugins: Sequence[Path] = ()) -> Hardware:
    """Reads and simulates a design of the dataflow level; `plugins` as for `design_module`.

    Raises LmcError where the folder lacks a part of what the compile wrote.
    """
    module = design_module(folder, DATAFLOW, plugins)
    design, graph = find_design(module), design_graph(find_design(module))
    loops = folder.loops
    if loops is None:
        raise LmcError(f"the design {folder.path} lacks {SCHEDULE}; compile the model again")
    launch, why_not = _simulated(design, folder)
    resources = design_resources(design, folder.target)
    functions = {
        instance.task.sym_name.data: (kernel, instance.function)
        for kernel, instances in design_instances(design).items()
        for instance in instances
    }
    files, places = read_kernels(folder.path, functions)
    return Hardware(
        tasks=tuple(
            Task(
                node.name,
                node.kernel,
                node.reads,
                node.writes,
                places.get(node.name),
                _loops_of(folder, loops, node),
                resources["kernels"][node.kernel][node.name],
                None if launch is None else _figures(launch, node),
            )
            for node in graph.tasks
        ),
        streams=tuple(_stream(graph, name, resources, launch) for name in graph.streams),
        files=files,
        layout=lay_out(graph),
        simulation=None if launch is None else _simulation(launch),
        not_simulated=why_not,
        limits=() if launch is None else limits(launch),
        budget=[row[:4] for row in budget_rows(resources)],
        budget_label=resources_source(resources),
        excess=excess(resources),
    )


def _loops_of(
    folder: Design, loops: Mapping[str, Any], node: TaskNode
) -> Sequence[Mapping[str, Any]]:
    found = loops.get(node.kernel, {}).get(node.name)
    if found is None:
        raise LmcError(
            f"{SCHEDULE} of {folder.path} has no task {node.name}; `lmc verify` says what was "
            "changed"
        )
    return found


def _simulated(design: DesignOp, folder: Design) -> tuple[Launch | None, str]:
    """A launch until tokens take equally long; or None, and why there is none."""
    try:
        return steady_launch(design, folder.target, _PROMPT), ""
    except LmcError as error:
        return None, str(error)


def _figures(launch: Launch, node: TaskNode) -> TaskFigures:
    what, cycles = longest_wait(launch, node.name)
    return TaskFigures(
        launch.decode_cycles[node.name],
        launch.occupancy(node.name),
        launch.result.tasks[node.name].waited,
        what,
        cycles,
    )


def _stream(
    graph: DesignGraph, name: str, resources: Mapping[str, Any], launch: Launch | None
) -> Stream:
    op: StreamOp = graph.streams[name]
    assert isinstance(op.result.type, StreamType)
    producers, consumers = graph.producers(name), graph.consumers(name)
    use = None if launch is None else launch.result.streams[name]
    return Stream(
        name,
        op.result.type.element_type.width.data,
        None if op.depth is None else op.depth.value.data,
        producers[0].name if producers else None,
        consumers[0].name if consumers else None,
        resources["streams"].get(name, {}),
        None if use is None else StreamFigures(use.elements, use.most, use.empty, use.full),
    )


def _simulation(launch: Launch) -> Simulation:
    return Simulation(
        rows=figure_rows(launch),
        label=source_of(launch),
        cycles=launch.result.cycles,
        prompt_length=launch.prompt_length,
        new_tokens=launch.new_tokens,
    )
