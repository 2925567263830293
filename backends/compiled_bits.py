"""Integers packed into memory words by compiled loops."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


@compiled
def pack_fields(values: NDArray[np.integer[Any]], widths: Ints, per_word: int, out: Bytes) -> None:
    """Fields [runs, n, k] of `widths` [k] bits into zeroed words [runs, words, bytes].

    A field is the lowest bits of its value, the first one of an element lowest; elements follow
    each other, `per_word` of them to a word.
    """
    total = widths.sum()
    for run in range(values.shape[0]):
        for element in range(values.shape[1]):
            word = out[run, element // per_word]
            bit = (element % per_word) * total
            for field in range(widths.shape[0]):
                width = widths[field]
                value = np.int64(values[run, element, field]) & ((np.int64(1) << width) - 1)
                end = bit + width
                while bit < end:
                    place = bit & 7
                    word[bit >> 3] |= np.uint8((value << place) & 0xFF)
                    value >>= 8 - place
                    bit += 8 - place
                bit = end


@compiled
def pack_nibbles(
    q: NDArray[np.int8], columns: Ints, first_rows: Ints, planes: int, span: int, out: Bytes
) -> None:
    """Weights [R, C] as 4-bit numbers into words out [words, bytes], the first of a byte lower.

    `columns` [tiles, inputs] says which column each input of a tile has, -1 for none, and
    `first_rows` [rounds, sets] where each set of rows begins; rows from R on do not exist, and
    nothing is written where they would stand. Words are in the order of rounds, tiles, planes and
    sets, each with the inputs of one row after another; one word is left out before every `span`
    of them.
    """
    tiles, half = columns.shape[0], columns.shape[1] // 2
    rounds, sets = first_rows.shape
    rows = out.shape[1] // half
    word = 0
    for turn in range(rounds):
        for tile in range(tiles):
            for plane in range(planes):
                for number in range(sets):
                    place = out[word + word // span + 1]
                    first = first_rows[turn, number]
                    count = min(rows, q.shape[0] - first)
                    for row in range(count):
                        piece = place[row * half : (row + 1) * half]
                        _pack_row(q[first + row], columns[tile], 4 * plane, piece)
                    word += 1


@compiled
def _pack_row(weights: NDArray[np.int8], columns: Ints, shift: int, out: Bytes) -> None:
    for i in range(out.shape[0]):
        low, high = columns[2 * i], columns[2 * i + 1]
        value = 0
        if low >= 0:
            value = (weights[low] >> shift) & 0xF
        if high >= 0:
            value |= ((weights[high] >> shift) & 0xF) << 4
        out[i] = np.uint8(value)
