"""`lmc explore`: a page about a compiled design, from PyTorch lines to cycles."""

from pathlib import Path
from typing import Annotated

import typer

from lmc.cli.options import Json
from lmc.cli.output import print_json, print_note


def explore(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="File to write (default: DIR/explorer.html)."),
    ] = None,
    json_output: Json = False,
) -> None:
    """Write one HTML file that shows each step of a compile, and what became of each line."""
    from lmc.design.folder import open_design
    from lmc.explorer import EXPLORER, write_explorer

    written = folder / EXPLORER if output is None else output
    found = write_explorer(open_design(folder), written)
    if json_output:
        print_json(
            {
                "output": str(written),
                "steps": len(found.steps),
                "tasks": 0 if found.hardware is None else len(found.hardware.tasks),
                "remarks": list(found.remarks),
            }
        )
        return
    for remark in found.remarks:
        print_note(remark)
    print(f"{written}: {len(found.steps)} steps; open it in a browser")
