"""Golden vectors: a few launches, and what memory holds after each, as the interpreter says."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from lmc.backends.state_images import state_images
from lmc.dialects.dataflow import DesignOp
from lmc.dialects.ssm import WeightOp
from lmc.interpreter import Program
from lmc.interpreter.values import Value
from lmc.weights import WeightStore

GOLDEN = "golden.txt"
"""The file of the golden vectors, beside the images of the weights."""
FULL, SHORT = ((1, 1), (4, 1), (2, 4)), ((4, 1), (1, 2))
"""(ids of the prompt, tokens that are chosen) of each launch. A prompt of one id shows a step from
states of zero, one of four fills the window of the convolution; in the last launch tokens are fed
back. Each takes as many passes over the weights as tokens are chosen."""
SHORT_FROM, NONE_FROM = 50_000_000, 500_000_000
"""Weights from which on the launches are the short ones; and from which on a compile records none.

After the images have been written the launches take 0.2 s of CPU time for bookbyte-mamba2, and
1.8 s for mamba2-130m (AMD EPYC). From 500 million on a model has more weights than the store keeps
in memory, so that each pass would make them anew.
"""


@dataclass(frozen=True)
class GoldenLaunch:
    """A launch and what memory holds after it, as SHA-256 in hexadecimal digits.

    `logits` has one of each step with logits (32-bit integers, little endian), which are as many
    as there are `tokens`; `states` for each bank one of each layer's words.
    """

    prompt: tuple[int, ...]
    tokens: tuple[int, ...]
    logits: tuple[str, ...]
    states: dict[str, tuple[str, ...]]

    @property
    def lines(self) -> list[str]:
        """As they stand in the file."""
        steps = len(self.prompt) + len(self.tokens) - 1
        rows: list[Sequence[object]] = [
            ("launch", steps, *self.prompt),
            ("tokens", *self.tokens),
            ("logits", *self.logits),
            *(("state", bank, *digests) for bank, digests in self.states.items()),
        ]
        return [" ".join(map(str, row)) for row in rows]


def golden_text(launches: Sequence[GoldenLaunch]) -> str:
    """The file of these launches, each going on from the states of the one before it.

    A line is a word and what it says: `launch STEPS ID...` with the prompt's ids, `tokens ID...`
    that are chosen after the last of them, `logits SHA256...` of these steps, and for each bank of
    a state `state BANK SHA256...`, a digest for each layer.
    """
    return "".join(f"{line}\n" for launch in launches for line in launch.lines)


def is_recorded(module: ModuleOp) -> bool:
    """Whether a compile records golden vectors: a pass over the weights takes little time."""
    return _weights(module) < NONE_FROM


def write_golden(module: ModuleOp, design: DesignOp, store: WeightStore, folder: Path) -> None:
    """Writes `golden.txt` to the folder of the weights; parameters and errors as `record`."""
    text = golden_text(record(module, design, store))
    (folder / GOLDEN).write_text(text, encoding="utf-8")


def record(
    module: ModuleOp,
    design: DesignOp,
    store: WeightStore,
    plan: Sequence[tuple[int, int]] | None = None,
) -> list[GoldenLaunch]:
    """The golden vectors of a design, from the integers of the module that it was lowered from.

    The C++ has no part in them. Ids lie all over the vocabulary, and are the same for all designs
    of one size of it. `plan` has (ids of the prompt, chosen tokens) of each launch, where none may
    be chosen; without one it is FULL, or SHORT for a large model.

    Raises:
        LmcError: a weight can't be made, or the module cannot be run.
    """
    program = Program(module, store)
    if plan is None:
        plan = FULL if _weights(module) < SHORT_FROM else SHORT
    in_use = program.tokens_in_use or program.vocabulary
    ids = _spread_ids(sum(prompt for prompt, _ in plan), in_use)
    states: Sequence[Value] | None = None
    launches: list[GoldenLaunch] = []
    for length, chosen in plan:
        prompt, ids = ids[:length], ids[length:]
        tokens: list[int] = []
        logits: list[str] = []
        given = prompt
        for step in range(max(chosen, 1)):
            result = program.run(np.array(given)[:, None], states=states)
            states, last = result.states, result.logits[-1, 0]
            if step == chosen:
                break
            logits.append(_digest(last.astype("<i4").tobytes()))
            tokens.append(int(np.argmax(last[:in_use])))
            given = tokens[-1:]
        assert states is not None
        digests = {
            bank: tuple(_digest(layer.tobytes()) for layer in layers)
            for bank, layers in state_images(module, design, states).items()
        }
        launches.append(GoldenLaunch(tuple(prompt), tuple(tokens), tuple(logits), digests))
    return launches


def _weights(module: ModuleOp) -> int:
    """Numbers in all weights of all layers."""
    return sum(
        int(np.prod(op.type.get_shape())) * (1 if op.layers is None else op.layers.value.data)
        for op in module.body.block.ops
        if isinstance(op, WeightOp)
    )


def _spread_ids(count: int, vocabulary: int) -> list[int]:
    """Ids that are far from each other: multiples of the golden section of the vocabulary."""
    return [int(vocabulary * ((number + 1) * 0.6180339887 % 1)) for number in range(count)]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
