"""schedule-loops: initiation interval and latency of each pipelined loop."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.dataflow.graph import refuse_flat
from lmc.dataflow.schedule import LoopSchedule, schedule_loop
from lmc.dataflow.timing import Clock
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.dataflow import DesignOp, is_pipelined, loop_of, set_loop, with_schedule
from lmc.ir.pass_base import LmcPass


@dataclass(frozen=True)
class ScheduleLoops(LmcPass):
    """Sets II, latency and independent buffers of each pipelined loop, and the design's clock.

    The interval is worked out, never assumed. Where `requested_ii` asks for a smaller one, the
    pass refuses and says which ops or ports stand in the way; where it asks for a larger one, that
    is taken.
    """

    name = "schedule-loops"

    clock_mhz: int | None = None
    """The clock to schedule for: that of the design's target where it is not given."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Annotate the loops; raises LmcError for a request that can't be met, or a flat design."""
        for design in op.ops:
            if isinstance(design, DesignOp):
                refuse_flat(design)
                mhz = self._clock_of(design)
                design.clock_mhz, clock = IntegerAttr(mhz, i64), Clock(mhz)
                for loop in design.walk():
                    if is_pipelined(loop):
                        _annotate(loop, schedule_loop(loop, clock))

    def _clock_of(self, design: DesignOp) -> int:
        mhz = self.clock_mhz
        if mhz is None and design.clock_mhz is not None:
            mhz = design.clock_mhz.value.data
        if mhz is None:
            raise UsageError(
                f"design {design.sym_name.data} names no clock: give schedule-loops clock_mhz"
            )
        if mhz < 1:
            raise UsageError(f"schedule-loops: clock_mhz={mhz} is no frequency")
        return mhz


def _annotate(op: scf.ForOp, schedule: LoopSchedule) -> None:
    loop = loop_of(op)
    requested = loop.requested_ii
    if requested is not None and requested < schedule.ii:
        raise LmcError(
            f"loop {loop.label} can't start an iteration every {requested} "
            f"cycles, only every {schedule.ii}: {schedule.reason}"
        )
    ii = schedule.ii if requested is None else requested
    set_loop(op, with_schedule(loop, ii, schedule.latency, schedule.free))
