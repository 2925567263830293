"""Indices that make burst addresses: those are 64 bits wide in C++."""

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Block, SSAValue

from lmc.dialects import dataflow

_WIDE_OPS = (arith.AddiOp, arith.SubiOp, arith.MuliOp, arith.SelectOp, dataflow.CastOp)


def wide_values(block: Block) -> set[SSAValue]:
    """All values of a task's block that addresses are made of, by ops that keep them wide."""
    found: set[SSAValue] = set()
    for op in block.walk():
        if isinstance(op, dataflow.BurstReadOp | dataflow.BurstWriteOp):
            _mark(op.offset, found)
    return found


def _mark(value: SSAValue, found: set[SSAValue]) -> None:
    if not isinstance(value.owner, _WIDE_OPS) or value in found:
        return
    found.add(value)
    for operand in value.owner.operands:
        if isinstance(operand.type, IndexType):
            _mark(operand, found)
