"""schedules: II, latency and independent buffers of a pipelined loop are those of its body.

`dependence ... false` is only claimed where it is proved, and an interval never promises more than
the ports of the buffers give. Nobody types these numbers in: one that differs was changed by hand,
or by a pass that has not run schedule-loops again.
"""

from collections.abc import Iterator

from xdsl.dialects import scf

from lmc.dataflow.clocks import schedule_clock
from lmc.dataflow.schedule import schedule_loop
from lmc.dataflow.timing import Clock
from lmc.dialects.dataflow import is_pipelined, loop_of
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    """A design is scheduled for its clock as a whole, or not at all."""
    loops = [op for op in subject.design.walk() if is_pipelined(op)]
    scheduled = [op for op in loops if loop_of(op).ii is not None]
    if not scheduled:
        return
    clock_mhz = subject.design.clock_mhz
    if clock_mhz is None:
        yield f"loop {loop_of(scheduled[0]).label} has an ii, but the design has no clock_mhz"
        return
    clock = schedule_clock(subject.design, clock_mhz.value.data)
    for op in loops:
        yield from _faults(op, clock)


def _faults(op: scf.ForOp, clock: Clock) -> Iterator[str]:
    loop, found = loop_of(op), schedule_loop(op, clock)
    where = f"loop {loop.label}"
    if loop.ii is None:
        yield f"{where} has no ii, while other loops do: run schedule-loops"
        return
    if loop.ii < found.ii:
        yield f"{where} has ii {loop.ii} and can do {found.ii}: {found.reason}"
    elif loop.ii > found.ii and loop.requested_ii is None:
        yield f"{where} has ii {loop.ii} and can do {found.ii}: ask for more by requested_ii"
    if loop.latency != found.latency:
        yield (
            f"{where} has latency {loop.latency}, its body takes {found.latency} cycles: "
            "run schedule-loops"
        )
    if loop.independent != found.free:
        said, known = (", ".join(names) or "none" for names in (loop.independent, found.free))
        yield (
            f"{where} has the independent buffers {said}, those of its body are {known}: "
            "run schedule-loops"
        )


RULE = Rule("schedules", 'UG1399, "pragma HLS dependence"', _check)
