"""What quantization costs with the gated norm's scale on either side of out_proj, layer by layer.

Measured on the values of the float module, with the quantizers of a configuration.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import StringAttr, TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue

from lmc.dialects.ssm import FixedType, LayersOp, QuantizeOp, RequantizeOp, ScaleOp
from lmc.interpreter import Program, Value, real_values
from lmc.interpreter.registry import prepare
from lmc.ir.editing import symbol, users
from lmc.numerics.rounding import quantize_fixed
from lmc.numerics.weight_quantization import largest_scale, quantize_weights
from lmc.quantization.calibration import advance
from lmc.quantization.config import ActivationConfig, QuantizationConfig, WeightConfig
from lmc.quantization.formats import (
    HEADROOM,
    activation_format,
    block_rounding,
    static_format,
    weight_format,
)
from lmc.quantization.gated_scale import GatedScale, folded_recipe
from lmc.quantization.layer_bits import layer_bits
from lmc.quantization.tables import fixed
from lmc.quantization.value_bits import WIDE_BITS
from lmc.weights import WeightStore
from lmc.weights.recipes import evaluate
from lmc.weights.store import weight_format as weight_integers

FloatArray = NDArray[np.float32]
_TOKENS = 256
"""Tokens of a run that errors are measured on, spread over all of it."""


class FoldingError(NamedTuple):
    """Squared errors of the results of one layer's out_proj, after the deferred norm."""

    kept: float
    folded: float


def folding_errors(
    store: WeightStore,
    scales: Sequence[GatedScale],
    config: QuantizationConfig,
    ids: NDArray[np.int64],
) -> list[list[FoldingError]]:
    """The errors in each layer of each scale, from a run of the store's float module on ids [T, B].

    Raises LmcError if the module cannot be run.
    """
    measures = [_Measure(store, scale, config) for scale in scales]
    rows = slice(None, None, -(-ids.size // _TOKENS))

    def listen(_name: str, layer: int | None, op: Operation, value: Value) -> None:
        for measure in measures:
            if op.results[0] in measure.wanted:
                values = cast("FloatArray", value).reshape(ids.size, 1, -1)
                measure.values[op.results[0]] = values[rows]
            if op is measure.last:
                _report_layer(op, layer)
                measure.measure(layer)

    Program(store.module, store).run(ids, listener=listen)
    return [measure.errors for measure in measures]


class _Measure:
    """The errors of one scale: a layer's are measured once its values are there."""

    def __init__(self, store: WeightStore, scale: GatedScale, config: QuantizationConfig) -> None:
        self._store = store
        self._scale = scale
        self._weight, self._activation = config.weights.out_proj, config.activations.out_proj
        linear = scale.linear
        self._bits = layer_bits(store.weight(symbol(linear.weight)), "out_proj", self._weight)
        deferred = [user for user in users(linear.result) if isinstance(user, ScaleOp)]
        self.last: Operation = deferred[0] if deferred else linear
        self._factor = deferred[0].factor if deferred else None
        scaling = [op for op in (*scale.between, *deferred) if isinstance(op, ScaleOp)]
        self.wanted = {scale.op.input, linear.input, *(op.factor for op in scaling)}
        self.values: dict[SSAValue, FloatArray] = {}
        """The latest of the wanted values, [tokens, 1, n]."""
        self.errors: list[FoldingError] = []

    def measure(self, layer: int | None) -> None:
        """Append the errors of the layer that the values are of."""
        store, name = self._store, symbol(self._scale.linear.weight)
        scale = store.weight(symbol(self._scale.op.weight)).recipe.data
        recipe = folded_recipe(store.weight(name).recipe.data, scale)
        kept = store.value(name, layer)
        folded = evaluate(recipe, layer, store.load)
        operand = self.values[self._scale.linear.input][:, 0]
        wanted = operand @ kept.T
        factor = 1 if self._factor is None else self.values[self._factor][:, 0]
        errors = [
            float(np.sum(np.square((self._product(x, weight, layer) - wanted) * factor)))
            for x, weight in ((operand, kept), (self._unscaled(), folded))
        ]
        self.errors.append(FoldingError(*errors))

    def _unscaled(self) -> FloatArray:
        """out_proj's activations [tokens, columns] as it is without the scale."""
        value = self.values[self._scale.op.input]
        for op in self._scale.between:
            factor = [self.values[op.factor]] if isinstance(op, ScaleOp) else []
            (result,) = prepare(op, self._store)([value, *factor], None)
            value = cast("FloatArray", result)
        return value[:, 0]

    def _product(self, operand: FloatArray, weight: FloatArray, layer: int | None) -> FloatArray:
        """operand [tokens, columns] · weight [rows, columns]ᵀ, both quantized."""
        group = self._weight.group
        x = _quantized_activations(operand, self._activation, group, self._store)
        return x @ _quantized_weight(weight, self._weight, self._bits[layer or 0]).T


def _quantized_weight(weight: FloatArray, config: WeightConfig, bits: int) -> FloatArray:
    scale, columns = largest_scale(weight, bits), weight.shape[1]
    fmt = weight_integers(weight_format(bits, columns, scale, config.scale, config.group))
    return quantize_weights(weight, fmt, config.clip).real(fmt.frac)


def _quantized_activations(
    x: FloatArray, config: ActivationConfig, group_of_weights: int, store: WeightStore
) -> FloatArray:
    """What the op that quantizes x [tokens, columns] makes of it, as real values."""
    columns, peak = x.shape[1], float(np.abs(x).max())
    wide = static_format(WIDE_BITS, peak * HEADROOM)
    fmt = activation_format(config, columns, peak, wide, group_of_weights)
    (source,) = Block(arg_types=[TensorType(wide, [columns])]).args
    kind = RequantizeOp if isinstance(fmt, FixedType) else QuantizeOp
    rounding: dict[str, Attribute] = {"rounding": StringAttr(block_rounding(config.scale))}
    op = kind.create(
        operands=[source],
        result_types=[TensorType(fmt, [columns])],
        properties={} if kind is RequantizeOp else rounding,
    )
    (value,) = prepare(op, store)([quantize_fixed(x, fixed(wide))], None)
    return real_values(value, fmt).astype(np.float32)


def _report_layer(op: Operation, layer: int | None) -> None:
    layers = op.parent_op()
    if layer is not None and isinstance(layers, LayersOp):
        advance("folding scales", layer, layers.count.value.data)
