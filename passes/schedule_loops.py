"""schedule-loops: initiation interval and latency of each pipelined loop."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.dataflow.clocks import schedule_clock
from lmc.dataflow.graph import refuse_flat
from lmc.dataflow.schedule import LoopSchedule, schedule_loop
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
    """The clock to schedule for, of a design that names none."""

    level_limit: int | None = None
    """The most LUT levels that ops in a row may take in a cycle, by the estimate that ops give; no
    limit but the clock's if there is none."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Annotate the loops.

        Raises:
            LmcError: a request can't be met, or the design is flat.
            UsageError: there is no clock, or one that the design is not planned with.
        """
        for design in op.ops:
            if isinstance(design, DesignOp):
                refuse_flat(design)
                mhz = self._clock_of(design)
                design.clock_mhz = IntegerAttr(mhz, i64)
                if self.level_limit is not None:
                    design.level_limit = IntegerAttr(self._limit(self.level_limit), i64)
                clock = schedule_clock(design, mhz)
                for loop in design.walk():
                    if is_pipelined(loop):
                        _annotate(loop, schedule_loop(loop, clock))

    @staticmethod
    def _limit(levels: int) -> int:
        if levels < 1:
            raise UsageError(f"schedule-loops: level_limit={levels} leaves no logic in a cycle")
        return levels

    def _clock_of(self, design: DesignOp) -> int:
        own = None if design.clock_mhz is None else design.clock_mhz.value.data
        mhz, name = own if self.clock_mhz is None else self.clock_mhz, design.sym_name.data
        if mhz is None:
            raise UsageError(f"design {name} names no clock: give schedule-loops clock_mhz")
        if mhz < 1:
            raise UsageError(f"schedule-loops: clock_mhz={mhz} is no frequency")
        if own not in (None, mhz):
            raise UsageError(
                f"schedule-loops: design {name} is planned with {own} MHz, not with {mhz}: give "
                "another clock to allocate-resources, which chooses lanes and ports by it"
            )
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
