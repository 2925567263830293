"""The search for the best of several scales of groups of weights, as compiled loops in float32."""

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled

Floats = NDArray[np.float32]

_LANES = 32
"""Groups worked on together: their weights stay in the first-level cache."""


@compiled
def quantize_groups(
    weights: Floats,
    scales: Floats,
    importance: Floats,
    first: int,
    limit: int,
    q: NDArray[np.int8],
    best: NDArray[np.int64],
) -> None:
    """Round groups [N, group] to integers q with the best of their scales [candidates, N].

    `best` [N] becomes the first candidate with the smallest error: the sum, from the first weight
    to the last, of squared errors times the group's importance. Those of group n are
    importance[(first + n) % G], [G, group]. Integers are rounded half up and saturate at -limit
    and limit - 1.
    """
    count, group = weights.shape
    panel, weigh = np.zeros((group, _LANES), np.float32), np.zeros((group, _LANES), np.float32)
    scale, least = np.ones(_LANES, np.float32), np.zeros(_LANES, np.float32)
    error, chosen = np.zeros(_LANES, np.float32), np.zeros(_LANES, np.int64)
    for start in range(0, count, _LANES):
        lanes = min(_LANES, count - start)
        for lane in range(lanes):
            panel[:, lane] = weights[start + lane]
            weigh[:, lane] = importance[(first + start + lane) % importance.shape[0]]
        least[:] = np.inf
        chosen[:] = 0
        for candidate in range(scales.shape[0]):
            scale[:lanes] = scales[candidate, start : start + lanes]
            _squared_errors(panel, weigh, scale, np.float32(limit), error)
            for lane in range(_LANES):
                if error[lane] < least[lane]:
                    least[lane], chosen[lane] = error[lane], candidate
        for lane in range(lanes):
            inverse = np.float32(1) / scales[chosen[lane], start + lane]
            best[start + lane] = chosen[lane]
            for i in range(group):
                rounded = _rounded(weights[start + lane, i] * inverse, np.float32(limit))
                q[start + lane, i] = np.int8(rounded)


@compiled
def _squared_errors(
    panel: Floats, weigh: Floats, scale: Floats, limit: np.float32, error: Floats
) -> None:
    """The error of every lane's group of a panel [group, lanes] with its scale."""
    lanes = panel.shape[1]
    inverse = np.float32(1) / scale
    error[:] = 0.0
    for i in range(panel.shape[0]):
        row, weights = panel[i], weigh[i]
        for lane in range(lanes):
            difference = _rounded(row[lane] * inverse[lane], limit) * scale[lane] - row[lane]
            error[lane] += difference * weights[lane] * difference


@compiled
def _rounded(value: np.float32, limit: np.float32) -> np.float32:
    low, high = -limit, limit - np.float32(1)
    return min(max(np.floor(value + np.float32(0.5)), low), high)
