"""A comparison as rows of tables, and as a JSON object."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from lmc.dataflow.resources.calibration_file import CalibrationFile
from lmc.dataflow.resources.counts import NAMES, Resources, amount
from lmc.labels import simulated
from lmc.synthesis.achieved import Speed
from lmc.synthesis.comparison import (
    Comparison,
    KernelPair,
    LoopPair,
    UnitPair,
    relative_error,
)
from lmc.synthesis.findings import findings, routed_source, source_of

UNIT_COLUMNS = ("task", "kernel", "II", "latency", *NAMES.values(), "MHz")
KERNEL_COLUMNS = ("kernel", *NAMES.values(), "MHz")
ERROR_COLUMNS = ("resource", "error", "after calibration", "of parts left out", "parts")


def unit_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Functions, planned / reported, first those that are off by most of the budget."""
    budget = comparison.target.budget()

    def off(unit: UnitPair) -> float:
        return max(
            abs(getattr(unit.estimated, name) - getattr(unit.reported, name)) / budget[name]
            for name in NAMES
            if budget[name]
        )

    units = sorted(comparison.units, key=lambda unit: (-off(unit), unit.tasks))
    return [
        (
            unit.name,
            unit.mapped.unit.kernel,
            _worst([(loop.planned.ii, loop.ii) for loop in unit.loops]),
            _worst([(loop.planned.latency, loop.depth) for loop in unit.loops]),
            *_amounts(unit.estimated, unit.reported),
            _mhz(unit.period_ns),
        )
        for unit in units
    ]


def kernel_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Kernels, estimated / reported and, where they are routed, / routed; then their sum."""
    rows = [
        (
            kernel.planned.name,
            *_amounts(kernel.estimated, kernel.reported, kernel.routed),
            _mhz(kernel.report.top.period_ns),
        )
        for kernel in comparison.kernels
    ]
    if len(rows) > 1:
        kernels = comparison.kernels
        estimated = sum((one.estimated for one in kernels), start=Resources())
        reported = sum((one.reported for one in kernels), start=Resources())
        known = [one.routed for one in kernels if one.routed is not None]
        routed = sum(known, start=Resources()) if len(known) == len(kernels) else None
        rows.append(("all", *_amounts(estimated, reported, routed), ""))
    return rows


def error_rows(calibration: CalibrationFile) -> list[tuple[str, ...]]:
    """The error of the estimate by resource, before and after calibration."""
    return [
        (
            NAMES[name],
            f"{error.before:.1%}",
            f"{error.after:.1%}",
            f"{error.left_out:.1%}",
            str(error.parts),
        )
        for name, error in calibration.errors.items()
    ]


def comparison_json(
    comparison: Comparison, speed: Speed | None, calibration: CalibrationFile, output: str
) -> dict[str, Any]:
    """All that is known."""
    return {
        "findings": findings(comparison, speed),
        "clock_mhz": comparison.clock_mhz,
        "routed_mhz": comparison.routed_mhz,
        "speed": None
        if speed is None
        else {
            "planned_tokens_per_second": speed.planned,
            "achieved_tokens_per_second": speed.achieved,
            "source": simulated(speed.machine),
        },
        "kernels": {kernel.planned.name: _kernel_json(kernel) for kernel in comparison.kernels},
        "absent": list(comparison.absent),
        "calibration": {"output": output, **calibration.model_dump(mode="json")},
        "sources": {"reported": source_of(comparison), "routed": routed_source(comparison)},
    }


def _kernel_json(kernel: KernelPair) -> dict[str, Any]:
    return {
        "report": str(kernel.report.path),
        "mhz": None if kernel.report.top.period_ns is None else 1e3 / kernel.report.top.period_ns,
        **_resources_json(kernel.estimated, kernel.reported),
        "routed": None if kernel.routed is None else kernel.routed.as_dict(),
        "rest": _resources_json(kernel.rest_estimated, kernel.rest_reported),
        "functions": [_unit_json(unit) for unit in kernel.units],
    }


def _unit_json(unit: UnitPair) -> dict[str, Any]:
    return {
        "call": unit.mapped.unit.call,
        "tasks": list(unit.tasks),
        "modules": {module.name: count for module, count in unit.mapped.modules},
        "mhz": None if unit.period_ns is None else 1e3 / unit.period_ns,
        **_resources_json(unit.estimated, unit.reported),
        "loops": {loop.planned.label: _loop_json(loop) for loop in unit.loops},
        "unknown_loops": list(unit.mapped.unknown_loops),
    }


def _loop_json(loop: LoopPair) -> dict[str, Any]:
    return {
        "ii": {"planned": loop.planned.ii, "reported": loop.ii},
        "latency": {"planned": loop.planned.latency, "reported": loop.depth},
        "trips": {
            "planned": loop.planned_trips,
            "reported": None if loop.trips is None else list(loop.trips),
        },
        "pipelined": loop.is_pipelined,
    }


def _resources_json(estimated: Resources, reported: Resources) -> dict[str, Any]:
    return {
        "estimated": estimated.as_dict(),
        "reported": reported.as_dict(),
        "error": dict(relative_error(estimated, reported)),
    }


def _amounts(
    estimated: Resources, reported: Resources, routed: Resources | None = None
) -> list[str]:
    """Each resource as `estimated / reported (error)`."""
    error: Mapping[str, float | None] = relative_error(estimated, reported)
    cells: list[str] = []
    for field in fields(Resources):
        name = field.name
        known = [one.as_dict()[name] for one in (estimated, reported, routed) if one is not None]
        share = error[name]
        if not any(known):
            cells.append("0")
            continue
        off = "" if share is None else f" ({share:+.0%})"
        cells.append(" / ".join(map(amount, known)) + off)
    return cells


def _worst(pairs: Sequence[tuple[float | None, float | None]]) -> str:
    """The most of what was planned and of what was reported, `?` where that is not known."""
    sides: list[str] = []
    for side in zip(*pairs, strict=True):
        known = [value for value in side if value is not None]
        sides.append(f"{max(known):g}" if known else "?")
    return " / ".join(sides)


def _mhz(period_ns: float | None) -> str:
    return "?" if not period_ns else f"{1e3 / period_ns:.0f}"
