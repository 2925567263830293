"""A run that keeps every value it computes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from numpy.typing import ArrayLike
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from lmc.interpreter.program import RunResult, run
from lmc.interpreter.values import Value
from lmc.weights import WeightStore

ValueKey = tuple[str, int | None, int]
"""A value: its name, its layer, and which one of that name there."""


@dataclass(frozen=True)
class Recording:
    """A run's result and all its values with their ops, in the order of computation."""

    result: RunResult
    values: Mapping[ValueKey, tuple[Value, Operation]]


def record(module: ModuleOp, ids: ArrayLike, weights: WeightStore | None = None) -> Recording:
    """Run a module on ids [T, B]; raises LmcError as `Program` does."""
    values: dict[ValueKey, tuple[Value, Operation]] = {}
    counts: Counter[tuple[str, int | None]] = Counter()

    def listen(name: str, layer: int | None, op: Operation, value: Value) -> None:
        values[name, layer, counts[name, layer]] = (value, op)
        counts[name, layer] += 1

    result = run(module, ids, weights=weights, listener=listen)
    return Recording(result, values)
