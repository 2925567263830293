"""What ops without side effects become: one function of their operands' nodes, by op class."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Attribute, Operation

from lmc.dataflow.delays import operator_delay, product_kind
from lmc.dataflow.netlist.nodes import Bits, Kind, Node
from lmc.dataflow.netlist.wires import Wires
from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import Range, data_type, is_data, is_signed, type_range

Make: TypeAlias = Callable[[Wires, Operation, Sequence[Node]], Node]

INDEX = Range(-(2**31), 2**31 - 1)
"""What an index may be, if it is part of no burst's offset."""
_CONDITION = Bits(1)
_INDEX_PREDICATES = ("eq", "ne", "lt", "le", "gt", "ge", "lt", "le", "gt", "ge")
"""By the number of `arith.cmpi`'s predicate: the operands of unsigned ones are not negative."""


def bits_of(type_: Attribute) -> Bits:
    """The bits of data, or of a condition."""
    if type_ == IntegerType(1):
        return _CONDITION
    data = data_type(type_)
    return Bits(data.width.data, is_signed(data))


def pure(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    """The result of an op without side effects. LmcError where hardware for it is not known."""
    if type(op) not in _MAKERS:
        raise LmcError(f"the RTL printer has no hardware for {op.name}")
    return _MAKERS[type(op)](wires, op, operands)


def _arithmetic(kind: Kind) -> Make:
    def make(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
        within = type_range(op.results[0].type)
        impl = product_kind(op) if isinstance(op, dataflow.MulOp) else None
        return wires.arithmetic(kind, operands, operator_delay(op), within, impl)

    return make


def _index(kind: Kind) -> Make:
    def make(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
        impl = "constant" if kind == "mul" else None
        return wires.arithmetic(kind, operands, operator_delay(op), None, impl)

    return make


def _compare(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    assert isinstance(op, dataflow.CmpOp | arith.CmpiOp)
    if isinstance(op, dataflow.CmpOp):
        predicate = op.predicate.data
    else:
        predicate = _INDEX_PREDICATES[op.predicate.value.data]
    return wires.compare(predicate, operands[0], operands[1], operator_delay(op))


def _select(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    condition, yes, no = operands
    return wires.select(condition, yes, no, operator_delay(op))


def _and(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    both = wires.both(operands[0], operands[1])
    if both is None:
        return wires.constant(1, _CONDITION)
    if both.kind == "and" and both.source is op and not wires.free:
        both.delay = operator_delay(op)
    return both


def _or(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    return wires.either(operands[0], operands[1], operator_delay(op))


def _xor(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    left, right = operands
    for one, other in ((left, right), (right, left)):
        if one.is_constant:
            return wires.opposite(other) if one.number else other
    return wires.make("xor", operands, Range(0, 1), delay=operator_delay(op))


def _cast(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    assert isinstance(op, dataflow.CastOp)
    (node,) = operands
    if not isinstance(op.result.type, IndexType):
        return wires.resize(node, bits_of(op.result.type))
    if INDEX.contains(node.range):
        return node
    # A value that fits no index is undefined.
    return wires.make("resize", (node,), INDEX if node.bits.signed else Range(0, INDEX.high))


def _whole(wires: Wires, op: Operation, position: int, operands: Sequence[Node]) -> Node:
    """An operand in all bits of its type."""
    return wires.resize(operands[position], bits_of(op.operands[position].type))


def _slice(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    word = _whole(wires, op, 0, operands)
    return wires.slice(word, operands[1], bits_of(op.results[0].type), operator_delay(op))


def _insert(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    value, word = _whole(wires, op, 0, operands), _whole(wires, op, 1, operands)
    return wires.insert(value, word, operands[2], operator_delay(op))


def _concat(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    parts = [_whole(wires, op, position, operands) for position in range(len(operands))]
    return wires.concat(parts, bits_of(op.results[0].type))


def _divide(wires: Wires, op: Operation, operands: Sequence[Node]) -> Node:
    value, divisor = operands
    power = divisor.number.bit_length() - 1
    if not divisor.is_constant or divisor.number != 1 << power:
        raise LmcError(
            f"{op.name} by something else than a power of two has no hardware yet: "
            "count in another loop instead"
        )
    if isinstance(op, arith.DivUIOp):
        return wires.arithmetic("shr", (value, wires.constant(power)))
    if value.range.low >= 0 and value.range.high < divisor.number:
        return value
    return wires.resize(value, Bits(power)) if power else wires.constant(0)


def is_index(type_: Attribute) -> bool:
    """Whether a value's type is neither data nor a condition."""
    return not is_data(type_) and type_ != IntegerType(1)


_MAKERS: Mapping[type[Operation], Make] = {
    dataflow.AddOp: _arithmetic("add"),
    dataflow.SubOp: _arithmetic("sub"),
    dataflow.MulOp: _arithmetic("mul"),
    dataflow.MinOp: _arithmetic("min"),
    dataflow.MaxOp: _arithmetic("max"),
    dataflow.NegOp: _arithmetic("neg"),
    dataflow.AbsOp: _arithmetic("abs"),
    dataflow.BitLengthOp: _arithmetic("bit_length"),
    dataflow.ShlOp: _arithmetic("shl"),
    dataflow.ShrOp: _arithmetic("shr"),
    dataflow.RoundShiftSaturateOp: _arithmetic("round_shift_saturate"),
    dataflow.CmpOp: _compare,
    dataflow.SelectOp: _select,
    dataflow.CastOp: _cast,
    dataflow.SliceOp: _slice,
    dataflow.InsertOp: _insert,
    dataflow.ConcatOp: _concat,
    arith.AddiOp: _index("add"),
    arith.SubiOp: _index("sub"),
    arith.MuliOp: _index("mul"),
    arith.DivUIOp: _divide,
    arith.RemUIOp: _divide,
    arith.CmpiOp: _compare,
    arith.SelectOp: _select,
    arith.AndIOp: _and,
    arith.OrIOp: _or,
    arith.XOrIOp: _xor,
}
