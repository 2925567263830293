"""Blocks whose scale has a mantissa, against plain integers written from docs/number-formats.md."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmc.dialects import ssm
from lmc.interpreter.values import BlockValue, real_values
from lmc.numerics.block import quantize_scaled_blocks, reciprocals


def reference(v: list[int], bits: int, emin: int) -> tuple[list[int], int, int]:
    """q, e and m of one group."""
    top = max(map(abs, v))
    ratio = (top * 256 * int(2**16 / (2 ** (bits - 1) - 1) + 0.5)) >> 16
    e = min(max(ratio.bit_length() - 8 - emin, 0), 15)
    shift = e + emin
    m = (ratio + (1 << (shift - 1))) >> shift if shift else ratio
    m = min(max(m, 1), 255)
    reciprocal = int(2**20 / m + 0.5)
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    half = 1 << (shift + 11)
    q = [min(max((x * reciprocal + half) >> (shift + 12), low), high) for x in v]
    return q, e, m


@given(
    v=st.lists(st.integers(-(2**29), 2**29 - 1), min_size=8, max_size=8),
    bits=st.sampled_from([4, 6, 8]),
    emin=st.integers(0, 12),
)
def test_quantizing_follows_the_page(v: list[int], bits: int, emin: int) -> None:
    q, e, m = quantize_scaled_blocks(np.array(v, np.int64), bits, 8, emin)
    assert (q.tolist(), e.tolist(), m.tolist()) == tuple(
        part if isinstance(part, list) else [part] for part in reference(v, bits, emin)
    )


@given(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=8, max_size=8))
def test_the_error_is_half_a_step(v: list[int]) -> None:
    """Inside of the window an element is off by half the scale, and a little for its rounding."""
    values = np.array(v, np.int64)
    q, e, m = quantize_scaled_blocks(values, 4, 8, 0)
    element = ssm.BlockType.of(4, 8, 8, 8)
    real = real_values(BlockValue(q, e, m), element)
    step = int(m[0]) * 2.0 ** (int(e[0]) - 8)
    assert np.abs(real - values).max() <= 0.5 * step * 1.01 + 0.02 * 7 * step


def test_reciprocals_are_rounded_to_nearest() -> None:
    table = reciprocals()
    assert [int(table[m]) for m in (1, 3, 128, 255)] == [1 << 20, 349525, 8192, 4112]


def test_a_scale_has_8_mantissa_bits_or_none() -> None:
    with pytest.raises(
        Exception, match="a block's scale has 8 mantissa bits, 1, or for study 16, not 5"
    ):
        ssm.BlockType.of(4, 8, 8, 5)
