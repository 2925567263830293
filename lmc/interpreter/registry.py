"""Which function executes which op."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from xdsl.dialects.builtin import Float32Type, TensorType
from xdsl.ir import Operation

from lmc.diagnostics import LmcError
from lmc.interpreter.values import Value
from lmc.weights import WeightStore

Kernel = Callable[[Sequence[Value], int | None], tuple[Value, ...]]
"""Executes an op: (operands, layer) → results. Called for every layer and piece of the tokens."""

Prepare = Callable[[Any, WeightStore], Kernel]
"""Reads an op's attributes once and returns its kernel."""

_OpT = TypeVar("_OpT", bound=Operation)
_IMPLEMENTATIONS: dict[tuple[type[Operation], bool], Prepare] = {}


def register(
    *op_classes: type[_OpT], integer: bool = False
) -> Callable[[Callable[[_OpT, WeightStore], Kernel]], Callable[[_OpT, WeightStore], Kernel]]:
    """Decorator that makes a function the implementation of ops, a plugin's included.

    `integer` says which side of the quantization line it is for: an op is integer when its first
    result is not f32. The function takes the op and the weights and returns the op's kernel.
    """

    def decorate(
        prepare: Callable[[_OpT, WeightStore], Kernel],
    ) -> Callable[[_OpT, WeightStore], Kernel]:
        for op_class in op_classes:
            _IMPLEMENTATIONS[op_class, integer] = prepare
        return prepare

    return decorate


def prepare(op: Operation, weights: WeightStore) -> Kernel:
    """The kernel of an op; raises LmcError if nothing executes it."""
    integer = is_integer(op)
    found = _IMPLEMENTATIONS.get((type(op), integer))
    if found is None:
        side = "integer" if integer else "float"
        raise LmcError(
            f"the interpreter has no {side} implementation of {op.name}; a plugin can add one with "
            f"lmc.interpreter.register"
        )
    return found(cast("Any", op), weights)


def is_integer(op: Operation) -> bool:
    """Whether an op lies below the quantization line: its first result is not f32."""
    result = op.results[0].type if op.results else None
    return isinstance(result, TensorType) and not isinstance(result.element_type, Float32Type)
