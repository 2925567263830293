"""What analyses have left in a design is what they find in it now: a sentence where it is not.

Nobody types these numbers in. One that differs was changed by hand, or by a pass that has not run
the analysis again.
"""

from collections.abc import Iterator, Mapping, Sequence

from xdsl.dialects import scf

from lmc.dataflow.fifos import smallest_full
from lmc.dataflow.graph import DesignGraph
from lmc.dataflow.network import Network
from lmc.dataflow.schedule import schedule_loop
from lmc.dataflow.timing import Clock
from lmc.dataflow.trips import Totals, Trace
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
                yield (
                    f"stream {name} has rate {rate.value.data} and carries {written} elements"
                    + for_setting(scalars)
                )


def depth_faults(
    graph: DesignGraph,
    settings: Sequence[Mapping[str, int]],
    traces: Sequence[Mapping[str, Trace]],
) -> Iterator[str]:
    """Streams too short for an example's launch to come to its end, if the design has been sized.

    Depths that no analysis has found may be too small. Raises LmcError where no depth can help.
    """
    if any(stream.rate is None or stream.depth is None for stream in graph.streams.values()):
        return
    depths = {name: s.depth.value.data for name, s in graph.streams.items() if s.depth is not None}
    for scalars, one in zip(settings, traces, strict=True):
        network = Network(dict(depths))
        network.load(one)
        if blocked := network.run():
            name = smallest_full(graph, network, blocked)
            yield (
                f"stream {name} has depth {depths[name]}, with which the design stops"
                f"{for_setting(scalars)}: run size-fifos"
            )


def for_setting(scalars: Mapping[str, int]) -> str:
    """An example setting of the run-time scalars as the end of a sentence."""
    setting = ", ".join(f"{name} = {value}" for name, value in scalars.items())
    return f" for {setting}" if setting else ""
