"""Measures of engines against values worked out by hand."""

import math

import numpy as np
import pytest

from lmc.diagnostics import LmcError
from lmc.evaluation.bits_per_byte import Windows, measure, position_ranges


class Constant:
    """The same distribution at every token."""

    def __init__(self, *probabilities):
        self.row = np.log(np.array(probabilities))

    @property
    def vocabulary(self):
        return len(self.row)

    def pieces(self, ids, length):
        for start in range(0, len(ids), length):
            # A constant added to logits changes nothing.
            shape = (*ids[start : start + length].shape, self.vocabulary)
            yield np.broadcast_to(self.row + 7.0, shape)

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


class Counting:
    """Sure of token p at position p of a window, whatever it is cut into."""

    vocabulary = 1 << 16

    def pieces(self, ids, length):
        for start in range(0, len(ids), length):
            stop = min(start + length, len(ids))
            logits = np.zeros((stop - start, ids.shape[1], self.vocabulary), np.float32)
            for row, position in enumerate(range(start, stop)):
                logits[row, :, position] = 40.0
            yield logits.astype(np.float64)


def test_long_windows_come_in_pieces_and_are_measured_by_position():
    targets = np.array([[*range(150), 0, 0]] * 2).T
    measured = measure({"float": Counting()}, windows(targets, 304), steps)["float"]
    assert [(one.first, one.end) for one in measured.positions] == [(0, 64), (64, 152)]
    cold, warm = measured.positions
    assert cold.bits_per_token == pytest.approx(0, abs=1e-6)
    # Two of 88 targets have the probability 1 / e^40.
    assert warm.bits_per_token == pytest.approx(2 / 88 * 40 / math.log(2), rel=1e-6)
    assert measured.bits == pytest.approx(2 * 88 * warm.bits_per_token, rel=1e-6)
    assert (cold.kl_to_float, warm.kl_to_float) == (0, 0)


def test_position_ranges_end_at_four_times_the_one_before():
    assert position_ranges(5000) == [(0, 64), (64, 256), (256, 1024), (1024, 4096), (4096, 5000)]
    assert position_ranges(3) == [(0, 3)]
