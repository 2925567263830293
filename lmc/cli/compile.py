"""`lmc compile`: a model to a design folder."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, Plugins, RandomWeights, Seed
from lmc.cli.output import print_json, print_note

if TYPE_CHECKING:
    from lmc.driver.compile import CompileResult


def compile_command(
    target: Annotated[str, typer.Option("--target", "-t", help="A board, or a .toml file of one.")],
    model: Annotated[
        str | None,
        typer.Argument(help="A known name, a model folder or a Hugging Face id.", metavar="MODEL"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Design folder (default: build/MODEL).")
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option("--preset", help="w4a8 (default), w4a4, w4a4-pot, w8a8, lightmamba."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="A file of `lmc quantize-config`, instead of a preset."),
    ] = None,
    calibration_text: Annotated[
        Path | None,
        typer.Option("--calibration-text", help="Text to calibrate on (default: the model's own)."),
    ] = None,
    random_weights: RandomWeights = False,
    seed: Seed = 0,
    clock: Annotated[
        int | None,
        typer.Option("--clock", help="Clock to plan with (default: the board's).", metavar="MHZ"),
    ] = None,
    calibration: Annotated[
        Path | None,
        typer.Option("--calibration", help="A file of `lmc report`, to estimate resources with."),
    ] = None,
    schedule: Annotated[
        str, typer.Option("--schedule", help="default, reordered, naive or lightmamba.")
    ] = "default",
    check: Annotated[
        bool, typer.Option("--check", help="Run the module after every pass and compare.")
    ] = False,
    pipeline: Annotated[
        str | None, typer.Option("--pipeline", help="All passes: 'name{option=value},name'.")
    ] = None,
    pipeline_file: Annotated[
        Path | None,
        typer.Option("--pipeline-file", help="The same in a file, with lines and # comments."),
    ] = None,
    insert_after: Annotated[
        tuple[str, str] | None,
        typer.Option("--insert-after", help="Put passes after one.", metavar="PASS NEW-PASS"),
    ] = None,
    insert_before: Annotated[
        tuple[str, str] | None,
        typer.Option("--insert-before", help="Put passes before one.", metavar="PASS NEW-PASS"),
    ] = None,
    replace: Annotated[
        tuple[str, str] | None,
        typer.Option("--replace", help="Put passes in place of one.", metavar="PASS NEW-PASS"),
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", help="Leave a pass out.", metavar="PASS")
    ] = None,
    plugin: Plugins = None,
    from_file: Annotated[
        str | None, typer.Option("--from", help="Go on from a dumped .mlir file.", metavar="FILE")
    ] = None,
    dump_ir: Annotated[
        bool, typer.Option("--dump-ir", help="Keep the IR after every pass in ir/.")
    ] = False,
    rtl: Annotated[
        bool, typer.Option("--rtl", help="Write SystemVerilog of the kernels, too: rtl/.")
    ] = False,
    print_ir_after_all: Annotated[
        bool, typer.Option("--print-ir-after-all", help="Print the IR after every pass (stderr).")
    ] = False,
    json_output: Json = False,
) -> None:
    """Compile a model to a design folder: HLS C++, weight images, host program, schedule."""
    from lmc.driver.compile import compile_design
    from lmc.driver.pipeline import Edit
    from lmc.driver.request import CompileRequest

    request = CompileRequest(
        target=target,
        model=model,
        output=output,
        preset=preset,
        config=config,
        calibration_text=None if calibration_text is None else str(calibration_text),
        random_weights=random_weights,
        seed=seed,
        clock_mhz=clock,
        calibration=None if calibration is None else str(calibration),
        schedule=schedule,
        pipeline=pipeline,
        pipeline_file=pipeline_file,
        edits=(
            *(Edit("skip", name) for name in skip or ()),
            *((Edit("replace", *replace),) if replace else ()),
            *((Edit("insert-before", *insert_before),) if insert_before else ()),
            *((Edit("insert-after", *insert_after),) if insert_after else ()),
        ),
        plugins=tuple(plugin or ()),
        from_file=from_file,
        check=check,
        dump_ir=dump_ir,
        rtl=rtl,
        print_ir_after_all=print_ir_after_all,
        quiet=json_output or print_ir_after_all,
    )
    result = compile_design(request)
    if result.design.is_random:
        print_note(f"the weights of {result.design.model} are random: its text means nothing")
    _warn_of_excess(result)
    _warn_of_narrow_ports(result)
    _say_if_not_golden(result)
    if json_output:
        print_json(_summary(result))
    else:
        _print_summary(result)


def _warn_of_excess(result: "CompileResult") -> None:
    from lmc.dataflow.resources.budget import excess

    sentence = None if result.design.resources is None else excess(result.design.resources)
    if sentence is not None:
        print_note(sentence)


def _warn_of_narrow_ports(result: "CompileResult") -> None:
    clock_mhz = result.design.clock_mhz
    if clock_mhz is None:
        return
    for memory in result.design.target.memories:
        carried = memory.carried_gbps(clock_mhz)
        if carried < memory.sustained_gbps:
            print_note(
                f"at {clock_mhz} MHz the {memory.ports} ports of {memory.name} carry {carried:g} "
                f"of the {memory.sustained_gbps:g} GB/s that it sustains"
            )


def _say_if_not_golden(result: "CompileResult") -> None:
    from lmc.design.folder import GOLDEN_FILE
    from lmc.ir.levels import DATAFLOW

    if result.design.has_ir(DATAFLOW) and GOLDEN_FILE not in result.files:
        print_note(
            "no golden vectors were recorded for its self-test; "
            f"`lmc verify {result.design.path} --record` does it, or says why not"
        )


def _summary(result: "CompileResult") -> dict[str, object]:
    from lmc.dataflow.resources.budget import PLACED
    from lmc.dataflow.resources.counts import NAMES

    summary: dict[str, object] = {
        "output": str(result.design.path),
        "seconds": round(result.seconds, 3),
        "peak_memory_bytes": result.peak_memory_bytes,
        "random_weights": result.design.is_random,
        "passes": [{"name": run.name, "seconds": round(run.seconds, 6)} for run in result.passes],
        "writing_seconds": round(result.writing_seconds, 3),
        "files": result.files,
    }
    if result.costs is not None:
        summary["costs"] = result.costs.as_json()
    if result.intermediates is not None:
        summary["intermediates"] = result.intermediates.as_json()
    if result.design.resources is not None:
        shown = [*NAMES, *(key for key in PLACED if key in result.design.resources)]
        summary["resources"] = {name: result.design.resources[name] for name in shown}
    if result.module_check is not None:
        summary["module_check"] = result.module_check.as_json()
    if result.checks:
        summary["checks"] = [
            # JSON has no infinity, the signal over an error of nothing.
            {
                "pass": report.name,
                "effect": report.effect,
                "measured": report.measured if math.isfinite(report.measured) else None,
            }
            for report in result.checks
        ]
    return summary


def _print_summary(result: "CompileResult") -> None:
    from lmc.analysis.cost import summary
    from lmc.dataflow.resources.budget import budget_line, slr_line

    checks = {report.name: report.sentence for report in result.checks}
    for run in result.passes:
        line = f"{run.name:24}{run.seconds:8.2f} s   {checks.get(run.name, '')}"
        print(line.rstrip(), file=sys.stderr)
    if result.module_check is not None:
        print(result.module_check.sentence)
    if result.costs is not None:
        print(summary(result.costs))
    if result.intermediates is not None:
        print(result.intermediates.sentence)
    if result.design.resources is not None:
        print(budget_line(result.design.resources))
        by_slr = slr_line(result.design.resources)
        if by_slr is not None:
            print(by_slr)
    gigabytes = result.peak_memory_bytes / 1e9
    print(
        f"{result.design.path}: {len(result.files)} files in {result.seconds:.1f} s, "
        f"{gigabytes:.2f} GB at most"
    )
