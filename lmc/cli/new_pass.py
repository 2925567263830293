"""`lmc new-pass`: the package of a pass of one's own, ready to install, test and change."""

from pathlib import Path
from typing import Annotated

import typer


def new_pass(
    name: Annotated[str, typer.Argument(help="Name of the pass: small letters, digits, hyphens.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder to write (default: NAME).")
    ] = None,
) -> None:
    """Write a package with a new pass, its filecheck test and its registration."""
    from lmc.ir.registry import load_registry
    from lmc.scaffold import write_pass

    folder = output or Path(name)
    for file in write_pass(name, folder, load_registry()):
        print(file)
    print(f"install it: pip install -e {folder}\ntest it:    pytest {folder}")
