"""Groups that cannot stream: a value would have to be kept whole inside."""

from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue, Use

from lmc.analysis.groups import takes_whole, waits_for_all
from lmc.dialects.ssm import FusedOp
from lmc.ir.editing import refuse


def require_streaming(function: FuncOp) -> None:
    """Raise LmcError, naming an op and two values, if a group of a function cannot stream.

    It cannot where an op reads two values of its group, of which one comes only after all of a
    vector was there in the group, and the other does not wait for it: what that is made of has
    been read for the late one as well, or comes from an op that begins to give when it has all.
    """
    for op in function.walk():
        if isinstance(op, FusedOp):
            _Group(op).require_streaming()


class _Group:
    """The ops of a group in order, with what each depends on inside of it."""

    def __init__(self, group: FusedOp):
        self._ops = group.ops
        self._stages: dict[object, int] = {}
        """How often, on the longest way to an op, all of a vector has to be there."""
        self._sources: dict[object, set[Operation]] = {}
        """An op, and the ops that it depends on."""

    def require_streaming(self) -> None:
        """Raise LmcError at the first op that would have to have a value kept whole."""
        for op in self._ops:
            own = [value for value in op.operands if value.owner in self._stages]
            late = max(own, key=self._stage, default=None)
            for index, value in enumerate(op.operands):
                if late is None or value not in own or not waits_for_all(Use(op, index)):
                    continue
                if self._stage(value) < self._stage(late) and not self._can_wait(value, late):
                    raise refuse(
                        op,
                        f"its group cannot stream: %{value.name_hint} would have to be kept whole "
                        f"until %{late.name_hint} comes; part the group between what makes them",
                    )
            self._stages[op] = takes_whole(op) + (0 if late is None else self._stage(late))
            self._sources[op] = {op}.union(*(self._sources[value.owner] for value in own))

    def _stage(self, value: SSAValue) -> int:
        return self._stages[value.owner]

    def _can_wait(self, value: SSAValue, late: SSAValue) -> bool:
        """Whether all that a value is made of can wait at the border of the group."""
        sources = self._sources[value.owner]
        return not (sources & self._sources[late.owner] or any(map(takes_whole, sources)))
