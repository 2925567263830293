"""Packing of fields into memory words, against integers put together bit by bit."""

import numpy as np
import pytest

from lmc.backends.bits import pack_elements


def packed(elements: np.ndarray, widths: list[int], word_bits: int) -> bytes:
    """Words of elements [n, k] in plain Python."""
    per = word_bits // sum(widths)
    words = [0] * -(-len(elements) // per)
    for index, element in enumerate(elements.tolist()):
        low = index % per * sum(widths)
        for value, width in zip(element, widths, strict=True):
            words[index // per] |= (value & ((1 << width) - 1)) << low
            low += width
    return b"".join(word.to_bytes(word_bits // 8, "little") for word in words)


@pytest.mark.parametrize(
    ("widths", "word_bits"),
    [([1], 8), ([4] * 6, 512), ([8, 8, 8, 3], 64), ([28] * 2, 512), ([32, 32], 64), ([11] * 3, 40)],
)
@pytest.mark.parametrize("count", [1, 7, 40])
def test_elements_are_packed_bit_by_bit(widths, word_bits, count):
    values = np.random.default_rng(0).integers(-(2**31), 2**31, (3, count, len(widths)))
    words = pack_elements(values, widths, word_bits)
    assert [run.tobytes() for run in words] == [packed(run, widths, word_bits) for run in values]
    assert pack_elements(values[0], widths, word_bits).tobytes() == words[0].tobytes()
