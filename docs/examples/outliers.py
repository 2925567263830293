"""Outlier channels and a way around them: a plugin with three passes and a recipe step.

docs/outliers.md says what they are for. With `--plugin docs/examples/outliers.py`, pipelines have
`add-outliers`, `smooth-scales` and `split-norm-scales`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, ModuleOp, StringAttr, f64, i64
from xdsl.ir import Attribute, Operation

from lmc.dialects.ssm import (
    GatedNormOp,
    LinearOp,
    RecipeStepAttr,
    RMSNormOp,
    ScaleChannelsOp,
    WeightOp,
)
from lmc.interpreter import Program, Value
from lmc.ir.config_attribute import config_of_module
from lmc.ir.editing import create_before, ops_of, refuse, replace, symbol, users, weights_of
from lmc.ir.pass_base import Effect, LmcPass
from lmc.quantization.calibration import calibration_ids, text_ids
from lmc.weights import WeightStore, open_source, register_step
from lmc.weights.artifacts import artifact_folders, save_tensors
from lmc.weights.recipes import FloatArray, Load, Options, in_layers

_TOKENS, _SEQUENCES = 96, 8
_SMALLEST = 1e-5
"""Magnitudes below this count as this."""


@register_step("scale_some_columns")
def scale_some_columns(values: FloatArray, options: Options, _load: Load) -> FloatArray:
    """Some columns of W, or elements of a vector, times `factor`.

    They are a part `fraction` of all, at least one, drawn from `seed`.
    """
    factor, fraction, seed = (options[name] for name in ("factor", "fraction", "seed"))
    columns = values.shape[-1]
    count = max(1, round(cast("float", fraction) * columns))
    generator = np.random.Generator(np.random.PCG64(cast("int", seed)))
    chosen = generator.choice(columns, count, replace=False)
    result = values.copy()
    result[..., chosen] *= np.float32(cast("float", factor))
    return result


@dataclass(frozen=True)
class AddOutliers(LmcPass):
    """Make some channels of each norm's scale larger, and the weights that read them smaller.

    The function stays the same: g ∘ x has outliers, W · diag(1 / factor) takes them back.
    """

    name = "add-outliers"
    effect: ClassVar[Effect] = Effect.FLOAT

    factor: float = 30.0
    fraction: float = 0.01
    """The part of the channels."""
    layers: tuple[int, ...] | None = None
    """The layers that get outliers; by default all."""
    seed: int = 0
    """Of the choice of channels."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for norm in _scaled_norms(op):
            norm.scale.with_steps(self._step(self.factor))
            for weight in norm.readers:
                weight.with_steps(self._step(1 / self.factor))

    def _step(self, factor: float) -> RecipeStepAttr:
        options: dict[str, Attribute] = {
            "factor": FloatAttr(factor, f64),
            "fraction": FloatAttr(self.fraction, f64),
            "seed": IntegerAttr(self.seed, i64),
        }
        return in_layers(RecipeStepAttr.of("scale_some_columns", **options), self.layers)


@dataclass(frozen=True)
class SmoothScales(LmcPass):
    """Divide each channel of a norm's scale by s and multiply the weights that read it by s.

    s = max|x|^alpha / max|W|^(1 - alpha), x the norm's result on calibration tokens, W the columns
    of the channel: what is hard to quantize in one moves into the other (SmoothQuant, arXiv
    2211.10438).
    """

    name = "smooth-scales"
    effect: ClassVar[Effect] = Effect.FLOAT

    alpha: float = 0.5
    text: str | None = None
    """A text file (UTF-8) to calibrate on; by default the model's own text."""
    seed: int = 0
    """Seed of the model's own text."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        store = WeightStore(op, open_source(op))
        norms = list(_scaled_norms(op))
        for norm, peaks in zip(norms, self._peaks(op, store, norms), strict=True):
            factors = [self._factors(store, norm, *each) for each in enumerate(peaks)]
            norm.scale.with_steps(_scale_by(op, [np.reciprocal(each) for each in factors]))
            for weight in norm.readers:
                weight.with_steps(_scale_by(op, factors))

    def _peaks(
        self, module: ModuleOp, store: WeightStore, norms: list["_ScaledNorm"]
    ) -> list[list[FloatArray]]:
        """The largest magnitude of each channel of each norm's result, layer by layer."""
        peaks: dict[Operation, list[FloatArray]] = {norm.op: [] for norm in norms}

        def listen(_name: str, _layer: int | None, op: Operation, value: Value) -> None:
            if op in peaks:
                magnitudes = np.abs(cast("FloatArray", value))
                peaks[op].append(magnitudes.max(axis=(0, 1)))

        Program(module, store).run(self._ids(module, store), listener=listen)
        return [peaks[norm.op] for norm in norms]

    def _ids(self, module: ModuleOp, store: WeightStore) -> NDArray[np.int64]:
        if self.text is not None:
            return text_ids(module, Path(self.text), _TOKENS, _SEQUENCES)
        return calibration_ids(config_of_module(module), store.source, self.seed)

    def _factors(
        self, store: WeightStore, norm: "_ScaledNorm", layer: int, peaks: FloatArray
    ) -> FloatArray:
        matrices = [store.value(weight.sym_name.data, layer) for weight in norm.readers]
        columns = np.max([np.abs(matrix).max(axis=0) for matrix in matrices], axis=0)
        activations = np.maximum(peaks, _SMALLEST) ** self.alpha
        factors = activations / np.maximum(columns, _SMALLEST) ** (1 - self.alpha)
        return factors.astype(np.float32)


@dataclass(frozen=True)
class SplitNormScales(LmcPass):
    """Make the weight of each RMSNorm an op of its own, where it was not folded.

    `quantize` has no norm with a weight, but it has a scale of channels.
    """

    name = "split-norm-scales"
    effect: ClassVar[Effect] = Effect.FLOAT

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for norm in ops_of(op, RMSNormOp):
            if norm.weight is None:
                continue
            kind, properties = norm.result.type, {"eps": norm.eps}
            plain = create_before(norm, RMSNormOp, [norm.input], [kind], properties, hint="plain")
            scale = {"weight": norm.weight}
            scaled = create_before(norm, ScaleChannelsOp, [plain.result], [kind], scale)
            replace(norm, scaled.result)


@dataclass(frozen=True)
class _ScaledNorm:
    """A norm in the layers, its scale, and the matrices that alone read its result."""

    op: RMSNormOp | GatedNormOp
    scale: WeightOp
    readers: list[WeightOp]


def _scaled_norms(module: ModuleOp) -> Iterator[_ScaledNorm]:
    """The norms of the rolled layers that have a scale; raises LmcError for another reader."""
    weights = weights_of(module)
    for norm in [*ops_of(module, RMSNormOp), *ops_of(module, GatedNormOp)]:
        if norm.weight is None or weights[symbol(norm.weight)].layers is None:
            continue
        readers: list[WeightOp] = []
        for reader in users(norm.result):
            if not isinstance(reader, LinearOp):
                raise refuse(reader, "only linear layers can undo what is done to a norm's scale")
            readers.append(weights[symbol(reader.weight)])
        yield _ScaledNorm(norm, weights[symbol(norm.weight)], readers)


def _scale_by(module: ModuleOp, factors: list[FloatArray]) -> RecipeStepAttr:
    """The step that scales columns by a vector for each layer, which is kept as an artifact."""
    tensors = {str(layer): vector for layer, vector in enumerate(factors)}
    name = save_tensors(tensors, artifact_folders(module)[0]) + "{layer}"
    return RecipeStepAttr.of("scale_columns", name=StringAttr(name))
