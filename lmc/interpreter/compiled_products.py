"""Products of narrow integers with integer weights, group by group, as compiled loops.

numba is imported, and the loops are compiled or loaded from its cache, when this module is. Pairs
of 16-bit numbers are multiplied and added in 32 bits, for which machines have an instruction. Sums
of groups are scaled and added in float64, which holds them exactly.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled
from lmc.numerics.compiled_rounding import rounded
from lmc.numerics.vector_code import (
    DOUBLE,
    INT8,
    INT16,
    INT32,
    LANES,
    Code,
    VectorCode,
    integer,
    llvm_function,
    numba_arrays,
    vector,
)

TOKENS = 8
"""Tokens that are multiplied with a vector of rows together: their sums stay in registers."""
_TOKEN_BLOCK = 64
"""Tokens that go through all rows together: they stay in the second-level cache."""
_PAIR_BLOCK = 32
"""Pairs of a row that are moved together: a line of a cache."""
_PAIRS = list(range(2 * LANES))

Floats = NDArray[np.float64]
Shorts = NDArray[np.int16]


@compiled
def narrow_groups(
    x: NDArray[np.signedinteger], narrow: Shorts, units: Floats
) -> tuple[np.int64, np.int64]:
    """Take the largest power of two out of each group of x: x = narrow · units.

    x and narrow [M, C], units [M, groups]. Returns the largest integer of narrow, -n - 1 counting
    as n, and a bound of x's magnitudes; beyond 2^15 - 1 the former says that narrow means nothing.
    """
    groups = units.shape[1]
    size = x.shape[1] // groups
    top, whole = np.int64(0), np.int64(0)
    for m in range(x.shape[0]):
        for g in range(groups):
            values, out = x[m, g * size : (g + 1) * size], narrow[m, g * size : (g + 1) * size]
            bits, largest = np.int64(0), np.int64(0)
            for i in range(size):
                bits |= np.int64(values[i])
            unit, shift = max(bits & -bits, 1), 0
            while (1 << shift) < unit:
                shift += 1
            units[m, g] = unit
            for i in range(size):
                value = np.int64(values[i]) >> shift
                out[i] = value
                # Not its magnitude: -2^15 fits as well.
                largest = max(largest, value ^ (value >> 63))
            top, whole = max(top, largest), max(whole, (largest + 1) << shift)
    return top, whole


@compiled
def in_tiles(q: Shorts, tiles: Shorts) -> None:
    """Pairs of weights [R, C / 2] to [R / LANES, C / 2, LANES], the pairs as 16 bits."""
    rows, pairs = q.shape
    for first in range(0, rows, LANES):
        for start in range(0, pairs, _PAIR_BLOCK):
            for lane in range(min(LANES, rows - first)):
                for pair in range(start, min(start + _PAIR_BLOCK, pairs)):
                    tiles[first // LANES, pair, lane] = q[first + lane, pair]


@compiled
def multiply(
    x: Shorts,
    units: Floats,
    tiles: NDArray[np.int8],
    scales: Floats,
    rescale: tuple[int, int, int],
    tokens: tuple[int, int],
    out: NDArray[np.int64],
) -> None:
    """Sums over groups of units · scales · Σ x · weights, rescaled: out [M, R] of some `tokens`.

    x [M', C] and units [groups, M'], M' the next multiple of `TOKENS`; tiles [R', C / 2, 2 · LANES]
    and scales [R', groups, LANES], R' · `LANES` the next multiple of that. `rescale` is a
    multiplier, a right shift and bits; `tokens` are from the first, a multiple of `TOKENS`, to the
    last, excluded.
    """
    rows = out.shape[1]
    multiplier, shift, bits = rescale
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    total = np.zeros((TOKENS, LANES))
    for start in range(tokens[0], tokens[1], _TOKEN_BLOCK):
        for tile in range(tiles.shape[0]):
            row = tile * LANES
            width = min(LANES, rows - row)
            for token in range(start, min(start + _TOKEN_BLOCK, tokens[1]), TOKENS):
                _multiply_tile(x, token, units, tiles[tile], scales[tile], total)
                for t in range(min(TOKENS, tokens[1] - token)):
                    sums, result = total[t], out[token + t, row : row + width]
                    for lane in range(width):
                        scaled = np.int64(sums[lane]) * multiplier
                        result[lane] = rounded(scaled, shift, low, high)


@llvm_function
def _multiply_tile(
    _typing: Any, x: Any, token: Any, units: Any, tile: Any, scales: Any, out: Any
) -> tuple[Any, Callable[..., Code]]:
    """`multiply` for `TOKENS` tokens from `token` on and one tile: out [TOKENS, LANES]."""
    signature = types.void(x, token, units, tile, scales, out)

    def code(context: Code, builder: Code, signature: Code, arguments: Code) -> Code:
        kinds, arrays = list(signature.args), list(arguments)
        del kinds[1], arrays[1]
        made = numba_arrays(context, builder, kinds, arrays)
        columns = builder.extract_value(made[0].shape, 1)
        groups, count = (builder.extract_value(made[1].shape, axis) for axis in range(2))
        data = [array.data for array in made]
        _write_tile(VectorCode(builder), data, (count, columns, groups), arguments[1])
        return context.get_dummy_value()

    return signature, code


def _write_tile(write: VectorCode, data: Code, sizes: tuple[Code, Code, Code], token: Code) -> None:
    builder, (x, units, tile, scales, out) = write.builder, data
    count, columns, groups = sizes
    pairs = builder.sdiv(builder.sdiv(columns, groups), integer(2))
    # A pair of x is read as one number.
    x = builder.bitcast(x, INT32.as_pointer())
    tokens = [builder.add(token, integer(t)) for t in range(TOKENS)]
    starts = [builder.mul(t, builder.sdiv(columns, integer(2))) for t in tokens]
    weights = ir.VectorType(INT8, 2 * LANES)

    def add_pair(pair: Code, sums: Code) -> Code:
        loaded = write.load(tile, builder.mul(pair, integer(2 * LANES)), weights)
        weight = builder.sext(loaded, ir.VectorType(INT32, 2 * LANES))
        return [
            builder.add(
                total, _pair_product(write, weight, write.element(x, builder.add(at, pair)))
            )
            for total, at in zip(sums, starts, strict=True)
        ]

    def add_group(group: Code, totals: Code) -> Code:
        first = builder.mul(group, pairs)
        span = (first, builder.add(first, pairs), integer(1))
        sums = write.loop(span, [write.constant(INT32, 0)] * TOKENS, add_pair)
        scale = write.load(scales, builder.mul(group, integer(LANES)), vector(DOUBLE))
        row = builder.mul(group, count)
        scaled = [
            write.multiply(scale, write.splat(write.element(units, builder.add(row, t))))
            for t in tokens
        ]
        wide = [builder.sitofp(total, vector(DOUBLE)) for total in sums]
        return [
            write.add(total, write.multiply(sum_, factor))
            for total, sum_, factor in zip(totals, wide, scaled, strict=True)
        ]

    zeros = [write.constant(DOUBLE, 0.0)] * TOKENS
    totals = write.loop((integer(0), groups, integer(1)), zeros, add_group)
    for t, total in enumerate(totals):
        write.store(total, out, integer(t * LANES))


def _pair_product(write: VectorCode, weight: Code, pair: Code) -> Code:
    """Sums of two products each: weights, 32 bits wide, with one pair of x."""
    builder = write.builder
    shorts = builder.bitcast(write.splat(pair), ir.VectorType(INT16, 2 * LANES))
    products = builder.mul(weight, builder.sext(shorts, ir.VectorType(INT32, 2 * LANES)))
    # Written so, LLVM finds the instruction for it.
    return builder.add(write.pick(products, _PAIRS[::2]), write.pick(products, _PAIRS[1::2]))
