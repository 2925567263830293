"""`lmc explore`: a page about a compiled design, from PyTorch lines to cycles."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from lmc.cli.options import Json, OpPlugins, PromptTokens, parse_ids
from lmc.cli.output import print_json, print_note


def explore(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="File to write (default: DIR/explorer.html)."),
    ] = None,
    prompt: Annotated[
        str | None,
        typer.Option("--prompt", help="Run each step on this text, to see what it costs."),
    ] = None,
    prompt_tokens: PromptTokens = None,
    plugin: OpPlugins = None,
    json_output: Json = False,
) -> None:
    """Write one HTML file that shows each step of a compile, and what became of each line."""
    from lmc.design.folder import open_design
    from lmc.explorer import EXPLORER, write_explorer

    written = folder / EXPLORER if output is None else output
    design = open_design(folder)
    measure = None
    if prompt is not None or prompt_tokens is not None:
        from lmc.evaluation.engines import find_tokenizer
        from lmc.evaluation.generation import prompt_ids
        from lmc.tracing.steps import run_steps

        ids = prompt_ids(prompt, parse_ids(prompt_tokens), find_tokenizer(design.weights))
        measure = partial(run_steps, design, tokens=ids, plugins=plugin or ())
    found = write_explorer(design, written, measure)
    if json_output:
        print_json(
            {
                "output": str(written),
                "steps": len(found.steps),
                "tasks": 0 if found.hardware is None else len(found.hardware.tasks),
                "tokens": 0 if found.numerics is None else len(found.numerics.tokens),
                "remarks": list(found.remarks),
            }
        )
        return
    for remark in found.remarks:
        print_note(remark)
    print(f"{written}: {len(found.steps)} steps; open it in a browser")
