"""`lmc simulate`: cycles, tokens a second and waits of a compiled design."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, OpPlugins
from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import UsageError

if TYPE_CHECKING:
    from lmc.backends.report import Subject

_TASKS = 12
_LEAST_TOKENS = 2
_RTL_TOKENS = 2
"""New tokens of a launch of the RTL: the first one, and one that was fed back."""


def simulate_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    tokens: Annotated[
        int | None,
        typer.Option(
            "--tokens",
            min=0,
            help="New tokens to choose (default: until they take equally long); of --engine rtl "
            "less than 2 as well, and 2 by default.",
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
    memory: Annotated[
        str,
        typer.Option(
            "--memory", help="Of --engine rtl: polite, or adversarial: pauses and answers late."
        ),
    ] = "polite",
    waves: Annotated[
        Path | None,
        typer.Option(
            "--waves", help="Of --engine rtl: write all signals, .fst or .vcd.", metavar="F"
        ),
    ] = None,
    plugin: OpPlugins = None,
    json_output: Json = False,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", help="Write what each task does when, for Perfetto.", metavar="F"),
    ] = None,
) -> None:
    """Simulate a launch of a design cycle by cycle: tokens a second, waits, resources; a report."""
    if engine not in ("cycles", "rtl"):
        raise UsageError(f"--engine is cycles or rtl, not {engine!r}")
    if memory not in ("polite", "adversarial"):
        raise UsageError(f"--memory is polite or adversarial, not {memory!r}")
    if engine == "rtl":
        if machine != "rtl" or trace is not None:
            option = "--trace" if trace is not None else f"--machine {machine}"
            raise UsageError(f"{option} is for --engine cycles: lmc's RTL is the machine rtl")
        from lmc.cli.simulate_rtl import RtlPlan, simulate_rtl

        count = _RTL_TOKENS if tokens is None else tokens
        plan = RtlPlan(prompt_length, count, memory == "adversarial", waves, plugin or ())
        simulate_rtl(folder, plan, json_output)
        return
    if tokens is not None and tokens < _LEAST_TOKENS:
        raise UsageError(
            f"--tokens is {_LEAST_TOKENS} or more for --engine cycles, which counts the cycles "
            f"between two of them, not {tokens}"
        )
    if memory != "polite" or waves is not None:
        option = "--waves" if waves is not None else f"--memory {memory}"
        raise UsageError(f"{option} is for --engine rtl: the cycle simulator has no such thing")
    from lmc.backends.report import simulated, write_report
    from lmc.dataflow.resources.budget import excess
    from lmc.design.folder import open_design
    from lmc.simulation.report import launch_json
    from lmc.simulation.trace_events import write_trace

    subject = simulated(open_design(folder), prompt_length, tokens, machine, plugin or ())
    if trace is not None:
        write_trace(subject.launch, trace)
    report = write_report(subject)
    if json_output:
        print_json(launch_json(subject.launch, subject.resources))
    else:
        _print(subject, report)
    sentence = excess(subject.resources)
    if sentence is not None:
        print_note(sentence)


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
