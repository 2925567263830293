"""The compiled loops against the plain arithmetic, extremes included."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmc.numerics import block, rounding
from lmc.numerics.block import quantize_blocks
from lmc.numerics.rounding import Rescale

words = st.lists(st.integers(-(2**62) + 1, 2**62 - 1), min_size=6, max_size=6)


def both(compute):
    """What is computed with the compiled loops, and without them."""
    results = []
    for limit in (0, 1 << 62):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rounding, "WORTH_COMPILING", limit)
            patch.setattr(block, "WORTH_COMPILING", limit)
            results.append(compute())
    return results


@given(x=words, shift=st.integers(-90, 90), bits=st.integers(2, 63))
def test_rescale_by_one_shift(x, shift, bits):
    plan = Rescale(1, max(-shift, 0), max(shift, 0), bits)
    compiled, plain = both(lambda: plan.apply(np.array(x).reshape(2, 3)))
    assert np.array_equal(compiled, plain)


@given(
    x=st.lists(st.integers(-(2**46), 2**46), min_size=6, max_size=6),
    multiplier=st.integers(2**15, 2**16 - 1),
    left=st.integers(0, 20),
    shifts=st.tuples(st.integers(0, 80), st.integers(0, 80)),
    bits=st.integers(2, 63),
)
def test_rescale_by_a_shift_for_each_row(x, multiplier, left, shifts, bits):
    plan = Rescale(multiplier, left, 0, bits)
    rows, extra = np.array(x).reshape(2, 3), np.array(shifts)[:, None]
    compiled, plain = both(lambda: plan.apply(rows, extra))
    assert np.array_equal(compiled, plain)
    swapped, _ = both(lambda: plan.apply(rows.T[::-1].T, extra))
    assert np.array_equal(swapped, plain[:, ::-1])


@given(
    v=st.lists(st.integers(-(2**40), 2**40), min_size=12, max_size=12),
    narrower=st.integers(0, 40),
    bits=st.integers(2, 16),
    group=st.sampled_from([1, 2, 6]),
    emin=st.integers(0, 12),
    rounding_rule=st.sampled_from(["up", "nearest"]),
)
def test_blocks(v, narrower, bits, group, emin, rounding_rule):
    values = np.array(v).reshape(2, 1, 6) >> narrower
    compiled, plain = both(lambda: quantize_blocks(values, bits, group, emin, rounding_rule))
    for one, other in zip(compiled, plain, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)
