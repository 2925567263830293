"""The loss of a model on a text and its distance from the float model, for any engine."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmc.diagnostics import LmcError
from lmc.evaluation.engines import Engine
from lmc.models.tokenizer import ByteTokenizer, Tokenizer
from lmc.numerics.divergence import divergence, log2_softmax

# Bounds the memory of one batch of logits.
_LOGITS_AT_ONCE = 4_000_000


FLOAT = "float"
"""The engine that others are compared with."""


@dataclass(frozen=True)
class Measurement:
    """What an engine makes of windows of text; the comparisons are None without a float engine."""

    tokens: int
    bytes: int
    bits: float
    """-log2 of the probabilities of all targets."""
    seconds: float
    kl_to_float: float | None
    """Mean over tokens of the Kullback-Leibler divergence from the float model, in bits."""
    top1_agreement: float | None
    """The part of the tokens at which the largest logit is the float model's."""

    @property
    def bits_per_byte(self) -> float:
        """Bits for each byte that the targets stand for."""
        return self.bits / self.bytes

    @property
    def bits_per_token(self) -> float:
        """Bits for each predicted token."""
        return self.bits / self.tokens

    @property
    def perplexity(self) -> float:
        """2 to the bits per token."""
        return 2.0**self.bits_per_token


@dataclass
class _Sums:
    bits: float = 0.0
    seconds: float = 0.0
    divergence: float = 0.0
    agreeing: int = 0


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


def measure(
    engines: Mapping[str, Engine], windows: Windows, show: Callable[[int, str], None]
) -> dict[str, Measurement]:
    """Measure engines on the same windows, and compare each with the one named `float`.

    `show` is told after each batch how many windows are done. Raises LmcError if logits are not
    finite.
    """
    length, count = windows.inputs.shape
    sums = {name: _Sums() for name in engines}
    # The float engine goes first: the others are compared with it batch by batch.
    order = sorted(engines, key=lambda name: name != FLOAT)
    done, batch = 0, 1
    while done < count:
        part = slice(done, done + batch)
        reference, vocabulary = None, 1
        for name in order:
            start = time.perf_counter()
            logits = engines[name].logits(windows.inputs[:, part])
            sums[name].seconds += time.perf_counter() - start
            vocabulary = logits.shape[-1]
            log_probabilities = log2_softmax(logits)
            reference = log_probabilities if name == FLOAT else reference
            _add(sums[name], log_probabilities, windows.targets[:, part], reference)
        done = min(done + batch, count)
        batch = max(1, _LOGITS_AT_ONCE // (length * vocabulary))
        show(done, f"{done} of {count} windows")
    compared = FLOAT in engines
    return {name: _measurement(sums[name], windows, compared=compared) for name in engines}


def _measurement(sums: _Sums, windows: Windows, *, compared: bool) -> Measurement:
    if not math.isfinite(sums.bits):
        raise LmcError("the logits are not finite, so there is no loss to measure")
    tokens = windows.inputs.size
    return Measurement(
        tokens,
        windows.bytes,
        sums.bits,
        sums.seconds,
        sums.divergence / tokens if compared else None,
        sums.agreeing / tokens if compared else None,
    )


def _add(
    sums: _Sums,
    log_probabilities: NDArray[np.float64],
    targets: NDArray[np.int64],
    reference: NDArray[np.float64] | None,
) -> None:
    chosen = np.take_along_axis(log_probabilities, targets[..., None], axis=-1)
    sums.bits -= float(chosen.sum())
    if reference is None:
        return
    sums.divergence += float(divergence(reference, log_probabilities).sum())
    same = np.argmax(reference, axis=-1) == np.argmax(log_probabilities, axis=-1)
    sums.agreeing += int(same.sum())
