"""Which values between the ops of a decode step are kept whole on the chip, and their size.

Ops of one group (`tile-and-fuse`) pass values on word by word, as they come. A value that leaves
its group, or whose ops are in none, is kept until all of it is there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue, Use
from xdsl.traits import IsTerminator

from lmc.analysis.cost.summary import short
from lmc.dialects.ssm import (
    BlockType,
    FixedType,
    LayersOp,
    LinearOp,
    PseudoFloatType,
    QuantizeOp,
    RMSNormOp,
    RMSScaleOp,
    RotateOp,
    SelectiveStateUpdateOp,
    format_of,
    shape_of,
)

GROUP = "lmc.group"
"""Attribute of an op: the number of its group."""
TILE = "lmc.tile"
"""Attribute of an op: what `tile_of` says."""
SHIFT_BITS = 8
"""Of a pseudo-float's shift."""


@dataclass(frozen=True)
class Intermediates:
    """Bytes of the values of a token in one layer, and around the layers, that are kept whole.

    `unfused_bytes` is what they are where no op is in a group.
    """

    unfused_bytes: int
    bytes: int

    @property
    def sentence(self) -> str:
        """Both sizes in one line."""
        unfused = short(self.unfused_bytes, "B")
        return f"kept whole between ops: {short(self.bytes, 'B')} of {unfused} without groups"

    def as_json(self) -> dict[str, int]:
        """Plain data."""
        return {"unfused_bytes": self.unfused_bytes, "bytes": self.bytes}


def intermediates_of(module: ModuleOp) -> Intermediates:
    """The sizes for a quantized module, in the number formats of its values."""
    values = [value for op in module.walk() for value in op.results if value.uses]
    waiting = [value for value in values if any(map(_waits, value.uses))]
    kept = [value for value in waiting if any(map(is_kept, value.uses))]
    return Intermediates(_bytes(waiting), _bytes(kept))


def is_kept(use: Use) -> bool:
    """Whether a use waits until all of its value is there, in a buffer.

    Not if both ops are in one group, nor if the consumer takes in all of it anyway.
    """
    producer = use.operation.operands[use.index].owner
    own = producer.attributes.get(GROUP) if isinstance(producer, Operation) else None
    return _waits(use) and (own is None or own != use.operation.attributes.get(GROUP))


def _waits(use: Use) -> bool:
    """Whether a use of a value without groups waits for all of it."""
    op = use.operation
    value = op.operands[use.index]
    producer = value.owner
    # What enters or leaves a layer goes on as it comes.
    if not isinstance(producer, Operation) or isinstance(producer, LayersOp):
        return False
    if isinstance(op, LayersOp) or op.has_trait(IsTerminator):
        return False
    # The update holds B and C of a group of heads.
    held = isinstance(op, SelectiveStateUpdateOp) and value in (op.b, op.c)
    return not (held or takes_whole(op) or math.prod(shape_of(value.type)) == 1)


def _bytes(values: Sequence[SSAValue]) -> int:
    bits = (math.prod(shape_of(value.type)) * _bits(value) for value in values)
    return -(-sum(bits) // 8)


def _bits(value: SSAValue) -> int:
    """Of one element; a pseudo-float has a shift beside its mantissa."""
    found = format_of(value.type)
    if isinstance(found, PseudoFloatType):
        return found.bits.data + SHIFT_BITS
    assert isinstance(found, FixedType | BlockType)
    return found.bits.data


def uses_in_order(value: SSAValue) -> Sequence[Use]:
    """The uses of a value in the order of the text."""
    uses = list(value.uses)
    block = uses[0].operation.parent if uses else None
    places = {op: number for number, op in enumerate(block.ops)} if block is not None else {}
    return sorted(uses, key=lambda use: (places[use.operation], use.index))


def tile_of(op: Operation) -> tuple[int, ...]:
    """Elements that an op takes in before the first result comes out; () where one is enough.

    Of its operand, or for a state update of the state: heads (for Mamba-2), rows, states.
    """
    if isinstance(op, LinearOp | RMSNormOp):
        return shape_of(op.input.type)
    if isinstance(op, RMSScaleOp):
        return (shape_of(op.input.type)[0] // shape_of(op.result.type)[0],)
    if isinstance(op, RotateOp):
        return (op.block.value.data,)
    if isinstance(op, QuantizeOp):
        target = format_of(op.result.type)
        assert isinstance(target, BlockType)
        return (target.group.data,)
    if isinstance(op, SelectiveStateUpdateOp):
        *channels, states = shape_of(op.state.type)
        return (*(1 for _ in channels), states)
    return ()


def takes_whole(op: Operation) -> bool:
    """Whether nothing comes out of an op before it has all of its operand."""
    if isinstance(op, SelectiveStateUpdateOp) or not op.operands:
        return False
    tile = tile_of(op)
    return bool(tile) and tile == shape_of(op.operands[0].type)
