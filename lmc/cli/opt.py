"""`lmc opt`: any pass on any textual module."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Plugins
from lmc.cli.output import print_error
from lmc.diagnostics import LmcError

if TYPE_CHECKING:
    from lmc.driver.instruments import Prints
    from lmc.driver.pipeline import Observer, Pipeline
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
    verify_diagnostics: Annotated[
        bool,
        typer.Option(
            "--verify-diagnostics",
            help="Check that errors are those of '// expected-error {{...}}' comments.",
        ),
    ] = False,
    print_ir_before: Annotated[
        list[str] | None,
        typer.Option("--print-ir-before", help="Print the IR before a pass (stderr)."),
    ] = None,
    print_ir_after: Annotated[
        list[str] | None,
        typer.Option("--print-ir-after", help="Print the IR after a pass (stderr)."),
    ] = None,
    print_ir_before_all: Annotated[
        bool, typer.Option("--print-ir-before-all", help="Print the IR before each pass.")
    ] = False,
    print_ir_after_all: Annotated[
        bool, typer.Option("--print-ir-after-all", help="Print the IR after each pass.")
    ] = False,
    timing: Annotated[
        bool, typer.Option("--timing", help="Print what each pass took (stderr).")
    ] = False,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Print which ops passes add and remove (stderr).")
    ] = False,
    plugin: Plugins = None,
) -> None:
    """Run passes on a textual module and print the verified result."""
    # Imported late, so that `lmc --help` loads nothing of the compiler.
    from lmc.driver.instruments import Prints
    from lmc.driver.pipeline import Pipeline
    from lmc.ir.registry import load_registry
    from lmc.ir.text import read_text

    registry = load_registry(plugin or ())
    pipeline = Pipeline.parse(registry, passes)
    prints = Prints(
        None if print_ir_before_all else frozenset(print_ir_before or ()),
        None if print_ir_after_all else frozenset(print_ir_after or ()),
    )
    prints.check(pipeline)
    runner = _Runner(registry, pipeline, prints, timing, statistics, tuple(plugin or ()))
    name = "<stdin>" if file == "-" else file
    text = read_text(file)
    parts = _split(text) if split_input_file else [text]
    run = runner.compare if verify_diagnostics else runner.run
    results: list[str] = []
    failed = False
    for part in parts:
        try:
            results.append(run(part, name))
        except LmcError as error:
            if not split_input_file:
                raise
            failed = True
            print_error(error)
    if not verify_diagnostics:
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


@dataclass(frozen=True)
class _Runner:
    """Runs passes on a text, and shows of it what is asked for."""

    registry: "Registry"
    passes: "Pipeline"
    prints: "Prints"
    timing: bool
    statistics: bool
    plugins: tuple[Path, ...]

    def run(self, text: str, name: str) -> str:
        """The text after the passes; raises LmcError, with the place in the text if it is known."""
        from lmc.driver.instruments import IrPrinter, Statistics, print_timing
        from lmc.driver.pipeline import call_all
        from lmc.driver.rewrite import rewrite

        statistics = Statistics()
        observers: list[Observer] = [IrPrinter(self.passes, self.prints).observe]
        if self.statistics:
            observers.append(statistics.observe)
        # A dumped file lies in ir/ of its design, beside the weights that it may name.
        design = Path(name).absolute().parent.parent
        with _naming_plugins(design, self.plugins):
            found = rewrite(self.registry, self.passes, text, name, design, call_all(observers))
        statistics.print()
        if self.timing:
            print_timing(found.runs)
        return found.text

    def compare(self, text: str, name: str) -> str:
        """Nothing; raises LmcError where the text's error is not what its comments expect."""
        from lmc.driver.expected_errors import compare, expected_errors

        expected = expected_errors(text, name)
        found: LmcError | None = None
        try:
            self.run(text, name)
        except LmcError as error:
            found = error
        compare(expected, found, name)
        return ""


def _naming_plugins(folder: Path, given: Sequence[Path]) -> AbstractContextManager[None]:
    """Errors of the block name the plugins of the design in a folder, if one is there.

    A pass that is being written has changed since the compile, and is run all the same.
    """
    from lmc.design.folder import open_design
    from lmc.design.plugins import noting_plugins

    try:
        design = open_design(folder)
    except LmcError:
        return nullcontext()
    return noting_plugins(design, given)


def _write(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise LmcError(f"{output} cannot be written: {error.strerror}") from error
