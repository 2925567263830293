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
    real_function,
    rsqrt_table,
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


def unit_of(fmt: FixedFormat) -> float:
    return fmt.mul * 2.0**-fmt.frac


def worst_error(
    function: str, parameters: TableParameters, operand: FixedFormat, result: FixedFormat
) -> float:
    """The worst absolute error of a table over its operand's range, as a real value.

    Every operand is tried up to 16 bits, 2^16 evenly spaced ones beyond. For exp only operands
    <= 0 count; where the function leaves the result's range, the saturated value is right.
    """
    table = piecewise_table(function, parameters, operand, result)
    limit = 1 << (operand.bits - 1)
    x = np.arange(-limit, limit, max(1, limit >> 15), dtype=np.int64)
    if function == "exp":
        x = x[x <= 0]
    compute, unit = real_function(function), unit_of(operand)
    exact = np.array([compute(value * unit) for value in x.tolist()])
    highest = 1 << (result.bits - 1)
    saturated = np.clip(exact / unit_of(result), -highest, highest - 1) * unit_of(result)
    return float(np.abs(table(x) * unit_of(result) - saturated).max())


@pytest.mark.parametrize(("function", "operand", "result"), FORMATS)
def test_chosen_tables_are_accurate(function, operand, result):
    parameters = choose_table(function, operand, result)
    assert parameters.segments == 1024
    # A unit of the result for its roundings, the chords' error, the asymptotes'.
    width = 2.0**parameters.shift * operand.mul * 2.0**-operand.frac
    bound = 1.25 * result.mul * 2.0**-result.frac + width**2 / 8 + 1e-4
    assert worst_error(function, parameters, operand, result) <= bound


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
