"""Calibrated estimates: what a factor does, and which files are taken."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from design_builder import DesignBuilder
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import Allocation, LanePort, Place, set_allocation
from lmc.backends.hls.printer import find_design
from lmc.dataflow.resources import DesignResources, estimate, operators
from lmc.dataflow.resources.budget import source_of
from lmc.dataflow.resources.calibrated import calibration_of, scaled
from lmc.dataflow.resources.calibration_file import CalibrationFile, FitError, read_calibration
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.terms import TERMS
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import Calibration, Factor, si, ui
from lmc.passes.schedule_loops import ScheduleLoops
from lmc.targets import load_target
from lmc.weights.content import module_content

TARGET = load_target("vck190")
FILE = CalibrationFile(
    family="Versal",
    tool="Vitis HLS 2024.2",
    part=TARGET.part,
    clock_mhz=300,
    date="2024-11-14T09:30:00",
    design="d",
    stage="synthesis",
    errors={"lut": FitError(before=0.2, after=0.1, left_out=0.15, parts=7)},
    factors=(Factor(kind="dataflow.mul", lut=500), Factor(kind="dataflow.stream", ff=2000)),
)


def design_of(*factors: Factor) -> ModuleOp:
    """A kernel with a product of two bytes and a FIFO, calibrated if there are factors."""
    builder = DesignBuilder("d")
    x, y = builder.stream("x", ui(16)), builder.stream("y", si(16))
    with builder.kernel("k") as kernel:
        z = kernel.stream("z", ui(16), depth=8)
        with kernel.task("first") as task, task.nest([("i", 4)]):
            task.write(z, task.read(x))
        with kernel.task("work") as task, task.nest([("i", 4)]):
            word = task.read(z)
            low, high = (word.slice(at, 8, signed=True) for at in (0, 8))
            task.write(y, low * high)
    module = builder.module()
    ScheduleLoops(clock_mhz=300).apply(Context(), module)
    place = Place(memory="DDR4")
    if factors:
        calibration = Calibration(family="Versal", source="a test", factors=factors)
        allocation = Allocation(
            target="vck190",
            clock_mhz=300,
            port_bits=512,
            lanes=(LanePort(memory="DDR4"),),
            side_port=place,
            calibration=calibration,
        )
        set_allocation(module, allocation)
        assert calibration_of(find_design(module)) == calibration
    return module


def estimated(*factors: Factor) -> DesignResources:
    return estimate(find_design(design_of(*factors)), TARGET)


def test_a_factor_is_for_its_kind_and_resource() -> None:
    plain, calibrated = estimated(), estimated(*FILE.factors)
    product = operators.product(8, 8) * TERMS["product"].luts
    before, after = plain.tasks["k"]["work"], calibrated.tasks["k"]["work"]
    assert before.lut - after.lut == pytest.approx(product / 2)
    assert before.ff == after.ff
    assert plain.tasks["k"]["first"] == calibrated.tasks["k"]["first"]


def test_fifos_between_kernels_are_the_linkers() -> None:
    plain, calibrated = estimated(), estimated(*FILE.factors)
    assert calibrated.streams["z"].ff == 2 * plain.streams["z"].ff
    assert calibrated.streams["z"].lut == plain.streams["z"].lut
    for name in ("x", "y"):
        assert calibrated.streams[name] == plain.streams[name]


def test_what_has_no_factor_stays() -> None:
    taken = Resources(lut=3, ff=4, dsp=5, bram36=6, uram=7)
    calibration = Calibration(family="Versal", source="a test", factors=FILE.factors)
    assert scaled("dataflow.add", taken, calibration) == taken
    assert scaled("dataflow.mul", taken, None) == taken
    assert scaled("dataflow.mul", taken, calibration).lut == 1.5


def test_what_is_kept_under_a_modules_text_depends_on_the_factors() -> None:
    texts = {
        module_content(design_of(*factors))
        for factors in ((), FILE.factors, (Factor(kind="dataflow.mul", lut=501),))
    }
    assert len(texts) == 3


def test_the_label() -> None:
    assert source_of({}) == "estimated: docs/resources.md"
    assert source_of({"calibration": FILE.source}) == (
        "estimated: docs/resources.md, calibrated: Vitis HLS 2024.2 of 2024-11-14, "
        "xcvc1902-vsva2197-2MP-e-S, 300 MHz, synthesis"
    )


# Files


def written(folder: Path, text: str) -> Path:
    path = folder / "calibration.json"
    path.write_text(text)
    return path


def test_a_file_comes_back(tmp_path: Path) -> None:
    found = read_calibration(written(tmp_path, FILE.text), TARGET)
    assert found == Calibration(family="Versal", source=FILE.source, factors=FILE.factors)


def test_another_board_of_the_family_takes_it(tmp_path: Path) -> None:
    assert read_calibration(written(tmp_path, FILE.text), load_target("v80")).family == "Versal"


Change = Callable[[dict[str, object]], object]
REFUSED: dict[str, tuple[Change, str]] = {
    "another family": (
        lambda content: content.update(family="UltraScale+", part="xcu280-fsvh2892-2L-e"),
        r"is of UltraScale\+ \(xcu280-fsvh2892-2L-e\), and vck190 is of Versal: calibrate with",
    ),
    "another version": (
        lambda content: content.update(lmc_calibration=2),
        "is a calibration file of version 2, and this lmc reads version 1: write it anew",
    ),
    "no calibration": (
        lambda content: content.pop("lmc_calibration"),
        "is no calibration file: `lmc report --vitis` writes one",
    ),
    "an unknown key": (lambda content: content.update(colour="red"), "no key 'colour'; there are"),
    "no factors": (lambda content: content.update(factors=[]), "factors: tuple should have"),
    "a factor of nothing": (
        lambda content: content.update(factors=[{"kind": "dataflow.mul", "lut": 0}]),
        "factors.0.lut is 0; it should be greater than or equal to 1",
    ),
    "a factor of an unknown resource": (
        lambda content: content.update(factors=[{"kind": "dataflow.mul", "luts": 900}]),
        "no key 'factors.0.luts'; did you mean 'lut'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(tmp_path: Path, case: str) -> None:
    change, sentence = REFUSED[case]
    content = json.loads(FILE.text)
    change(content)
    with pytest.raises(LmcError, match=sentence):
        read_calibration(written(tmp_path, json.dumps(content)), TARGET)


@pytest.mark.parametrize("text", ["", "{", "[]", "7"])
def test_what_is_no_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(LmcError, match=r"cannot be read|is no calibration file"):
        read_calibration(written(tmp_path, text), TARGET)
