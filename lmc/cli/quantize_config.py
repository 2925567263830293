"""`lmc quantize-config`: a file with the format of every tensor, and what each of them costs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmc.cli.options import Json, Plugins, RandomWeights, Seed
from lmc.cli.output import print_json, print_note
from lmc.diagnostics import LmcError, UsageError

if TYPE_CHECKING:
    from lmc.tuning.config_search import ConfigResult


def quantize_config(
    model: Annotated[str, typer.Argument(help="A known name, a model folder or an id.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File (.toml) to write (default: stdout).")
    ] = None,
    preset: Annotated[
        str, typer.Option("--preset", help="Where to start: a preset, or a file like this one.")
    ] = "w4a8",
    max_loss: Annotated[
        float | None,
        typer.Option("--max-loss", min=0, help="Raise layers to 8 bits until no more is lost."),
    ] = None,
    bits_per_weight: Annotated[
        float | None,
        typer.Option("--bits-per-weight", min=0, help="Raise layers to 8 bits up to this mean."),
    ] = None,
    calibration_text: Annotated[
        Path | None,
        typer.Option("--calibration-text", help="Text to measure on (default: the model's own)."),
    ] = None,
    random_weights: RandomWeights = False,
    seed: Seed = 0,
    plugin: Plugins = None,
    json_output: Json = False,
) -> None:
    """Write a model's quantization as a file to edit, with every tensor's measured sensitivity."""
    from lmc.progress import progress
    from lmc.tuning.config_search import ConfigRequest, make_config

    if max_loss is not None and bits_per_weight is not None:
        raise UsageError("give either --max-loss or --bits-per-weight")
    if output is not None and output.suffix != ".toml":
        raise UsageError(f"-o takes a .toml file, not {output}")
    if json_output and output is None:
        raise UsageError("--json needs -o: standard output holds either the file or the object")
    request = ConfigRequest(
        model=model,
        preset=preset,
        max_loss=max_loss,
        bits_per_weight=bits_per_weight,
        calibration_text=None if calibration_text is None else str(calibration_text),
        random_weights=random_weights,
        seed=seed,
        plugins=tuple(plugin or ()),
    )
    with progress("measuring", 1, quiet=json_output) as bar:
        result = make_config(request, bar.detail)
    if random_weights:
        print_note(f"the weights of {model} are random: the losses mean nothing")
    if output is None:
        sys.stdout.write(result.text)
        return
    _write(output, result.text)
    if json_output:
        print_json(_summary(output, result))
    else:
        print(f"{output}: {_sentence(result)}", file=sys.stderr)


def _summary(output: Path, result: "ConfigResult") -> dict[str, object]:
    return {
        "output": str(output),
        "bits_per_weight": result.choice.bits_per_weight,
        "raised": result.choice.raised,
        "loss": result.choice.loss,
        "sensitivities": {
            "tokens": result.sensitivities.tokens,
            "reference": result.sensitivities.reference,
            "weights": result.sensitivities.weights,
            "activations": result.sensitivities.activations,
            "state": result.sensitivities.state,
        },
    }


def _sentence(result: "ConfigResult") -> str:
    choice = result.choice
    text = f"{choice.bits_per_weight:.3f} bits per weight of the layers"
    if choice.raised:
        text += f", {choice.raised} matrices raised to 8 bits"
    return text if choice.loss is None else f"{text}, {choice.loss:.5f} bits per token lost"


def _write(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.part")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror}") from error
