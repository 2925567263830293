"""The integer convolution step of many tokens as compiled loops, in one pass over its numbers.

numba is imported, and the loops are compiled or loaded from its cache, when this module is.
"""

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.compiled import compiled
from lmc.numerics.compiled_rounding import rounded

Ints = NDArray[np.int64]


@compiled
def convolve(
    window: Ints, weights: Ints, bias: Ints, rescale: tuple[int, int, int], out: Ints
) -> None:
    """Σ_j w_j · x_j + b, rescaled: window [T+K-1, B, C], weights [K, C], bias [C], out [T, B, C].

    `rescale` is a multiplier, a right shift and bits.
    """
    multiplier, shift, bits = rescale
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    for token in range(out.shape[0]):
        for row in range(out.shape[1]):
            total = out[token, row]
            total[:] = bias
            for tap in range(weights.shape[0]):
                x, w = window[token + tap, row], weights[tap]
                for channel in range(total.size):
                    total[channel] += x[channel] * w[channel]
            for channel in range(total.size):
                total[channel] = rounded(total[channel] * multiplier, shift, low, high)
