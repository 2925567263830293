"""What each tensor of a model costs in accuracy when it alone is narrow.

The model is quantized with 8 bits everywhere, in integer semantics. Then one tensor at a time gets
4 bits (the SSM state: 8 where it had 16), and the loss that this adds is measured, as divergence
from the float model. Weights are rounded for this, not optimized.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override
from xdsl.dialects.builtin import ModuleOp

from lmc.dialects.ssm import WeightType, format_of
from lmc.interpreter import Program, real_values
from lmc.ir.editing import symbol_users, weights_of
from lmc.models.weights import WeightSource
from lmc.numerics.divergence import divergence, log2_softmax
from lmc.numerics.rounding import IntArray
from lmc.numerics.weight_quantization import QuantizedMatrix, quantize_weights
from lmc.progress import StepsDone
from lmc.quantization.config import ActivationConfig, QuantizationConfig, StateConfig
from lmc.quantization.roles import role_of
from lmc.weights import WeightStore
from lmc.weights.store import layer_format

NARROW_BITS = 4
"""The width whose cost is measured, against 8 bits."""
NARROW_ACTIVATION = ActivationConfig(bits=NARROW_BITS, group=8, scale="mantissa")
_WIDE_ACTIVATION = ActivationConfig()
_WIDE_EXPONENT_BITS = 4
"""The scales of narrow weights are larger than those that the formats of wide ones hold."""

Quantize = Callable[[QuantizationConfig], ModuleOp]
"""Makes an integer module of the model with a configuration, without optimizing its weights."""


@dataclass(frozen=True)
class Sensitivities:
    """Loss in bits per token that one narrow tensor adds; small negative numbers are noise."""

    tokens: int
    reference: float
    """Loss of the model with 8 bits everywhere."""
    weights: Mapping[str, tuple[float, ...]]
    """By the name of the module, a number for each layer, or one outside of the layers."""
    activations: Mapping[str, float]
    state: float
    """Of an 8-bit state instead of one of 16 bits."""


def measure_sensitivities(
    quantize: Quantize,
    source: WeightSource,
    base: QuantizationConfig,
    reference: "Reference",
    show: StepsDone,
) -> Sensitivities:
    """Measure every weight matrix, the activations of each layer and the state of a model.

    `base` says what is not a width: rotation, groups, kinds of scales. Raises LmcError if the model
    cannot be quantized or run.
    """
    wide = wide_config(base)
    module = quantize(wide)
    store = _OneNarrowWeight(module, source)
    modules = matrices(module)
    count = sum(weights_of(module)[name].layer_count for name in modules)
    activations = [name for name in modules.values() if name != "embedding"]
    steps = count + len(activations) + 1
    done = iter(range(1, steps + 1))

    def loss(program: Program) -> float:
        show(next(done, steps), steps)
        return reference.loss(program)

    program = Program(module, store)
    at_wide = reference.loss(program)
    weights: dict[str, tuple[float, ...]] = {}
    for name, module_name in modules.items():
        losses: list[float] = []
        for _ in store.narrow_layers(name):
            losses.append(loss(program) - at_wide)
        weights[module_name] = tuple(losses)
    by_activation: dict[str, float] = {}
    for name in activations:
        one = wide.activations.model_copy(update={name: NARROW_ACTIVATION})
        variant = quantize(wide.model_copy(update={"activations": one}))
        by_activation[name] = loss(Program(variant, store)) - at_wide
    state = quantize(wide.model_copy(update={"state": StateConfig(bits=16)}))
    at_16 = loss(Program(state, store))
    return Sensitivities(reference.tokens, at_wide, weights, by_activation, at_wide - at_16)


class Reference:
    """The float model's predictions on token ids [T, B]."""

    def __init__(self, program: Program, ids: NDArray[np.int64]) -> None:
        self._ids = ids
        self._wanted = self._predict(program)

    @property
    def tokens(self) -> int:
        """Tokens that losses are means over."""
        return self._ids.size

    def loss(self, program: Program) -> float:
        """What a program loses against the float model, in bits per token."""
        return float(divergence(self._wanted, self._predict(program)).mean())

    def _predict(self, program: Program) -> NDArray[np.float64]:
        result = program.run(self._ids)
        return log2_softmax(real_values(result.logits, result.logits_format))


def wide_config(base: QuantizationConfig) -> QuantizationConfig:
    """The same with 8 bits for every weight and activation."""
    weights = {name: one.model_copy(update={"bits": 8}) for name, one in base.weights}
    activations = dict.fromkeys(type(base.activations).model_fields, _WIDE_ACTIVATION)
    return base.model_copy(
        update={
            "weights": base.weights.model_copy(update=weights),
            "activations": base.activations.model_copy(update=activations),
            "state": StateConfig(),
        }
    )


def matrices(module: ModuleOp) -> dict[str, str]:
    """The weight matrices of an integer module: symbol → the module's name in configurations."""
    return {
        name: role_of(op).module
        for name, weight in weights_of(module).items()
        if isinstance(format_of(weight.type), WeightType)
        for op in symbol_users(module, name)
    }


class _OneNarrowWeight(WeightStore):
    """A module's weights, of which one layer of one may be narrow."""

    def __init__(self, module: ModuleOp, source: WeightSource) -> None:
        super().__init__(module, source)
        self._narrow: tuple[str, int | None, QuantizedMatrix] | None = None

    def narrow_layers(self, name: str) -> Iterator[None]:
        """Makes one layer of a weight narrow after the other, while the caller works with it."""
        weight = self.weight(name)
        layers: Sequence[int | None] = (
            [None] if weight.layers is None else range(weight.layer_count)
        )
        for layer in layers:
            fmt = layer_format(weight, layer)._replace(
                bits=NARROW_BITS, exponent=_WIDE_EXPONENT_BITS
            )
            self._narrow = (name, layer, quantize_weights(self.value(name, layer), fmt))
            yield
        self._narrow = None

    @override
    def quantized(self, symbol: str, layer: int | None = None) -> QuantizedMatrix | IntArray:
        if self._narrow is not None and self._narrow[:2] == (symbol, layer):
            return self._narrow[2]
        return super().quantized(symbol, layer)
