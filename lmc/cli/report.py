"""`lmc report`: what Vitis reports of a design beside what was planned, and a calibration of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, OpPlugins
from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import LmcError

if TYPE_CHECKING:
    from lmc.dataflow.resources.calibration_file import CalibrationFile
    from lmc.synthesis.achieved import Speed
    from lmc.synthesis.comparison import Comparison

_FILE = "calibration.json"
_ROWS = 20
"""Functions in the table."""


def report_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    vitis: Annotated[
        Path,
        typer.Option("--vitis", help="Where reports are: a folder, or one file.", metavar="PATH"),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help=f"Calibration to write (default: DIR/{_FILE})."),
    ] = None,
    machine: Annotated[
        str,
        typer.Option("--machine", help="What is simulated where loops are slower than planned."),
    ] = "hls-flp",
    plugin: OpPlugins = None,
    json_output: Json = False,
) -> None:
    """Compare a design with its reports of synthesis and link, and calibrate estimates by them."""
    from lmc.dataflow.machines import machine_of
    from lmc.synthesis.achieved import simulated_speed
    from lmc.synthesis.fit import fit
    from lmc.synthesis.tables import comparison_json

    model = machine_of(machine)
    comparison = _comparison(folder, vitis, plugin or ())
    calibration = fit(comparison)
    speed = simulated_speed(comparison, model)
    written = folder / _FILE if output is None else output
    _write(written, calibration.text)
    if json_output:
        print_json(comparison_json(comparison, speed, calibration, str(written)))
    else:
        _print(comparison, speed, calibration)
        print(f"{written}: for `lmc compile --calibration`")


def _comparison(folder: Path, vitis: Path, plugins: Sequence[Path]) -> "Comparison":
    from lmc.backends.hls.printer import find_design
    from lmc.design.folder import open_design
    from lmc.design.modules import design_module
    from lmc.ir.levels import DATAFLOW
    from lmc.synthesis.comparison import compare
    from lmc.synthesis.found import find_reports

    opened = open_design(folder)
    module = design_module(opened, DATAFLOW, plugins)
    comparison = compare(find_design(module), opened.target, find_reports(vitis))
    if not comparison.kernels:
        raise LmcError(
            f"{vitis} has reports of the link and no csynth.xml, which says what is whose: name "
            "the folder that has both"
        )
    return comparison


def _print(comparison: "Comparison", speed: "Speed | None", calibration: "CalibrationFile") -> None:
    from lmc.dataflow.resources.budget import SOURCE
    from lmc.labels import estimated
    from lmc.synthesis.findings import findings, routed_source, source_of
    from lmc.synthesis.tables import (
        ERROR_COLUMNS,
        KERNEL_COLUMNS,
        UNIT_COLUMNS,
        error_rows,
        kernel_rows,
        unit_rows,
    )

    for sentence in findings(comparison, speed) or ["nothing is worse than planned"]:
        print(f"- {sentence}")
    rows = unit_rows(comparison)
    labels = [estimated(SOURCE), source_of(comparison)]
    print(f"\nplanned / reported ({' / '.join(labels)})")
    print_table(UNIT_COLUMNS, rows[:_ROWS])
    if len(rows) > _ROWS:
        print_note(f"{len(rows) - _ROWS} functions that are off by less are in --json only")
    routed = routed_source(comparison)
    labels += [] if routed is None else [routed]
    print(f"\nestimated / reported{'' if routed is None else ' / routed'} ({' / '.join(labels)})")
    print_table(KERNEL_COLUMNS, kernel_rows(comparison))
    print()
    print_table(ERROR_COLUMNS, error_rows(calibration))


def _write(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.part")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error
