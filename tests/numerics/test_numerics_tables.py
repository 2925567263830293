import math

import numpy as np
import pytest

from lmc.diagnostics import LmcError
from lmc.numerics.rounding import FixedFormat
from lmc.numerics.tables import (
    TableParameters,
    choose_mantissa_shift,
    choose_table,
    norm_epsilon,
    piecewise_table,
    rsqrt_table,
    table_error,
)

FORMATS = [
    ("silu", FixedFormat(16, 11), FixedFormat(16, 12)),
    ("silu", FixedFormat(16, 15), FixedFormat(16, 15)),
    ("silu", FixedFormat(16, 18, 200), FixedFormat(12, 8)),
    ("silu", FixedFormat(24, 12), FixedFormat(24, 12)),
    ("softplus", FixedFormat(16, 10), FixedFormat(16, 12)),
    ("softplus", FixedFormat(12, 8), FixedFormat(16, 11)),
    ("exp", FixedFormat(16, 10), FixedFormat(16, 15)),
    ("exp", FixedFormat(22, 17), FixedFormat(18, 16)),
    ("exp", FixedFormat(16, 15), FixedFormat(16, 15)),
]


@pytest.mark.parametrize(("function", "operand", "result"), FORMATS)
def test_chosen_tables_are_accurate(function, operand, result):
    parameters = choose_table(function, operand, result)
    assert parameters.segments == 1024
    # A unit of the result for its roundings, the chords' error, the asymptotes'.
    width = 2.0**parameters.shift * operand.mul * 2.0**-operand.frac
    bound = 1.25 * result.mul * 2.0**-result.frac + width**2 / 8 + 1e-4
    assert table_error(function, parameters, operand, result) <= bound


def test_tables_interpolate_between_exact_ends():
    operand, result = FixedFormat(16, 8), FixedFormat(16, 10)
    table = piecewise_table("softplus", TableParameters(16, 8, -2048, 6), operand, result)
    for x in (-1024, 0, 512):
        assert table(np.array([x]))[0] == math.floor(math.log1p(math.exp(x / 256)) * 1024 + 0.5)


def test_values_beyond_a_table_follow_the_asymptotes():
    operand, result = FixedFormat(20, 8), FixedFormat(24, 8)
    table = piecewise_table("silu", TableParameters(32, 8, -4096, 4), operand, result)
    assert table(np.array([-(2**19), -5000])).tolist() == [0, 0]
    assert table(np.array([5000, 2**19 - 1])).tolist() == [5000, 2**19 - 1]


def test_a_table_over_the_whole_range_has_chords_at_its_ends():
    operand, result = FixedFormat(10, 8), FixedFormat(24, 16)
    table = piecewise_table("silu", TableParameters(4, 8, -512, 8), operand, result)
    silu = [x / (1 + math.exp(-x)) for x in (-2, -1)]
    assert table(np.array([-384]))[0] == pytest.approx(sum(silu) / 2 * 2**16, abs=2)


def test_exp_ends_at_one():
    operand, result = FixedFormat(18, 12), FixedFormat(18, 16)
    table = piecewise_table("exp", choose_table("exp", operand, result), operand, result)
    values = table(np.arange(-(2**17), 1))
    assert values[-1] == 2**16
    assert values[0] == 0
    assert np.all(np.diff(values) >= -1)


def test_unknown_functions_are_refused():
    with pytest.raises(LmcError, match="there is no table of the function 'tanh'"):
        choose_table("tanh", FixedFormat(8, 4), FixedFormat(8, 4))


@pytest.mark.parametrize(("elements", "mul"), [(256, 1), (5120, 1), (8, 200)])
def test_rsqrt_mantissas_use_their_bits(elements, mul):
    shift = choose_mantissa_shift(elements, 16, mul)
    table = rsqrt_table(elements, shift, 16, mul)
    assert table.shape == (4096,)
    assert 2**15 <= table[1024] < 2**16
    j = np.arange(1024, 4096)
    exact = math.sqrt(elements) / (mul * np.sqrt(j + 0.5))
    assert np.abs(table[j] * 2.0**-shift / exact - 1).max() < 2**-14
    assert table.max() == 2**16 - 1


def test_norm_epsilon_is_in_units_of_the_sum():
    assert norm_epsilon(1e-5, 256, 12) == round(1e-5 * 256 * 2**24)
    assert norm_epsilon(1e-5, 8, 2) == 1
