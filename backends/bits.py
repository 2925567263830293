"""Packing integers into memory words, as plain functions on numpy arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmc.backends.compiled_bits import pack_fields

Bytes = NDArray[np.uint8]


def pack_elements(values: NDArray[np.integer[Any]], widths: Sequence[int], word_bits: int) -> Bytes:
    """Words [..., words, bytes] of elements [..., n, k], as many whole ones to a word as fit.

    Field i of an element is the lowest widths[i] bits of its value, the first field lowest.
    Unused bits are zero.
    """
    *runs, count, fields = values.shape
    per = word_bits // sum(widths)
    flat = values.astype(np.int64, copy=False).reshape(-1, count, fields)
    words = np.zeros((len(flat), -(-count // per), word_bits // 8), np.uint8)
    pack_fields(flat, np.array(widths, np.int64), per, words)
    return words.reshape(*runs, *words.shape[1:])
