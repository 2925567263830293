"""`lmc synthesize`: a design's RTL in yosys, task by task, beside the estimate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lmc.cli.options import Json, OpPlugins
from lmc.cli.output import print_json, print_table

if TYPE_CHECKING:
    from lmc.backends.rtl.synthesis.relative_timing import RelativeTiming
    from lmc.dataflow.resources.counts import Resources
    from lmc.driver.synthesize import DesignSynthesis


def synthesize_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    task: Annotated[
        str | None, typer.Option("--task", help="Only the module of this task.", metavar="NAME")
    ] = None,
    ecp5: Annotated[
        bool,
        typer.Option("--ecp5", help="Place and route the task on an ECP5, for relative timing."),
    ] = False,
    plugin: OpPlugins = None,
    json_output: Json = False,
) -> None:
    """Synthesize the tasks of a design with yosys, and set what they take beside the estimate."""
    from lmc.design.folder import open_design
    from lmc.diagnostics import UsageError
    from lmc.driver.synthesize import read_design, synthesize_design, time_task
    from lmc.progress import progress

    if ecp5 and task is None:
        raise UsageError("--ecp5 places a single task: give its name with --task")
    opened = open_design(folder)
    design = read_design(opened, plugin or ())
    if ecp5 and task is not None:
        with progress("placing and routing", 1, quiet=json_output):
            timing = time_task(design, opened.target, task)
        _tell(task, timing, json_output)
        return
    with progress("synthesizing", 1, quiet=json_output) as bar:

        def done(name: str, count: int, modules: int) -> None:
            bar.detail(f"{name}, module", count, modules)

        found = synthesize_design(design, opened.target, None if task is None else [task], done)
    if json_output:
        print_json(_json(found))
    else:
        _print(found)
    if any(one.made is None for one in found.tasks):
        raise typer.Exit(1)


def _tell(task: str, timing: "RelativeTiming", json_output: bool) -> None:
    """Prints the timing of a task on an ECP5."""
    from lmc.backends.rtl.synthesis.relative_timing import label

    if json_output:
        print_json(
            {
                "task": task,
                "longest_path_ns": timing.nanoseconds,
                "cells_ns": timing.cells_ns,
                "wires_ns": timing.wires_ns,
                "path": list(timing.path),
                "cells": timing.cells,
                "source": label(),
            }
        )
        return
    start, end = timing.path
    print(f"{task}: {label()}")
    print(
        f"the longest path takes {timing.nanoseconds:.2f} ns, {timing.cells_ns:.2f} in cells and "
        f"{timing.wires_ns:.2f} in wires, from {start} to {end}"
    )
    print(f"cells: {', '.join(f'{number:,} {kind}' for kind, number in timing.cells.items())}")


def _print(found: "DesignSynthesis") -> None:
    from lmc.dataflow.resources.budget import SOURCE
    from lmc.dataflow.resources.counts import NAMES, amount
    from lmc.driver.synthesize import LEVEL_SOURCE
    from lmc.labels import estimated

    def amounts(one: "Resources", other: "Resources") -> list[str]:
        pairs = zip(one.as_dict().values(), other.as_dict().values(), strict=True)
        return ["" if not a and not b else f"{amount(a)} / {amount(b)}" for a, b in pairs]

    rows = [
        [task.name, task.copies, *amounts(task.estimated, made.resources), made.levels]
        for task in found.tasks
        if (made := task.made) is not None
    ]
    print(f"estimated / synthesized, of one copy ({estimated(SOURCE)} / {found.label})")
    print_table(["task", "copies", *NAMES.values(), "levels"], rows)
    print(f"\nall copies: {', '.join(_sums(found))}")
    print(f"{found.limit} LUT levels fit into a cycle of {found.clock_mhz} MHz ({LEVEL_SOURCE})")
    for sentence in found.findings():
        print(f"- {sentence}")


def _sums(found: "DesignSynthesis") -> list[str]:
    from lmc.dataflow.resources.counts import NAMES, amount

    planned, made = (one.as_dict() for one in found.sums)
    return [
        f"{amount(planned[name])} / {amount(made[name])} {shown}" for name, shown in NAMES.items()
    ]


def _json(found: "DesignSynthesis") -> dict[str, Any]:
    from lmc.dataflow.resources.budget import SOURCE
    from lmc.driver.synthesize import LEVEL_SOURCE
    from lmc.labels import estimated

    planned, made = found.sums
    return {
        "clock_mhz": found.clock_mhz,
        "level_limit": found.limit,
        "tasks": {
            task.name: {
                "copies": task.copies,
                "estimated": task.estimated.as_dict(),
                "synthesized": task.made and task.made.resources.as_dict(),
                "levels": task.made and task.made.levels,
                "path": task.made and list(task.made.path),
            }
            for task in found.tasks
        },
        "estimated": planned.as_dict(),
        "synthesized": made.as_dict(),
        "findings": list(found.findings()),
        "sources": {
            "estimated": estimated(SOURCE),
            "synthesized": found.label,
            "level_limit": LEVEL_SOURCE,
        },
    }
