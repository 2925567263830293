"""Runs an integer module and chooses its weights on the way, layer by layer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.ir import Operation, SSAValue

from lmc.calibration import advance
from lmc.dialects.ssm import LayersOp, LinearOp, ScaleOp, WeightType
from lmc.interpreter import Program, Value, real_values
from lmc.models.weights import WeightSource
from lmc.numerics.gptq import DoubleArray, gptq, hessian_error
from lmc.numerics.rounding import IntArray
from lmc.numerics.weight_quantization import QuantizedMatrix, WeightFormat, quantize_weights
from lmc.passes.editing import ops_of, symbol, users
from lmc.weights import WeightStore
from lmc.weights.artifacts import artifact_folders, artifact_step, has_artifacts, save_artifact
from lmc.weights.store import weight_format


class _ChosenWeights(WeightStore):
    """A module's weights, of which the matrix chosen last is another one."""

    chosen: tuple[str, int | None, QuantizedMatrix] | None = None

    @override
    def quantized(self, symbol: str, layer: int | None = None) -> QuantizedMatrix | IntArray:
        if self.chosen is not None and self.chosen[:2] == (symbol, layer):
            return self.chosen[2]
        return super().quantized(symbol, layer)


class Optimizer:
    """Chooses the weights `names` of an integer module; each is read by one linear layer."""

    def __init__(self, module: ModuleOp, source: WeightSource, names: Sequence[str]) -> None:
        self._module = module
        self._store = _ChosenWeights(module, source)
        self._folder = artifact_folders(module)[0]
        linears = [op for op in ops_of(module, LinearOp) if symbol(op.weight) in names]
        self._readers: dict[SSAValue, list[LinearOp]] = defaultdict(list)
        for linear in linears:
            self._readers[linear.input].append(linear)
        self._factors = {_factor(linear): linear for linear in linears}
        self._latest: dict[SSAValue, NDArray[np.float64]] = {}
        self._hashes: dict[str, list[str]] = defaultdict(list)
        self._errors: dict[str, tuple[float, float]] = {}

    def run(self, ids: NDArray[np.int64]) -> Mapping[str, float]:
        """Choose on token ids [T, B], store artifacts and put them into the recipes.

        Returns the squared error of each weight's results, all layers together, in parts of what
        rounding would give. Raises LmcError if the module cannot be run.
        """
        Program(self._module, self._store).run(ids, listener=self._listen)
        for name, hashes in self._hashes.items():
            weight = self._store.weight(name)
            steps = [step for step in weight.recipe if step.kind.data not in ("quantize", "artifact")]
            weight.properties["recipe"] = type(weight.recipe)([*steps, artifact_step(hashes)])
        return {
            name: after / before if before else 1.0
            for name, (before, after) in self._errors.items()
        }

    def _listen(self, _name: str, layer: int | None, op: Operation, value: Value) -> None:
        result = op.results[0]
        if result in self._factors:
            self._latest[result] = _real(value, result)
        for linear in self._readers.get(result, ()):
            self._choose(linear, layer, _real(value, result))

    def _choose(self, linear: LinearOp, layer: int | None, inputs: NDArray[np.float64]) -> None:
        name = symbol(linear.weight)
        _report(linear, layer)
        factor = _factor(linear)
        rows = inputs if factor is None else inputs * self._latest.get(factor, np.ones(1))
        hessian = _hessian(rows.reshape(-1, rows.shape[-1]))
        element = self._store.weight(name).type.element_type
        assert isinstance(element, WeightType)
        fmt, wanted = weight_format(element), self._store.value(name, layer)
        matrix = gptq(wanted, hessian, fmt)
