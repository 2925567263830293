"""Runs an integer module and chooses its weights on the way, layer by layer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override
from xdsl.dialects.builtin import ArrayAttr, ModuleOp
from xdsl.ir import Operation, SSAValue

from lmc.cache import Entry
from lmc.dialects.ssm import LayersOp, LinearOp, ScaleOp, format_of
from lmc.dialects.ssm.step_kinds import INTEGER_STEPS
from lmc.interpreter import Program, Value, real_values
from lmc.ir.editing import ops_of, symbol, users
from lmc.models.weights import WeightSource
from lmc.numerics.gptq import DoubleArray, gptq, hessian_error
from lmc.numerics.rounding import IntArray
from lmc.numerics.weight_quantization import QuantizedMatrix, quantize_weights
from lmc.quantization.calibration import advance, ids_content
from lmc.weights import WeightStore
from lmc.weights.artifacts import (
    artifact_folders,
    artifact_step,
    find_artifact,
    save_artifact,
)
from lmc.weights.content import module_content
from lmc.weights.integer_step import integer_step
from lmc.weights.store import layer_format


class _ChosenWeights(WeightStore):
    """A module's weights; those that were chosen are taken for the layer that is running."""

    def __init__(self, module: ModuleOp, source: WeightSource) -> None:
        super().__init__(module, source)
        self.chosen: dict[str, tuple[int | None, QuantizedMatrix]] = {}

    @override
    def quantized(self, symbol: str, layer: int | None = None) -> QuantizedMatrix | IntArray:
        found = self.chosen.get(symbol)
        if found is not None and found[0] == layer:
            return found[1]
        return super().quantized(symbol, layer)


class _AllChosenError(Exception):
    """Ends the run: every weight has its integers."""


class Optimizer:
    """Chooses the weights `names` of an integer module; each is read by one linear layer."""

    def __init__(self, module: ModuleOp, source: WeightSource, names: Sequence[str]) -> None:
        self._module = module
        self._names = tuple(names)
        self._store = _ChosenWeights(module, source)
        self._readers: dict[SSAValue, list[LinearOp]] = defaultdict(list)
        for linear in ops_of(module, LinearOp):
            if symbol(linear.weight) in names:
                self._readers[linear.input].append(linear)
        self._left = sum(self._store.weight(name).layer_count for name in names)
        self._factors: dict[SSAValue, NDArray[np.float64]] = {}
        self._hashes: dict[str, list[str]] = defaultdict(list)
        self._errors: dict[str, tuple[float, float]] = {}

    def run(self, ids: NDArray[np.int64]) -> Mapping[str, float]:
        """Choose on token ids [T, B], store the integers and put their hashes into the recipes.

        What the cache has is not chosen again. Returns the squared error of each weight's results,
        all layers together, in parts of what rounding gives. Raises LmcError if the module cannot
        be run.
        """
        content, fingerprint = module_content(self._module), self._store.source.fingerprint
        entry = Entry("weights", content, fingerprint, ids_content(ids), *self._names)
        found = self._kept(entry.read())
        if found is None:
            found = self._chosen(ids)
            entry.write(found)
        self._put(found["hashes"])
        return found["errors"]

    def _kept(self, found: Any) -> Any:
        """What the cache has found, if all of its artifacts are still there."""
        folders = artifact_folders(self._module)
        names = (
            [] if found is None else [name for each in found["hashes"].values() for name in each]
        )
        return None if any(find_artifact(name, folders) is None for name in names) else found

    def _chosen(self, ids: NDArray[np.int64]) -> Any:
        # Nothing after the last choice is needed, logits for a large vocabulary least of all.
        with suppress(_AllChosenError):
            Program(self._module, self._store).run(ids, listener=self._listen)
        errors = {
            name: chosen / rounded if rounded else 1.0
            for name, (rounded, chosen) in self._errors.items()
        }
        return {"hashes": dict(self._hashes), "errors": errors}

    def _put(self, chosen: Mapping[str, Sequence[str]]) -> None:
        for name, hashes in chosen.items():
            weight = self._store.weight(name)
            steps = [step for step in weight.recipe if step.kind.data not in INTEGER_STEPS]
            made_by = integer_step(weight.recipe.data)
            widths = None if made_by is None else made_by.options.data.get("bits")
            weight.properties["recipe"] = ArrayAttr([*steps, artifact_step(hashes, widths)])

    def _listen(self, _name: str, layer: int | None, op: Operation, value: Value) -> None:
        result = op.results[0]
        if any(isinstance(user, ScaleOp) and user.factor is result for user in users(result)):
            self._factors[result] = real_values(value, format_of(result.type))
        for linear in self._readers.get(result, ()):
            self._choose(linear, layer, real_values(value, format_of(result.type)))
            self._left -= 1
        if not self._left:
            raise _AllChosenError

    def _choose(self, linear: LinearOp, layer: int | None, inputs: NDArray[np.float64]) -> None:
        name = symbol(linear.weight)
        _report_layer(linear, layer)
        fmt, wanted = layer_format(self._store.weight(name), layer), self._store.value(name, layer)
        hessian = _hessian(inputs * self._factor(linear))
        candidates = [quantize_weights(wanted, fmt), gptq(wanted, hessian, fmt)]
        errors = [hessian_error(each.real(fmt.frac) - wanted, hessian) for each in candidates]
        best = int(np.argmin(errors))
        rounded, chosen = self._errors.get(name, (0.0, 0.0))
        self._errors[name] = (rounded + errors[0], chosen + errors[best])
        self._store.chosen[name] = (layer, candidates[best])
        folder = artifact_folders(self._module)[0]
        self._hashes[name].append(save_artifact(candidates[best], folder))

    def _factor(self, linear: LinearOp) -> NDArray[np.float64]:
        """What each token's result is multiplied by (a norm's reciprocal), where it is known."""
        for user in users(linear.result):
            factor = self._factors.get(user.factor) if isinstance(user, ScaleOp) else None
            # Several groups' factors have no single one for a token.
            if factor is not None and factor.shape[-1] == 1:
                return factor
        return np.ones(1)


def _hessian(inputs: NDArray[np.float64]) -> DoubleArray:
    rows = inputs.reshape(-1, inputs.shape[-1])
    return rows.T @ rows


def _report_layer(op: Operation, layer: int | None) -> None:
    layers = op.parent_op()
    if layer is not None and isinstance(layers, LayersOp):
        advance("optimizing the weights", layer, layers.count.value.data)
