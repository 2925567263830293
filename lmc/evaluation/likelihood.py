"""What an engine makes of continuations of contexts: log-likelihoods, and greedy text up to a stop.

The rules are those of EleutherAI's lm-evaluation-harness for its transformers models, so that
figures can be compared.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from lmc.diagnostics import LmcError
from lmc.evaluation.engines import Engine, until_end
from lmc.models.tokenizer import JsonTokenizer, Tokenizer
from lmc.numerics.divergence import log2_softmax

# Bounds the memory of the logits of a batch.
_LOGITS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Continuation:
    """Tokens that are scored after those of a context, of which there is one at least."""

    context: Sequence[int]
    tokens: Sequence[int]

    def inputs(self, max_length: int) -> list[int]:
        """What the model reads: all but the last token, at most `max_length` from the end."""
        return [*self.context, *self.tokens][-(max_length + 1) :][:-1]


@dataclass(frozen=True)
class Score:
    """The natural logarithm of a continuation's probability, and whether greedy text is it."""

    log_likelihood: float
    is_greedy: bool


def score(
    engine: Engine, continuations: Sequence[Continuation], *, max_length: int, batch: int
) -> list[Score]:
    """Score continuations, `batch` of like lengths together, each from a cold state.

    Raises LmcError if a context or a continuation has no token, or if a continuation has more than
    `max_length`.
    """
    for one in continuations:
        if not one.context or not 1 <= len(one.tokens) <= max_length:
            raise LmcError(
                f"a continuation of {len(one.tokens)} tokens after {len(one.context)} cannot be "
                f"scored; it needs 1 to {max_length} after at least one"
            )
    lengths = [len(one.inputs(max_length)) for one in continuations]
    order = sorted(range(len(continuations)), key=lambda index: -lengths[index])
    scores: dict[int, Score] = {}
    for start in range(0, len(order), batch):
        part = order[start : start + batch]
        found = _score_batch(engine, [continuations[index] for index in part], max_length)
        scores.update(zip(part, found, strict=True))
    return [scores[index] for index in range(len(continuations))]


def _score_batch(
    engine: Engine, continuations: Sequence[Continuation], max_length: int
) -> list[Score]:
    rows = [one.inputs(max_length) for one in continuations]
    # What follows a sequence's end changes nothing before it.
    ids = np.zeros((max(map(len, rows)), len(rows)), np.int64)
    for column, row in enumerate(rows):
        ids[: len(row), column] = row
    length = max(1, _LOGITS_AT_ONCE // (len(rows) * engine.vocabulary))
    bits, greedy = np.zeros(len(rows)), np.ones(len(rows), np.bool_)
    first = 0
    for logits in engine.pieces(ids, length):
        for column, (row, one) in enumerate(zip(rows, continuations, strict=True)):
            # The last input predicts the last token.
            begin = max(first, len(row) - len(one.tokens))
            end = min(first + len(logits), len(row))
            if begin >= end:
                continue
            found = logits[begin - first : end - first, column]
            skipped = begin - (len(row) - len(one.tokens))
            targets = np.asarray(one.tokens[skipped : skipped + end - begin], np.int64)
            bits[column] += log2_softmax(found)[np.arange(end - begin), targets].sum()
            greedy[column] &= np.array_equal(found.argmax(-1), targets)
        first += len(logits)
    if not np.isfinite(bits).all():
        raise LmcError("the logits are not finite, so there is no likelihood to measure")
    return [Score(float(b) * math.log(2), bool(g)) for b, g in zip(bits, greedy, strict=True)]


def greedy_text(
    engine: Engine,
    tokenizer: Tokenizer,
    prompt: Sequence[int],
    count: int,
    stops: Sequence[str],
    ends: Sequence[int],
) -> str:
    """Greedy text of up to `count` tokens after a prompt, without the first stop and what follows.

    It also ends with one of the tokens `ends`, which is no part of it.
    """
    tokens: list[int] = []
    text = ""
    for token in until_end(engine.generate(prompt, count), ends):
        if token in ends:
            break
        tokens.append(token)
        text = tokenizer.decode(tokens)
        if any(stop in text for stop in stops):
            break
    return text[: min((text.find(stop) for stop in stops if stop in text), default=len(text))]


def start_token(tokenizer: Tokenizer) -> int | None:
    """The token that stands before a text: the tokenizer's `bos_token`, else its `eos_token`.

    tokenizer_config.json beside tokenizer.json names them; None where it does not. Raises LmcError
    if that file is damaged or names a token that the tokenizer does not have.
    """
    if not isinstance(tokenizer, JsonTokenizer):
        return None
    path = tokenizer.path.with_name("tokenizer_config.json")
    if not path.is_file():
        return None
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LmcError(f"{path} cannot be read: {error}") from error
    entries = cast("dict[str, object]", content) if isinstance(content, dict) else {}
    for key in ("bos_token", "eos_token"):
        name = entries.get(key)
        if isinstance(name, dict):
            name = cast("dict[str, object]", name).get("content")
        if isinstance(name, str):
            return _known(tokenizer, name, path)
    return None


def _known(tokenizer: JsonTokenizer, name: str, path: Path) -> int:
    found = tokenizer.token_id(name)
    if found is None:
        raise LmcError(f"{path} names the token {name!r}, which {tokenizer.path} does not have")
    return found
