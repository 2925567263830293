"""Which layers' weights get 8 bits: the most accurate choice within a budget.

Widths start at what the configuration gives. Single layers of single weights are raised to 8 bits
in the order of what that gains for each bit it adds, as measured by `lmc.tuning.sensitivity`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lmc.diagnostics import LmcError
from lmc.quantization.config import QuantizationConfig

WIDE_BITS = 8
Measure = Callable[[QuantizationConfig], float]
"""The loss of a model with a configuration, in bits per token."""


@dataclass(frozen=True)
class MatrixShape:
    """A weight matrix of the layers: its elements in one layer and bits of scales for each."""

    layers: int
    elements: int
    scale_bits: float


@dataclass(frozen=True)
class Choice:
    """A configuration that the search found."""

    config: QuantizationConfig
    raised: int
    """Matrices that got 8 bits."""
    bits_per_weight: float
    loss: float | None
    """As measured, where the search measured it."""


Shapes = Mapping[str, MatrixShape]
_Matrix = tuple[str, int]


def bits_per_weight(config: QuantizationConfig, shapes: Shapes) -> float:
    """Mean bits of the layers' weights, scales included; embedding and LM head are left out."""
    widths = _widths(config, shapes)
    bits = sum(
        (width + shapes[name].scale_bits) * shapes[name].elements
        for (name, _), width in widths.items()
    )
    return bits / sum(shape.layers * shape.elements for shape in shapes.values())


def fit_bits(
    config: QuantizationConfig,
    shapes: Shapes,
    gains: Mapping[str, tuple[float, ...]],
    budget: float,
) -> Choice:
    """Raise layers while their mean bits per weight stay within the budget.

    Raises LmcError if the configuration is over the budget as it is.
    """
    if bits_per_weight(config, shapes) > budget:
        raise LmcError(
            f"the preset has {bits_per_weight(config, shapes):.3f} bits per weight in its layers "
            f"already, more than {budget:g}; take a larger budget or a narrower preset"
        )
    raised: list[_Matrix] = []
    for matrix in _order(config, shapes, gains):
        if bits_per_weight(_raise(config, shapes, [*raised, matrix]), shapes) <= budget:
            raised.append(matrix)
    chosen = _raise(config, shapes, raised)
    return Choice(chosen, len(raised), bits_per_weight(chosen, shapes), None)


def fit_loss(
    config: QuantizationConfig,
    shapes: Shapes,
    gains: Mapping[str, tuple[float, ...]],
    most: float,
    measure: Measure,
) -> Choice:
    """Raise as few layers as bring the measured loss down to `most`, by bisection.

    Raises LmcError if even 8 bits in all of them do not.
    """
    order = _order(config, shapes, gains)
    measured: dict[int, float] = {}

    def loss(count: int) -> float:
        if count not in measured:
            measured[count] = measure(_raise(config, shapes, order[:count]))
        return measured[count]

    if loss(0) <= most:
        return Choice(config, 0, bits_per_weight(config, shapes), loss(0))
    if loss(len(order)) > most:
        raise LmcError(
            f"with 8 bits for every weight of the layers {measured[len(order)]:.4f} bits per token "
            f"are lost, more than {most:g}; choose a preset with wider activations or a larger loss"
        )
    too_few, enough = 0, len(order)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if loss(middle) <= most else (middle, enough)
    chosen = _raise(config, shapes, order[:enough])
    return Choice(chosen, enough, bits_per_weight(chosen, shapes), measured[enough])


def _order(
    config: QuantizationConfig, shapes: Shapes, gains: Mapping[str, tuple[float, ...]]
) -> list[_Matrix]:
    """What can be raised, the most gain for each added bit first."""
    rates = {
        (name, layer): gains[name][layer] / ((WIDE_BITS - width) * shapes[name].elements)
        for (name, layer), width in _widths(config, shapes).items()
        if width < WIDE_BITS
    }
    return sorted(rates, key=lambda matrix: (-rates[matrix], matrix))


def _widths(config: QuantizationConfig, shapes: Shapes) -> dict[_Matrix, int]:
    widths: dict[_Matrix, int] = {}
    for name, one in config.weights:
        if name not in shapes:
            continue
        for layer in range(shapes[name].layers):
            widths[name, layer] = one.bits if isinstance(one.bits, int) else one.bits[layer]
    return widths


def _raise(config: QuantizationConfig, shapes: Shapes, raised: list[_Matrix]) -> QuantizationConfig:
    widths = _widths(config, shapes) | dict.fromkeys(raised, WIDE_BITS)
    changed = {
        name: one.model_copy(
            update={"bits": tuple(widths[name, layer] for layer in range(shapes[name].layers))}
        )
        for name, one in config.weights
        if any(name == matrix[0] for matrix in raised)
    }
    return config.model_copy(update={"weights": config.weights.model_copy(update=changed)})
