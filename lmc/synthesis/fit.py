"""Factors that bring estimates to what was reported, fitted to few data without trusting them much.

For each resource apart: y = sum over kinds k of f_k x_k, for every function and for the rest of
every kernel, where x_k is the estimate of the parts of kind k and y what was reported. The factors
minimize

    sum_i ((y_i - sum_k f_k x_ik) / (NOISE s_i))^2 + sum_k ((f_k - 1) / SPREAD)^2

with s_i the larger of estimate and report: ridge regression towards 1, the mode of f_k ~ N(1,
SPREAD^2) when a part is off by NOISE of its size beside what the factors explain. A kind that is
rare, or small wherever it is, so stays near 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from lmc.dataflow.resources.calibrated import FAMILIES
from lmc.dataflow.resources.calibration_file import CalibrationFile, FitError
from lmc.dataflow.resources.counts import Resources
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import Factor
from lmc.dialects.dataflow.calibration import ONE
from lmc.synthesis.comparison import Comparison, KernelPair

NOISE = 0.1
"""By which share of its size a part is off for no reason that a factor can tell (assumed)."""
SPREAD = 0.5
"""How far factors are from 1 (assumed)."""
LEAST, MOST = 0.1, 10.0
"""Of a factor."""
SMALL = {"lut": 50.0, "ff": 50.0, "dsp": 1.0, "bram36": 0.5, "uram": 1.0}
"""Amounts below which a part is no larger: what is off by a few LUTs says nothing."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A part of a design: its estimate by kind, and what was reported."""

    name: str
    parts: Mapping[str, Resources]
    reported: Resources


def samples(comparison: Comparison, *, routed: bool) -> list[Sample]:
    """The functions and rests of all kernels; scaled to the routed kernel where that is wanted."""
    found: list[Sample] = []
    for kernel in comparison.kernels:
        scale = _routed_scale(kernel) if routed else {}
        own = [(unit.name, unit.mapped.unit.parts, unit.reported) for unit in kernel.units]
        own.append((f"rest of {kernel.planned.name}", kernel.planned.rest, kernel.rest_reported))
        found += [Sample(name, parts, _times(taken, scale)) for name, parts, taken in own]
    return found


def is_routed(comparison: Comparison) -> bool:
    """Whether every kernel has been routed."""
    return bool(comparison.kernels) and all(
        kernel.routed is not None for kernel in comparison.kernels
    )


def fit(comparison: Comparison) -> CalibrationFile:
    """The calibration that a design's reports ask for.

    Raises:
        LmcError: they count nothing of any resource.
    """
    routed = is_routed(comparison)
    data = samples(comparison, routed=routed)
    by_kind: dict[str, dict[str, int]] = {}
    errors: dict[str, FitError] = {}
    for field in fields(Resources):
        name = field.name
        system = _System.of(data, name)
        if system is None:
            continue
        factors = system.solve()
        errors[name] = system.errors(factors)
        for kind, factor in zip(system.kinds, factors, strict=True):
            by_kind.setdefault(kind, {})[name] = round(ONE * float(factor))
    if not by_kind:
        paths = ", ".join(str(kernel.report.path) for kernel in comparison.kernels)
        raise LmcError(
            f"{paths}: no resource is counted in it, so there is nothing to calibrate by"
        )
    dates = [kernel.report.date for kernel in comparison.kernels]
    if routed and comparison.reports.routed is not None:
        dates.append(comparison.reports.routed.date)
    return CalibrationFile(
        family=FAMILIES[comparison.target.dsp.kind],
        tool=comparison.tool,
        part=comparison.target.part,
        clock_mhz=comparison.clock_mhz,
        date=max((date for date in dates if date is not None), default=None),
        design=comparison.design.sym_name.data,
        stage="routed" if routed else "synthesis",
        errors=errors,
        factors=tuple(
            Factor.model_validate({"kind": kind, **by_kind[kind]}) for kind in sorted(by_kind)
        ),
    )


@dataclass(frozen=True)
class _System:
    """The least squares of one resource: rows are parts, columns kinds."""

    name: str
    kinds: tuple[str, ...]
    estimated: Floats
    reported: Floats

    @staticmethod
    def of(data: Sequence[Sample], name: str) -> "_System | None":
        """None where nothing of the resource was both estimated and reported."""
        kinds = sorted(
            {kind for one in data for kind, taken in one.parts.items() if getattr(taken, name)}
        )
        reported = np.array([getattr(one.reported, name) for one in data], dtype=np.float64)
        if not kinds or not reported.any():
            return None
        rows = [[getattr(one.parts.get(kind, Resources()), name) for kind in kinds] for one in data]
        estimated = np.array(rows, dtype=np.float64)
        used = (estimated.sum(axis=1) > 0) | (reported > 0)
        return _System(name, tuple(kinds), estimated[used], reported[used])

    def solve(self, without: int | None = None) -> Floats:
        """The factors, of all parts or of all but one."""
        kept = np.arange(len(self.reported)) != (-1 if without is None else without)
        estimated, reported = self.estimated[kept], self.reported[kept]
        size = np.maximum(np.maximum(estimated.sum(axis=1), reported), SMALL[self.name])
        weight = 1 / (NOISE * size)
        prior = np.eye(len(self.kinds)) / SPREAD
        left = np.vstack([estimated * weight[:, None], prior])
        right = np.concatenate([reported * weight, np.full(len(self.kinds), 1 / SPREAD)])
        return lsq_linear(left, right, bounds=(LEAST, MOST), method="bvls").x

    def errors(self, factors: Floats) -> FitError:
        """The error before and after the fit, and of parts that it has not seen."""
        unseen = [
            abs(float(self.reported[row] - self.estimated[row] @ self.solve(row)))
            for row in range(len(self.reported))
        ]
        all_of_it = float(self.reported.sum())
        return FitError(
            before=_share(np.abs(self.reported - self.estimated.sum(axis=1)).sum(), all_of_it),
            after=_share(np.abs(self.reported - self.estimated @ factors).sum(), all_of_it),
            left_out=_share(sum(unseen), all_of_it),
            parts=len(self.reported),
        )


def _share(part: float, whole: float) -> float:
    return round(float(part) / whole, 4)


def _routed_scale(kernel: KernelPair) -> dict[str, float]:
    """What each LUT and so on of the HLS tool's report has become."""
    assert kernel.routed is not None
    return {
        field.name: getattr(kernel.routed, field.name) / getattr(kernel.reported, field.name)
        for field in fields(Resources)
        if getattr(kernel.reported, field.name)
    }


def _times(taken: Resources, scale: Mapping[str, float]) -> Resources:
    return Resources(
        *(getattr(taken, field.name) * scale.get(field.name, 1.0) for field in fields(Resources))
    )
