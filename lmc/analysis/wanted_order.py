"""In which order an op that works head by head wants the pieces of the linear layers before it.

What has to be there whole before the first head can be worked on comes first: what another linear
layer waits for, then B, C and dt, as the trait `WorksByHead` of the state update says. The others
follow head by head, x before what meets the update's result, so that the matrix unit computes the
rows of a head while the head before it is worked on (LightMamba, arXiv 2502.15260, section V).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xdsl.ir import Block, Operation, SSAValue

from lmc.analysis.mixed_channels import MixedChannels
from lmc.dialects.ssm import LinearOp, WorksByHead
from lmc.ir.editing import users
from lmc.numerics.run_order import Run, RunOrder


@dataclass(frozen=True)
class _Update:
    """An op that works head by head, and what it says of that."""

    op: Operation
    order: WorksByHead


def wanted_order(mixed: MixedChannels) -> RunOrder | None:
    """The order of the pieces of a linear layer's result; None if no such op depends on it."""
    update = _update_behind(mixed.linear)
    if update is None:
        return None
    ranks = [_rank(piece, update) for piece in mixed.pieces]
    lengths, last_whole = mixed.lengths, len(update.order.whole)
    by_rank = sorted(range(len(ranks)), key=lambda piece: ranks[piece])
    whole = [Run(piece, lengths[piece]) for piece in by_rank if ranks[piece] <= last_whole]
    rest = [piece for piece in by_rank if ranks[piece] > last_whole]
    heads = _heads(update, [lengths[piece] for piece in rest])
    return RunOrder.of(whole, heads, [Run(piece, lengths[piece] // heads) for piece in rest])


def _update_behind(linear: LinearOp) -> _Update | None:
    for op in _ops_behind(linear.result, linear.parent):
        order = op.get_trait(WorksByHead)
        if order is not None:
            return _Update(op, order)
    return None


def _rank(piece: SSAValue, update: _Update) -> int:
    """When the update needs a piece, the earliest of what the piece is for.

    0 is for other linear layers that the update waits for, then come the operands that it needs
    whole, those that it takes head by head, and at last what it doesn't need.
    """
    wanted = update.order.ranks(update.op)
    later = max(wanted.values()) + 2
    block = update.op.parent

    def rank(value: SSAValue) -> int:
        return wanted[value] + 1 if value in wanted else later

    ranks = [rank(piece)]
    for op in _ops_behind(piece, block, until=update.op):
        ranks += [rank(result) for result in op.results]
        if isinstance(op, LinearOp) and update.op in _ops_behind(op.result, block):
            ranks.append(0)
    return min(ranks)


def _ops_behind(
    value: SSAValue, block: Block | None, until: Operation | None = None
) -> Iterator[Operation]:
    """The ops of a block that depend on a value, without those after `until`; each once."""
    seen: set[Operation] = set()
    waiting = [value]
    while waiting:
        for user in users(waiting.pop()):
            if user in seen or user is until or user.parent is not block:
                continue
            seen.add(user)
            yield user
            waiting += user.results


def _heads(update: _Update, lengths: Sequence[int]) -> int:
    """The heads that pieces are cut into; 1 if their channels do not go by heads."""
    heads = update.order.heads(update.op)
    return heads if all(length % heads == 0 for length in lengths) else 1
