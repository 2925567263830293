"""drain-pipelines: no pipeline waits for what it holds back, whatever style a tool gives it."""

from dataclasses import dataclass, replace

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp

from lmc.dataflow.addresses import flattened_nest
from lmc.dataflow.alike import DesignTracer
from lmc.dataflow.graph import design_graph, scalar_examples
from lmc.dataflow.runs import RunTracer
from lmc.dataflow.schedule import schedule_loop
from lmc.dataflow.stalling import Stall, StallingLaunch, find_stalls, in_flight
from lmc.dataflow.timing import Clock
from lmc.diagnostics import UsageError
from lmc.dialects.dataflow import DesignOp, Loop, is_pipelined, loop_of, set_loop
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class DrainPipelines(LmcPass):
    """Ends pipelines where they would otherwise wait for what they hold back.

    C++ asks for pipelines that flush. Where a tool builds stalling ones, what an iteration writes
    may be held back by what a later one reads; if that depends on it, the design stops (see
    `lmc.dataflow.stalling`). There a loop of the nest `drains`: it is in no pipeline, and that
    inside of it comes to its end in each round. It is the outermost loop with which no pipeline of
    a launch that the scalars' examples say waits for itself. A pipeline each iteration of which
    waits for the one before is none. What does not help either is left as it is: `check-dataflow`
    refuses it.
    """

    name = "drain-pipelines"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError for a flat design, or one that stops whatever a tool does."""
        for design in op.ops:
            if isinstance(design, DesignOp):
                _Drainer(design).run()


class _Drainer:
    """Looks at launches of a design, and cuts nests until none stops."""

    def __init__(self, design: DesignOp):
        self._design = design
        self._graph = design_graph(design)
        self._loops = {loop_of(op).label: op for op in design.walk() if is_pipelined(op)}

    def run(self) -> None:
        for scalars in scalar_examples(self._design):
            # What was cut for the setting before is traced anew.
            runs = DesignTracer(self._graph.tasks, RunTracer).trace(scalars)
            launch = StallingLaunch(self._graph, runs, scalars)
            while stalls := find_stalls(launch, self._in_flight):
                cuts = ([one for one in group if self._cut(launch, one)] for group in stalls)
                cut = next((group for group in cuts if group), [])
                if not cut:
                    break
                for one in cut:
                    launch.changed(one)

    def _cut(self, launch: StallingLaunch, stall: Stall) -> bool:
        """Ends a pipeline earlier; False where that is of no use."""
        loop = self._loops[stall.loop]
        outermost, *inner = flattened_nest(loop).loops
        if inner:
            set_loop(outermost, replace(loop_of(outermost), drains=True))
        elif launch.is_no_pipeline(stall.loop):
            set_loop(loop, Loop(stall.loop))
        else:
            return False
        around = outermost.parent_op()
        if isinstance(around, scf.ForOp):
            set_loop(around, replace(loop_of(around), drains=False))
        return True

    def _in_flight(self, label: str) -> int:
        loop = self._loops[label]
        if self._design.clock_mhz is None:
            raise UsageError(
                f"design {self._design.sym_name.data} names no clock, so drain-pipelines can't "
                f"tell how many iterations of loop {label} are under way: give it clock_mhz"
            )
        schedule = schedule_loop(loop, Clock(self._design.clock_mhz.value.data))
        return in_flight(max(schedule.ii, loop_of(loop).requested_ii or 1), schedule.latency)
