"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

from lmc.diagnostics import UsageError

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
RandomWeights = Annotated[
    bool, typer.Option("--random-weights", help="Draw the weights instead of loading them.")
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Of random weights and of the model's own text.")
]
Plugins = Annotated[
    list[Path] | None,
    typer.Option("--plugin", help="Python file with passes, ops, adapters or rules."),
]
OpPlugins = Annotated[
    list[Path] | None,
    typer.Option("--plugin", help="Python file with ops or adapters of the design."),
]
Prompt = Annotated[str | None, typer.Option("--prompt", help="The text to continue.")]
PromptTokens = Annotated[
    str | None, typer.Option("--prompt-tokens", help="The same as token ids: 1,2,3.")
]


def parse_ids(prompt_tokens: str | None) -> list[int] | None:
    """The ids of `--prompt-tokens`, None where it is not given; raises UsageError for others."""
    if prompt_tokens is None:
        return None
    try:
        return [int(part) for part in prompt_tokens.split(",")]
    except ValueError as error:
        raise UsageError(f"--prompt-tokens {prompt_tokens!r} are not ids like 1,2,3") from error
