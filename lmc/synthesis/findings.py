"""What a user has to know of a comparison, as sentences, the worst first."""

from collections.abc import Iterator, Sequence

from lmc.dataflow.resources.counts import total
from lmc.labels import estimated, rtl, simulated
from lmc.synthesis.achieved import Speed
from lmc.synthesis.comparison import Comparison, LoopPair, UnitPair


def findings(comparison: Comparison, speed: Speed | None) -> list[str]:
    """What is worse than planned, then what could not be compared."""
    return [
        *_speed(speed),
        *_intervals(comparison),
        *_clock(comparison),
        *_excess(comparison),
        *_latencies(comparison),
        *_trips(comparison),
        *_left_out(comparison),
    ]


def source_of(comparison: Comparison) -> str:
    """The label of what the HLS tool reports: it estimates, too."""
    return estimated(comparison.tool)


def routed_source(comparison: Comparison) -> str | None:
    """The label of what is reported of the routed design; None without such reports."""
    reports = comparison.reports
    known = next((one for one in (reports.routed, reports.timing) if one is not None), None)
    return None if known is None else rtl(f"Vivado {known.version}".strip())


def _speed(speed: Speed | None) -> Iterator[str]:
    if speed is None:
        return
    label, planned = simulated(speed.machine), f"{speed.planned:,.1f} new tokens a second"
    if speed.achieved is None:
        yield (
            f"the design simulates at {planned}, and with intervals and latencies of synthesis it "
            f"stops ({label}): {speed.reason}"
        )
    else:
        yield (
            f"the design simulates at {planned}, and with intervals and latencies of synthesis at "
            f"{speed.achieved:,.1f} ({label})"
        )


def _intervals(comparison: Comparison) -> Iterator[str]:
    slower = [(u, loop) for u in comparison.units for loop in u.loops if loop.is_slower]

    def how_much(pair: tuple[UnitPair, LoopPair]) -> float:
        loop = pair[1]
        ratio = (loop.ii or 1) / (loop.planned.ii or 1)
        return float("inf") if not loop.is_pipelined else ratio

    for unit, loop in sorted(slower, key=how_much, reverse=True):
        planned = f"the design plans {loop.planned.ii}"
        if not loop.is_pipelined:
            yield (
                f"loop {loop.planned.label} of {unit.name} is not pipelined; {planned} as its II, "
                "and no simulated speed counts this"
            )
            continue
        more = ""
        if loop.planned.latency is None:
            more = "; it is a burst, of which no simulated speed counts this"
        yield f"loop {loop.planned.label} of {unit.name} has II {loop.ii:g}, {planned}{more}"


def _clock(comparison: Comparison) -> Iterator[str]:
    clock = comparison.clock_mhz
    if comparison.routed_mhz is not None:
        if comparison.routed_mhz < clock:
            yield (
                f"the routed design reaches {comparison.routed_mhz:.1f} MHz and is planned with "
                f"{clock} MHz ({routed_source(comparison)})"
            )
        return
    expected = comparison.reports.expected
    if expected is not None:
        for name, frequency in sorted(expected.frequencies.items()):
            if frequency < clock:
                yield (
                    f"kernel {name} is expected to reach {frequency:g} MHz, the design plans "
                    f"{clock} MHz ({estimated(expected.path.name)})"
                )
    slow = [
        (unit.period_ns, unit.name)
        for unit in comparison.units
        if unit.period_ns is not None and 1e3 / unit.period_ns < clock
    ]
    if slow:
        period, name = max(slow)
        rest = f", and {len(slow) - 1} more do not reach it" if len(slow) > 1 else ""
        yield (
            f"{name} is expected to reach {1e3 / period:.1f} MHz, the design plans {clock} MHz"
            f"{rest} ({source_of(comparison)})"
        )


def _excess(comparison: Comparison) -> Iterator[str]:
    """What the budget is short of by the reports; nothing where one is missing."""
    if comparison.absent or not comparison.kernels:
        return
    routed = [kernel.routed for kernel in comparison.kernels]
    known = [one for one in routed if one is not None]
    is_routed = len(known) == len(routed)
    taken = total(known if is_routed else (kernel.reported for kernel in comparison.kernels))
    short = taken.short(comparison.target.budget())
    if short is not None:
        label = routed_source(comparison) if is_routed else source_of(comparison)
        yield f"the kernels exceed the budget by {short} ({label})"


def _latencies(comparison: Comparison) -> Iterator[str]:
    longer = [(u, loop) for u in comparison.units for loop in u.loops if loop.is_longer]
    if not longer:
        return

    def how_much(pair: tuple[UnitPair, LoopPair]) -> float:
        return (pair[1].depth or 0) - (pair[1].planned.latency or 0)

    unit, loop = max(longer, key=how_much)
    yield (
        f"{len(longer)} {'loop has' if len(longer) == 1 else 'loops have'} a longer latency than "
        f"planned, most of all {loop.planned.label} of {unit.name}: {loop.depth:g} cycles, the "
        f"design plans {loop.planned.latency}"
    )


def _trips(comparison: Comparison) -> Iterator[str]:
    for unit in comparison.units:
        for loop in unit.loops:
            if loop.trips is not None and loop.has_other_trips:
                count = " to ".join(f"{one:g}" for one in dict.fromkeys(loop.trips))
                yield (
                    f"loop {loop.planned.label} of {unit.name} has {count} iterations, the design "
                    f"{loop.planned_trips}: the report may be of another design"
                )


def _left_out(comparison: Comparison) -> Iterator[str]:
    for unit in comparison.units:
        if unit.unreported:
            yield f"nothing is reported of loop {_listed(unit.unreported)} of {unit.name}"
        if unit.mapped.unknown_loops:
            yield (
                f"the design has no loop {_listed(unit.mapped.unknown_loops)}, which is reported "
                f"of {unit.name}"
            )
    if comparison.absent:
        yield f"there is no csynth.xml of {_listed(comparison.absent)}"
    routed = comparison.reports.routed
    if routed is not None:
        missing = [k.planned.name for k in comparison.kernels if k.routed is None]
        if missing:
            yield f"{routed.path} does not name {_listed(missing)}"
    if comparison.reports.timing is not None and comparison.routed_mhz is None:
        yield (
            f"{comparison.reports.timing.path} has no clock of {comparison.clock_mhz} MHz, so its "
            "slack is not compared"
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
