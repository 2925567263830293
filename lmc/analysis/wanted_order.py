"""In which order a state update wants the pieces of the linear layers before it.

What has to be there whole before the first head can be worked on comes first: what another linear
layer waits for, then B, C and dt. The others follow head by head, x before what meets the
update's result, so that the matrix unit computes the rows of a head while the head before it is
worked on (LightMamba, arXiv 2502.15260, section V).
"""

from collections.abc import Iterator, Sequence

from xdsl.ir import Block, Operation, SSAValue

from lmc.analysis.mixed_channels import MixedChannels
from lmc.dialects.ssm import LinearOp, SelectiveStateUpdateOp, shape_of
from lmc.ir.editing import users
from lmc.numerics.run_order import Run, RunOrder

_MATRIX, _B, _C, _DT, _X, _LATER = range(6)
"""Ranks of pieces; those up to `_DT` are needed whole."""


def wanted_order(mixed: MixedChannels) -> RunOrder | None:
    """The order of the pieces of a linear layer's result; None if no state update depends on it."""
    update = _update_behind(mixed.linear)
    if update is None:
        return None
    ranks = [_rank(piece, update) for piece in mixed.pieces]
    lengths = mixed.lengths
    by_rank = sorted(range(len(ranks)), key=lambda piece: ranks[piece])
    whole = [Run(piece, lengths[piece]) for piece in by_rank if ranks[piece] <= _DT]
    rest = [piece for piece in by_rank if ranks[piece] > _DT]
    heads = _heads(update, [lengths[piece] for piece in rest])
    return RunOrder.of(whole, heads, [Run(piece, lengths[piece] // heads) for piece in rest])


def _update_behind(linear: LinearOp) -> SelectiveStateUpdateOp | None:
    behind = _ops_behind(linear.result, linear.parent)
    return next((op for op in behind if isinstance(op, SelectiveStateUpdateOp)), None)


def _rank(piece: SSAValue, update: SelectiveStateUpdateOp) -> int:
    """When the update needs a piece: the earliest of what the piece is for."""
    roles = {update.b: _B, update.c: _C, update.dt: _DT, update.decay: _DT, update.x: _X}
    ranks = [roles.get(piece, _LATER)]
    for op in _ops_behind(piece, update.parent, until=update):
        ranks += [roles.get(result, _LATER) for result in op.results]
        if isinstance(op, LinearOp) and update in _ops_behind(op.result, update.parent):
            ranks.append(_MATRIX)
    return min(ranks)


def _ops_behind(
    value: SSAValue, block: Block | None, until: Operation | None = None
) -> Iterator[Operation]:
    """The ops of a block that depend on a value, without those behind `until`; each once."""
    seen: set[Operation] = set()
    waiting = [value]
    while waiting:
        for user in users(waiting.pop()):
            if user in seen or user is until or user.parent is not block:
                continue
            seen.add(user)
            yield user
            waiting += user.results


def _heads(update: SelectiveStateUpdateOp, lengths: Sequence[int]) -> int:
    """The heads that pieces are cut into; 1 if their channels do not go by heads."""
    shape = shape_of(update.state.type)
    by_head = len(shape) == 3 and all(length % shape[0] == 0 for length in lengths)
    return shape[0] if by_head else 1
