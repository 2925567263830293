"""The host's part of a launch of a decode design: images into banks, the prompt, the logits."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.dataflow.banks import bank_of_kind, image_banks, logits_of
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, DesignOp
from lmc.memory_layout.words import IMAGE_SUFFIX
from lmc.reference import execute


def execute_logits(design: DesignOp, weights: Path, ids: Sequence[int]) -> NDArray[np.int64]:
    """Integers of the logits [T, V] for token ids [T], from a cold state.

    `weights` is a folder of `NAME.bin` for each image. Raises LmcError as `execute` does, and when
    the launch does not end well.
    """
    # The bank's size is for one step; the host makes room for as many as it wants.
    design, steps = design.clone(), len(ids)
    logits = bank_of_kind(design, "logits")
    logits.words = IntegerAttr(steps * logits.words.value.data, i64)
    contents = {
        bank.sym_name.data: _words(bank, (weights / f"{bank.sym_name.data}{IMAGE_SUFFIX}"))
        for bank in image_banks(design)
    }
    prompt = bank_of_kind(design, "prompt")
    contents[prompt.sym_name.data] = [*ids, *[0] * (prompt.words.value.data - steps)]
    scalars = {"n_tokens": steps, "n_prompt": steps, "n_logits": steps}
    outcome = execute(design, scalars, contents)
    if outcome.failure is not None:
        raise LmcError(f"the reference executor: {outcome.failure}")
    words = outcome.banks[logits.sym_name.data]
    data = b"".join(word.to_bytes(logits.word_bits // 8, "little") for word in words)
    length = logits_of(design).length.data
    return np.frombuffer(data, "<i4").astype(np.int64).reshape(steps, -1)[:, :length]


def _words(bank: BankOp, path: Path) -> list[int]:
    data, size = path.read_bytes(), bank.word_bits // 8
    return [
        int.from_bytes(data[start : start + size], "little") for start in range(0, len(data), size)
    ]
