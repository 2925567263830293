"""`lmc simulate`: cycles, tokens a second and waits of a compiled design."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.output import print_json, print_table
from lmc.diagnostics import LmcError

if TYPE_CHECKING:
    from lmc.dialects.dataflow import DesignOp
    from lmc.simulation.launch import Launch
    from lmc.targets import Target

_TASKS = 12
_SLICES = 1000


def simulate_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    tokens: Annotated[int, typer.Option("--tokens", min=2, help="New tokens to choose.")] = 16,
    prompt_length: Annotated[
        int, typer.Option("--prompt-length", min=1, help="Tokens of the prompt.")
    ] = 16,
    json_output: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", help="Write what each task does when, for Perfetto.", metavar="F"),
    ] = None,
) -> None:
    """Simulate a launch of a design cycle by cycle: tokens a second, and what they wait for."""
    from lmc.simulation.launch import simulate_launch
    from lmc.simulation.report import launch_json

    design, target = _open(folder)
    launch = simulate_launch(design, target, prompt_length, tokens)
    if trace is not None:
        _write_trace(launch, trace)
    if json_output:
        print_json(launch_json(launch))
    else:
        _print(launch)


def _open(folder: Path) -> "tuple[DesignOp, Target]":
    from lmc.backends.hls.printer import find_design
    from lmc.context import make_context, parse_module, read_text
    from lmc.design import open_design
    from lmc.levels import DATAFLOW
    from lmc.registry import load_registry
    from lmc.targets import load_target

    design = open_design(folder)
    path = design.ir_file(DATAFLOW)
    module = parse_module(make_context(load_registry()), read_text(str(path)), path.name)
    return find_design(module), load_target(str(design.manifest["target"]))


def _print(launch: "Launch") -> None:
    from lmc.simulation.report import figure_rows, memory_rows, task_rows

    print_table(["", "", "source"], figure_rows(launch))
    print()
    columns = ["memory", "bytes a new token", "sustained GB/s", "share used", "source"]
    print_table(columns, memory_rows(launch))
    print()
    columns = ["task", "kernel", "busy", "waits longest", "cycles"]
    print_table(columns, task_rows(launch, _TASKS))
    print(
        f"{launch.result.cycles:,} cycles for a prompt of {launch.prompt_length} tokens and "
        f"{launch.new_tokens} new ones"
    )


def _write_trace(launch: "Launch", path: Path) -> None:
    from lmc.simulation.activity import record_activity
    from lmc.simulation.trace_events import trace_events

    activity = record_activity(launch.simulator, launch.result.cycles, _SLICES)
    scratch = path.with_name(f".{path.name}.new")
    try:
        scratch.write_text(json.dumps(trace_events(activity, launch.result)), encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error
