"""What values may be: the ranges of types, and the error for a program that leaves them."""

from collections.abc import Iterator

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType, i1
from xdsl.ir import Attribute, Block, SSAValue
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BurstReadOp,
    BurstWriteOp,
    CastOp,
    Range,
    data_type,
    is_signed,
    type_range,
)

INDEX = Range(-(2**31), 2**31 - 1)
"""What an index holds."""

ADDRESS = Range(-(2**63), 2**63 - 1)
"""What an index holds that a burst's offset is made of."""

_ADDRESS_OPS = (arith.AddiOp, arith.SubiOp, arith.MuliOp, arith.SelectOp, CastOp)


class UndefinedError(LmcError):
    """A precondition of an op does not hold: what comes then is undefined, in hardware and C++."""


def limits(type_: Attribute) -> Range:
    """The values of a type that arithmetic, streams or loops may have; LmcError for another."""
    if isinstance(type_, IndexType):
        return INDEX
    if type_ == i1:
        return Range(0, 1)
    try:
        return type_range(data_type(type_))
    except VerifyException as error:
        raise LmcError(f"a value of level 4 is data, an index or i1, not {type_}") from error


def wrapped(value: int, type_: IntegerType) -> int:
    """The low bits of a value, read as a data type."""
    width = type_.width.data
    low = value & ((1 << width) - 1)
    negative = is_signed(type_) and low >> (width - 1)
    return low - (1 << width) if negative else low


def addresses(block: Block) -> set[SSAValue]:
    """The index values that offsets of bursts are made of, through ops that keep 64 bits."""
    found: set[SSAValue] = set()
    pending = list(_offsets(block))
    while pending:
        value = pending.pop()
        if value in found or not isinstance(value.type, IndexType):
            continue
        found.add(value)
        if isinstance(value.owner, _ADDRESS_OPS):
            pending.extend(value.owner.operands)
    return {value for value in found if isinstance(value.owner, (*_ADDRESS_OPS, arith.ConstantOp))}


def _offsets(block: Block) -> Iterator[SSAValue]:
    for op in block.walk():
        if isinstance(op, BurstReadOp | BurstWriteOp):
            yield op.offset
