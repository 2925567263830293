"""How far two arrays are apart."""

import numpy as np
from numpy.typing import NDArray

FLOAT_TOLERANCE = 1e-4
"""Largest `relative_error` between results of equal float modules."""

_RealArray = NDArray[np.float32] | NDArray[np.float64] | NDArray[np.int64]


def relative_error(before: _RealArray, after: _RealArray) -> float:
    """Largest |difference| over the largest |value| before; infinite if that is not a number."""
    if before.shape != after.shape:
        return float("inf")
    wanted, found = before.astype(np.float64), after.astype(np.float64)
    largest = float(np.abs(wanted).max(initial=0.0))
    difference = float(np.abs(wanted - found).max(initial=0.0))
    if not np.isfinite(difference):
        return float("inf")
    return difference / largest if largest else difference


def sqnr_db(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """Signal over quantization noise in dB; not a number if `found` is not finite."""
    noise = float(np.sum((wanted - found) ** 2))
    signal = float(np.sum(wanted**2))
    return float("inf") if noise == 0 else float(10 * np.log10(max(signal, 1e-300) / noise))
