"""The clock of a design: what its loops are scheduled for."""

from lmc.dialects.dataflow import DesignOp
from lmc.targets import Target


def design_clock(design: DesignOp, target: Target) -> int:
    """The clock that a design is planned with in MHz; the target's if it names none."""
    return target.clock_mhz if design.clock_mhz is None else design.clock_mhz.value.data
