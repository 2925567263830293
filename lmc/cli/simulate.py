"""`lmc simulate`: cycles, tokens a second and waits of a compiled design."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json
from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import LmcError, UsageError

if TYPE_CHECKING:
    from lmc.backends.report import Subject
    from lmc.dataflow.machines import Machine
    from lmc.simulation.launch import Launch

_TASKS = 12
_RTL_TOKENS = 2
"""New tokens of a launch of the RTL: the first one, and one that was fed back."""
_SLICES = 1000
"""Of a trace."""


def simulate_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    tokens: Annotated[
        int | None,
        typer.Option(
            "--tokens", min=2, help="New tokens to choose (default: until they take equally long)."
        ),
    ] = None,
    prompt_length: Annotated[
        int, typer.Option("--prompt-length", min=1, help="Tokens of the prompt.")
    ] = 16,
    machine: Annotated[
        str,
        typer.Option("--machine", help="What the design is built as: rtl, hls-flp or hls-stp."),
    ] = "rtl",
    engine: Annotated[
        str,
        typer.Option("--engine", help="cycles, or rtl: lmc's own RTL in Verilator, compared."),
    ] = "cycles",
    json_output: Json = False,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", help="Write what each task does when, for Perfetto.", metavar="F"),
    ] = None,
) -> None:
    """Simulate a launch of a design cycle by cycle: tokens a second, waits, resources; a report."""
    if engine not in ("cycles", "rtl"):
        raise UsageError(f"--engine is cycles or rtl, not {engine!r}")
    if engine == "rtl":
        if machine != "rtl" or trace is not None:
            option = "--trace" if trace is not None else f"--machine {machine}"
            raise UsageError(f"{option} is for --engine cycles: lmc's RTL is the machine rtl")
        from lmc.cli.simulate_rtl import simulate_rtl

        simulate_rtl(folder, prompt_length, _RTL_TOKENS if tokens is None else tokens, json_output)
        return
    from lmc.backends.report import write_report
    from lmc.dataflow.machines import machine_of
    from lmc.dataflow.resources.budget import excess
    from lmc.simulation.report import launch_json

    subject = _simulated(folder, prompt_length, tokens, machine_of(machine))
    if trace is not None:
        _write_trace(subject.launch, trace)
    report = write_report(subject)
    if json_output:
        print_json(launch_json(subject.launch, subject.resources))
    else:
        _print(subject, report)
    sentence = excess(subject.resources)
    if sentence is not None:
        print_note(sentence)


def _simulated(
    folder: Path, prompt_length: int, tokens: int | None, machine: "Machine"
) -> "Subject":
    from lmc.backends.hls.printer import find_design
    from lmc.backends.report import Subject
    from lmc.backends.schedule import design_resources
    from lmc.design.folder import open_design
    from lmc.ir.levels import DATAFLOW
    from lmc.ir.registry import load_registry
    from lmc.ir.text import make_context, parse_module, read_text
    from lmc.simulation.launch import simulate_launch
    from lmc.simulation.steady import steady_launch

    opened = open_design(folder)
    path = opened.ir_file(DATAFLOW)
    module = parse_module(make_context(load_registry()), read_text(str(path)), path.name)
    design, target = find_design(module), opened.target
    if tokens is None:
        launch = steady_launch(design, target, prompt_length, machine)
    else:
        launch = simulate_launch(design, target, prompt_length, tokens, machine)
    return Subject(opened, module, launch, design_resources(design, target))


def _print(subject: "Subject", report: Path) -> None:
    from lmc.dataflow.resources.budget import budget_rows, slr_line
    from lmc.simulation.report import figure_rows, memory_rows, task_rows

    launch = subject.launch
    print_table(["", "", "source"], figure_rows(launch))
    print()
    columns = ["memory", "bytes a new token", "sustained GB/s", "share used", "source"]
    print_table(columns, memory_rows(launch))
    print()
    columns = ["task", "kernel", "busy", "waits longest", "cycles"]
    print_table(columns, task_rows(launch, _TASKS))
    print()
    columns = ["resource", "used", "budget", "share", "source"]
    print_table(columns, budget_rows(subject.resources))
    by_slr = slr_line(subject.resources)
    if by_slr is not None:
        print(by_slr)
    print(
        f"{launch.result.cycles:,} cycles for a prompt of {launch.prompt_length} tokens and "
        f"{launch.new_tokens} new ones"
    )
    print(f"{report} shows all of it")


def _write_trace(launch: "Launch", path: Path) -> None:
    from lmc.simulation.activity import record_activity
    from lmc.simulation.trace_events import trace_events

    activity = record_activity(launch.simulator, 0, launch.result.cycles, _SLICES)
    scratch = path.with_name(f".{path.name}.new")
    try:
        scratch.write_text(json.dumps(trace_events(activity, launch.result)), encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error
