"""Greedy text generation, a token at a time."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from lmc.diagnostics import LmcError
from lmc.interpreter.program import Program
from lmc.weights import WeightStore


def generate(program: Program, prompt_ids: Sequence[int]) -> Iterator[int]:
    """Greedy continuation of a prompt, without end: each token as soon as it is chosen.

    The choice is the largest logit of the ids that stand for a token, not of rows that pad the
    vocabulary; the lowest id among equals. Raises LmcError at the first token if the prompt is
    empty or holds ids outside of the vocabulary.
    """
    if not prompt_ids:
        raise LmcError("the prompt is empty; give at least one token")
    result = program.run(np.array(prompt_ids, np.int64)[:, None])
    while True:
        token = int(np.argmax(result.logits[-1, 0, : program.tokens_in_use]))
        yield token
        result = program.run([[token]], states=result.states)


def greedy(
    module: ModuleOp, prompt_ids: Sequence[int], count: int, weights: WeightStore | None = None
) -> list[int]:
    """The first `count` tokens of `generate`."""
    return list(islice(generate(Program(module, weights), prompt_ids), count))
