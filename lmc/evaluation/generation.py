"""Text from a compiled design or from a model: what `lmc run` and `Design.run` do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lmc.design.folder import MANIFEST, Design, open_design
from lmc.diagnostics import LmcError, UsageError
from lmc.evaluation.engines import (
    Engine,
    RtlEngine,
    design_engine,
    design_tokenizer,
    find_end_tokens,
    find_tokenizer,
    model_engine,
    until_end,
)
from lmc.ir.registry import load_registry

if TYPE_CHECKING:
    from lmc.models.tokenizer import Tokenizer

_MEMORY_SEEDS = {"polite": None, "adversarial": 1}
"""What the choices of the memory are drawn from, by the name of its manners."""


@dataclass(frozen=True)
class Runner:
    """What runs, its name, the reference of its weights, and whether they are random."""

    engine: Engine
    name: str
    weights: str
    is_random: bool
    design: Design | None = None
    """What is run, where it is a design, with its `plugins`."""
    plugins: tuple[Path, ...] = ()

    @cached_property
    def tokenizer(self) -> "Tokenizer | None":
        """The model's tokenizer; None if it has none here."""
        if self.design is None:
            return find_tokenizer(self.weights)
        return design_tokenizer(self.design, self.plugins)

    @cached_property
    def end_tokens(self) -> tuple[int, ...]:
        """The ids after which the model's text ends."""
        return find_end_tokens(self.weights)

    def generate(
        self, ids: Sequence[int], count: int, *, ignore_eos: bool = False
    ) -> Iterator[int]:
        """At most `count` greedy tokens after the prompt, the last one an end token perhaps."""
        ends = () if ignore_eos else self.end_tokens
        return until_end(self.engine.generate(ids, count), ends)

    def remark(self, ids: Sequence[int], count: int) -> str | None:
        """What there is to say of the time that this takes."""
        engine = self.engine
        return engine.remark(len(ids), count) if isinstance(engine, RtlEngine) else None

    def text(self, tokens: Sequence[int], *, ignore_eos: bool = False) -> str | None:
        """The text of tokens, of which those that end it are no part; None without a tokenizer."""
        ends = () if ignore_eos else self.end_tokens
        kept = [token for token in tokens if token not in ends]
        return None if self.tokenizer is None else self.tokenizer.decode(kept)


def design_runner(
    design: Design,
    engine: str | None = None,
    plugins: Sequence[Path] = (),
    memory: str = "polite",
) -> Runner:
    """What runs a design: engine csim if none is named.

    `plugins` are loaded first of all: an adapter among them may be what reads the tokenizer.

    Raises:
        UsageError: there is no such engine or memory, or they do not go together.
        LmcError: the design lacks what the engine runs.
    """
    load_registry(plugins)
    seed = _memory_seed(memory)
    name = engine or "csim"
    if seed is not None and name not in ("csim", "rtl"):
        raise UsageError(f"--memory adversarial is for --engine csim and rtl, not {name}")
    runner = design_engine(design, name, plugins, seed)
    return Runner(runner, name, design.weights, design.is_random, design, tuple(plugins))


def runner_of(
    what: str,
    engine: str | None,
    *,
    random_weights: bool,
    seed: int,
    plugins: Sequence[Path],
    memory: str,
) -> Runner:
    """What runs a design folder or a model; errors as `design_runner`."""
    if (Path(what) / MANIFEST).is_file():
        if random_weights:
            raise UsageError("--random-weights is for models; a design has its weights")
        return design_runner(open_design(Path(what)), engine, plugins, memory)
    load_registry(plugins)
    if _memory_seed(memory) is not None:
        raise UsageError("--memory adversarial is for designs; a model has no memory ports")
    name = engine or "float"
    runner = model_engine(what, name, random_weights=random_weights, seed=seed)
    reference = f"random:{what}:{seed}" if random_weights else what
    return Runner(runner, name, reference, random_weights)


def prompt_ids(
    prompt: str | None, prompt_tokens: Sequence[int] | None, tokenizer: "Tokenizer | None"
) -> list[int]:
    """The ids of a prompt that is given as a text or as ids.

    Raises:
        UsageError: both are given, or none, or nothing is in it.
        LmcError: a text is given, and the model has no tokenizer here.
    """
    if (prompt is None) == (prompt_tokens is None):
        raise UsageError("give either --prompt or --prompt-tokens")
    if prompt is not None:
        if tokenizer is None:
            raise LmcError("the model has no tokenizer here; give --prompt-tokens instead")
        ids = tokenizer.encode(prompt)
    else:
        ids = list(prompt_tokens or ())
    if not ids:
        raise UsageError("the prompt is empty; give at least one token")
    return ids


def _memory_seed(memory: str) -> int | None:
    if memory not in _MEMORY_SEEDS:
        raise UsageError(f"--memory is {' or '.join(_MEMORY_SEEDS)}, not {memory!r}")
    return _MEMORY_SEEDS[memory]
