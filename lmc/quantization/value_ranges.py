"""The largest magnitudes of a float module's values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, OpResult, SSAValue


@dataclass(frozen=True)
class Ranges:
    """The largest magnitudes in a module, over all tokens, sequences and layers."""

    results: Mapping[tuple[Operation, int], float]
    """Of each op's results, by index; for a new SSM state over all tokens, not the last alone."""
    intermediates: Mapping[tuple[Operation, str], float]
    """Of what ops compute within them, by the names that their range rules give."""
    weights: Mapping[str, float]
    """Of each weight that an op reads, by symbol, as its recipe makes it."""

    def peak(self, value: SSAValue) -> float:
        """The largest magnitude of an op's result; its type may have been replaced since."""
        assert isinstance(value, OpResult), "block arguments have the range of what is passed in"
        return self.results[value.op, value.index]

    def as_json(self, module: ModuleOp) -> Any:
        """The ranges as JSON values, ops by their places in the module."""
        places = {op: place for place, op in enumerate(module.walk())}
        return {
            "results": [(places[op], index, peak) for (op, index), peak in self.results.items()],
            "intermediates": [(places[op], key, p) for (op, key), p in self.intermediates.items()],
            "weights": dict(self.weights),
        }

    @classmethod
    def from_json(cls, module: ModuleOp, values: Any) -> "Ranges":
        """What `as_json` of an equal module has given."""
        ops = list(module.walk())
        return cls(
            {(ops[place], index): peak for place, index, peak in values["results"]},
            {(ops[place], name): peak for place, name, peak in values["intermediates"]},
            values["weights"],
        )

    def of_clone(self, module: ModuleOp, clone: ModuleOp) -> "Ranges":
        """The same ranges for the values of a clone of the module."""
        other = dict(zip(module.walk(), clone.walk(), strict=True))
        return Ranges(
            {(other[op], index): peak for (op, index), peak in self.results.items()},
            {(other[op], name): peak for (op, name), peak in self.intermediates.items()},
            self.weights,
        )
