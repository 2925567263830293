from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.numerics import block, ranges
from lmc.numerics.rounding import (
    FixedFormat,
    quantize_fixed,
    rescale_plan,
    round_half_up,
    rss,
)

words = st.integers(-(2**62) + 1, 2**62 - 1)


def exact_rss(x, shift, bits):
    rounded = x << -shift if shift <= 0 else (x + (1 << (shift - 1))) >> shift
    return max(-(1 << (bits - 1)), min(rounded, (1 << (bits - 1)) - 1))


@given(x=words, shift=st.integers(-90, 90), bits=st.integers(2, 63))
def test_rss_is_exact_for_every_shift(x, shift, bits):
    values = np.array([x])
    assert rss(values, shift, bits).tolist() == [exact_rss(x, shift, bits)]
    assert rss(values, np.array([shift]), bits).tolist() == [exact_rss(x, shift, bits)]


def test_rss_rounds_half_up_on_both_sides_of_zero():
    assert rss(np.array([-6, -5, -3, -2, 2, 3, 5, 6]), 2, 8).tolist() == [-1, -1, -1, 0, 1, 1, 1, 2]


@given(
    x=st.integers(-(2**30), 2**30),
    frac=st.integers(-5, 30),
    mul=st.integers(1, 255 * 255),
    frac_out=st.integers(-5, 30),
    mul_out=st.integers(1, 255),
)
def test_rescale_is_within_a_unit_of_the_real_value(x, frac, mul, frac_out, mul_out):
    plan = rescale_plan(frac, mul, 63, frac_out, mul_out)
    assert plan.multiplier == 1 or 2**15 <= plan.multiplier < 2**16
    assert plan.left == 0 or plan.shift == 0
    exact = Fraction(x * mul, mul_out) * Fraction(2) ** (frac_out - frac)
    if abs(exact) >= 2**61:
        return
    found = int(plan.apply(np.array([x]))[0])
    assert abs(found - exact) <= Fraction(1, 2) + abs(exact) * Fraction(1, 2**16)


@pytest.mark.parametrize(("mul", "mul_out"), [(1, 1), (200, 200), (128, 1), (96, 192), (3, 192)])
def test_ratios_that_are_powers_of_two_need_no_multiplier(mul, mul_out):
    plan = rescale_plan(20, mul, 32, 10, mul_out)
    assert plan.multiplier == 1
    exact = Fraction(4096 * mul, mul_out) / 2**10
    assert plan.apply(np.array([4096])).tolist() == [int(exact + Fraction(1, 2))]


def test_shift_found_at_run_time_adds_to_a_left_shift():
    plan = rescale_plan(2, 1, 32, 5)
    assert plan.left == 3
    x = np.array([13, 13, -13])
    assert plan.apply(x, np.array([0, 3, 5])).tolist() == [104, 13, -3]


def test_quantize_fixed_rounds_and_saturates():
    values = np.array([0.25, -0.25, 0.24, 100.0, -100.0, 1.5], np.float32)
    assert quantize_fixed(values, FixedFormat(4, 1)).tolist() == [1, 0, 0, 7, -8, 3]
    assert quantize_fixed(values, FixedFormat(8, 3, 3)).tolist() == [1, -1, 1, 127, -128, 4]
    assert [round_half_up(x) for x in (0.5, -0.5, 1.49, -1.51)] == [1, 0, 1, -2]


@given(x=st.integers(0, 2**62))
def test_bit_length(x):
    assert block.bit_length(np.array([x])).tolist() == [x.bit_length()]


def test_window_has_the_width_of_the_dialects():
    assert block.MAX_EXPONENT == ssm.MAX_EXPONENT


@given(
    seed=st.integers(0, 2**32 - 1),
    bits=st.integers(2, 16),
    emin=st.integers(0, 6),
    rounding=st.sampled_from(["up", "nearest"]),
)
def test_blocks_are_near_the_values_they_stand_for(seed, bits, emin, rounding):
    rng = np.random.default_rng(seed)
    top = 1 << (bits - 1 + emin + 14)
    v = rng.integers(-top, top, (3, 8)) >> rng.integers(0, 20, (3, 1))
    q, e = block.quantize_blocks(v, bits, 4, emin, rounding)
    assert q.dtype == e.dtype == np.int32
    assert np.abs(q + 0.5).max() <= 2 ** (bits - 1)
    assert 0 <= e.min() <= e.max() <= 15
    real = block.dequantize_blocks(q, e, -emin)
    units = 2.0 ** (np.repeat(e, 4, -1) + emin)
    saturated = np.abs(v) >= (2 ** (bits - 1) - 1) * units
    assert np.all(saturated | (np.abs(real - v) <= units / 2))
    if rounding == "up":
        assert np.all(np.abs(real - v) <= units)


def test_nearest_takes_the_nearest_power_of_two():
    # scales 127 · 2^k / 127, a little below and above the geometric mean of 1 and 2
    tops = np.array([[127], [179], [180], [254]])
    _, e = block.quantize_blocks(tops, 8, 1, 0, "nearest")
    assert e.ravel().tolist() == [0, 0, 1, 1]
    _, e = block.quantize_blocks(tops, 8, 1, 0, "up")
    assert e.ravel().tolist() == [0, 1, 1, 1]


def test_widths_hold_the_extremes():
    magnitude = 128 * (255 << 7) * 8 * (128 << 15)
    assert ranges.linear_width(128, 4, 8, 3, ranges.largest_block(8)) == magnitude.bit_length() + 1
    assert ranges.conv_width(4, 16, 16, 24) == (4 * 2**30 + 2**23).bit_length() + 1
    assert ranges.state_width((16, 15), (8, 14), (16, 12), (16, 10)) == 40
    assert ranges.output_width(64, (8, 14), (16, 10), (16, 14), (16, 10)) == 45
    assert ranges.square_sum_width(256, 24, 5) == 56


def test_widths_over_63_bits_are_refused():
    with pytest.raises(LmcError, match="accumulator of a linear would need 68 bits"):
        ranges.linear_width(128, 8, 8, 4, ranges.largest_block(16))
    plan = rescale_plan(0, 3, 32, 0, 5)
    assert ranges.rescale_width(2**40, plan, "it") <= 63
    with pytest.raises(LmcError, match="it would need"):
        ranges.rescale_width(2**60, plan, "it")
