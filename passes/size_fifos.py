"""size-fifos: depths of all streams, from what the tasks do to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.ir import Operation

from lmc.allocation import allocation_of
from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.fifos import START_DEPTH, deadlock_free_depths, latency_slack
from lmc.dataflow.graph import (
    DesignGraph,
    design_graph,
    scalar_examples,
    stream_accesses,
    stream_name,
)
from lmc.dataflow.links import set_possible_depth
from lmc.dataflow.resources import DesignResources, estimate, stream_kind, stream_resources
from lmc.dataflow.schedule import is_scheduled
from lmc.dataflow.stages import by_stages, unstopped_depths
from lmc.dataflow.trips import AccessTracer, Totals, Trace, count_accesses
from lmc.diagnostics import UsageError
from lmc.dialects.dataflow import (
    DesignOp,
    KernelOp,
    StreamOp,
    StreamType,
    loop_of,
)
from lmc.ir.attributes import ALLOCATION
from lmc.ir.pass_base import LmcPass
from lmc.simulation import Simulator
from lmc.simulation.sizing import Fifo, throughput_depths
from lmc.targets import Target, load_target


@dataclass(frozen=True)
class SizeFifos(LmcPass):
    """Sets `depth` and `rate` of each stream, and what it is made of.

    If the module has an allocation and schedule-loops has been run, the launch that the scalars'
    first examples say is simulated: depths are such that it is as fast as with FIFOs that never
    fill (see `lmc.simulation.sizing`), and that the launches of the other examples do not stop
    either (see `lmc.dataflow.stages`). Otherwise they are such that no example stops, as far as the
    order of accesses in the text tells, plus the latency by which other ways to the same task are
    longer. No depth is below `start`, or the depth that a stream has already.

    A stream between kernels gets the next depth that the linker can make (see
    `lmc.dataflow.links`), which decides what it is made of. A FIFO inside of a kernel is made of
    what takes the smallest share of the target's budget, if the module has an allocation and so a
    target.
    """

    name = "size-fifos"

    start: int = START_DEPTH
    """The depth of a stream that nothing asks more of."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Size the FIFOs of each design; raises LmcError where a design would stop at any depth."""
        if self.start < 1:
            raise UsageError(f"size-fifos: start={self.start} is no depth; it is at least 1")
        target = load_target(allocation_of(op).target) if ALLOCATION in op.attributes else None
        for design in op.ops:
            if not isinstance(design, DesignOp):
                continue
            if target is not None and is_scheduled(design):
                size_by_simulation(design, target, self.start)
            else:
                size_by_order(design, self.start)
            if target is not None:
                _implement(design, target)


def size_by_simulation(design: DesignOp, target: Target, start: int = START_DEPTH) -> None:
    """Set depth and rate of a scheduled design's streams. Raises LmcError as SizeFifos does."""
    graph = design_graph(design)
    fifos = {
        name: Fifo(_bits(op), start)
        if op.depth is None
        else Fifo(_bits(op), op.depth.value.data, is_given=True)
        for name, op in graph.streams.items()
    }
    settings = scalar_examples(design)
    simulator = Simulator(design, target, settings[0])
    depths = throughput_depths(simulator, fifos, _Room(design, graph, target).holds)
    launches = list(map(simulator.traces, settings))
    for traces in launches[1:]:
        depths = unstopped_depths(graph, traces, depths)
    totals = [
        count_all({task: by_stages(trace) for task, trace in traces.items()}) for traces in launches
    ]
    _set(graph, depths, totals)


@dataclass(frozen=True)
class _Room:
    """What a target has room for."""

    design: DesignOp
    graph: DesignGraph
    target: Target

    def holds(self, depths: Mapping[str, int]) -> bool:
        """Whether the design fits with FIFOs of these depths, which its streams then have."""
        streams = self.graph.streams
        for name, stream in streams.items():
            set_possible_depth(stream, depths[name])
        sizes = {name: stream_resources(op, self.target) for name, op in streams.items()}
        return replace(self._resources, streams=sizes).over(self.target.budget()) is None

    @cached_property
    def _resources(self) -> DesignResources:
        """What all but the streams takes does not depend on depths."""
        return estimate(self.design, self.target)


def size_by_order(design: DesignOp, start: int = START_DEPTH) -> None:
    """Set depth and rate of each stream of a design. Raises LmcError as SizeFifos does."""
    graph = design_graph(design)
    depths = {
        name: start if op.depth is None else op.depth.value.data
        for name, op in graph.streams.items()
    }
    all_totals: list[Totals] = []
    tracer = DesignTracer(graph.tasks, AccessTracer)
    for traces in map(tracer.trace, scalar_examples(design)):
        depths = deadlock_free_depths(graph, traces, depths)
        all_totals.append(count_all(traces))
    extra = latency_slack(graph, stream_latencies(graph))
    _set(graph, {name: depth + extra.get(name, 0) for name, depth in depths.items()}, all_totals)


def count_all(traces: Mapping[str, Trace]) -> Totals:
    """All accesses of all tasks."""
    return count_accesses(node for trace in traces.values() for node in trace)


def _set(graph: DesignGraph, depths: Mapping[str, int], all_totals: Sequence[Totals]) -> None:
    for name, stream in graph.streams.items():
        set_possible_depth(stream, depths[name])
        rates = [IntegerAttr(totals.get((name, True), 0), i64) for totals in all_totals]
        stream.rate = ArrayAttr(rates)


def _bits(stream: StreamOp) -> int:
    assert isinstance(stream.result.type, StreamType)
    return stream.result.type.element_type.width.data


def _implement(design: DesignOp, target: Target) -> None:
    for stream in design.walk():
        if isinstance(stream, StreamOp) and isinstance(stream.parent_op(), KernelOp):
            stream.impl = StringAttr(stream_kind(stream, target))


def stream_latencies(graph: DesignGraph) -> dict[str, int]:
    """Cycles of the pipelined loop that writes each stream, where schedule-loops has set them."""
    latencies: dict[str, int] = {}
    for task in graph.tasks:
        for op in task.op.body.block.walk():
            for stream, written in stream_accesses(op):
                if written:
                    latencies[stream_name(stream)] = _loop_latency(op)
    return latencies


def _loop_latency(op: Operation) -> int:
    parent = op.parent_op()
    while parent is not None:
        latency = loop_of(parent).latency if isinstance(parent, scf.ForOp) else None
        if latency is not None:
            return latency
        parent = parent.parent_op()
    return 0
