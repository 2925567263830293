"""`--calibration`: the file reaches the allocation, and what it has no effect on is refused."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from small_boards import board, demand, matrix, memory

from lmc.allocation.candidates import Pins, multipliers
from lmc.dataflow.resources.calibration_file import CalibrationFile
from lmc.design.folder import open_design
from lmc.dialects.dataflow import Calibration, Factor
from lmc.driver.default import default_pipeline
from lmc.targets import load_target

MODEL = Path(__file__).parents[1] / "filecheck/passes/allocate-resources.mlir"
FACTORS = (Factor(kind="dataflow.add", lut=1250), Factor(kind="dataflow.mul", lut=2000))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calibration.json"
    content = CalibrationFile(
        family="Versal",
        tool="Vitis HLS 2024.2",
        part=load_target("vck190").part,
        clock_mhz=300,
        date=None,
        design="d",
        stage="routed",
        errors={},
        factors=FACTORS,
    )
    path.write_text(content.text)
    return path


def test_the_pipeline_has_the_file() -> None:
    text = default_pipeline("w4a8", "vck190", clock_mhz=250, calibration="some where/c.json")
    assert (
        'allocate-resources{target="vck190" clock_mhz=250 calibration="some where/c.json"}' in text
    )


def test_the_allocation_has_the_factors(lmc: Callable[..., object], file: Path) -> None:
    done = lmc("opt", MODEL, "-p", f'allocate-resources{{calibration="{file}"}}')
    assert done.status == 0, done.errors
    source = f"Vitis HLS 2024.2, {load_target('vck190').part}, 300 MHz, routed"
    assert (
        f'calibration = {{family = "Versal", source = "{source}", factors = [{{kind = '
        '"dataflow.add", lut = 1250}, {kind = "dataflow.mul", lut = 2000}]}' in done.output
    )


def test_a_calibration_decides_what_multiplies() -> None:
    """Products that take twice the LUTs do not fit any more."""
    target, asked = board(memory("A", 10)), demand(matrix(400, 512))
    lut = target.budget()["lut"]
    lanes = int(0.6 * lut / (68 * asked.shape.word_bits / 4))
    target = target.model_copy(update={"resources": target.resources.model_copy(update={"dsp": 0})})
    calibration = Calibration(family="Versal", source="a test", factors=FACTORS)
    assert lanes > 0
    assert multipliers(asked, target, Pins(), lanes) == "fabric"
    assert multipliers(asked, target, Pins(calibration=calibration), lanes) is None
    assert Pins(calibration=calibration).product_lut("fabric") == 2 * 54 + 1.25 * 14
    assert Pins(calibration=calibration).product_lut("dsp") == 1.25 * 9


def test_a_file_of_another_family(
    lmc: Callable[..., object], small_model: Path, file: Path, tmp_path: Path
) -> None:
    options = ["--random-weights", "-t", "u280", "--calibration", file, "-o", tmp_path / "design"]
    done = lmc("compile", small_model, *options)
    assert done.status == 1
    assert re.search(r"is of Versal \(xcvc1902.*\), and u280 is of UltraScale\+", done.errors)
    assert not (tmp_path / "design").exists()


def test_a_pipeline_of_ones_own_has_its_file(
    lmc: Callable[..., object], small_model: Path, file: Path, tmp_path: Path
) -> None:
    options = ["--random-weights", "-t", "vck190", "--calibration", file, "-o", tmp_path / "design"]
    done = lmc("compile", small_model, *options, "--pipeline", "allocate-resources")
    assert done.status == 2
    assert (
        f'does not reach a pipeline of your own; give allocate-resources calibration="{file}"'
        in (done.errors)
    )


def test_a_design_that_is_allocated_already(
    lmc: Callable[..., object], mamba1_design: Path, file: Path, tmp_path: Path
) -> None:
    lowered = open_design(mamba1_design).ir_file(4)
    options = ["-t", "vck190", "--calibration", file, "-o", tmp_path / "design"]
    done = lmc("compile", "--from", lowered, *options)
    assert done.status == 2
    assert (
        "is allocated already, with estimates as they were; leave --calibration out" in done.errors
    )
