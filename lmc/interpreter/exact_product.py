"""Exact products of integers with integer weights: narrow ones in compiled loops."""

import numpy as np
from numpy.typing import NDArray

from lmc.interpreter.threads import on_threads, thread_count
from lmc.numerics.rounding import IntArray, Rescale
from lmc.numerics.weight_quantization import QuantizedMatrix

Integers = NDArray[np.int32] | IntArray

_EXACT_BITS = 53
"""Sums of integers are exact in float64 while no partial sum exceeds 2^53, in any order."""
_BLOCK_WEIGHTS = 1 << 17
"""Weights that are converted to float64 at a time: 1 MiB, which stays in cache."""
_WORTH_COMPILING = 1 << 18
"""Products of several tokens from which on compiled loops are loaded. BLAS would share larger
matrices among threads of its own, and sequences worked on beside each other would wait for them."""
_TOKENS_OF_THREAD = 128
"""Tokens that are multiplied on one of several threads."""


def exact_product(
    x: Integers, matrix: QuantizedMatrix, weight_bits: int, plan: Rescale
) -> IntArray:
    """x [M, C] times the integer weights' transpose, scales included, exact; then rescaled.

    The result is int64 [M, R].
    """
    if len(x) > 1 and len(x) * matrix.q.size >= _WORTH_COMPILING:
        result = narrow_product(x, matrix, weight_bits, plan)
        if result is not None:
            return result
    return plan.apply(_wide_product(x, matrix.q, matrix.scales(), weight_bits))


def narrow_product(
    x: Integers, matrix: QuantizedMatrix, weight_bits: int, plan: Rescale
) -> IntArray | None:
    """`exact_product` from 16-bit x in compiled loops; None where x or a sum is too wide for them.

    Blocks with near exponents fit: of each group of x the largest power of two is taken out.
    """
    # Importing numba takes longer than a few tokens do.
    from lmc.interpreter.compiled_products import TOKENS, in_tiles, multiply, narrow_groups
    from lmc.numerics.vector_code import LANES

    q, scales = matrix.q, matrix.scales()
    (count, columns), (rows, groups) = x.shape, scales.shape
    group = columns // groups
    if group % 2 or group << (15 + weight_bits - 1) >= 1 << 31:
        return None
    padded = -(-count // TOKENS) * TOKENS
    narrow, units = np.zeros((padded, columns), np.int16), np.zeros((padded, groups))
    largest, bound = narrow_groups(np.ascontiguousarray(x), narrow, units)
    if largest >= 1 << 15 or int(bound).bit_length() > _piece_bits(q, scales, weight_bits):
        return None
    tiles = -(-rows // LANES)
    weights = np.zeros((tiles, columns // 2, LANES), np.int16)
    in_tiles(np.ascontiguousarray(q).view(np.int16), weights)
    factors = np.zeros((tiles * LANES, groups))
    factors[:rows] = scales
    factors = np.ascontiguousarray(factors.reshape(tiles, LANES, groups).swapaxes(1, 2))
    units, weights = np.ascontiguousarray(units.T), weights.view(np.int8)
    result = np.empty((count, rows), np.int64)

    def part(first: int) -> None:
        tokens = (first, min(first + _TOKENS_OF_THREAD, count))
        multiply(narrow, units, weights, factors, plan.constants, tokens, result)

    on_threads(part, range(0, count, _TOKENS_OF_THREAD), thread_count())
    return result


def _piece_bits(q: NDArray[np.int8], scales: IntArray, weight_bits: int) -> int:
    """Bits of x up to which every sum of its product is exact in float64."""
    largest_weight = int(scales.max()) << (weight_bits - 1)
    return _EXACT_BITS - (largest_weight * q.shape[1]).bit_length()


def _wide_product(x: Integers, q: NDArray[np.int8], scales: IntArray, weight_bits: int) -> IntArray:
    """The product by matrix products in float64.

    Where a sum could exceed 2^53, x is cut into pieces of few enough bits for each piece's product
    to be exact.
    """
    piece_bits = _piece_bits(q, scales, weight_bits)
    x_bits = int(np.abs(x.astype(np.int64)).max()).bit_length()
    if x_bits <= piece_bits:
        return _float_product(x.astype(np.float64), q, scales).astype(np.int64)
    total = np.zeros((x.shape[0], q.shape[0]), np.int64)
    for shift in range(0, x_bits + 1, piece_bits):
        piece = x >> shift
        # The top piece carries the sign, those below are non-negative.
        if shift + piece_bits <= x_bits:
            piece = piece & ((1 << piece_bits) - 1)
        product = _float_product(piece.astype(np.float64), q, scales)
        total += product.astype(np.int64) << shift
    return total


def _float_product(
    x: NDArray[np.float64], q: NDArray[np.int8], scales: IntArray
) -> NDArray[np.float64]:
    rows, columns = q.shape
    total = np.empty((x.shape[0], rows))
    step = max(1, _BLOCK_WEIGHTS // columns)
    for start in range(0, rows, step):
        part = slice(start, start + step)
        scaled = q[part].reshape(*scales[part].shape, -1) * scales[part, :, None].astype(np.float64)
        np.matmul(x, scaled.reshape(-1, columns).T, out=total[:, part])
    return total
