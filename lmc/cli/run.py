"""`lmc run`: text from a compiled design, or from a model."""

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, OpPlugins
from lmc.cli.output import print_json, print_note
from lmc.diagnostics import LmcError, UsageError

if TYPE_CHECKING:
    from lmc.evaluation.engines import Engine
    from lmc.models.tokenizer import Tokenizer

_MEMORY_SEEDS = {"polite": None, "adversarial": 1}
"""What the choices of the memory are drawn from, by the name of its manners."""


def run_command(
    what: Annotated[str, typer.Argument(help="A design folder or a model.", metavar="DIR|MODEL")],
    prompt: Annotated[str | None, typer.Option("--prompt", help="The text to continue.")] = None,
    prompt_tokens: Annotated[
        str | None, typer.Option("--prompt-tokens", help="The same as token ids: 1,2,3.")
    ] = None,
    max_new_tokens: Annotated[
        int, typer.Option("--max-new-tokens", min=1, help="How many tokens to generate.")
    ] = 100,
    engine: Annotated[
        str | None,
        typer.Option("--engine", help="float, integer or csim (default: csim for a design)."),
    ] = None,
    random_weights: Annotated[
        bool, typer.Option("--random-weights", help="Draw a model's weights, not load them.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random weights.")] = 0,
    plugin: OpPlugins = None,
    memory: Annotated[
        str,
        typer.Option(
            "--memory", help="polite, or adversarial: uses all freedom that the C++ leaves it."
        ),
    ] = "polite",
    ignore_eos: Annotated[
        bool, typer.Option("--ignore-eos", help="Go on after the model's end token.")
    ] = False,
    json_output: Json = False,
) -> None:
    """Generate text, greedily, with the emitted C++ of a design or with the interpreter."""
    if (prompt is None) == (prompt_tokens is None):
        raise UsageError("give either --prompt or --prompt-tokens")
    from lmc.evaluation.engines import find_end_tokens, find_tokenizer, until_end

    if memory not in _MEMORY_SEEDS:
        raise UsageError(f"--memory is {' or '.join(_MEMORY_SEEDS)}, not {memory!r}")
    memory_seed = _MEMORY_SEEDS[memory]
    runner, name, weights, is_random = _open(
        what, engine, random_weights, seed, plugin or (), memory_seed
    )
    tokenizer = find_tokenizer(weights)
    ends = () if ignore_eos else find_end_tokens(weights)
    if is_random:
        print_note("the weights are random: the text means nothing")
    ids = _prompt_ids(prompt, prompt_tokens, tokenizer)
    start = time.perf_counter()
    stream = _Stream(None if json_output else tokenizer, prompt or "", ends, quiet=json_output)
    tokens = _generate(until_end(runner.generate(ids, max_new_tokens), ends), stream)
    seconds = time.perf_counter() - start
    if json_output:
        text = [token for token in tokens if token not in ends]
        print_json(
            {
                "engine": name,
                "random_weights": is_random,
                "tokens": tokens,
                "text": tokenizer.decode(text) if tokenizer is not None else None,
                "tokens_per_second": round((len(ids) + len(tokens)) / seconds, 3),
            }
        )


def _generate(source: Iterable[int], stream: "_Stream") -> list[int]:
    """All tokens, each shown as soon as it is there."""
    tokens: list[int] = []
    try:
        for token in source:
            tokens.append(token)
            stream.push(token)
    finally:
        stream.finish()
    return tokens


def _open(
    what: str,
    engine: str | None,
    random_weights: bool,
    seed: int,
    plugins: Sequence[Path],
    memory_seed: int | None,
) -> "tuple[Engine, str, str, bool]":
    """What runs, its name, the reference of its weights, and whether they are random."""
    from lmc.design.folder import MANIFEST, open_design
    from lmc.evaluation.engines import design_engine, model_engine

    if (Path(what) / MANIFEST).is_file():
        if random_weights:
            raise UsageError("--random-weights is for models; a design has its weights")
        design = open_design(Path(what))
        name = engine or "csim"
        if memory_seed is not None and name != "csim":
            raise UsageError(f"--memory adversarial is for --engine csim, not {name}")
        runner = design_engine(design, name, plugins, memory_seed)
        return runner, name, design.weights, design.is_random
    if plugins:
        raise UsageError("--plugin is for designs with ops of it; a model has none")
    if memory_seed is not None:
        raise UsageError("--memory adversarial is for designs; a model has no memory ports")
    name = engine or "float"
    runner = model_engine(what, name, random_weights=random_weights, seed=seed)
    reference = f"random:{what}:{seed}" if random_weights else what
    return runner, name, reference, random_weights


def _prompt_ids(
    prompt: str | None, prompt_tokens: str | None, tokenizer: "Tokenizer | None"
) -> list[int]:
    if prompt is not None:
        if tokenizer is None:
            raise LmcError("the model has no tokenizer here; give --prompt-tokens instead")
        ids = tokenizer.encode(prompt)
    else:
        try:
            ids = [int(part) for part in (prompt_tokens or "").split(",")]
        except ValueError as error:
            raise UsageError(f"--prompt-tokens {prompt_tokens!r} are not ids like 1,2,3") from error
    if not ids:
        raise UsageError("the prompt is empty; give at least one token")
    return ids


class _Stream:
    """Prints text as tokens come, or the ids where the model has no tokenizer."""

    def __init__(
        self, tokenizer: "Tokenizer | None", prompt: str, ends: Sequence[int], *, quiet: bool
    ):
        from lmc.models.tokenizer import TextStream

        self._quiet = quiet
        self._ends = ends
        self._text = TextStream(tokenizer) if tokenizer is not None else None
        self._write(prompt)

    def push(self, token: int) -> None:
        if self._text is None:
            self._write(f"{token} ")
        elif token not in self._ends:  # it says that the text ends, and is no part of it
            self._write(self._text.push(token))

    def finish(self) -> None:
        self._write(("" if self._text is None else self._text.finish()) + "\n")

    def _write(self, text: str) -> None:
        if not self._quiet:
            sys.stdout.write(text)
            sys.stdout.flush()
