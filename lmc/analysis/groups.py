"""Which values between the ops of a decode step are kept whole on the chip, and their size.

Ops of one group (`ssm.fused`) pass values on word by word, as they come. A value that leaves its
group, or whose ops are in none, is kept until all of it is there.
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
    FusedOp,
    HoldsOperands,
    LayersOp,
    PseudoFloatType,
    Tiled,
    format_of,
    shape_of,
)
from lmc.ir.groups import group_of, origin, uses_of
from lmc.numerics.tables import PSEUDO_FLOAT_SHIFT_BITS


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
    ops = (op for op in module.walk() if not isinstance(op, FusedOp))
    uses = {value: uses_of(value) for op in ops for value in op.results}
    waiting = [value for value in uses if any(map(waits_for_all, uses[value]))]
    kept = [value for value in waiting if any(map(is_kept, uses[value]))]
    return Intermediates(_bytes(waiting), _bytes(kept))


def is_kept(use: Use) -> bool:
    """Whether a use waits until all of its value is there, in a buffer.

    Not if both ops are in one group, nor if the consumer takes in all of it anyway.
    """
    if not waits_for_all(use):
        return False
    producer = _origin(use).owner
    own = group_of(producer) if isinstance(producer, Operation) else None
    return own is None or own is not group_of(use.operation)


def _origin(use: Use) -> SSAValue:
    return origin(use.operation.operands[use.index])


def waits_for_all(use: Use) -> bool:
    """Whether a use of a value without groups waits for all of it."""
    op = use.operation
    value = op.operands[use.index]
    producer = origin(value).owner
    # What enters or leaves a layer goes on as it comes.
    if not isinstance(producer, Operation) or isinstance(producer, LayersOp):
        return False
    if isinstance(op, LayersOp) or op.has_trait(IsTerminator):
        return False
    holder = op.get_trait(HoldsOperands)
    held = holder is not None and holder.holds(op, value)
    return not (held or takes_whole(op) or math.prod(shape_of(value.type)) == 1)


def _bytes(values: Sequence[SSAValue]) -> int:
    bits = (math.prod(shape_of(value.type)) * _bits(value) for value in values)
    return -(-sum(bits) // 8)


def _bits(value: SSAValue) -> int:
    """Of one element; a pseudo-float has a shift beside its mantissa."""
    found = format_of(value.type)
    if isinstance(found, PseudoFloatType):
        return found.bits.data + PSEUDO_FLOAT_SHIFT_BITS
    assert isinstance(found, FixedType | BlockType)
    return found.bits.data


def takes_whole(op: Operation) -> bool:
    """Whether nothing comes out of an op before it has all of its first operand."""
    tiled = op.get_trait(Tiled)
    return tiled is not None and tiled.takes_whole(op)
