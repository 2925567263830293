"""`lmc lint`: the rules that a design has to keep, on a design folder or a file of level 4."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.output import print_json, print_note
from lmc.diagnostics import LmcError, UsageError

if TYPE_CHECKING:
    from lmc.dialects.dataflow import DesignOp
    from lmc.targets import Target


def lint(
    path: Annotated[
        Path, typer.Argument(help="A design folder, or an IR file of level 4.", metavar="DIR|FILE")
    ],
    json_output: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the rules of docs/lint.md: exit status 0 if all are kept, 1 if not."""
    from lmc.lint import RULES, findings, unchecked

    try:
        design, target = _read(path)
        found = list(findings(design, target))
    except LmcError as error:
        raise UsageError(f"{path} has no design of level 4 to check: {error}") from error
    left_out = [rule.name for rule in unchecked(target)]
    if json_output:
        print_json(
            {
                "design": design.sym_name.data,
                "target": target.name if target is not None else None,
                "findings": [
                    {"rule": one.rule.name, "source": one.rule.source, "sentence": one.sentence}
                    for one in found
                ],
                "unchecked": left_out,
            }
        )
    else:
        for one in found:
            print(f"{one.rule.name}: {one.sentence} [{one.rule.source}]")
        print(f"{len(found)} findings, {len(RULES) - len(left_out)} rules checked")
    if left_out:
        print_note(f"{path} names no board, so these are not checked: {', '.join(left_out)}")
    if found:
        raise typer.Exit(1)


def _read(path: Path) -> "tuple[DesignOp, Target | None]":
    """The design at a path, and its board; LmcError where there is none, or it does not verify."""
    from lmc.allocation import allocation_of
    from lmc.backends.hls.printer import find_design
    from lmc.design.folder import open_design
    from lmc.ir.attributes import ALLOCATION
    from lmc.ir.levels import DATAFLOW
    from lmc.ir.registry import load_registry
    from lmc.ir.text import make_context, parse_module, read_text
    from lmc.targets import load_target

    folder = open_design(path) if path.is_dir() else None
    file = path if folder is None else folder.ir_file(DATAFLOW)
    module = parse_module(make_context(load_registry()), read_text(str(file)), file.name)
    if folder is not None:
        return find_design(module), folder.target
    known = ALLOCATION in module.attributes
    return find_design(module), load_target(allocation_of(module).target) if known else None
