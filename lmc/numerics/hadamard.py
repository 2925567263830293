"""Hadamard matrices and the rotations made of them.

Sylvester's matrices have the orders 2^k; Paley's constructions (R. Paley, "On orthogonal matrices",
J. Math. Phys. 12, 1933) add 12, 20, 28 and others. An order that is odd · 2^k, k >= 2, is Paley's
matrix of order 4 · odd times Sylvester's.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SMALL = 64
"""Sylvester factors up to this order are multiplied as one dense matrix."""


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
    matrix = np.ones((1, 1), np.int8)
    for factor in _factors(order):
        matrix = np.kron(matrix, _dense(factor))
    return matrix


def is_supported(order: int) -> bool:
    """Whether there is a matrix of this order here: 2^k, or odd · 2^k where Paley's fits."""
    odd = order // (order & -order)
    return odd == 1 or (order % 4 == 0 and _paley(4 * odd) is not None)


def block_order(order: int) -> int:
    """The order of the diagonal blocks of a rotation: the largest supported divisor."""
    return next(size for size in range(order, 0, -1) if order % size == 0 and is_supported(size))


def rotate(x: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """x · R over the last axis, R the orthonormal rotation of that order: [..., d] → [..., d].

    R = diag(s) · H / sqrt(b): signs s from the seed, H block diagonal of Hadamard matrices of
    order b = `block_order(d)`, which is d itself for the widths of real models.
    """
    order = x.shape[-1]
    block = block_order(order)
    signed = x.astype(np.float64) * (signs(order, seed) / np.sqrt(block))
    return _apply(signed.reshape(-1, block), _factors(block)).reshape(x.shape).astype(np.float32)


def rotate_rows(x: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Rᵀ · x over the first axis, R as in `rotate`: [d, ...] → [d, ...]."""
    return np.ascontiguousarray(rotate(np.moveaxis(x, 0, -1), seed).swapaxes(0, -1))


def unrotate_blocks(x: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    """x · H / block on consecutive blocks of the last axis: undoes Sylvester's rotation.

    H · H / block is the identity, so the product with rotated activations is that of before.
    """
    scaled = x.astype(np.float64).reshape(-1, block) / block
    return _apply(scaled, _factors(block)).reshape(x.shape).astype(np.float32)


def rotate_integers(x: NDArray[np.int64], block: int) -> NDArray[np.int64]:
    """Sylvester's rotation of consecutive blocks of the last axis, by sums and differences."""
    shape = x.shape
    half = 1
    while half < block:
        pairs = x.reshape(-1, 2, half)
        x = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1)
        half *= 2
    return x.reshape(shape)


def signs(order: int, seed: int) -> NDArray[np.float64]:
    """Seeded signs ±1 of the coordinates, the same on every machine."""
    raw = np.random.PCG64(seed).random_raw(order)
    return 1.0 - 2.0 * (np.asarray(raw, np.uint64) >> np.uint64(63)).astype(np.float64)


def _apply(x: NDArray[np.float64], factors: list[int]) -> NDArray[np.float64]:
    """X [rows, order] times the Kronecker product of the factors' matrices, one after another."""
    rows, order = x.shape
    after = order
    for factor in factors:
        after //= factor
        matrix = _dense(factor).astype(np.float64)
        if after == 1:
            x = x.reshape(-1, factor) @ matrix
        else:
            x = np.matmul(matrix.T, x.reshape(-1, factor, after))
    return x.reshape(rows, order)


def _factors(order: int) -> list[int]:
    """Orders of the dense matrices whose Kronecker product is the matrix of this order."""
    if not is_supported(order):
        raise ValueError(f"there is no Hadamard matrix of order {order} here")
    odd = order // (order & -order)
    factors = [] if odd == 1 else [4 * odd]
    rest = order // (4 * odd) if factors else order
    while rest > _SMALL:
        factors.append(_SMALL)
        rest //= _SMALL
    return [*factors, rest] if rest > 1 or not factors else factors


@lru_cache(maxsize=16)
def _dense(order: int) -> NDArray[np.int8]:
    if order & (order - 1) == 0:
        return sylvester(order)
    matrix = _paley(order)
    assert matrix is not None, "factors are of supported orders"
    return matrix


@lru_cache(maxsize=16)
def _paley(order: int) -> NDArray[np.int8] | None:
    """Paley's first or second construction, for a prime field; None where neither fits."""
    if order % 4 == 0 and _is_prime(order - 1):
        return _bordered(order - 1, -1) + np.eye(order, dtype=np.int8)
    field = order // 2 - 1
    if _is_prime(field) and field % 4 == 1:
        conference = _bordered(field, 1)
        plus = np.array([[1, 1], [1, -1]], np.int8)
        minus = np.array([[1, -1], [-1, -1]], np.int8)
        return np.kron(conference, plus) + np.kron(np.eye(field + 1, dtype=np.int8), minus)
    return None


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
