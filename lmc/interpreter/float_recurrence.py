"""The real recurrence of a selective state update, a few channels at a time."""

from collections.abc import Iterator

import numpy as np

from lmc.interpreter.values import FloatArray

_ELEMENTS = 1 << 16
"""Of the states that are walked through all tokens together: 256 KiB, which stays in cache."""


def walk_states(
    state: FloatArray, kept: FloatArray, added: FloatArray, columns: FloatArray
) -> Iterator[tuple[slice, int, FloatArray]]:
    """The states that kept · state + added · columns goes through: (channels, token, state).

    state [B, G, N, R] becomes the last one; kept [T, B, G, 1 or N, R], added [T, B, G, 1, R] and
    columns [T, B, G, N, 1] as in `StateLayout`. Some of the channels go through all tokens, then
    the next ones do; what is yielded is [B, G, N, channels], and is overwritten by the next token.
    """
    channels = state.shape[-1]
    step = max(1, _ELEMENTS * channels // state.size)
    for first in range(0, channels, step):
        part = slice(first, min(first + step, channels))
        current = state[..., part].copy()
        update = np.empty_like(current)
        for token in range(len(added)):
            np.multiply(added[token][..., part], columns[token], out=update)
            current *= kept[token][..., part]
            current += update
            yield part, token, current
        state[..., part] = current
