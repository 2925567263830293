"""The clock of a design: what its loops are scheduled for."""

from lmc.dataflow.timing import Clock
from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


def design_clock(design: DesignOp, target: Target) -> int:
    """The clock that a design is planned with in MHz; the target's if it names none."""
    return target.clock_mhz if design.clock_mhz is None else design.clock_mhz.value.data


def schedule_clock(design: DesignOp, mhz: int) -> Clock:
    """What a design's loops are scheduled with at a frequency: its limit of LUT levels, too."""
    limit = design.level_limit
    return Clock(mhz, None if limit is None else limit.value.data)
