"""`lmc run`: text from a compiled design, or from a model."""

import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, OpPlugins, Prompt, PromptTokens, parse_ids
from lmc.cli.output import print_json, print_note
from lmc.diagnostics import UsageError

if TYPE_CHECKING:
    from lmc.models.tokenizer import Tokenizer


def run_command(
    what: Annotated[str, typer.Argument(help="A design folder or a model.", metavar="DIR|MODEL")],
    prompt: Prompt = None,
    prompt_tokens: PromptTokens = None,
    max_new_tokens: Annotated[
        int, typer.Option("--max-new-tokens", min=1, help="How many tokens to generate.")
    ] = 100,
    engine: Annotated[
        str | None,
        typer.Option("--engine", help="float, integer, csim or rtl (default: csim for a design)."),
    ] = None,
    random_weights: Annotated[
        bool, typer.Option("--random-weights", help="Draw a model's weights, not load them.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the random weights.")] = 0,
    plugin: OpPlugins = None,
    memory: Annotated[
        str,
        typer.Option(
            "--memory", help="polite, or adversarial: uses all freedom that the design leaves it."
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
    from lmc.evaluation.generation import prompt_ids, runner_of

    runner = runner_of(
        what,
        engine,
        random_weights=random_weights,
        seed=seed,
        plugins=plugin or (),
        memory=memory,
    )
    tokenizer = runner.tokenizer
    ends = () if ignore_eos else runner.end_tokens
    if runner.is_random:
        print_note("the weights are random: the text means nothing")
    ids = prompt_ids(prompt, parse_ids(prompt_tokens), tokenizer)
    if (remark := runner.remark(ids, max_new_tokens)) is not None:
        print_note(remark)
    start = time.perf_counter()
    stream = _Stream(None if json_output else tokenizer, prompt or "", ends, quiet=json_output)
    tokens = _generate(runner.generate(ids, max_new_tokens, ignore_eos=ignore_eos), stream)
    seconds = time.perf_counter() - start
    if json_output:
        print_json(
            {
                "engine": runner.name,
                "random_weights": runner.is_random,
                "tokens": tokens,
                "text": runner.text(tokens, ignore_eos=ignore_eos),
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
