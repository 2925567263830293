"""The weights of one module, made on demand from their recipes and kept while memory allows."""

import math
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import DenseArrayBase, Float32Type, ModuleOp
from xdsl.ir import Attribute

from lmc.cache import Entry, artifacts_folder
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    FixedType,
    RecipeStepAttr,
    TableOp,
    WeightOp,
    WeightType,
    format_of,
)
from lmc.models.weights import WeightSource
from lmc.numerics.rounding import IntArray, quantize_fixed
from lmc.numerics.weight_quantization import (
    Clip,
    QuantizedMatrix,
    WeightFormat,
    quantize_weights,
)
from lmc.weights.artifacts import (
    artifact_folders,
    check_artifact,
    find_artifact,
    has_artifacts,
    is_artifact,
    load_artifact,
    load_tensor,
    save_artifact,
)
from lmc.weights.integer_step import RecipeParts, integer_step, split_recipe
from lmc.weights.next_values import Key, NextValues
from lmc.weights.recipes import evaluate, is_own_step, permutation, step_options
from lmc.weights.tables import TableData, fixed_format, make_table

FloatArray = NDArray[np.float32]
_CACHE_BYTES = 768 << 20
_WORTH_KEEPING = 1 << 20
"""Elements of a matrix from which on reading its integers is faster than rounding it again."""


@dataclass(frozen=True)
class _Entry:
    origin: tuple[Attribute, ...]
    """The attributes of the symbol that the value was made from."""
    value: object
    size: int


class WeightStore:
    """Values, integers and tables of a module's `ssm.weight` and `ssm.table` symbols.

    What was asked for last is kept, up to `cache_bytes` (768 MiB); a larger model is made anew,
    layer by layer, on each pass over its layers. Symbols are read when they are asked for, so a
    store stays right while passes extend recipes. Several threads may ask at once. A store that
    looks ahead makes the real values of a large matrix's next layer on another thread.
    """

    def __init__(
        self,
        module: ModuleOp,
        source: WeightSource,
        cache_bytes: int | None = None,
        *,
        looks_ahead: bool = False,
    ) -> None:
        self.module = module
        self.source = source
        self._next = NextValues() if looks_ahead else None
        self._cache_bytes = _CACHE_BYTES if cache_bytes is None else cache_bytes
        self._used = 0
        self._cache: OrderedDict[Key, _Entry] = OrderedDict()
        self._cache_lock = Lock()
        self._symbols: dict[str, WeightOp | TableOp] = {}

    def weight(self, symbol: str) -> WeightOp:
        """The op of a weight; raises LmcError if the module has no such weight."""
        op = self._find(symbol)
        if not isinstance(op, WeightOp):
            raise LmcError(f"the module has no weight @{symbol}")
        return op

    def load(self, name: str) -> FloatArray:
        """A tensor by the name that a recipe has for it: the checkpoint's, or an artifact's.

        Raises LmcError if it cannot be read.
        """
        if is_artifact(name):
            return load_tensor(name, artifact_folders(self.module))
        return self.source.load(name)

    def value(self, symbol: str, layer: int | None = None) -> FloatArray:
        """The real values before quantization, float32 in the weight's shape.

        `layer` is needed where the weight has layers. Raises LmcError if the recipe cannot be
        evaluated or gives another shape than the weight's type.
        """
        weight = self.weight(symbol)
        key = ("value", symbol, self._layer(weight, layer))
        values = cast("FloatArray | None", self._get(key, weight.recipe))
        if values is None:
            values = None if self._next is None else self._next.take(key, weight.recipe)
            if values is None:
                values = self._evaluate(weight, weight.recipe.data, layer)
            self._put(key, values, values.nbytes, weight.recipe)
        if layer is not None and values.size >= _WORTH_KEEPING:
            self._look_ahead(weight, layer + 1)
        return values

    def _look_ahead(self, weight: WeightOp, layer: int) -> None:
        key, recipe = ("value", weight.sym_name.data, layer), weight.recipe
        if self._next is None or layer >= weight.layer_count or self._get(key, recipe) is not None:
            return
        self._next.make(key, recipe, lambda: self._evaluate(weight, recipe.data, layer))

    def layer_values(self, symbol: str) -> Iterator[FloatArray]:
        """The real values of one layer after another; once where the weight has no layers."""
        weight = self.weight(symbol)
        for layer in range(weight.layer_count):
            yield self.value(symbol, None if weight.layers is None else layer)

    def largest(self, symbol: str) -> float:
        """The largest magnitude of a weight over all layers."""
        return max(float(np.abs(values).max()) for values in self.layer_values(symbol))

    def quantized(self, symbol: str, layer: int | None = None) -> QuantizedMatrix | IntArray:
        """The integers of a weight: a matrix for `!ssm.wint`, int64 values for `!ssm.fixed`.

        Raises LmcError as `value` does, and if the weight is still float.
        """
        weight = self.weight(symbol)
        key = ("quantized", symbol, self._layer(weight, layer))
        found = self._get(key, weight.recipe, weight.type)
        if found is not None:
            return cast("QuantizedMatrix | IntArray", found)
        result = self._quantize(weight, layer)
        if isinstance(result, QuantizedMatrix):
            size = result.q.nbytes + result.mantissa.nbytes + result.exponent.nbytes
        else:
            size = result.nbytes
        self._put(key, result, size, weight.recipe, weight.type)
        return result

    def matrix(self, symbol: str, layer: int | None = None) -> QuantizedMatrix:
        """`quantized` of a `!ssm.wint` weight; raises LmcError if it is another one."""
        result = self.quantized(symbol, layer)
        if not isinstance(result, QuantizedMatrix):
            raise LmcError(f"weight @{symbol} is fixed point, but a matrix is needed here")
        return result

    def integers(self, symbol: str, layer: int | None = None) -> IntArray:
        """`quantized` of a `!ssm.fixed` weight; raises LmcError if it is another one."""
        result = self.quantized(symbol, layer)
        if isinstance(result, QuantizedMatrix):
            raise LmcError(f"weight @{symbol} is a matrix, but fixed point is needed here")
        return result

    def missing(self) -> list[tuple[str, int | None]]:
        """The matrices, by symbol and layer, that the cache will keep but does not have yet."""
        found: list[tuple[str, int | None]] = []
        for weight in self.module.body.block.ops:
            if not isinstance(weight, WeightOp) or not is_worth_keeping(weight):
                continue
            parts = split_recipe(weight.recipe.data)
            for number in range(weight.layer_count):
                layer = None if weight.layers is None else number
                entry = self._entry(weight, parts, layer)
                if entry.is_kept and entry.read() is None:
                    found.append((weight.sym_name.data, layer))
        return found

    def table(self, symbol: str) -> TableData:
        """The contents of a table; raises LmcError if the module has no such table."""
        op = self._find(symbol)
        if not isinstance(op, TableOp):
            raise LmcError(f"the module has no table @{symbol}")
        origin = (op.function, op.options, op.input, op.output)
        found = self._get(("table", symbol, None), *origin)
        if found is not None:
            return cast("TableData", found)
        table = make_table(op)
        self._put(("table", symbol, None), table, 1 << 14, *origin)
        return table

    def _evaluate(
        self, weight: WeightOp, steps: Sequence[RecipeStepAttr], layer: int | None
    ) -> FloatArray:
        values = evaluate(steps, self._layer(weight, layer), self.load)
        wanted = weight.type.get_shape()
        if values.shape != wanted:
            raise LmcError(
                f"the recipe of weight @{weight.sym_name.data} gives shape {list(values.shape)}, "
                f"its type says {list(wanted)}"
            )
        return np.ascontiguousarray(values, np.float32)

    def _quantize(self, weight: WeightOp, layer: int | None) -> QuantizedMatrix | IntArray:
        parts = split_recipe(weight.recipe.data)
        integers = self._integers(weight, parts, layer)
        for step in parts.on_integers:
            if isinstance(integers, QuantizedMatrix):
                integers = integers.take_rows(permutation(step, len(integers.q)))
            else:
                integers = integers[permutation(step, len(integers))]
        return integers

    def _integers(
        self, weight: WeightOp, parts: RecipeParts, layer: int | None
    ) -> QuantizedMatrix | IntArray:
        """What the step that makes integers gives."""
        symbol, element = weight.sym_name.data, format_of(weight.type)
        if has_artifacts(weight):
            return self._artifact(weight, layer)
        if isinstance(element, Float32Type) or parts.quantize is None:
            raise LmcError(f"weight @{symbol} is not quantized; run the pass `quantize` first")
        if isinstance(element, FixedType):
            return quantize_fixed(
                self._evaluate(weight, parts.on_reals, layer), fixed_format(element)
            )
        if _is_kept(weight):
            return self._kept(weight, parts, layer)
        return self._rounded(weight, parts, layer)

    def _rounded(self, weight: WeightOp, parts: RecipeParts, layer: int | None) -> QuantizedMatrix:
        symbol = weight.sym_name.data
        assert parts.quantize is not None
        values = self._evaluate(weight, parts.on_reals, layer)
        if not isinstance(format_of(weight.type), WeightType) or values.ndim != 2:
            raise LmcError(f"weight @{symbol} cannot have the type {weight.type}")
        fmt = layer_format(weight, layer)
        if values.shape[1] % fmt.group:
            raise LmcError(f"weight @{symbol}: groups of {fmt.group} do not divide its columns")
        clip = step_options(parts.quantize).get("clip", "none")
        return quantize_weights(values, fmt, _clip(clip, symbol))

    def _entry(self, weight: WeightOp, parts: RecipeParts, layer: int | None) -> Entry:
        """Where the cache has the name of a rounded matrix."""
        steps = [*parts.on_reals, parts.quantize]
        own = all(step is not None and is_own_step(step) for step in steps)
        return Entry(
            "rounded",
            " ".join(map(str, steps)) if own else None,
            f"{weight.type} {layer_widths(weight)[layer or 0]} {layer}",
            self.source.fingerprint,
        )

    def _kept(self, weight: WeightOp, parts: RecipeParts, layer: int | None) -> QuantizedMatrix:
        """A rounded matrix, as an artifact of the cache; made if it is not there."""
        entry = self._entry(weight, parts, layer)
        name = entry.read()
        found = None if name is None else find_artifact(name, [artifacts_folder()])
        if found is None:
            found = self._rounded(weight, parts, layer)
            # A cache that cannot be written costs time alone.
            with suppress(LmcError):
                entry.write(save_artifact(found, artifacts_folder()))
        return found

    def _artifact(self, weight: WeightOp, layer: int | None) -> QuantizedMatrix:
        layer = self._layer(weight, layer)
        matrix = load_artifact(weight, layer, artifact_folders(self.module))
        if not isinstance(format_of(weight.type), WeightType) or not check_artifact(
            matrix, weight.type.get_shape(), layer_format(weight, layer)
        ):
            raise LmcError(
                f"weight @{weight.sym_name.data}: its artifact does not fit the type "
                f"{weight.type}; make it again with the pass optimize-weights"
            )
        return matrix

    def _find(self, symbol: str) -> WeightOp | TableOp | None:
        op = self._symbols.get(symbol)
        # Passes may replace the op of a symbol.
        if op is not None and op.parent is not None:
            return op
        self._symbols = {
            op.sym_name.data: op
            for op in self.module.body.block.ops
            if isinstance(op, WeightOp | TableOp)
        }
        return self._symbols.get(symbol)

    def _layer(self, weight: WeightOp, layer: int | None) -> int | None:
        if weight.layers is None:
            return None
        if layer is None or not 0 <= layer < weight.layers.value.data:
            raise LmcError(
                f"weight @{weight.sym_name.data} has {weight.layers.value.data} layers, "
                f"so layer {layer} of it cannot be read"
            )
        return layer

    def _get(self, key: Key, *origin: Attribute) -> object | None:
        with self._cache_lock:
            entry = self._cache.get(key)
            # Attributes are immutable: a changed recipe is another object, and comparing is free.
            if entry is None or any(a is not b for a, b in zip(entry.origin, origin, strict=True)):
                return None
            self._cache.move_to_end(key)
            return entry.value

    def _put(self, key: Key, value: object, size: int, *origin: Attribute) -> None:
        with self._cache_lock:
            replaced = self._cache.pop(key, None)
            self._used += size - (replaced.size if replaced else 0)
            self._cache[key] = _Entry(origin, value, size)
            while self._used > self._cache_bytes and len(self._cache) > 1:
                _, oldest = self._cache.popitem(last=False)
                self._used -= oldest.size


def _is_kept(weight: WeightOp) -> bool:
    large = math.prod(weight.type.get_shape()) >= _WORTH_KEEPING
    return large and isinstance(format_of(weight.type), WeightType)


def is_worth_keeping(weight: WeightOp) -> bool:
    """Whether a weight is made of large matrices that its recipe rounds."""
    return _is_kept(weight) and not has_artifacts(weight)


def layer_widths(weight: WeightOp) -> tuple[int, ...]:
    """Bits of a `!ssm.wint` weight in each of its layers, which may be fewer than its type's.

    Raises LmcError if the recipe's widths are not one for each layer, or do not fit the type.
    """
    element = format_of(weight.type)
    assert isinstance(element, WeightType)
    layers = weight.layer_count
    step = integer_step(weight.recipe.data)
    given = None if step is None else step.options.data.get("bits")
    if not isinstance(given, DenseArrayBase):
        return (element.bits.data,) * layers
    widths = tuple(int(width) for width in given.iter_values())
    if len(widths) != layers or not 2 <= min(widths) <= max(widths) <= element.bits.data:
        raise LmcError(
            f"weight @{weight.sym_name.data}: the widths {list(widths)} of its recipe do not fit "
            f"{layers} layers of at most {element.bits.data} bits"
        )
    return widths


def layer_format(weight: WeightOp, layer: int | None) -> WeightFormat:
    """The integers of one layer of a `!ssm.wint` weight; raises LmcError as `layer_widths`."""
    element = format_of(weight.type)
    assert isinstance(element, WeightType)
    return weight_format(element)._replace(bits=layer_widths(weight)[layer or 0])


def weight_format(element: WeightType) -> WeightFormat:
    """The integers of a `!ssm.wint` type."""
    return WeightFormat(
        element.bits.data,
        element.group.data,
        element.mantissa.data,
        element.exponent.data,
        element.frac.data,
        element.terms.data,
    )


def _clip(value: object, symbol: str) -> Clip:
    if value == "mse":
        return "mse"
    if value == "none":
        return "none"
    raise LmcError(f"weight @{symbol}: clip is mse or none, not {value!r}")
