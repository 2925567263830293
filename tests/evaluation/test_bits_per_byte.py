"""Measures of engines against values worked out by hand."""

import math

import numpy as np
import pytest

from lmc.diagnostics import LmcError
from lmc.evaluation.bits_per_byte import Windows, measure


class Constant:
    """The same distribution at every token."""

    def __init__(self, *probabilities):
        self.row = np.log(np.array(probabilities))

    def logits(self, ids):
        # A constant added to logits changes nothing.
        return np.broadcast_to(self.row + 7.0, (*ids.shape, len(self.row)))

    def generate(self, prompt, count):
        raise NotImplementedError


def windows(targets, size):
    targets = np.array(targets)
    return Windows(np.zeros_like(targets), targets, size)


def steps(done, step):
    assert done >= 1
    assert "windows" in step


def test_loss_divergence_and_agreement():
    engines = {"integer": Constant(0.5, 0.25, 0.25), "float": Constant(0.25, 0.5, 0.25)}
    measured = measure(engines, windows([[0, 1], [1, 2]], 8), steps)
    assert list(measured) == ["integer", "float"]
    integer, reference = measured.values()
    assert integer.bits == pytest.approx(1 + 2 + 2 + 2)
    assert integer.bits_per_byte == pytest.approx(7 / 8)
    assert integer.bits_per_token == pytest.approx(7 / 4)
    assert integer.perplexity == pytest.approx(2 ** (7 / 4))
    # 1/4 · log2(1/2) + 1/2 · log2(2) + 0
    assert integer.kl_to_float == pytest.approx(0.25)
    assert integer.top1_agreement == 0
    assert (reference.kl_to_float, reference.top1_agreement) == (0, 1)


def test_without_float_nothing_is_compared():
    measured = measure({"integer": Constant(0.5, 0.5)}, windows([[0]], 1), steps)["integer"]
    assert (measured.kl_to_float, measured.top1_agreement) == (None, None)


def test_logits_must_be_finite():
    with pytest.raises(LmcError, match="not finite"):
        measure({"float": Constant(math.nan, 0.5)}, windows([[0]], 1), steps)
