"""What analyses have left in a design is what they find in it now: a sentence where it is not.

Nobody types these numbers in. One that differs was changed by hand, or by a pass that has not run
the analysis again.
"""

from collections.abc import Iterator, Mapping, Sequence

from xdsl.dialects import scf

from lmc.dataflow.graph import DesignGraph
from lmc.dataflow.schedule import schedule_loop
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import Totals
from lmc.dialects.dataflow import DesignOp, is_pipelined, loop_of


def schedule_faults(design: DesignOp) -> Iterator[str]:
    """Loops whose II, latency or independent buffers are not those of their bodies.

    A design is scheduled for its clock as a whole, or not at all.
    """
    loops = [op for op in design.walk() if is_pipelined(op)]
    scheduled = [op for op in loops if loop_of(op).ii is not None]
    if not scheduled:
        return
    if design.clock_mhz is None:
        yield f"loop {loop_of(scheduled[0]).label} has an ii, but the design has no clock_mhz"
        return
    clock = Clock(design.clock_mhz.value.data)
    for op in loops:
        yield from _loop_faults(op, clock)


def _loop_faults(op: scf.ForOp, clock: Clock) -> Iterator[str]:
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
        yield f"{where} has latency {loop.latency}, its body takes {found.latency} cycles"
    if loop.independent != found.free:
        said, known = (", ".join(names) or "none" for names in (loop.independent, found.free))
        yield f"{where} has the independent buffers {said}, those of its body are {known}"


def rate_faults(
    graph: DesignGraph, settings: Sequence[Mapping[str, int]], totals: Sequence[Totals]
) -> Iterator[str]:
    """Streams whose rates are not what their producers write, one for each example setting.

    The streams of a design have depths and rates, or none has a rate.
    """
    if all(stream.rate is None for stream in graph.streams.values()):
        return
    for name, stream in graph.streams.items():
        if stream.rate is None or stream.depth is None:
            lacking = "rate" if stream.rate is None else "depth"
            yield f"stream {name} has no {lacking}, while others have rates: run size-fifos"
            continue
        for rate, scalars, counted in zip(stream.rate, settings, totals, strict=True):
            written = counted.get((name, True), 0)
            if rate.value.data != written:
                setting = ", ".join(f"{scalar} = {value}" for scalar, value in scalars.items())
                yield (
                    f"stream {name} has rate {rate.value.data} and carries {written} elements"
                    + (f" for {setting}" if setting else "")
                )
