"""What steps cost in accuracy, against runs of single modules."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from lmc.design.folder import open_design
from lmc.design.modules import design_module
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import format_of
from lmc.explorer import Exploration
from lmc.explorer.numerics import StepNumerics
from lmc.explorer.steps import read_steps
from lmc.interpreter import real_values
from lmc.interpreter.recording import Recording, record
from lmc.ir.levels import MODEL, QUANTIZED
from lmc.numerics.errors import sqnr_db
from lmc.tracing.steps import run_steps
from lmc.tracing.trace import PIECE


@pytest.fixture(scope="module")
def recordings(mamba2_design: Path, run_exploration: Exploration) -> dict[int, Recording]:
    """The last modules of levels 1 and 2 on all tokens at once, with every value."""
    assert run_exploration.numerics is not None
    ids = np.array(run_exploration.numerics.tokens)[:, None]
    design = open_design(mamba2_design)
    return {level: record(design_module(design, level), ids) for level in (MODEL, QUANTIZED)}


def steps_by_name(exploration: Exploration) -> dict[str, StepNumerics]:
    assert exploration.numerics is not None
    return {exploration.steps[n].name: step for n, step in exploration.numerics.steps.items()}


def test_levels_0_to_3_and_the_cpp_are_run(run_exploration: Exploration) -> None:
    assert run_exploration.numerics is not None
    assert run_exploration.numerics.remarks == ()
    wanted = [n for n, step in enumerate(run_exploration.steps) if step.level in (0, 1, 2, 3)]
    assert list(run_exploration.numerics.steps) == [*wanted, len(run_exploration.steps) - 1]
    assert len(run_exploration.numerics.tokens) > PIECE


def test_each_step_is_compared_with_float_and_with_the_one_before(
    run_exploration: Exploration,
) -> None:
    steps = steps_by_name(run_exploration)
    traced, raised, emitted = (
        steps.pop(name) for name in ("traced", "raise-to-ssm", "check-dataflow")
    )
    assert traced.of_before is None
    assert raised.of_float is None
    assert traced.of_float is not None
    assert raised.of_before is not None
    for deviation in (traced.of_float, raised.of_before):
        assert 100 < (deviation.distance.sqnr_db or 0) < 160
    assert emitted.of_before is not None
    assert emitted.of_before.is_equal
    assert emitted.of_float == steps["allocate-resources"].of_float
    elements = steps["quantize"].of_float
    assert elements is not None
    for name, step in steps.items():
        assert step.of_float is not None
        assert step.of_before is not None
        assert step.of_before.distance.elements == elements.distance.elements
        db, db_before = step.of_float.distance.sqnr_db, step.of_before.distance.sqnr_db
        if name in ("quantize", "rewrite-power-of-two"):
            assert not step.of_before.is_equal
            assert db is not None
            assert 5 < db < 60
        elif name in ("reorder-computation", "tile-and-fuse", "allocate-resources"):
            assert step.of_before.is_equal
            assert not step.of_float.is_equal
        else:
            assert db_before is None or db_before > 80
    assert steps["tile-and-fuse"].of_float == steps["rewrite-power-of-two"].of_float


def test_ends_that_cannot_run_are_remarks(mamba2_design: Path, tmp_path: Path) -> None:
    """The model of a module in memory, and C++ that was edited and does not build."""
    folder = shutil.copytree(mamba2_design, tmp_path / "design")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["model"]["weights"] = "weights/source"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "measured.json").unlink()
    for kernel in (folder / "hls").glob("*.cpp"):
        kernel.write_text("#error edited\n")
    design = open_design(folder)
    steps = read_steps(design)
    ends = [steps[0], steps[-1]]
    numerics = run_steps(design, ends, [3, 4])
    assert not numerics.steps
    traced, emitted = numerics.remarks
    assert traced.startswith(
        "Step 0, traced, was not run: the model was a PyTorch module in memory"
    )
    assert emitted.startswith("Step 1, check-dataflow, was not run: ")


def test_tokens_that_the_model_does_not_have_are_refused(
    exploration: Exploration, mamba2_design: Path
) -> None:
    with pytest.raises(LmcError, match="token ids go from 1 to 99999"):
        run_steps(open_design(mamba2_design), exploration.steps, [1, 99_999])


def test_logits_are_those_of_the_modules(
    run_exploration: Exploration, recordings: dict[int, Recording]
) -> None:
    """To float means to the first module of level 1, which the last one equals but for rounding."""
    floats, integers = (recordings[level].result for level in (MODEL, QUANTIZED))
    wanted = real_values(floats.logits, floats.logits_format)
    found = real_values(integers.logits, integers.logits_format)
    deviation = steps_by_name(run_exploration)["rewrite-power-of-two"].of_float
    assert deviation is not None
    assert deviation.distance.sqnr_db == pytest.approx(sqnr_db(wanted, found), abs=0.01)
    assert deviation.distance.largest == pytest.approx(np.abs(wanted - found).max(), rel=1e-3)
    same = wanted.argmax(axis=-1) == found.argmax(axis=-1)
    assert deviation.agreeing == int(same.sum())


def test_noise_of_an_op_is_that_of_its_value_in_each_layer(
    run_exploration: Exploration, recordings: dict[int, Recording]
) -> None:
    assert run_exploration.numerics is not None
    number = [step.name for step in run_exploration.steps].index("rewrite-power-of-two")
    ops, noise = run_exploration.steps[number].ops, run_exploration.numerics.steps[number].noise
    assert len(noise) > 15
    (update,) = (n for n, op in enumerate(ops) if op.name == "ssm.selective_state_update")
    assert [value.is_state for value in noise[update]] == [False, True]
    for value in noise[update]:
        assert len(value.layers) == 2
        for layer, distance in enumerate(value.layers):
            wanted, found = (
                real(recordings[level], value.value, layer) for level in (MODEL, QUANTIZED)
            )
            assert distance.elements == found.size
            assert distance.sqnr_db == pytest.approx(sqnr_db(wanted, found), abs=1e-3)


def real(recording: Recording, name: str, layer: int):
    value, op = recording.values[name, layer, 0]
    result = next(result for result in op.results if result.name_hint == name)
    return real_values(value, format_of(result.type))
