"""Straight-line code of a task: what it computes between its loops, stream accesses and bursts."""

from collections.abc import Callable

from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.evaluate import Expression
from lmc.dataflow.graph import declaration
from lmc.dataflow.timing import Clock, Timing
from lmc.dialects.dataflow import ScalarOp, TaskOp


def straight_line_cycles(
    block: Block, is_statement: Callable[[Operation], bool], clock: Clock
) -> dict[Operation | None, int]:
    """Cycles of the code before each statement of a block that has to wait for some.

    Under None are those after the last statement. Code that fits into one cycle has none of its
    own: it shares the first one of the statement after it. Other code has all cycles until its last
    value is in a register. What is made of counters and run-time scalars alone takes no time, since
    hardware can look ahead.
    """
    cycles: dict[Operation | None, int] = {}
    timing = Timing(clock)
    for op in block.ops:
        if is_statement(op):
            cycles[op] = _cycles(timing)
            timing = Timing(clock)
        elif not is_known_ahead(op):
            timing.op(op)
    cycles[None] = _cycles(timing)
    return {op: count for op, count in cycles.items() if count}


def _cycles(timing: Timing) -> int:
    until = [cycle + (used > 0) for cycle, used in timing.values.values()]
    until += [cycle + 1 for cycle, _ in timing.effects.values()]
    most = max(until, default=0)
    return most if most > 1 else 0


def is_known_ahead(op: Operation) -> bool:
    """Whether all that an op makes depends on counters and run-time scalars only."""
    return bool(op.results) and all(
        _is_counter_or_scalar(leaf) for result in op.results for leaf in Expression(result).leaves
    )


def _is_counter_or_scalar(leaf: SSAValue) -> bool:
    if not isinstance(leaf.owner, Block):
        return False
    if isinstance(leaf.owner.parent_op(), TaskOp):
        return isinstance(declaration(leaf), ScalarOp)
    return isinstance(leaf.type, IndexType) and leaf is leaf.owner.args[0]
