"""`tile-and-fuse`: ops that pass values on as they come are fused to a group.

LightMamba (arXiv 2502.15260, section V) fuses the ops of a layer in tiles of a head, so that no
intermediate of the SSM is kept whole. Here a group ends where all of a vector has to be there
before anything comes out: at a norm, at the operand of a linear layer, at a transform over the
whole length. Lowering keeps what crosses from group to group in a buffer, and only that.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation
from xdsl.traits import IsTerminator

from lmc.analysis.groups import takes_whole
from lmc.dialects.ssm import FusedOp, LayersOp
from lmc.ir.editing import ops_of, refuse
from lmc.ir.groups import fuse
from lmc.ir.levels import QUANTIZED, SCHEDULED, level_of
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class TileAndFuse(LmcPass):
    """Put ops of an integer module that stream into each other into regions, `ssm.fused`.

    A block that has groups already, of this pass or another, is left as it is, so that a second
    run changes nothing.
    """

    name = "tile-and-fuse"
    effect: ClassVar[Effect] = Effect.BITS

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError if it is not quantized."""
        functions = ops_of(op, FuncOp)
        if functions and level_of(op) not in (QUANTIZED, SCHEDULED):
            raise refuse(functions[0], "tile-and-fuse needs quantize to be run before it")
        for function in functions:
            layers = [inner for inner in function.walk() if isinstance(inner, LayersOp)]
            for block in (function.body.block, *(inner.block for inner in layers)):
                _fuse_stages(block)


def _fuse_stages(block: Block) -> None:
    """Groups of a block: an op's stage is how often, on the longest way to it, all of a vector has
    to be there. Stages never fall along a way, so that those of one stage can be next to each
    other; an op that is alone in its stage needs no group."""
    if any(isinstance(op, FusedOp) for op in block.ops):
        return
    stages: dict[object, int] = {}
    groups: dict[int, list[Operation]] = {}
    for op in block.ops:
        before = (stages[x.owner] for x in op.operands if x.owner in stages)
        stages[op] = max(before, default=0) + (isinstance(op, LayersOp) or takes_whole(op))
        if not isinstance(op, LayersOp) and not op.has_trait(IsTerminator):
            groups.setdefault(stages[op], []).append(op)
    for ops in groups.values():
        if len(ops) > 1:
            fuse(ops)
