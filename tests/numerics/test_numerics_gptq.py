"""GPTQ on one matrix: what it promises whatever the weights and the inputs are."""

import numpy as np
import pytest

from lmc.numerics.gptq import gptq, hessian_error
from lmc.numerics.weight_quantization import (
    WeightFormat,
    choose_frac,
    largest_scale,
    quantize_weights,
)


def _format(weights: np.ndarray, bits: int, group: int) -> WeightFormat:
    return WeightFormat(bits, group, 8, 3, choose_frac(largest_scale(weights, bits), 8, 3))


def _weights(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    return (0.05 * rng.standard_normal((rows, columns))).astype(np.float32)


def _correlated(rng: np.random.Generator, tokens: int, columns: int) -> np.ndarray:
    mixed = rng.standard_normal((tokens, columns // 4)) @ rng.standard_normal(
        (columns // 4, columns)
    )
    return mixed + rng.standard_normal((tokens, columns))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("bits", "columns", "group"), [(4, 96, 32), (3, 130, 65), (8, 64, 64)])
def test_the_error_is_smaller_than_that_of_rounding(seed, bits, columns, group):
    rng = np.random.default_rng(seed)
    weights, inputs = _weights(rng, 24, columns), _correlated(rng, 512, columns)
    hessian = inputs.T @ inputs
    fmt = _format(weights, bits, group)
    chosen = hessian_error(gptq(weights, hessian, fmt).real(fmt.frac) - weights, hessian)
    rounded = hessian_error(quantize_weights(weights, fmt).real(fmt.frac) - weights, hessian)
    assert chosen < 0.8 * rounded


def test_inputs_without_correlation_leave_plain_rounding():
    weights = _weights(np.random.default_rng(0), 16, 64)
    fmt = _format(weights, 4, 32)
    chosen, rounded = gptq(weights, np.eye(64), fmt), quantize_weights(weights, fmt)
    assert np.array_equal(chosen.q, rounded.q)
    assert np.array_equal(chosen.scales(), rounded.scales())


def test_without_any_inputs_weights_are_rounded():
    weights = _weights(np.random.default_rng(0), 16, 64)
    fmt = _format(weights, 4, 32)
    assert np.array_equal(
        gptq(weights, np.zeros((64, 64)), fmt).q, quantize_weights(weights, fmt).q
    )


def test_group_scales_are_those_of_the_weighted_clipping_search():
    rng = np.random.default_rng(1)
    weights, inputs = _weights(rng, 8, 64), _correlated(rng, 256, 64)
    inputs[:, 3] *= 20
    hessian, fmt = inputs.T @ inputs, _format(weights, 4, 16)
    matrix = gptq(weights, hessian, fmt)
    assert matrix.group == 16
    assert matrix.q.min() >= -8
    assert matrix.q.max() <= 7
    diagonal = np.diag(hessian) / np.diag(hessian).mean() + 0.3
    search = quantize_weights(weights, fmt, importance=diagonal.astype(np.float32))
    assert np.array_equal(matrix.scales(), search.scales())


def test_importance_decides_which_columns_are_clipped():
    weights = np.full((1, 16), 0.1, np.float32)
    weights[0, 5] = 1.0
    fmt = _format(weights, 3, 16)
    important = np.ones(16, np.float32)
    important[5] = 1e-6
    clipped = quantize_weights(weights, fmt, importance=important)
    assert clipped.scales()[0, 0] < quantize_weights(weights, fmt).scales()[0, 0]


def test_an_input_that_is_always_zero_does_no_harm():
    rng = np.random.default_rng(2)
    weights, inputs = _weights(rng, 8, 32), _correlated(rng, 128, 32)
    inputs[:, 7] = 0
    fmt = _format(weights, 4, 32)
    matrix = gptq(weights, inputs.T @ inputs, fmt)
    assert np.abs(matrix.real(fmt.frac) - weights)[:, 7].max() < 0.05


def test_more_rows_than_fit_one_piece_are_quantized_alike(monkeypatch: pytest.MonkeyPatch):
    rng = np.random.default_rng(3)
    weights, inputs = _weights(rng, 24, 64), _correlated(rng, 128, 64)
    fmt, hessian = _format(weights, 4, 32), inputs.T @ inputs
    whole = gptq(weights, hessian, fmt)
    monkeypatch.setattr("lmc.numerics.gptq._ROWS", 8)
    pieces = gptq(weights, hessian, fmt)
    # The order of sums within a matrix product may differ by float rounding.
    assert np.mean(whole.q != pieces.q) < 0.01
