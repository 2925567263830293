"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
RandomWeights = Annotated[
    bool, typer.Option("--random-weights", help="Draw the weights instead of loading them.")
]
Seed = Annotated[
    int, typer.Option("--seed", min=0, help="Of random weights and of the model's own text.")
]
Plugins = Annotated[
    list[Path] | None, typer.Option("--plugin", help="Python file that defines passes and ops.")
]
OpPlugins = Annotated[
    list[Path] | None, typer.Option("--plugin", help="Python file that defines ops of the design.")
]
