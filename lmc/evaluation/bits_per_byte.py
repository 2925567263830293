"""The loss of a model on a text and its distance from the float model, for any engine."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lmc.diagnostics import LmcError
from lmc.evaluation.engines import Engine
from lmc.models.tokenizer import ByteTokenizer, Tokenizer
from lmc.numerics.divergence import divergence, log2_softmax

# Bounds the memory of one batch of logits.
_LOGITS_AT_ONCE = 8_000_000
_WINDOWS_AT_ONCE = 8
"""So many windows are worked on beside each other, on several threads, rather than long pieces."""
_LEAST_PIECE = 64
_FIRST_POSITIONS = 64
"""The first range of positions, which a cold state rules; each next range ends at four times it."""


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
    cpu_seconds: float
    """On all cores together, so that a busy machine changes them little."""
    kl_to_float: float | None
    """Mean over tokens of the Kullback-Leibler divergence from the float model, in bits."""
    top1_agreement: float | None
    """The part of the tokens at which the largest logit is the float model's."""
    positions: "tuple[PositionMeasurement, ...]" = ()
    """The same by position in the windows, in order; together they cover a window."""

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


@dataclass(frozen=True)
class PositionMeasurement:
    """What an engine makes of the targets at positions `first` to `end` - 1 of all windows.

    The prediction at position p has seen p + 1 tokens since the state was cold.
    """

    first: int
    end: int
    bits_per_token: float
    kl_to_float: float | None
    """As in `Measurement`."""


@dataclass
class _Sums:
    """Sums over windows; bits and divergence for each position."""

    bits: NDArray[np.float64]
    divergence: NDArray[np.float64]
    seconds: float = 0.0
    cpu_seconds: float = 0.0
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
    sums = {name: _Sums(np.zeros(length), np.zeros(length)) for name in engines}
    # The float engine goes first: the others are compared with it piece by piece.
    order = sorted(engines, key=lambda name: name != FLOAT)
    vocabulary = max(engine.vocabulary for engine in engines.values())
    batch, piece = _shares(length, max(1, _LOGITS_AT_ONCE // vocabulary))
    done = 0
    while done < count:
        # The first batch is small, so that something is shown soon.
        part = slice(done, done + (batch if done else 1))
        inputs, targets = windows.inputs[:, part], windows.targets[:, part]
        pieces = {name: engines[name].pieces(inputs, piece) for name in order}
        for start in range(0, length, piece):
            _measure_piece(pieces, sums, slice(start, start + piece), targets)
        done = min(part.stop, count)
        show(done, f"{done} of {count} windows")
    compared = FLOAT in engines
    return {name: _measurement(sums[name], windows, compared=compared) for name in engines}


def _shares(length: int, tokens: int) -> tuple[int, int]:
    """How many windows are run together, and tokens of each at a time, so many in all."""
    several = min(_WINDOWS_AT_ONCE, tokens // min(length, _LEAST_PIECE))
    batch = max(1, several, tokens // length)
    return batch, min(length, max(1, tokens // batch))


def position_ranges(window: int) -> list[tuple[int, int]]:
    """Positions of a window in ranges [first, end) that end at 64, 256, 1024, 4096 and so on."""
    ends = [0]
    while ends[-1] < window:
        ends.append(min(window, 4 * ends[-1] or _FIRST_POSITIONS))
    return list(pairwise(ends))


def _measure_piece(
    pieces: Mapping[str, Iterator[NDArray[np.float64]]],
    sums: Mapping[str, _Sums],
    positions: slice,
    targets: NDArray[np.int64],
) -> None:
    """Add what each engine, float first, makes of its next piece, at these positions."""
    reference = None
    for name, logits in pieces.items():
        start, cpu_start = time.perf_counter(), time.process_time()
        found = next(logits)
        sums[name].seconds += time.perf_counter() - start
        sums[name].cpu_seconds += time.process_time() - cpu_start
        log_probabilities = log2_softmax(found)
        reference = log_probabilities if name == FLOAT else reference
        _add(sums[name], positions, log_probabilities, targets[positions], reference)


def _measurement(sums: _Sums, windows: Windows, *, compared: bool) -> Measurement:
    if not np.isfinite(sums.bits).all():
        raise LmcError("the logits are not finite, so there is no loss to measure")
    length, count = windows.inputs.shape
    tokens = length * count
    positions = [
        PositionMeasurement(
            first,
            end,
            float(sums.bits[first:end].sum()) / ((end - first) * count),
            float(sums.divergence[first:end].sum()) / ((end - first) * count) if compared else None,
        )
        for first, end in position_ranges(length)
    ]
    return Measurement(
        tokens,
        windows.bytes,
        float(sums.bits.sum()),
        sums.seconds,
        sums.cpu_seconds,
        float(sums.divergence.sum()) / tokens if compared else None,
        sums.agreeing / tokens if compared else None,
        tuple(positions),
    )


def _add(
    sums: _Sums,
    positions: slice,
    log_probabilities: NDArray[np.float64],
    targets: NDArray[np.int64],
    reference: NDArray[np.float64] | None,
) -> None:
    chosen = np.take_along_axis(log_probabilities, targets[..., None], axis=-1)
    sums.bits[positions] -= chosen.sum(axis=(1, 2))
    if reference is None:
        return
    sums.divergence[positions] += divergence(reference, log_probabilities).sum(axis=1)
    same = np.argmax(reference, axis=-1) == np.argmax(log_probabilities, axis=-1)
    sums.agreeing += int(same.sum())
