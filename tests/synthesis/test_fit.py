"""Calibration: factors that reports were made with come back, and few data change little."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from vitis_reports import Made, Style, perturbed, write_reports, write_routed

from lmc.dataflow.resources import Resources
from lmc.dataflow.resources.calibrated import scaled
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import Calibration, DesignOp
from lmc.synthesis.comparison import Comparison, compare
from lmc.synthesis.fit import fit, samples
from lmc.synthesis.found import find_reports
from lmc.targets import Target

Planned = tuple[DesignOp, Target]
FACTORS = {
    "dataflow.mul": {"lut": 0.7},
    "dataflow.round_shift_saturate": {"lut": 1.25},
    "registers": {"ff": 1.4},
    "dataflow.bank": {"lut": 1.5, "ff": 0.8, "bram36": 2.0},
    "dataflow.stream": {"ff": 2.0},
}
PLENTY = {
    ("dataflow.mul", "lut"),
    ("dataflow.round_shift_saturate", "lut"),
    ("registers", "ff"),
    ("dataflow.bank", "bram36"),
}


@pytest.fixture(scope="module")
def comparison(planned: Planned, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("reports")
    return compare(*planned, find_reports(write_reports(folder, *planned, Made(FACTORS))))


def test_factors_come_back(comparison: Comparison) -> None:
    calibration = fit(comparison)
    found = {factor.kind: factor for factor in calibration.factors}
    for kind, resources in FACTORS.items():
        for name, factor in resources.items():
            # What many functions have a large part of is found; all else goes the right way.
            way = (getattr(found[kind], name) / 1000 - 1) / (factor - 1)
            least = 0.9 if (kind, name) in PLENTY else 0.3
            assert least < way < 1.1, (kind, name)
    for name, error in calibration.errors.items():
        assert error.after <= error.before, name
        assert error.after <= error.left_out + 1e-4, name
    for name in ("lut", "ff", "bram36"):
        error = calibration.errors[name]
        assert error.left_out < 0.2 * error.before, (name, error)


def test_what_the_file_says(comparison: Comparison) -> None:
    calibration = fit(comparison)
    assert calibration.source == (
        "Vitis HLS 2024.2 of 2024-11-14, xcvc1902-vsva2197-2MP-e-S, 300 MHz, synthesis"
    )
    assert (calibration.family, calibration.stage) == ("Versal", "synthesis")
    assert fit(comparison).text == calibration.text


def test_reports_as_planned_change_nothing(tmp_path: Path, planned: Planned) -> None:
    same = compare(*planned, find_reports(write_reports(tmp_path, *planned)))
    for factor in fit(same).factors:
        amounts = factor.model_dump(exclude={"kind"}, exclude_none=True).values()
        # Reports have whole numbers, and estimates have fractions.
        assert all(abs(amount - 1000) <= 20 for amount in amounts), factor


def test_few_samples_are_not_trusted(comparison: Comparison) -> None:
    """One function alone moves the factors of its kinds by less than all of them do."""
    kernel = next(one for one in comparison.kernels if one.planned.name == "front")
    unit = next(one for one in kernel.units if "registers" in one.mapped.unit.parts)
    few = replace(kernel, units=(unit,))
    lone = fit(replace(comparison, kernels=(few,)))
    every = fit(comparison)

    def moved(calibration: object) -> float:
        factors = {one.kind: one for one in calibration.factors}  # pyright: ignore
        return abs((factors["registers"].ff or 1000) - 1000)

    assert moved(lone) < moved(every)


def test_routed_figures_count_more(tmp_path: Path, planned: Planned) -> None:
    write_reports(tmp_path, *planned)
    write_routed(tmp_path, *planned, 0.5, 0.1, Made())
    routed = compare(*planned, find_reports(tmp_path))
    calibration = fit(routed)
    assert calibration.stage == "routed"
    assert calibration.date == "2024-11-15T20:15:00"
    before, after = (calibration.errors["lut"].before, calibration.errors["lut"].after)
    assert before == pytest.approx(1, abs=0.02)
    assert after < 0.1
    own = samples(routed, routed=False)
    scaled_down = samples(routed, routed=True)
    for one, other in zip(own, scaled_down, strict=True):
        assert other.reported.lut == pytest.approx(one.reported.lut / 2, rel=0.02, abs=2)


def test_a_calibrated_part_is_what_was_reported(comparison: Comparison) -> None:
    """What the factors make of the estimates is near the reports that they are fitted to."""
    file = fit(comparison)
    calibration = Calibration(family=file.family, source=file.source, factors=file.factors)
    parts = next(
        one.mapped.unit.parts for one in comparison.units if "registers" in one.mapped.unit.parts
    )
    made = sum((scaled(kind, one, calibration) for kind, one in parts.items()), start=Resources())
    wanted = perturbed(parts, FACTORS)
    assert np.allclose([made.lut, made.ff], [wanted.lut, wanted.ff], rtol=0.1, atol=20)


def test_reports_that_count_nothing(comparison: Comparison) -> None:
    empty = [
        replace(
            kernel,
            units=tuple(replace(unit, reported=Resources()) for unit in kernel.units),
            rest_reported=Resources(),
        )
        for kernel in comparison.kernels
    ]
    with pytest.raises(LmcError, match="no resource is counted in it"):
        fit(replace(comparison, kernels=tuple(empty)))


def test_the_date_is_that_of_the_reports(tmp_path: Path, planned: Planned) -> None:
    folder = write_reports(tmp_path, *planned, style=Style(date=None))
    assert fit(compare(*planned, find_reports(folder))).date is None
