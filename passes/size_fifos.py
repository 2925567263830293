"""size-fifos: depths of all streams, from what the tasks do to them."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, i64
from xdsl.ir import Operation

from lmc.dataflow.fifos import START_DEPTH, deadlock_free_depths, latency_slack
from lmc.dataflow.graph import (
    DesignGraph,
    design_graph,
    scalar_examples,
    stream_accesses,
    stream_name,
)
from lmc.dataflow.trips import Totals, count_accesses, design_traces
from lmc.diagnostics import UsageError
from lmc.dialects.dataflow import DesignOp
from lmc.passes.base import LmcPass


@dataclass(frozen=True)
class SizeFifos(LmcPass):
    """Sets `depth` and `rate` of each stream.

    Depths are such that the design runs to its end for every example setting of its scalars, from
    32 (or the depth that a stream has, which is never made smaller) up, plus the latency by which
    the other ways to the same task are longer, as far as schedule-loops has found latencies.
    """

    name = "size-fifos"

    start: int = START_DEPTH
    """The depth of a stream that nothing asks more of."""
    slack: bool = True
    """Whether latency differences are added to the depths."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Size the FIFOs of each design; raises LmcError where a design would stop at any depth."""
        if self.start < 1:
            raise UsageError(f"size-fifos: start={self.start} is no depth; it is at least 1")
        for design in op.ops:
            if isinstance(design, DesignOp):
                size_fifos(design, self.start, self.slack)


def size_fifos(design: DesignOp, start: int = START_DEPTH, slack: bool = True) -> None:
    """Set depth and rate of each stream of a design. Raises LmcError as SizeFifos says."""
    graph = design_graph(design)
    depths = {
        name: start if op.depth is None else op.depth.value.data
        for name, op in graph.streams.items()
    }
    all_totals: list[Totals] = []
    for traces in design_traces(graph, scalar_examples(design)):
        depths = deadlock_free_depths(graph, traces, depths)
        all_totals.append(count_accesses(node for trace in traces.values() for node in trace))
    extra = latency_slack(graph, stream_latencies(graph)) if slack else {}
    for name, stream in graph.streams.items():
        stream.depth = IntegerAttr(depths[name] + extra.get(name, 0), i64)
        rates = [IntegerAttr(totals.get((name, True), 0), i64) for totals in all_totals]
        stream.rate = ArrayAttr(rates)


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
        latency = parent.attributes.get("lmc.latency")
        if isinstance(parent, scf.ForOp) and isinstance(latency, IntegerAttr):
            return latency.value.data
        parent = parent.parent_op()
    return 0
