"""`lmc opt`: any pass on any textual module."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Plugins
from lmc.diagnostics import LmcError

if TYPE_CHECKING:
    from lmc.driver.pipeline import Pipeline
    from lmc.ir.registry import Registry

_SPLIT_MARKER = "// -----"


def opt(
    file: Annotated[str, typer.Argument(help="IR file of any level; '-' is standard input.")] = "-",
    passes: Annotated[
        str, typer.Option("-p", "--passes", help="Passes: 'name{option=value},name'.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write here, not to standard output.")
    ] = None,
    split_input_file: Annotated[
        bool,
        typer.Option("--split-input-file", help="Treat the parts between '// -----' lines alone."),
    ] = False,
    print_ir_after_all: Annotated[
        bool, typer.Option("--print-ir-after-all", help="Print the IR after each pass (stderr).")
    ] = False,
    plugin: Plugins = None,
) -> None:
    """Run passes on a textual module and print the verified result."""
    # Imported late, so that `lmc --help` loads nothing of the compiler.
    from lmc.driver.pipeline import Pipeline
    from lmc.ir.registry import load_registry
    from lmc.ir.text import read_text

    registry = load_registry(plugin or ())
    pipeline = Pipeline.parse(registry, passes)
    name = "<stdin>" if file == "-" else file
    text = read_text(file)
    parts = _split(text) if split_input_file else [text]
    results: list[str] = []
    failed = False
    for part in parts:
        try:
            results.append(_run(registry, part, name, pipeline, print_ir_after_all))
        except LmcError as error:
            if not split_input_file:
                raise
            failed = True
            print(f"error: {error}", file=sys.stderr)
    _write(output, f"\n{_SPLIT_MARKER}\n\n".join(results))
    if failed:
        raise typer.Exit(1)


def _split(text: str) -> list[str]:
    """The parts of a file, each with empty lines before it so that line numbers stay."""
    parts: list[str] = []
    lines_before = 0
    for part in text.split(f"\n{_SPLIT_MARKER}\n"):
        parts.append("\n" * lines_before + part)
        lines_before += part.count("\n") + 2
    return parts


def _run(registry: "Registry", text: str, name: str, passes: "Pipeline", print_each: bool) -> str:
    from lmc.design.folder import attach_weights, detached_weights
    from lmc.driver.pipeline import print_after_pass
    from lmc.driver.source import read_module
    from lmc.ir.text import make_context, module_text

    context = make_context(registry)
    module = read_module(context, text, name)
    # A dumped file lies in ir/ of its design, beside the weights that it may name.
    design = Path(name).absolute().parent.parent
    attach_weights(module, design)
    passes.run(context, module, print_after_pass if print_each else None)
    with detached_weights(module, design):
        return module_text(module)


def _write(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LmcError(f"{output} cannot be written: {error.strerror}") from error
