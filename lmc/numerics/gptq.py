"""GPTQ: integer weights whose rounding errors make up for each other on given inputs.

Frantar et al., GPTQ (arXiv 2210.17323), section 3 and algorithm 1, with the columns in order of
falling Hessian diagonal ("act-order"), then coordinate descent: Behdin et al., QuantEase (arXiv
2309.01885), section 3. The scales of the stored groups are fixed beforehand.
"""

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.weight_quantization import (
    FloatArray,
    QuantizedMatrix,
    WeightFormat,
    quantize_weights,
)

DoubleArray = NDArray[np.float64]

_DAMPING = 0.3
"""Added to the Hessian's diagonal, in parts of its mean; keeps few inputs from being overfitted."""
_SWEEPS = 3
"""How often coordinate descent goes over all columns."""
_BLOCK = 64
"""Columns whose errors are passed on one by one; those of a block go on to the rest together."""
_ROWS = 4096
"""Rows worked on at a time: rows do not depend on each other, and this bounds the memory."""


def gptq(weights: FloatArray, hessian: DoubleArray, fmt: WeightFormat) -> QuantizedMatrix:
    """Quantize weights [R, C] so that the squared error of W · x is small.

    `hessian` [C, C] is the sum of x · xᵀ over the inputs, symmetric. Columns that no input uses are
    rounded. Group scales come from the clipping search, its errors weighted by the Hessian's
    diagonal. Each column in turn is rounded half up, and its error is subtracted from the
    columns that are still to come, as the inverse Hessian says. Then, some times over, each column
    is rounded again to where the error is least while the others stay.
    """
    damped = _damped(hessian)
    # Stable, so that equal entries keep their order.
    order = np.argsort(-np.diag(damped), kind="stable")
    ordered = damped[np.ix_(order, order)]
    factor = _inverse_factor(ordered)
    curvature = ordered.astype(np.float32)
    start = quantize_weights(weights, fmt, importance=np.diag(damped).astype(np.float32))
    scales = (start.scales() * 2.0**-fmt.frac).astype(np.float32)
    q = np.empty(weights.shape, np.int8)
    groups = order // fmt.group
    for first in range(0, weights.shape[0], _ROWS):
        part = slice(first, first + _ROWS)
        columns = np.ascontiguousarray(weights[part, order].T)
        units = np.ascontiguousarray(scales[part].T)[groups]
        rounded = _round_columns(columns.copy(), units, factor, fmt.bits)
        for _ in range(_SWEEPS):
            _descend(rounded, columns, units, curvature, fmt.bits)
        q[part, order] = rounded.T
    return QuantizedMatrix(q, start.mantissa, start.exponent)


def hessian_error(difference: FloatArray, hessian: DoubleArray) -> float:
    """The squared error of W · x, summed over the inputs: trace(D · H · Dᵀ), D [R, C]."""
    total, curvature = 0.0, hessian.astype(np.float32)
    for first in range(0, difference.shape[0], _ROWS):
        part = difference[first : first + _ROWS]
        total += float(np.einsum("ij,ij->i", part @ curvature, part).sum(dtype=np.float64))
    return total


def _damped(hessian: DoubleArray) -> DoubleArray:
    """A positive definite Hessian, of the mean diagonal 1 where any input is not zero."""
    diagonal = np.diag(hessian)
    mean = float(diagonal.mean())
    scaled = hessian / mean if mean > 0 else np.zeros_like(hessian)
    used = np.diag(scaled) > 0
    np.fill_diagonal(scaled, np.where(used, np.diag(scaled), 1.0) + _DAMPING)
    return scaled


def _inverse_factor(hessian: DoubleArray) -> FloatArray:
    """The upper triangular V with Vᵀ · V = H⁻¹.

    With H = U · Uᵀ, U upper triangular, V is U⁻¹; U is a Cholesky factor from the last row up.
    """
    lower = np.linalg.cholesky(hessian[::-1, ::-1])
    upper = lower[::-1, ::-1]
    return np.triu(np.linalg.inv(upper)).astype(np.float32)


def _round_columns(
    columns: FloatArray, units: FloatArray, factor: FloatArray, bits: int
) -> FloatArray:
    """The integers [C, R] of columns [C, R] in units [C, R]; the columns are overwritten."""
    q = np.empty_like(columns)
    errors = np.empty((_BLOCK, columns.shape[1]), np.float32)
    for start in range(0, len(columns), _BLOCK):
        stop = min(start + _BLOCK, len(columns))
        for column in range(start, stop):
            done = column - start
            wanted = columns[column] - factor[start:column, column] @ errors[:done]
            q[column] = _rounded(wanted / units[column], bits)
            errors[done] = (wanted - q[column] * units[column]) / factor[column, column]
        columns[stop:] -= factor[start:stop, stop:].T @ errors[: stop - start]
    return q


def _descend(
    q: FloatArray, columns: FloatArray, units: FloatArray, hessian: FloatArray, bits: int
) -> None:
    """One sweep over the integers q [C, R] of columns [C, R] in units [C, R], in place."""
    difference = q * units - columns
    changes = np.empty((_BLOCK, columns.shape[1]), np.float32)
    for start in range(0, len(columns), _BLOCK):
        stop = min(start + _BLOCK, len(columns))
        slopes = hessian[start:stop] @ difference
        for column in range(start, stop):
            done = column - start
            slope = slopes[done] + hessian[column, start:column] @ changes[:done]
            step = slope / (hessian[column, column] * units[column])
            better = _rounded(q[column] - step, bits)
            changes[done] = (better - q[column]) * units[column]
            q[column] = better
        difference[start:stop] += changes[: stop - start]


def _rounded(values: FloatArray, bits: int) -> FloatArray:
    """Half up, saturated to signed integers of `bits` bits."""
    limit = 1 << (bits - 1)
    return np.clip(np.floor(values + np.float32(0.5)), -limit, limit - 1)
