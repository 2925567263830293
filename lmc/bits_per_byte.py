"""The loss of a model on a text, in bits per byte, from logits of any engine."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmc.diagnostics import LmcError
from lmc.engines import Engine
from lmc.models.tokenizer import ByteTokenizer, Tokenizer

# Bounds the memory of one batch of logits.
_LOGITS_AT_ONCE = 16_000_000


@dataclass(frozen=True)
class Loss:
    """A measured loss: predicted tokens, the bytes they stand for and bits for each byte."""

    tokens: int
    bytes: int
    bits_per_byte: float


@dataclass(frozen=True)
class Windows:
    """Text cut into windows that each start from a cold state: inputs and targets [T, B]."""

    inputs: NDArray[np.int64]
    targets: NDArray[np.int64]
    bytes: int


def cut_windows(tokenizer: Tokenizer, text: str, window: int, limit: int) -> Windows:
    """Cut a text into windows of `window` predicted tokens, at most `limit` tokens in all.

    The last target of a window is the first input of the next, and an incomplete window at the
    end is left out. Raises LmcError if the text does not fill one window.
    """
    ids = tokenizer.encode(text)
    count = min(len(ids) - 1, limit) // window
    if count < 1:
        raise LmcError(
            f"the text has {len(ids)} tokens, but one window needs {window + 1}; take a longer "
            f"text or a smaller --window"
        )
    used = np.array(ids[: count * window + 1], dtype=np.int64)
    size = len(used) - 1
    if not isinstance(tokenizer, ByteTokenizer):
        size = len(tokenizer.decode(used[1:].tolist()).encode())
    return Windows(used[:-1].reshape(count, window).T, used[1:].reshape(count, window).T, size)


def measure(engine: Engine, windows: Windows, show: Callable[[int, str], None]) -> Loss:
    """The loss of an engine on windows; `show` is told after each batch how many are done."""
    length, count = windows.inputs.shape
    bits, done, batch = 0.0, 0, 1
    while done < count:
        part = slice(done, done + batch)
        logits = engine.logits(windows.inputs[:, part])
        bits += _bits(logits, windows.targets[:, part])
        done = min(done + batch, count)
        batch = max(1, _LOGITS_AT_ONCE // (length * logits.shape[-1]))
        show(done, f"{done} of {count} windows")
    if not math.isfinite(bits):
        raise LmcError("the logits are not finite, so there is no loss to measure")
    return Loss(length * count, windows.bytes, bits / windows.bytes)


def _bits(logits: NDArray[np.float64], targets: NDArray[np.int64]) -> float:
    largest = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - largest).sum(axis=-1)) + largest[..., 0]
    chosen = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return float((total - chosen).sum() / math.log(2))
