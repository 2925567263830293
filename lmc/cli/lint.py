"""`lmc lint`: the rules that a design has to keep, on a design folder or a file of level 4."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, Plugins
from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import LmcError, UsageError

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp

    from lmc.dialects.dataflow import DesignOp
    from lmc.ir.registry import Registry
    from lmc.lint import Listed
    from lmc.targets import Target


def lint(
    path: Annotated[
        Path | None,
        typer.Argument(help="A design folder, or an IR file of level 4.", metavar="DIR|FILE"),
    ] = None,
    list_rules: Annotated[
        bool, typer.Option("--list", help="List the rules instead, and where they are from.")
    ] = False,
    plugin: Plugins = None,
    json_output: Json = False,
) -> None:
    """Check the rules of a design: exit status 0 if all are kept, 1 if not."""
    from lmc.ir.registry import load_registry
    from lmc.lint import findings, rules, unchecked

    if (path is None) != list_rules:
        raise UsageError("give either a design folder, an IR file of level 4, or --list")
    registry = load_registry(plugin or ())
    if path is None:
        _list(rules(), json_output)
        return
    rules()  # What is wrong with a rule of a plugin is no fault of the design.
    design, target = _design(path, plugin or ()) if path.is_dir() else _file(path, registry)
    found = list(findings(design, target))
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
        print(f"{len(found)} findings, {len(rules()) - len(left_out)} rules checked")
    if left_out:
        print_note(f"{path} names no board, so these are not checked: {', '.join(left_out)}")
    if found:
        raise typer.Exit(1)


def _list(found: "list[Listed]", json_output: bool) -> None:
    listed = [
        {"rule": one.rule.name, "source": one.rule.source, "origin": one.origin} for one in found
    ]
    if json_output:
        print_json({"rules": listed})
    else:
        rows = [[one["rule"], one["origin"], one["source"]] for one in listed]
        print_table(["rule", "from", "what asks for it"], rows)


def _design(path: Path, plugins: Sequence[Path]) -> "tuple[DesignOp, Target]":
    """The design in a folder, and its board; LmcError where a rule of its compile is missing."""
    from lmc.design.folder import open_design
    from lmc.design.modules import design_module
    from lmc.design.plugins import check_rules_known
    from lmc.ir.levels import DATAFLOW
    from lmc.lint import rules

    folder = open_design(path)
    module = design_module(folder, DATAFLOW, plugins)
    check_rules_known(folder, plugins, [one.rule.name for one in rules()])
    return _design_of(module, folder.ir_file(DATAFLOW)), folder.target


def _file(path: Path, registry: "Registry") -> "tuple[DesignOp, Target | None]":
    """The design in a file, and its board; LmcError where there is none, or it does not verify."""
    from lmc.allocation import allocation_of
    from lmc.ir.attributes import ALLOCATION
    from lmc.ir.text import make_context, parse_module, read_text
    from lmc.targets import load_target

    module = parse_module(make_context(registry), read_text(str(path)), str(path))
    design, known = _design_of(module, path), ALLOCATION in module.attributes
    return design, load_target(allocation_of(module).target) if known else None


def _design_of(module: "ModuleOp", file: Path) -> "DesignOp":
    from lmc.backends.hls.printer import find_design

    try:
        return find_design(module)
    except LmcError as error:
        raise LmcError(f"{file}: {error}") from error
