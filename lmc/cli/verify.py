"""`lmc verify`: is a design folder what the compile left, and right?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, OpPlugins
from lmc.cli.output import print_json

if TYPE_CHECKING:
    from lmc.driver.verify import Group


def verify(
    path: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    csim: Annotated[
        bool, typer.Option("--csim", help="Run the golden vectors in C simulation, too.")
    ] = False,
    record: Annotated[
        bool,
        typer.Option(
            "--record", help="Record golden vectors first, where a compile has left none."
        ),
    ] = False,
    plugin: OpPlugins = None,
    json_output: Json = False,
) -> None:
    """Check a design folder again: hashes, IR, printed files, golden tokens."""
    from lmc import __version__
    from lmc.design.folder import open_design
    from lmc.driver.verify import as_compiled, record_golden, verify_design

    plugins = plugin or ()
    if record:
        record_golden(open_design(path), plugins)
    design = open_design(path)
    groups = verify_design(design, plugins, csim=csim)
    whole = as_compiled(groups)
    if json_output:
        print_json(
            {
                "design": str(path),
                "model": design.model,
                "compiled_by": design.manifest["lmc"],
                "lmc": __version__,
                "as_compiled": whole,
                "groups": [
                    {
                        "name": group.name,
                        "found": group.found,
                        "deviations": group.deviations,
                        "remarks": group.remarks,
                    }
                    for group in groups
                ],
            }
        )
    else:
        for group in groups:
            _print_group(group)
    if not whole:
        raise typer.Exit(1)


def _print_group(group: "Group") -> None:
    count = len(group.deviations)
    state = "as compiled" if count == 0 else f"{count} deviation{'s' * (count > 1)}"
    print(f"{group.name}: {group.found + ': ' if group.found else ''}{state}")
    for sentence in group.deviations:
        print(f"  {sentence}")
    for sentence in group.remarks:
        print(f"  note: {sentence}")
