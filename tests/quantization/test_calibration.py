"""Calibration ids and the ranges of values."""

from pathlib import Path

import numpy as np
from small_models import MAMBA1, MAMBA2, apply, level1, write_config

from lmc.dialects.ssm import AddOp, SelectiveStateUpdateOp
from lmc.interpreter import run
from lmc.ir.editing import ops_of
from lmc.models.zoo import resolve
from lmc.quantization.calibration import calibrate, calibration_ids, record_ranges, report_progress
from lmc.weights import WeightStore, open_source


def test_a_trained_model_writes_its_own_text() -> None:
    model = resolve("bookbyte-mamba1")
    ids = calibration_ids(model.config, model.weights, seed=4)
    assert ids.shape == (96, 8)
    assert np.array_equal(ids, calibration_ids(model.config, model.weights, seed=4))
    # It was trained on English: most of what it writes is lower-case letters and spaces.
    letters = ((ids >= ord("a")) & (ids <= ord("z"))) | (ids == ord(" "))
    assert letters.mean() > 0.8


def test_random_weights_take_random_ids(tmp_path: Path) -> None:
    config = write_config(tmp_path, MAMBA1)
    source = resolve(str(tmp_path), random_weights=True).weights
    ids = calibration_ids(config, source)
    assert ids.shape == (24, 4)
    assert 0 <= ids.min() <= ids.max() < config.vocab_size


def test_ranges_are_over_tokens_and_layers(tmp_path: Path) -> None:
    module = level1(f"random:{tmp_path}:0", write_config(tmp_path, MAMBA2))
    store = WeightStore(module, open_source(module))
    ids = np.array([[1, 2], [3, 4], [5, 6]])
    ranges = record_ranges(module, store, ids)
    seen: dict[str, float] = {}
    # The state after each token, which a run over all tokens does not show.
    states = None
    for token in ids:

        def listen(name: str, _layer: object, _op: object, value: object) -> None:
            seen[name] = max(seen.get(name, 0.0), float(np.abs(np.asarray(value)).max()))

        states = run(module, token[None], weights=store, states=states, listener=listen).states
    (update,) = ops_of(module, SelectiveStateUpdateOp)
    (add,) = ops_of(module, AddOp)
    for value in (add.result, update.dt, update.x, update.result, update.new_state):
        np.testing.assert_allclose(ranges.peak(value), seen[value.name_hint or ""], rtol=1e-5)
    assert 0 < ranges.dtx[update] <= ranges.peak(update.dt) * ranges.peak(update.x)
    for name in ("A", "in_proj", "lm_head"):
        assert ranges.weights[name] == store.largest(name)


def test_progress_is_reported(tmp_path: Path) -> None:
    module = level1(f"random:{tmp_path}:0", write_config(tmp_path, MAMBA2))
    reports: list[tuple[str, int, int]] = []
    with report_progress(lambda *report: reports.append(report)):
        calibrate(module, WeightStore(module, open_source(module)))
    assert [report[1:] for report in reports] == [(0, 2), (1, 2)]
    apply(module, "fold-norm-scales,defer-norm,quantize")
    assert len(reports) == 2
