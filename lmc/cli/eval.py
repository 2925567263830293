"""`lmc eval`: what a design's engines make of a text, side by side, and where signal is lost."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lmc.cli.options import Json, OpPlugins
from lmc.cli.output import print_json, print_note, print_table
from lmc.diagnostics import LmcError, unreadable

if TYPE_CHECKING:
    from lmc.design.folder import Design
    from lmc.evaluation.bits_per_byte import Measurement, Windows
    from lmc.evaluation.layer_noise import LayerNoise

_NOISE_WINDOWS = 8


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
        typer.Option(
            "--engine", help="float, integer, csim, rtl; several times (default: both first)."
        ),
    ] = None,
    by_position: Annotated[
        bool,
        typer.Option("--by-position", help="Show the loss by the place of a token in its window."),
    ] = False,
    layers: Annotated[
        bool, typer.Option("--layers", help="Show signal to noise by layer and value.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw --layers to a PNG file.", metavar="FILE")
    ] = None,
    plugin: OpPlugins = None,
    json_output: Json = False,
) -> None:
    """Measure the loss on a text and the distance from the float model, for each engine."""
    from lmc.design.folder import open_design
    from lmc.evaluation.bits_per_byte import cut_windows
    from lmc.evaluation.engines import design_tokenizer
    from lmc.models.tokenizer import ByteTokenizer

    design = open_design(folder)
    tokenizer = design_tokenizer(design, plugin or ())
    if tokenizer is None:
        raise LmcError(f"{design.model} has no tokenizer here, so a text cannot be measured")
    content = _read(text)
    windows = cut_windows(tokenizer, content, window, tokens)
    if design.is_random:
        print_note("the weights are random: the loss means nothing")
    plugins = plugin or ()
    names = engine or ["float", "integer"]
    measured = _measure(design, names, plugins, windows, quiet=json_output)
    _keep(design, measured, windows, text.name, content)
    by_token = not isinstance(tokenizer, ByteTokenizer)
    noise = _noise(design, plugins, windows, quiet=json_output) if layers or plot else None
    if noise is not None and plot is not None:
        _plot(noise, design, plot)
    if json_output:
        shown = _as_json(measured, noise, windows, by_token=by_token)
        print_json(shown | ({"positions": _positions(measured)} if by_position else {}))
        return
    _print_engines(measured, by_token=by_token)
    print(f"{windows.inputs.size} tokens in windows of {window}, cold state each")
    if by_position:
        _print_positions(measured, by_token=by_token)
    if noise is not None:
        _print_noise(noise)


def _keep(
    design: "Design", measured: "dict[str, Measurement]", windows: "Windows", name: str, text: str
) -> None:
    """Keep what was measured in the design's folder, where its pages find it."""
    from lmc.design.evaluation import EngineLoss, Evaluation, write_evaluation

    losses = {
        engine: EngineLoss(one.bits_per_byte, one.kl_to_float, one.top1_agreement)
        for engine, one in measured.items()
    }
    digest = hashlib.sha256(text.encode()).hexdigest()
    length = windows.inputs.shape[0]
    try:
        write_evaluation(design, Evaluation(name, digest, int(windows.inputs.size), length, losses))
    except LmcError as error:
        print_note(f"what was measured is not kept for the report: {error}")


def _as_json(
    measured: "dict[str, Measurement]",
    noise: "LayerNoise | None",
    windows: "Windows",
    *,
    by_token: bool,
) -> dict[str, Any]:
    content = {name: _keys(one, by_token=by_token) for name, one in measured.items()}
    result: dict[str, Any] = {"tokens": int(windows.inputs.size), "engines": content}
    if noise is not None:
        result["layers"] = {"sqnr_db": noise.values, "logits_sqnr_db": noise.logits}
    return result


def _measure(
    design: "Design",
    names: Sequence[str],
    plugins: Sequence[Path],
    windows: "Windows",
    *,
    quiet: bool,
) -> "dict[str, Measurement]":
    """Every engine asked for; the float one runs too, to compare the others with it."""
    from lmc.evaluation.bits_per_byte import FLOAT, measure
    from lmc.evaluation.engines import RtlEngine, design_engine
    from lmc.progress import progress

    wanted = dict.fromkeys([FLOAT, *names])
    engines = {name: design_engine(design, name, plugins) for name in wanted}
    for engine in engines.values():
        if isinstance(engine, RtlEngine):
            print_note(engine.scoring_remark(*windows.inputs.shape))
    with progress("measuring", windows.inputs.shape[1], quiet=quiet) as bar:
        measured = measure(engines, windows, bar.show)
    return {name: measured[name] for name in dict.fromkeys(names)}


def _noise(
    design: "Design", plugins: Sequence[Path], windows: "Windows", *, quiet: bool
) -> "LayerNoise":
    from lmc.evaluation.engines import design_program
    from lmc.evaluation.layer_noise import layer_noise
    from lmc.progress import progress

    programs = [design_program(design, name, plugins) for name in ("float", "integer")]
    ids = windows.inputs[:, :_NOISE_WINDOWS]
    with progress("comparing layers", ids.shape[1], quiet=quiet) as bar:
        return layer_noise(programs[0], programs[1], ids, bar.show)


def _plot(noise: "LayerNoise", design: "Design", path: Path) -> None:
    from lmc.evaluation.layer_noise import plot_layer_noise

    plot_layer_noise(noise, f"{design.model}, {design.manifest['preset']}", path)


def _keys(one: "Measurement", *, by_token: bool) -> dict[str, Any]:
    loss = {"bits_per_byte": one.bits_per_byte}
    if by_token:
        loss |= {"bits_per_token": one.bits_per_token, "perplexity": one.perplexity}
    return {
        **loss,
        "kl_to_float": one.kl_to_float,
        "top1_agreement": one.top1_agreement,
        "tokens_per_second": round(one.tokens / one.seconds, 3),
    }


def _print_engines(measured: "dict[str, Measurement]", *, by_token: bool) -> None:
    losses = ["bits per byte", *(["bits per token", "perplexity"] if by_token else [])]
    rows: list[list[str]] = []
    for name, one in measured.items():
        loss, *rest = _keys(one, by_token=by_token).values()
        *more, divergence, agreement, rate = rest
        shown = [f"{value:.4f}" for value in (loss, *more)]
        rows.append([name, *shown, f"{divergence:.5f}", f"{agreement:.2%}", f"{rate:.4g}"])
    print_table(["engine", *losses, "KL to float (bits)", "top-1 as float", "tokens/s"], rows)


def _positions(measured: "dict[str, Measurement]") -> list[dict[str, Any]]:
    """A range of positions after the other, with what each engine makes of it."""
    columns = zip(*(one.positions for one in measured.values()), strict=True)
    return [
        {
            "first": ranges[0].first,
            "end": ranges[0].end,
            "engines": {
                name: {"bits_per_token": one.bits_per_token, "kl_to_float": one.kl_to_float}
                for name, one in zip(measured, ranges, strict=True)
            },
        }
        for ranges in columns
    ]


def _print_positions(measured: "dict[str, Measurement]", *, by_token: bool) -> None:
    print(f"\nbits per {'token' if by_token else 'byte'} by position in the window")
    rows = [
        [
            f"{place['first']} to {place['end'] - 1}",
            *(f"{one['bits_per_token']:.4f}" for one in place["engines"].values()),
            *(f"{one['kl_to_float']:.5f}" for one in place["engines"].values()),
        ]
        for place in _positions(measured)
    ]
    print_table(["positions", *measured, *(f"KL {name}" for name in measured)], rows)


def _print_noise(noise: "LayerNoise") -> None:
    count = len(next(iter(noise.values.values())))
    print("\nsignal to quantization noise (dB) by layer")
    rows = [[name, *(_decibels(db) for db in row)] for name, row in noise.values.items()]
    print_table(["value", *(str(layer) for layer in range(count))], rows)
    print(f"logits: {_decibels(noise.logits)} dB")


def _decibels(value: float | None) -> str:
    return "exact" if value is None else f"{value:.1f}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise unreadable("text", path, error) from error
    except UnicodeDecodeError as error:
        raise LmcError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from error
