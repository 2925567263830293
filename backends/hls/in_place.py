"""Words that are changed where they are, instead of being copied first."""

from xdsl.dialects import scf
from xdsl.ir import Block

from lmc.dialects import dataflow


def is_last_use(op: dataflow.InsertOp) -> bool:
    """Whether the word is in a variable that nothing else reads: it can be changed in place.

    Such are results of insert and concat, and values that the loop directly around carries.
    """
    if len(list(op.word.uses)) != 1:
        return False
    owner = op.word.owner
    if isinstance(owner, Block):
        return owner is op.parent_block() and isinstance(owner.parent_op(), scf.ForOp)
    made_here = isinstance(owner, dataflow.InsertOp | dataflow.ConcatOp)
    return made_here and owner.parent_block() is op.parent_block()
