"""Packing integers into memory words, as plain functions on numpy arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint8]
"""0 or 1 in each element."""


def field_bits(values: NDArray[np.integer[Any]], width: int) -> Bits:
    """The lowest `width` bits of each value, [n, k] → [n, k · width], the first value lowest."""
    shifts = np.arange(width, dtype=np.int64)
    bits = (values.astype(np.int64)[..., None] >> shifts) & 1
    return bits.astype(np.uint8).reshape(values.shape[0], -1)


def pack_elements(elements: Bits, word_bits: int) -> bytes:
    """Words of as many whole elements [n, width] as fit, unused bits zero."""
    count, width = elements.shape
    per = word_bits // width
    words = np.zeros((-(-count // per), word_bits), np.uint8)
    full = count // per
    words[:full, : per * width] = elements[: full * per].reshape(full, per * width)
    rest = elements[full * per :].reshape(-1)
    if rest.size:
        words[full, : rest.size] = rest
    return np.packbits(words, axis=1, bitorder="little").tobytes()


def nibbles(values: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Two 4-bit values to a byte along the last axis, the first one lower."""
    unsigned = values.astype(np.uint8)
    return unsigned[..., 0::2] | (unsigned[..., 1::2] << np.uint8(4))
