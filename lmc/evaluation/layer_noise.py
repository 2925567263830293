"""Where quantization loses signal: each value of the quantized model against the float model's."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import Attribute, Operation

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import format_of
from lmc.interpreter import Program, Value, real_values

_TOKENS_AT_ONCE = 128
"""Every float value of so many tokens is held."""

_Key = tuple[str, int | None]


@dataclass(frozen=True)
class LayerNoise:
    """Signal to quantization noise in dB; None where the values are equal or all zero."""

    values: Mapping[str, list[float | None]]
    """By name, a number for each layer; names in the order in which a layer computes them."""
    logits: float | None


def layer_noise(
    before: Program,
    after: Program,
    ids: NDArray[np.int64],
    show: Callable[[int, str], None],
) -> LayerNoise:
    """Compare the values that both modules compute from ids [T, B], each on its own errors.

    `before` is the float module that `after` was quantized from. A value is the last one of its
    name in a layer. `show` is told after each sequence how many are done.
    """
    signal: dict[_Key, float] = defaultdict(float)
    noise: dict[_Key, float] = defaultdict(float)
    for sequence in range(ids.shape[1]):
        piece = ids[:_TOKENS_AT_ONCE, sequence : sequence + 1]
        wanted, found = _values(before, piece), _values(after, piece)
        for key, value in found.items():
            if key in wanted and wanted[key].shape == value.shape:
                signal[key] += float(np.sum(np.square(wanted[key])))
                noise[key] += float(np.sum(np.square(wanted[key] - value)))
        show(sequence + 1, f"{sequence + 1} of {ids.shape[1]} sequences")
    return _report({key: _decibels(signal[key], noise[key]) for key in signal})


def _values(program: Program, ids: NDArray[np.int64]) -> dict[_Key, NDArray[np.float64]]:
    """The real values of the activations [T, 1, n], states left out."""
    values: dict[_Key, NDArray[np.float64]] = {}

    def listen(name: str, layer: int | None, op: Operation, value: Value) -> None:
        real = real_values(value, _format(op, name))
        if real.shape[:2] == ids.shape:
            values[name, layer] = real

    program.run(ids, listener=listen)
    return values


def _format(op: Operation, name: str) -> Attribute:
    result = next((r for r in op.results if r.name_hint == name), op.results[0])
    return format_of(result.type)


def _decibels(signal: float, noise: float) -> float | None:
    return 10 * float(np.log10(signal / noise)) if signal and noise else None


def _report(found: Mapping[_Key, float | None]) -> LayerNoise:
    layers = [layer for _, layer in found if layer is not None]
    if not layers:
        raise LmcError("the two modules have no values in common, so there is nothing to compare")
    names = dict.fromkeys(name for name, layer in found if layer is not None)
    values = {
        name: [found.get((name, layer)) for layer in range(max(layers) + 1)] for name in names
    }
    return LayerNoise(values, found.get(("logits", None)))


def plot_layer_noise(noise: LayerNoise, title: str, path: Path) -> None:
    """Draw the table as colours, values down and layers across, to a PNG file.

    Raises LmcError if the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = list(noise.values)
    table = np.array([noise.values[name] for name in names], dtype=np.float64)
    figure = Figure(figsize=(2.5 + 0.45 * table.shape[1], 1.5 + 0.3 * len(names)), dpi=120)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    image = axes.imshow(table, aspect="auto", cmap="viridis")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("layer")
    axes.set_title(title)
    figure.colorbar(image, ax=axes, label="signal to quantization noise (dB)")
    try:
        # No software version or date: the same numbers give the same bytes.
        figure.savefig(path, format="png", bbox_inches="tight", metadata={"Software": None})
    except OSError as error:
        raise LmcError(f"{path} cannot be written: {error.strerror or error}") from error
