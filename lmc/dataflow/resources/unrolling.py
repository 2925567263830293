"""Unrolled loops as hardware: what is there once for each lane, once for all, or not at all."""

from dataclasses import dataclass, field
from math import gcd, prod

from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.addresses import index_range, is_static
from lmc.dataflow.delays import INDEX_BITS
from lmc.dialects.dataflow import constant_value, is_unrolled


def lanes_of(loop: scf.ForOp) -> int:
    """Iterations of an unrolled loop."""
    return constant_value(loop.ub) or 1


def bits_of(value: SSAValue) -> int:
    """Bits of a value's wires; an index has those that its range needs."""
    if isinstance(value.type, IndexType):
        return min(INDEX_BITS, max(1, index_range(value).high.bit_length()))
    return value.type.width.data if isinstance(value.type, IntegerType) else 0


@dataclass
class Unrolling:
    """Which unrolled loops each value of a task differs in from lane to lane."""

    _varies: dict[SSAValue, frozenset[scf.ForOp]] = field(
        default_factory=lambda: dict[SSAValue, frozenset[scf.ForOp]]()
    )

    def copies(self, op: Operation) -> int:
        """How often an op is there; one that does not depend on a lane is shared by all."""
        values = op.results or op.operands
        loops = frozenset[scf.ForOp]().union(*(self.varies(value) for value in values))
        return prod(lanes_of(loop) for loop in loops)

    def copies_of(self, value: SSAValue) -> int:
        """How often a value is there."""
        return prod(lanes_of(loop) for loop in self.varies(value))

    def varies(self, value: SSAValue) -> frozenset[scf.ForOp]:
        """The unrolled loops in whose lanes the value is another one."""
        if value not in self._varies:
            # Values are defined before they are used but for carried ones, which this breaks off.
            self._varies[value] = frozenset()
            self._varies[value] = self._find(value)
        return self._varies[value]

    def _find(self, value: SSAValue) -> frozenset[scf.ForOp]:
        op = value.owner
        if isinstance(op, Block):
            loop = op.parent_op()
            return frozenset([loop]) if is_unrolled(loop) else _NONE
        sources = list(op.operands)
        for region in op.regions:
            for block in region.blocks:
                sources += block.last_op.operands if block.last_op is not None else ()
        found = _NONE.union(*(self.varies(source) for source in sources))
        return found - {op}


_NONE = frozenset[scf.ForOp]()


def stride(value: SSAValue) -> int:
    """What all values of the parts of an index that are not static are multiples of; 0: no part."""
    if is_static(value):
        return 0
    op = value.owner
    if isinstance(op, arith.AddiOp | arith.SubiOp):
        return gcd(stride(op.lhs), stride(op.rhs))
    if isinstance(op, arith.MuliOp):
        for factor, other in ((op.lhs, op.rhs), (op.rhs, op.lhs)):
            known = constant_value(factor)
            if known:
                return known * stride(other)
    return 1


def choices(value: SSAValue, most: int) -> int:
    """How many values an index can have in one lane, `most` at most."""
    step = stride(value)
    return min(most, index_range(value).high // step + 1) if step else 1
