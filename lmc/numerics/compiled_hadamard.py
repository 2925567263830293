"""Products with Hadamard matrices as compiled butterflies, in float64.

Vectors lie along the first axis here; `_LANES` of them are transformed together, each in one lane
of a panel that stays in cache.
"""

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_LANES = 64
"""Loops of fewer are unrolled, and then not made into vector instructions."""


@compiled
def transform_columns(x: Floats, factor: Doubles, paley: Doubles, block: int, out: Floats) -> None:
    """out = H' · diag(factor) · x: x and out [d, n], any strides; may be the same array.

    H' is block diagonal of Hᵀ, H = `paley` ⊗ Sylvester's matrix of the rest of the order `block`;
    paley [1, 1] is one. Sums and differences are taken in float64 and rounded once.
    """
    size, count = x.shape
    panel, scratch = np.zeros((block, _LANES)), np.zeros((paley.shape[0], _LANES))
    for first in range(0, count, _LANES):
        lanes = min(_LANES, count - first)
        for start in range(0, size, block):
            for i in range(block):
                for lane in range(lanes):
                    panel[i, lane] = np.float64(x[start + i, first + lane]) * factor[start + i]
            _sylvester(panel, block // paley.shape[0])
            if paley.shape[0] > 1:
                _paley(panel, paley, scratch)
            for i in range(block):
                for lane in range(lanes):
                    out[start + i, first + lane] = np.float32(panel[i, lane])


@compiled
def transform_integers(
    x: NDArray[np.int64], paley: Doubles, block: int, out: NDArray[np.int64]
) -> None:
    """out = H' · x as `transform_columns`, of integers whose sums stay below 2^53: [d, n]."""
    size, count = x.shape
    panel, scratch = np.zeros((block, _LANES)), np.zeros((paley.shape[0], _LANES))
    for first in range(0, count, _LANES):
        for start in range(0, size, block):
            for lane in range(min(_LANES, count - first)):
                column = x[start : start + block, first + lane]
                for i in range(block):
                    panel[i, lane] = np.float64(column[i])
            _sylvester(panel, block // paley.shape[0])
            if paley.shape[0] > 1:
                _paley(panel, paley, scratch)
            for lane in range(min(_LANES, count - first)):
                column = out[start : start + block, first + lane]
                for i in range(block):
                    column[i] = np.int64(panel[i, lane])


@compiled
def _sylvester(panel: Doubles, order: int) -> None:
    """Sylvester's matrix times each run of `order` rows, in place."""
    half = 1
    while half < order:
        for start in range(0, panel.shape[0], 2 * half):
            for i in range(start, start + half):
                upper, lower = panel[i], panel[i + half]
                for lane in range(_LANES):
                    a, b = upper[lane], lower[lane]
                    upper[lane] = a + b
                    lower[lane] = a - b
        half *= 2


@compiled
def _paley(panel: Doubles, matrix: Doubles, scratch: Doubles) -> None:
    """The matrix's transpose times rows b, b + rest, b + 2 · rest, ..., in place; its order is 4·k.

    `scratch` [order, lanes] is overwritten.
    """
    order = matrix.shape[0]
    rest = panel.shape[0] // order
    for place in range(rest):
        # Rows so far apart share few places of the first-level cache.
        for i in range(order):
            scratch[i] = panel[i * rest + place]
        for column in range(order):
            total = panel[column * rest + place]
            total[:] = 0.0
            for i in range(0, order, 4):
                p, q = matrix[i, column], matrix[i + 1, column]
                r, s = matrix[i + 2, column], matrix[i + 3, column]
                a, b, c, d = scratch[i], scratch[i + 1], scratch[i + 2], scratch[i + 3]
                for lane in range(_LANES):
                    total[lane] += (p * a[lane] + q * b[lane]) + (r * c[lane] + s * d[lane])
