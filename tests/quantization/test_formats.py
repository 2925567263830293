"""The choice of number formats from ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmc.dialects.ssm import FixedType
from lmc.quantization.formats import (
    block_format,
    block_format_of,
    power_of_two_divisor,
    power_of_two_format,
    static_format,
    with_scale,
    without_mul,
)

PEAKS = st.floats(1e-4, 1e4)


def unit(fmt: FixedType) -> float:
    return fmt.mul.data * 2.0**-fmt.frac.data


def limit(fmt: FixedType) -> float:
    return unit(fmt) * 2 ** (fmt.bits.data - 1)


@given(PEAKS, st.sampled_from([8, 16, 24]))
def test_formats_hold_the_peak_and_waste_little(peak: float, bits: int) -> None:
    plain, static = power_of_two_format(bits, peak), static_format(bits, peak)
    assert plain.mul.data == 1
    assert peak <= limit(plain)
    assert peak <= limit(static) * (1 + 1e-12)
    if unit(plain) > 2.0**-30:
        assert limit(plain) < 2 * peak * (1 + 1e-12)
        assert limit(static) <= peak * 129 / 128 * (1 + 1e-12)


@given(PEAKS)
def test_without_mul_is_the_next_larger_power_of_two(peak: float) -> None:
    static = static_format(16, peak)
    plain = without_mul(static)
    assert plain.mul.data == 1
    assert unit(static) <= unit(plain) < 2 * unit(static)


@pytest.mark.parametrize("peak", [0.0, 1e-30])
def test_tensors_of_zeros_have_a_format(peak: float) -> None:
    assert power_of_two_format(16, peak) == FixedType.of(16, 30)
    assert static_format(16, peak) == FixedType.of(16, 30)
    assert block_format(8, 8, 8, peak).frac.data == 52


def test_a_given_scale_gets_the_bits_it_needs() -> None:
    assert with_scale(10, 1, 3.0) == FixedType.of(13, 10)
    assert with_scale(10, 200, 3.0) == FixedType.of(8, 10, 200)


def test_blocks_end_at_the_peak_or_begin_at_the_resolution() -> None:
    # 2^7 · 2^15 units of 2^-20 reach 4.
    assert block_format(8, 32, 48, 4.0).frac.data == 20
    assert block_format(8, 32, 48, 4.0).group.data == 16
    coarse = FixedType.of(16, 12)
    assert block_format_of(8, 32, 64, 4.0, coarse).frac.data == 12
    mantissa = FixedType.of(16, 20, 129)
    assert block_format_of(8, 32, 64, 4.0, mantissa).frac.data == 12


def test_power_of_two_divisor() -> None:
    assert [power_of_two_divisor(*pair) for pair in ((12, 32), (64, 32), (5, 8))] == [4, 32, 1]
