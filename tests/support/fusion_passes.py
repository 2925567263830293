"""A plugin with a pass that makes groups of its own choice."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.dialects.ssm import LayersOp
from lmc.ir.editing import ops_of
from lmc.ir.groups import fuse
from lmc.ir.pass_base import LmcPass


@dataclass(frozen=True)
class FuseRanges(LmcPass):
    """Groups of ops of a layer, from one to another by their numbers in the text."""

    name = "fuse-ranges"

    ranges: tuple[int, ...] = ()
    """First and last of each group, in turn."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module."""
        (layers,) = ops_of(op, LayersOp)
        ops = list(layers.block.ops)
        for first, last in zip(self.ranges[::2], self.ranges[1::2], strict=True):
            fuse(ops[first : last + 1])
