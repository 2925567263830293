"""The proof that a rewriting leaves a float module's function as it was: both are run."""

from collections.abc import Collection
from typing import Self

import numpy as np
from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import EmbeddingOp, shape_of
from lmc.equivalence.excerpt import excerpt
from lmc.interpreter.recording import Recording, record
from lmc.ir.editing import describe, ops_of, symbol, weights_of
from lmc.models.weights import FloatArray, WeightSource
from lmc.numerics.errors import FLOAT_TOLERANCE, relative_error
from lmc.weights import WeightStore
from lmc.weights.source import resolve_reference

_LAYERS, _VOCABULARY, _TOKENS = 2, 64, 8


class EqualityProof:
    """Begun before a rewriting and finished after it.

    What runs is the first two layers of the module where they are rolled, on eight random ids
    below 64, so that a large model takes about as long as reading its embedding. `begin` gives
    None for a module that names no weights, which cannot run.
    """

    def __init__(self, module: ModuleOp, source: WeightSource):
        self._source = _OnceLoaded(source)
        self._before = self._run(module)

    @classmethod
    def begin(cls, module: ModuleOp) -> Self | None:
        """Run the module as it is; raises LmcError if its weights cannot be read or it run."""
        reference = module.attributes.get("lmc.weights")
        if not isinstance(reference, StringAttr):
            return None
        return cls(module, resolve_reference(reference.data))

    def finish(self, name: str, module: ModuleOp, changed: Collection[str]) -> None:
        """Run the module that the pass `name` has rewritten.

        Raises LmcError if the logits differ by more than float rounding, naming the first value
        that differs; values named in `changed` are not those of before by intention.
        """
        after = self._run(module)
        error = relative_error(self._before.result.logits, after.result.logits)
        if error <= FLOAT_TOLERANCE:
            return
        raise LmcError(
            f"{name} does not leave the model's function as it was: logits differ by {error:.1e} "
            f"of the largest, more than {FLOAT_TOLERANCE:.0e}{self._first(after, changed)}"
        )

    def _run(self, module: ModuleOp) -> Recording:
        part = excerpt(module, _LAYERS, _VOCABULARY)
        weights = weights_of(part)
        embeddings = [weights[symbol(op.weight)] for op in ops_of(part, EmbeddingOp)]
        known = min(_VOCABULARY, *(shape_of(weight.type)[0] for weight in embeddings))
        ids = np.random.Generator(np.random.PCG64(0)).integers(known, size=(_TOKENS, 1))
        return record(part, ids, WeightStore(part, self._source))

    def _first(self, after: Recording, changed: Collection[str]) -> str:
        """The first value that differs and should not, as the rest of a sentence."""
        for (value, layer, number), (now, op) in after.values.items():
            then, _ = self._before.values.get((value, layer, number), (None, None))
            if value in changed or not isinstance(then, np.ndarray):
                continue
            own = relative_error(then, now) if isinstance(now, np.ndarray) else float("inf")
            if own > FLOAT_TOLERANCE:
                place = describe(op) if layer is None else f"{describe(op)} in layer {layer}"
                return f"; the first value that differs is that of {place}, by {own:.1e}"
        return ""


class _OnceLoaded:
    """Weights that are kept once they are loaded: two modules read the same."""

    def __init__(self, whole: WeightSource):
        self._whole = whole
        self._loaded: dict[str, FloatArray] = {}

    @property
    def description(self) -> str:
        return self._whole.description

    @property
    def fingerprint(self) -> str:
        return self._whole.fingerprint

    def names(self) -> list[str]:
        return self._whole.names()

    def shape(self, name: str) -> tuple[int, ...]:
        return self._whole.shape(name)

    def load(self, name: str) -> FloatArray:
        if name not in self._loaded:
            self._loaded[name] = self._whole.load(name)
        return self._loaded[name]
