"""`lmc explore`: a compiled design from PyTorch lines to cycles, as a page or in the terminal."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from lmc.cli.options import Json, Plugins, PromptTokens, parse_ids
from lmc.cli.output import print_json, print_note
from lmc.diagnostics import LmcError, UsageError


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
    terminal: Annotated[
        bool,
        typer.Option("--terminal", help="Show it in the terminal, where passes can be run."),
    ] = False,
    plugin: Plugins = None,
    json_output: Json = False,
) -> None:
    """Show each step of a compile, and what became of each line: one HTML file, or --terminal."""
    from lmc.api.design import open_design

    if terminal:
        for option, is_given in (
            ("--output", output is not None),
            ("--json", json_output),
        ):
            if is_given:
                raise UsageError(f"{option} is for the page, which --terminal does not write")
        _show(folder, prompt, parse_ids(prompt_tokens), plugin or [])
        return
    page = open_design(folder).explore(
        prompt, prompt_tokens=parse_ids(prompt_tokens), output=output, plugins=plugin or ()
    )
    found = page.exploration
    if json_output:
        print_json(
            {
                "output": str(page.path),
                "steps": len(found.steps),
                "tasks": 0 if found.hardware is None else len(found.hardware.tasks),
                "tokens": 0 if found.numerics is None else len(found.numerics.tokens),
                "remarks": list(found.remarks),
            }
        )
        return
    for remark in found.remarks:
        print_note(remark)
    print(f"{page.path}: {len(found.steps)} steps; open it in a browser")


def _show(
    folder: Path, prompt: str | None, prompt_tokens: list[int] | None, plugins: list[Path]
) -> None:
    """Show a design in the terminal."""
    if find_spec("textual") is None:
        raise LmcError(
            "`lmc explore --terminal` needs textual, which is not installed; install it with "
            "`pip install 'lmc-fpga[terminal]'`"
        )
    from lmc.design.folder import open_design
    from lmc.explorer import explore as collect
    from lmc.ir.registry import load_registry
    from lmc.terminal import show
    from lmc.tracing.steps import measure_of

    design, registry = open_design(folder), load_registry(plugins)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise LmcError(
            "`lmc explore --terminal` needs a terminal for its input and output; without the "
            "option it writes a page"
        )
    measure = measure_of(design, prompt, prompt_tokens, plugins, quiet=True)
    show(design, registry, lambda: collect(design, plugins=plugins), measure)
