"""A design's plan beside what was reported of it, kernel by kernel."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from lmc.backends.hls.arguments import design_kernels
from lmc.dataflow.clocks import design_clock
from lmc.dataflow.resources.calibrated import calibration_of, sum_of_parts
from lmc.dataflow.resources.counts import Resources, total
from lmc.diagnostics import LmcError, suggestion
from lmc.dialects.dataflow import Calibration, DesignOp
from lmc.synthesis.csynth import KernelReport, LoopReport
from lmc.synthesis.found import Reports
from lmc.synthesis.mapping import MappedUnit, map_units
from lmc.synthesis.planned import PlannedKernel, PlannedLoop, planned_kernels
from lmc.targets import Target

PERIOD_ROUNDING_NS = 0.006
"""Reports give a period in hundredths of a nanosecond."""


@dataclass(frozen=True)
class LoopPair:
    """A pipelined loop or a burst as it was planned, and as it was made: the slowest of its
    instances, None where the report does not say."""

    planned: PlannedLoop
    is_pipelined: bool
    ii: float | None
    depth: float | None
    trips: tuple[float, float] | None
    planned_trips: int | None
    """Of the loop, or of the nest that the tool has made one loop; None where run time decides."""

    @property
    def has_other_trips(self) -> bool:
        """Whether its iterations are known, and are not those that were planned."""
        if self.trips is None or self.planned_trips is None:
            return False
        return not self.trips[0] <= self.planned_trips <= self.trips[1]

    @property
    def is_slower(self) -> bool:
        """Whether it starts iterations less often than planned."""
        assert self.planned.ii is not None
        return not self.is_pipelined or (self.ii is not None and self.ii > self.planned.ii)

    @property
    def is_longer(self) -> bool:
        """Whether an iteration takes longer than planned."""
        planned = self.planned.latency
        return planned is not None and self.depth is not None and self.depth > planned


@dataclass(frozen=True)
class UnitPair:
    """A function: its tasks, what they are estimated to take together, and what was reported."""

    mapped: MappedUnit
    estimated: Resources
    reported: Resources
    loops: tuple[LoopPair, ...]
    period_ns: float | None
    """The longest that the tool expects of its modules."""

    @property
    def unreported(self) -> tuple[str, ...]:
        """Loops that were planned as pipelines and of which nothing is reported."""
        reported = {loop.planned.label for loop in self.loops}
        planned = (loop.label for loop in self.mapped.unit.loops if loop.ii is not None)
        return tuple(label for label in planned if label not in reported)

    @property
    def tasks(self) -> tuple[str, ...]:
        """Its tasks."""
        return self.mapped.unit.tasks

    @property
    def name(self) -> str:
        """Its tasks, where they are many by the first and the last."""
        if len(self.tasks) < 3:
            return ", ".join(self.tasks)
        return f"{self.tasks[0]} ... {self.tasks[-1]} ({len(self.tasks)})"


@dataclass(frozen=True)
class KernelPair:
    """A kernel. The rest are its FIFOs, memory ports and control."""

    planned: PlannedKernel
    report: KernelReport
    units: tuple[UnitPair, ...]
    rest_estimated: Resources
    rest_reported: Resources
    routed: Resources | None

    @property
    def estimated(self) -> Resources:
        """What all of it is estimated to take."""
        return total([*(unit.estimated for unit in self.units), self.rest_estimated])

    @property
    def reported(self) -> Resources:
        """What all of it was reported to take by the HLS tool."""
        return self.report.top.resources


@dataclass(frozen=True)
class Comparison:
    """A design and its reports. `absent` are the kernels without one."""

    design: DesignOp
    target: Target
    kernels: tuple[KernelPair, ...]
    absent: tuple[str, ...]
    reports: Reports

    @property
    def clock_mhz(self) -> int:
        """The clock that the design is planned with."""
        return design_clock(self.design, self.target)

    @property
    def units(self) -> Iterator[UnitPair]:
        """The functions of all kernels."""
        for kernel in self.kernels:
            yield from kernel.units

    @property
    def tool(self) -> str:
        """The releases of the HLS tool that the reports name."""
        releases = sorted({kernel.report.version for kernel in self.kernels})
        return f"Vitis HLS {' and '.join(releases)}"

    @property
    def routed_mhz(self) -> float | None:
        """The clock that the routed kernels reach: the planned period and the worst slack of the
        clock that has it.

        None without a timing summary that has such a clock.
        """
        timing, planned = self.reports.timing, 1e3 / self.clock_mhz
        if timing is None:
            return None
        slacks = [
            timing.slacks_ns.get(name, timing.slack_ns)
            for name, period in timing.periods_ns.items()
            if abs(period - planned) < PERIOD_ROUNDING_NS
        ]
        return 1e3 / (planned - min(0, *slacks)) if slacks else None


def compare(design: DesignOp, target: Target, reports: Reports) -> Comparison:
    """The plan of a design beside its reports.

    Raises:
        LmcError: a report is of another part, clock or design; the message says of which.
    """
    order = [kernel.sym_name.data for kernel in design_kernels(design)]
    named = [(name, str(report.path)) for name, report in reports.kernels.items()]
    if reports.routed is not None:
        named += [(name, str(reports.routed.path)) for name in reports.routed.kernels]
    for name, path in named:
        if name not in order:
            near = suggestion(name, order, f"it has {', '.join(order)}")
            raise LmcError(f"{path} is of kernel {name}, which the design does not have; {near}")
    for report in reports.kernels.values():
        _check_part_and_clock(report, design, target)
    routed = {} if reports.routed is None else reports.routed.kernels
    planned, calibration = planned_kernels(design, target), calibration_of(design)
    pairs = [
        _kernel(planned[name], report, routed.get(name), calibration)
        for name, report in reports.kernels.items()
    ]
    pairs.sort(key=lambda pair: order.index(pair.planned.name))
    absent = tuple(name for name in order if name not in reports.kernels)
    return Comparison(design, target, tuple(pairs), absent, reports)


def _check_part_and_clock(report: KernelReport, design: DesignOp, target: Target) -> None:
    if report.part.lower() != target.part.lower():
        raise LmcError(
            f"{report.path} is of part {report.part}, and the design is for {target.name}, "
            f"{target.part}: synthesize for that part"
        )
    clock = design_clock(design, target)
    if abs(report.target_ns - 1e3 / clock) > PERIOD_ROUNDING_NS:
        raise LmcError(
            f"{report.path} is of a clock of {report.clock_mhz:.4g} MHz, and the design is planned "
            f"with {clock} MHz: synthesize with that clock, or compile with "
            f"--clock {report.clock_mhz:.0f}"
        )


def _kernel(
    planned: PlannedKernel,
    report: KernelReport,
    routed: Resources | None,
    calibration: Calibration | None,
) -> KernelPair:
    units = tuple(_unit(mapped, calibration) for mapped in map_units(planned, report))
    inner = total(unit.reported for unit in units)
    rest = Resources(
        *(
            max(0, getattr(report.top.resources, field.name) - getattr(inner, field.name))
            for field in fields(Resources)
        )
    )
    estimated = sum_of_parts(planned.rest, calibration)
    return KernelPair(planned, report, units, estimated, rest, routed)


def _unit(mapped: MappedUnit, calibration: Calibration | None) -> UnitPair:
    periods = [module.period_ns for module, _ in mapped.modules if module.period_ns is not None]
    by_loop: dict[PlannedLoop, list[LoopReport]] = {}
    for planned, reported in mapped.loops:
        if planned.ii is not None:
            by_loop.setdefault(planned, []).append(reported)
    return UnitPair(
        mapped,
        sum_of_parts(mapped.unit.parts, calibration),
        total(module.resources * count for module, count in mapped.modules),
        tuple(_loop(planned, found) for planned, found in by_loop.items()),
        max(periods, default=None),
    )


def _loop(planned: PlannedLoop, found: Sequence[LoopReport]) -> LoopPair:
    intervals = [one.ii.most for one in found if one.ii is not None]
    depths = [one.depth.most for one in found if one.depth is not None]
    trips = [one.trips for one in found if one.trips is not None]
    return LoopPair(
        planned,
        is_pipelined=len(intervals) == len(found),
        ii=max(intervals, default=None),
        depth=max(depths, default=None),
        trips=(min(one.least for one in trips), max(one.most for one in trips)) if trips else None,
        planned_trips=dict(planned.names()).get(found[0].name),
    )


def relative_error(estimated: Resources, reported: Resources) -> Mapping[str, float | None]:
    """By resource, by which share of what is reported an estimate is above it; None where nothing
    is reported."""
    return {
        field.name: getattr(estimated, field.name) / getattr(reported, field.name) - 1
        if getattr(reported, field.name)
        else None
        for field in fields(Resources)
    }
