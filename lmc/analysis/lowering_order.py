"""In which order the ops of a block are lowered: their tasks, kernels and copies follow it."""

from collections import deque
from itertools import groupby

from xdsl.ir import Block, Operation, SSAValue, Use
from xdsl.traits import IsTerminator

from lmc.dialects.ssm import FusedOp
from lmc.ir.groups import origin, uses_of


def lowering_order(block: Block) -> list[Operation]:
    """The ops of a block and of its groups, along the way that values take; what ends it last.

    Each group is a sequence of ops, and so are the ops between two groups. Of those whose next op
    has all that it reads, the last one goes on, so that the front of the data is followed: what a
    group makes for a later group is followed there first, and what it makes besides comes when it
    is needed. Without groups this is the order of the text.
    """
    sequences = _sequences(block)
    missing = {op for sequence in sequences for op in sequence}
    order: list[Operation] = []
    while missing:
        ready = (seq for seq in reversed(sequences) if seq and _is_ready(seq[0], missing))
        op = next(ready).popleft()
        missing.remove(op)
        order.append(op)
    last = block.last_op
    return order if last is None or not last.has_trait(IsTerminator) else [*order, last]


def uses_in_order(value: SSAValue) -> list[Use]:
    """The uses of a value in the order in which the ops are lowered, its groups looked through."""
    uses = uses_of(value)
    if not uses:
        return uses
    block = uses[0].operation.parent
    group = block.parent_op() if block is not None else None
    if isinstance(group, FusedOp):
        block = group.parent
    assert block is not None, "an op with operands is in a block"
    places = {op: place for place, op in enumerate(lowering_order(block))}
    return sorted(uses, key=lambda use: (places[use.operation], use.index))


def _sequences(block: Block) -> list[deque[Operation]]:
    ops = [op for op in block.ops if not op.has_trait(IsTerminator)]
    return [
        deque(inner for op in run for inner in (op.ops if isinstance(op, FusedOp) else [op]))
        for _, run in groupby(ops, key=lambda op: op if isinstance(op, FusedOp) else None)
    ]


def _is_ready(op: Operation, missing: set[Operation]) -> bool:
    return not any(origin(value).owner in missing for value in op.operands)
