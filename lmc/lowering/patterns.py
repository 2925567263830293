"""The table of lowering patterns: one for each op, plugins included."""

from collections.abc import Callable
from typing import TypeVar

from xdsl.ir import Operation

from lmc.ir.editing import refuse
from lmc.lowering.context import Lowering

_OpT = TypeVar("_OpT", bound=Operation)
_Pattern = Callable[[Lowering, Operation], None]
_PATTERNS: dict[type[Operation], _Pattern] = {}


def lowers(
    op_type: type[_OpT],
) -> Callable[[Callable[[Lowering, _OpT], None]], Callable[[Lowering, _OpT], None]]:
    """Registers a function as the lowering pattern of an op."""

    def register(pattern: Callable[[Lowering, _OpT], None]) -> Callable[[Lowering, _OpT], None]:
        _PATTERNS[op_type] = pattern  # pyright: ignore[reportArgumentType]
        return pattern

    return register


def lower(low: Lowering, op: Operation) -> None:
    """Adds the tasks of one op.

    Raises:
        LmcError: there is no pattern for the op.
    """
    pattern = _PATTERNS.get(type(op))
    if pattern is None:
        raise refuse(op, "this op has no lowering; a plugin can add one with lmc.lowering.lowers")
    pattern(low, op)
