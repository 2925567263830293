"""`lmc trace`: where float model, integers and C++ of a design part, value by value."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, OpPlugins, Prompt, PromptTokens, parse_ids
from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import LmcError, UsageError

if TYPE_CHECKING:
    from lmc.models.tokenizer import Tokenizer
    from lmc.tracing.against import Comparison
    from lmc.tracing.trace import Trace


def trace_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    prompt: Prompt = None,
    prompt_tokens: PromptTokens = None,
    max_new_tokens: Annotated[
        int,
        typer.Option("--max-new-tokens", min=1, help="How many tokens to choose after the prompt."),
    ] = 1,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="Compare with another design of the model.", metavar="DIR2"),
    ] = None,
    ops: Annotated[bool, typer.Option("--ops", help="Show every value of every layer.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", help="Draw signal to noise by layer and value.", metavar="PNG"),
    ] = None,
    plugin: OpPlugins = None,
    json_output: Json = False,
) -> None:
    """Compare the float model, the integers and the C++ of a design, value by value."""
    from lmc.design.folder import open_design
    from lmc.evaluation.engines import design_tokenizer
    from lmc.evaluation.generation import prompt_ids
    from lmc.tracing.against import compare_designs
    from lmc.tracing.fault import fault
    from lmc.tracing.tables import comparison_json, trace_json
    from lmc.tracing.trace import trace_design

    if plot is not None and against is not None:
        raise UsageError("--plot draws one design: give it without --against")
    if ops and json_output:
        raise UsageError("--json has every value: give it without --ops")
    design = open_design(folder)
    other = None if against is None else open_design(against)
    tokenizer = design_tokenizer(design, plugin or ())
    ids = prompt_ids(prompt, parse_ids(prompt_tokens), tokenizer)
    trace = trace_design(design, ids, max_new_tokens, plugin or ())
    compared = None if other is None else compare_designs(trace, other, plugin or ())
    if plot is not None:
        _plot(trace, plot)
    if json_output:
        print_json(trace_json(trace) if compared is None else comparison_json(compared))
    elif compared is None:
        _print(trace, tokenizer, ops=ops)
    else:
        _print_against(compared, ops=ops)
    traces = [trace] if compared is None else [trace, compared.second]
    for one in traces:
        _note(one)
    for sentence in filter(None, map(fault, traces)):
        raise LmcError(sentence)


def _print(trace: "Trace", tokenizer: "Tokenizer | None", *, ops: bool) -> None:
    from lmc.tracing.tables import (
        LAYER_COLUMNS,
        OP_COLUMNS,
        choice_rows,
        layer_rows,
        op_rows,
        summary,
    )

    if ops:
        print_table(OP_COLUMNS, op_rows(trace))
    else:
        print_table(LAYER_COLUMNS, layer_rows(trace))
    print()
    print_table(["after", "float", "integer", "C++"], choice_rows(trace, tokenizer))
    print()
    print(summary(trace))


def _print_against(compared: "Comparison", *, ops: bool) -> None:
    from lmc.tracing.tables import (
        AGAINST_COLUMNS,
        AGAINST_OP_COLUMNS,
        against_op_rows,
        against_rows,
        against_summary,
    )

    columns: Sequence[str] = AGAINST_OP_COLUMNS if ops else AGAINST_COLUMNS
    print_table(columns, against_op_rows(compared) if ops else against_rows(compared))
    print()
    print(against_summary(compared))


def _plot(trace: "Trace", path: Path) -> None:
    from lmc.evaluation.layer_noise import plot_layer_noise
    from lmc.tracing.tables import layer_noise_of

    title = f"{trace.design.model}, {trace.design.manifest['preset']}"
    plot_layer_noise(layer_noise_of(trace), title, path)


def _note(trace: "Trace") -> None:
    if not trace.has_csim:
        print_note(f"{trace.design.path} has no C++: it was compiled without the dataflow level")
