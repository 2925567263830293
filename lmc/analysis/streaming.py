"""Groups that cannot stream: a value would have to be kept whole inside."""

from xdsl.dialects.func import FuncOp
from xdsl.ir import Use

from lmc.analysis.groups import takes_whole, waits_for_all
from lmc.dialects.ssm import FusedOp
from lmc.ir.editing import refuse


def require_streaming(function: FuncOp) -> None:
    """Raise LmcError, naming ops and a value, if a group of a function cannot stream.

    Where an op reads two values of its group, and only one of them comes after all of a vector
    was there, the other would have to be kept for so long.
    """
    for op in function.walk():
        if isinstance(op, FusedOp):
            _require_streaming(op)


def _require_streaming(group: FusedOp) -> None:
    stages: dict[object, int] = {}
    """How often, on the longest way to an op within the group, all of a vector has to be there."""
    for op in group.ops:
        own = [value for value in op.operands if value.owner in stages]
        last = max((stages[value.owner] for value in own), default=0)
        for index, value in enumerate(op.operands):
            if value in own and stages[value.owner] < last and waits_for_all(Use(op, index)):
                late = next(other for other in own if stages[other.owner] == last)
                raise refuse(
                    op,
                    f"in one group with what makes %{value.name_hint} it can't stream: that would "
                    f"have to be kept whole until %{late.name_hint} comes; part the group there",
                )
        stages[op] = last + takes_whole(op)
