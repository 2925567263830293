"""The search for layers that get 8 bits, on made-up sensitivities."""

import pytest

from lmc.diagnostics import LmcError
from lmc.quantization.config import QuantizationConfig
from lmc.quantization.presets import PRESETS
from lmc.tuning.width_search import MatrixShape, bits_per_weight, fit_bits, fit_loss

BASE = PRESETS["w4a8"].config
SHAPES = {"in_proj": MatrixShape(3, 400, 0.1), "out_proj": MatrixShape(3, 200, 0.1)}
GAINS = {"in_proj": (0.004, 0.001, 0.002), "out_proj": (0.0005, 0.003, 0.0001)}


def widths(config: QuantizationConfig) -> tuple[object, object]:
    return config.weights.in_proj.bits, config.weights.out_proj.bits


def test_bits_per_weight_counts_scales() -> None:
    assert bits_per_weight(BASE, SHAPES) == pytest.approx(4.1)


def test_a_budget_of_bits_takes_the_best_rates_that_fit() -> None:
    # out_proj 1 gains most for each bit, then in_proj 0 and 2, which are larger.
    choice = fit_bits(BASE, SHAPES, GAINS, 4.1 + 4 * 601 / 1800)
    assert widths(choice.config) == ((8, 4, 4), (4, 8, 4))
    assert choice.bits_per_weight == pytest.approx(4.1 + 4 * 600 / 1800)
    # What does not fit is left out for what does.
    choice = fit_bits(BASE, SHAPES, GAINS, 4.1 + 4 * 401 / 1800)
    assert widths(choice.config) == (4, (8, 8, 4))
    with pytest.raises(LmcError, match=r"4\.100 bits per weight in its layers already"):
        fit_bits(BASE, SHAPES, GAINS, 4)


def test_a_budget_of_loss_raises_as_few_as_measured_enough() -> None:
    seen: list[int] = []

    def measure(config: QuantizationConfig) -> float:
        total = 0.02
        for name, losses in GAINS.items():
            bits = getattr(config.weights, name).bits
            per_layer = (bits,) * 3 if isinstance(bits, int) else bits
            total -= sum(loss for loss, width in zip(losses, per_layer, strict=True) if width == 8)
        seen.append(1)
        return total

    choice = fit_loss(BASE, SHAPES, GAINS, 0.0131, measure)
    assert widths(choice.config) == ((8, 4, 4), (4, 8, 4))
    assert choice.loss == pytest.approx(0.013)
    assert choice.raised == 2
    assert len(seen) <= 5
    assert fit_loss(BASE, SHAPES, GAINS, 0.02, measure).config == BASE
    with pytest.raises(LmcError, match=r"0\.0094 bits per token are lost, more than 0\.009"):
        fit_loss(BASE, SHAPES, GAINS, 0.009, measure)
