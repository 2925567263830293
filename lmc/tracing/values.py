"""The values of a run, named so that those of another level can be found."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.dialects.ssm import format_of, shape_of
from lmc.interpreter import Program, RunResult, Value
from lmc.interpreter.values import parts


@dataclass(frozen=True)
class ValueName:
    """The value `value` that an op makes: the `number`th of that op and name in its layer."""

    layer: int | None
    """None outside of the layers."""
    op: str
    value: str
    number: int


@dataclass(frozen=True)
class Seen:
    """A value of a run: an activation [T, 1, ...], or a state [1, ...] after all tokens."""

    name: ValueName
    result: SSAValue
    value: Value
    is_state: bool

    @property
    def element(self) -> Attribute:
        """The value's number format."""
        return format_of(self.result.type)


class Run:
    """A program that goes on from the states of its last call: one sequence, piece by piece."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._states: Sequence[Value] | None = None

    @property
    def tokens_in_use(self) -> int:
        """Logits that may be chosen; those after them pad the vocabulary."""
        return self._program.tokens_in_use or self._program.vocabulary

    def next(self, ids: Sequence[int], see: Callable[[Seen], None]) -> RunResult:
        """Run more tokens [T], and show each value that an op makes. LmcError as `Program.run`."""
        counts: Counter[tuple[int | None, str, str]] = Counter()

        def listen(value_name: str, layer: int | None, op: Operation, value: Value) -> None:
            if op.regions:  # its results are those of ops within it
                return
            key = layer, op.name, value_name
            result = next((r for r in op.results if r.name_hint == value_name), op.results[0])
            is_state = parts(value)[0].ndim == len(shape_of(result.type)) + 1
            see(Seen(ValueName(*key, counts[key]), result, value, is_state))
            counts[key] += 1

        tokens = np.array(ids, np.int64)[:, None]
        result = self._program.run(tokens, states=self._states, listener=listen)
        self._states = result.states
        return result
