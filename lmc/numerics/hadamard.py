"""Hadamard matrices and the rotations made of them.

Sylvester's matrices have the orders 2^k; Paley's constructions (R. Paley, "On orthogonal matrices",
J. Math. Phys. 12, 1933) add 12, 20, 28 and others. An order that is odd · 2^k, k >= 2, is the
Kronecker product of Paley's matrix of order 4 · odd and Sylvester's. Paley's are not symmetric: a
vector is rotated as a row, x · H.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_FACTOR = 64
"""Order of Sylvester's matrices that are multiplied by as they are."""
_WORTH_COMPILING = 1 << 12
"""Integers from which on compiled loops are loaded. BLAS would share larger products among threads
of its own, and several sequences that are worked on beside each other would wait for them."""


def sylvester(order: int) -> NDArray[np.int8]:
    """Sylvester's matrix of a power-of-two order: entry (i, j) is (-1)^popcount(i & j)."""
    matrix = np.ones((1, 1), np.int8)
    while matrix.shape[0] < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


def hadamard(order: int) -> NDArray[np.int8]:
    """A Hadamard matrix: entries ±1, H · Hᵀ = order · I.

    Raises ValueError if the order is not `is_supported`.
    """
    if not is_supported(order):
        raise ValueError(f"there is no Hadamard matrix of order {order} here")
    paley = paley_order(order)
    return np.kron(_paley_factor(paley), sylvester(order // paley))


def is_supported(order: int) -> bool:
    """Whether there is a matrix of this order here: 2^k, or odd · 2^k where Paley's fits."""
    if order < 1:
        return False
    paley = paley_order(order)
    return order % paley == 0 and (paley == 1 or _is_paley(paley))


def paley_order(order: int) -> int:
    """The order of Paley's factor of an order's matrix, 4 · odd; 1 where all of it is Sylvester's.

    The factor stands first: element a · order / paley + b of a vector has place a in it.
    """
    odd = order // (order & -order)
    return 1 if odd == 1 else 4 * odd


def block_order(order: int) -> int:
    """The order of the diagonal blocks of a rotation: the largest supported divisor."""
    return next(size for size in range(order, 0, -1) if order % size == 0 and is_supported(size))


def growth_bits(order: int) -> int:
    """Bits that x · H takes beyond those of x's integers: ceil(log2(order))."""
    return (order - 1).bit_length()


def rotate(x: FloatArray, seed: int) -> FloatArray:
    """x · R over the last axis, R the orthonormal rotation of that order: [..., d] → [..., d].

    R = diag(s) · H / sqrt(b): signs s from the seed, H block diagonal of Hadamard matrices of
    order b = `block_order(d)`, which is d itself for the widths of real models.
    """
    flat = np.ascontiguousarray(x, np.float32).reshape(-1, x.shape[-1])
    return _rotate_columns(flat.T, seed).T.reshape(x.shape)


def rotate_rows(x: FloatArray, seed: int) -> FloatArray:
    """Rᵀ · x over the first axis, R as in `rotate`: [d, ...] → [d, ...]."""
    flat = np.ascontiguousarray(x, np.float32).reshape(x.shape[0], -1)
    return _rotate_columns(flat, seed).reshape(x.shape)


def rotate_blocks(x: FloatArray, block: int) -> FloatArray:
    """x · H on consecutive blocks of the last axis, H = `hadamard(block)`: [..., d] → [..., d]."""
    flat = np.ascontiguousarray(x, np.float32).reshape(-1, block)
    return _transform(flat.T, np.ones(block), block).T.reshape(x.shape)


def unrotate_blocks(x: FloatArray, block: int) -> FloatArray:
    """x · H / block on consecutive blocks of the last axis.

    H · Hᵀ / block is the identity: a matrix whose rows went through this gives, with a vector that
    went through `rotate_blocks`, the product of before.
    """
    flat = np.ascontiguousarray(x, np.float32).reshape(-1, block)
    return _transform(flat.T, np.full(block, 1 / block), block).T.reshape(x.shape)


def rotate_integers(x: NDArray[np.int64], block: int) -> NDArray[np.int64]:
    """`rotate_blocks` of integers, exactly: by sums and differences."""
    shape, paley = x.shape, paley_order(block)
    half, sylvester = 1, block // paley
    while half < sylvester:
        pairs = x.reshape(-1, 2, half)
        x = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1)
        half *= 2
    if paley > 1:
        x = np.matmul(_paley_factor(paley).T.astype(np.int64), x.reshape(-1, paley, sylvester))
    return x.reshape(shape)


def rotate_in_float(x: NDArray[np.int64], block: int) -> NDArray[np.int64]:
    """`rotate_integers` in float64, faster and as exact.

    Sums have to stay below 2^53: |x| · block does. Few numbers are multiplied by matrices, many go
    through butterflies.
    """
    paley = paley_order(block)
    if x.size >= _WORTH_COMPILING:
        # Importing numba takes longer than a few tokens do.
        from lmc.numerics.compiled_hadamard import transform_integers

        flat = np.ascontiguousarray(x).reshape(-1, block)
        out = np.empty_like(flat)
        transform_integers(flat.T, _paley_factor(paley).astype(np.float64), block, out.T)
        return out.reshape(x.shape)
    orders = [] if paley == 1 else [paley]
    rest = block // paley
    while rest > 1:
        orders.append(min(rest, _FACTOR))
        rest //= orders[-1]
    values, inner = x.astype(np.float64), block
    for order in orders:
        inner //= order
        matrix = hadamard(order).astype(np.float64)
        if inner == 1:
            values = values.reshape(-1, order) @ matrix
        else:
            values = np.matmul(matrix.T, values.reshape(-1, order, inner))
    return values.reshape(x.shape).astype(np.int64)


def signs(order: int, seed: int) -> NDArray[np.float64]:
    """Seeded signs ±1 of the coordinates, the same on every machine."""
    raw = np.random.PCG64(seed).random_raw(order)
    return 1.0 - 2.0 * (np.asarray(raw, np.uint64) >> np.uint64(63)).astype(np.float64)


def _rotate_columns(x: FloatArray, seed: int) -> FloatArray:
    """Rᵀ · x, x [d, n]."""
    block = block_order(x.shape[0])
    return _transform(x, signs(x.shape[0], seed) / np.sqrt(block), block)


def _transform(x: FloatArray, factor: NDArray[np.float64], block: int) -> FloatArray:
    """Hᵀ · diag(factor) · x on blocks of the first axis of x [d, n], with x's layout in memory."""
    # Most that use this module ask for orders alone, and importing numba takes long.
    from lmc.numerics.compiled_hadamard import transform_columns

    if not is_supported(block):
        raise ValueError(f"there is no Hadamard matrix of order {block} here")
    out = np.empty_like(x)
    transform_columns(x, factor, _paley_factor(paley_order(block)).astype(np.float64), block, out)
    return out


def _is_paley(order: int) -> bool:
    """Whether Paley's first or second construction, for a prime field, has an order 4 · odd."""
    return _is_prime(order - 1) or _is_prime(order // 2 - 1)


@lru_cache(maxsize=16)
def _paley_factor(order: int) -> NDArray[np.int8]:
    """Paley's matrix of an order 4 · odd: the first construction, or the second. [[1]] for 1."""
    if order == 1:
        return np.ones((1, 1), np.int8)
    if _is_prime(order - 1):
        return _bordered(order - 1, -1) + np.eye(order, dtype=np.int8)
    conference = _bordered(order // 2 - 1, 1)
    plus = np.array([[1, 1], [1, -1]], np.int8)
    minus = np.array([[1, -1], [-1, -1]], np.int8)
    return np.kron(conference, plus) + np.kron(np.eye(order // 2, dtype=np.int8), minus)


def _bordered(prime: int, corner: int) -> NDArray[np.int8]:
    """Jacobsthal's matrix of quadratic residues with a border: first row 1, first column corner."""
    residues = {value * value % prime for value in range(1, prime)}
    character = np.array([0] + [1 if v in residues else -1 for v in range(1, prime)], np.int8)
    index = np.arange(prime)
    matrix = np.zeros((prime + 1, prime + 1), np.int8)
    matrix[0, 1:] = 1
    matrix[1:, 0] = corner
    matrix[1:, 1:] = character[(index[:, None] - index[None, :]) % prime]
    return matrix


def _is_prime(value: int) -> bool:
    return value > 1 and all(value % divisor for divisor in range(2, int(value**0.5) + 1))
