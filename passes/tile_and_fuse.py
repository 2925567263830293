"""`tile-and-fuse`: ops that pass values on as they come are one group, and say by how much.

LightMamba (arXiv 2502.15260, section V) fuses the ops of a layer in tiles of a head, so that no
intermediate of the SSM is kept whole. Here a group ends where all of a vector has to be there
before anything comes out: at a norm, at the operand of a linear layer, at a transform over the
whole length. Lowering keeps what crosses from group to group in a buffer, and only that.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import DenseArrayBase, DictionaryAttr, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation
from xdsl.traits import IsTerminator

from lmc.analysis.groups import GROUP, TILE, intermediates_of, takes_whole, tile_of
from lmc.dialects.ssm import LayersOp
from lmc.ir.editing import ops_of, refuse
from lmc.ir.levels import INTERMEDIATES, QUANTIZED, SCHEDULED, level_of
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class TileAndFuse(LmcPass):
    """Give each op of an integer module the number of its group and, if it has one, its tile.

    `lmc.group`: ops with one number stream into each other. `lmc.tile`: the elements that an op
    takes in before its first result, of its operand, or of the state (heads, rows, states). The
    module attribute `lmc.intermediates` has the bytes of what is kept whole between ops, without
    groups and with them. A second run changes nothing.
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
            _mark(function)
        sizes = intermediates_of(op).as_json()
        entries = {name: IntegerAttr(size, i64) for name, size in sizes.items()}
        op.attributes[INTERMEDIATES] = DictionaryAttr(entries)


def _mark(function: FuncOp) -> None:
    """Groups and tiles of a function's ops: an op's group follows from how often, on the longest
    way to it, all of a vector has to be there. Numbers are in the order of the text."""
    stages: dict[Operation, int] = {}
    numbers: dict[tuple[Block | None, int], int] = {}
    for op in function.body.walk():
        before = (stages[x.owner] for x in op.operands if isinstance(x.owner, Operation))
        stages[op] = max(before, default=0) + _begins_group(op)
        if isinstance(op, LayersOp) or op.has_trait(IsTerminator):
            continue
        number = numbers.setdefault((op.parent, stages[op]), len(numbers))
        op.attributes[GROUP] = IntegerAttr(number, i64)
        tile = tile_of(op)
        if tile:
            op.attributes[TILE] = DenseArrayBase.from_list(i64, tile)


def _begins_group(op: Operation) -> bool:
    return isinstance(op, LayersOp) or takes_whole(op)
