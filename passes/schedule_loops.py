"""schedule-loops: initiation interval and latency of each pipelined loop."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ArrayAttr, IntegerAttr, ModuleOp, StringAttr, i64

from lmc.dataflow.schedule import LoopSchedule, schedule_loop
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import loop_label
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.dataflow import CLOCK, DesignOp
from lmc.ir.pass_base import LmcPass


@dataclass(frozen=True)
class ScheduleLoops(LmcPass):
    """Sets `lmc.ii`, `lmc.latency` and `lmc.dependence_false` of each loop marked `lmc.pipeline`.

    The interval is worked out, never assumed. Where `lmc.requested_ii` asks for a smaller one, the
    pass refuses and says which ops or ports stand in the way; where it asks for a larger one, that
    is taken.
    """

    name = "schedule-loops"

    clock_mhz: int | None = None
    """The clock to schedule for: that of the design's target where it is not given."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Annotate the loops; raises LmcError for a request that can't be met."""
        for design in op.ops:
            if isinstance(design, DesignOp):
                clock = Clock(self._clock_of(design))
                for loop in design.walk():
                    if isinstance(loop, scf.ForOp) and "lmc.pipeline" in loop.attributes:
                        _annotate(loop, schedule_loop(loop, clock))

    def _clock_of(self, design: DesignOp) -> int:
        found = design.attributes.get(CLOCK)
        mhz = self.clock_mhz
        if mhz is None and isinstance(found, IntegerAttr):
            mhz = found.value.data
        if mhz is None:
            raise UsageError(
                f"design {design.sym_name.data} names no clock: give schedule-loops clock_mhz"
            )
        if mhz < 1:
            raise UsageError(f"schedule-loops: clock_mhz={mhz} is no frequency")
        return mhz


def _annotate(loop: scf.ForOp, schedule: LoopSchedule) -> None:
    ii = schedule.ii
    requested = loop.attributes.get("lmc.requested_ii")
    if isinstance(requested, IntegerAttr):
        if requested.value.data < ii:
            raise LmcError(
                f"loop {loop_label(loop)} can't start an iteration every {requested.value.data} "
                f"cycles, only every {ii}: {schedule.reason}"
            )
        ii = requested.value.data
    loop.attributes["lmc.ii"] = IntegerAttr(ii, i64)
    loop.attributes["lmc.latency"] = IntegerAttr(schedule.latency, i64)
    loop.attributes.pop("lmc.dependence_false", None)
    if schedule.free:
        names = [StringAttr(name) for name in schedule.free]
        loop.attributes["lmc.dependence_false"] = ArrayAttr(names)
