"""`lmc eval`: the loss of a design's engines on a text, side by side."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import LmcError


def eval_command(
    folder: Annotated[Path, typer.Argument(help="A design folder.", metavar="DIR")],
    text: Annotated[Path, typer.Option("--text", help="A text file (UTF-8).")],
    tokens: Annotated[
        int, typer.Option("--tokens", min=1, help="Predict at most so many tokens.")
    ] = 8192,
    window: Annotated[
        int, typer.Option("--window", min=1, help="Tokens after which the state is cold again.")
    ] = 256,
    engine: Annotated[
        list[str] | None,
        typer.Option("--engine", help="float, integer, csim; several times (default: both first)."),
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure bits per byte on a text, with each engine on the same windows."""
    from lmc.bits_per_byte import cut_windows, measure
    from lmc.design import open_design
    from lmc.engines import design_engine, find_tokenizer
    from lmc.progress import progress

    design = open_design(folder)
    tokenizer = find_tokenizer(design.weights)
    if tokenizer is None:
        raise LmcError(f"{design.model} has no tokenizer here, so a text cannot be measured")
    windows = cut_windows(tokenizer, _read(text), window, tokens)
    if design.is_random:
        print_note("the weights are random: the loss means nothing")
    results: dict[str, dict[str, Any]] = {}
    count = windows.inputs.shape[1]
    for name in engine or ["float", "integer"]:
        start = time.perf_counter()
        with progress(name, count, quiet=json_output) as bar:
            loss = measure(design_engine(design, name), windows, bar.show)
        seconds = time.perf_counter() - start
        results[name] = {
            "bits_per_byte": loss.bits_per_byte,
            "tokens_per_second": round(loss.tokens / seconds, 3),
        }
    if json_output:
        print_json({"tokens": int(windows.inputs.size), "engines": results})
        return
    print_table(
        ["engine", "bits per byte", "tokens/s"],
        [
            [name, f"{r['bits_per_byte']:.4f}", r["tokens_per_second"]]
            for name, r in results.items()
        ],
    )
    print(f"{windows.inputs.size} tokens in windows of {window}, cold state each")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise LmcError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LmcError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from error
