"""What keeps accesses of a memory in order: the data that their places depend on.

UG1399 (HLS Fence Library) allows tools to reorder accesses of interfaces that have nothing to do
with each other, a port and a stream for instance. A request whose place is read from a stream can't
be made before that.
"""

from xdsl.dialects import scf
from xdsl.ir import Block, SSAValue

from lmc.dialects.dataflow import BurstReadOp, ReadOp


def is_tied(burst: BurstReadOp) -> bool:
    """Whether the place of a burst is data from a stream, in one branch at least."""
    return bool(place_streams(burst))


def place_streams(burst: BurstReadOp) -> list[SSAValue]:
    """The streams, as the task knows them, that the place of a burst comes from."""
    found: list[SSAValue] = []
    _follow(burst.offset, found)
    return found


def _follow(value: SSAValue, found: list[SSAValue]) -> None:
    op = value.owner
    if isinstance(op, Block):
        return
    if isinstance(op, ReadOp):
        found.append(op.stream)
        return
    sources = _chosen(op, value) if isinstance(op, scf.IfOp) else op.operands
    for source in sources:
        _follow(source, found)


def _chosen(op: scf.IfOp, value: SSAValue) -> list[SSAValue]:
    """What each branch gives for a result."""
    number = next(index for index, result in enumerate(op.results) if result is value)
    ends = [region.block.last_op for region in op.regions if region.blocks]
    return [end.operands[number] for end in ends if end is not None]
