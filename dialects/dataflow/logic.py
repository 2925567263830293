"""How many LUT levels an op's logic is estimated to take from its operands to its result.

An op says so by the trait `Logic`; one without it is wires, or has registers inside. Estimates are
fitted to what yosys makes for UltraScale+ of single ops (docs/synthesis.md), and do not know what
moves into the LUTs of the next op.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, log2

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Operation, SSAValue
from xdsl.traits import OpTrait

INDEX_BITS = 20
"""Bits to count with for an index: tools narrow counters to what their range needs."""


@dataclass(frozen=True)
class Logic(OpTrait):
    """An op made of LUTs.

    `levels` tells how many follow each other for its types, and whether its last operand, an amount
    or a place, is constant once loops are unrolled.
    """

    levels: Callable[[Operation, bool], float]


def gate(_op: Operation, _is_placed: bool) -> float:
    """A LUT for each bit."""
    return 1


def carry(_op: Operation, _is_placed: bool) -> float:
    """A carry chain beside its LUTs."""
    return 1


def choice_by_comparison(_op: Operation, _is_placed: bool) -> float:
    """A carry chain, then one of two values."""
    return 2


def magnitude(_op: Operation, _is_placed: bool) -> float:
    """Inverted bits, a carry chain, then one of two values."""
    return 3


def priority(op: Operation, _is_placed: bool) -> float:
    """The place of the highest bit."""
    return ceil(_widest(op) / 5) + 1


def partial_products(op: Operation, _is_placed: bool) -> float:
    """Each bit of the narrower operand by the wider one, and a tree of adders."""
    narrow = min(bits_of(value) for value in op.operands)
    return 3 + _halvings(narrow)


def shift(op: Operation, is_placed: bool) -> float:
    """One of two values for each bit of the amount; a constant amount is wires."""
    return 0 if is_placed else _halvings(_widest(op))


def rounded_shift(op: Operation, is_placed: bool) -> float:
    """A shift, the sum with the half, whether all high bits are alike, and a choice by that."""
    return shift(op, is_placed) + 5


def part(op: Operation, is_placed: bool) -> float:
    """One of a word's parts: a LUT chooses from four; a constant place is wires."""
    if is_placed:
        return 0
    return ceil(_halvings(_widest(op) // bits_of(op.results[0])) / 2)


def replaced_part(op: Operation, is_placed: bool) -> float:
    """A word with one of its parts replaced: which bits these are, and from where they come."""
    if is_placed:
        return 0
    return ceil(_halvings(_widest(op) // bits_of(op.operands[0])) / 2) + 3


_FOREIGN: Mapping[type[Operation], Callable[[Operation, bool], float]] = {
    arith.AddiOp: carry,
    arith.SubiOp: carry,
    arith.CmpiOp: carry,
    arith.MuliOp: partial_products,
    arith.SelectOp: gate,
    arith.AndIOp: gate,
    arith.OrIOp: gate,
    arith.XOrIOp: gate,
}
"""Ops of other dialects, which have no traits of ours."""


def logic_levels(op: Operation, is_placed: bool) -> float:
    """LUT levels from an op's operands to its result; `is_placed` as for `Logic`."""
    logic = op.get_traits_of_type(Logic)
    levels = logic[0].levels if logic else _FOREIGN.get(type(op), _wires)
    return levels(op, is_placed)


def bits_of(value: SSAValue) -> int:
    """Bits of a value."""
    if isinstance(value.type, IndexType):
        return INDEX_BITS
    return value.type.width.data if isinstance(value.type, IntegerType) else 0


def _wires(_op: Operation, _is_placed: bool) -> float:
    return 0


def _widest(op: Operation) -> int:
    return max(bits_of(value) for value in (*op.operands, *op.results))


def _halvings(number: int) -> int:
    return ceil(log2(max(number, 2)))
