"""What each op without side effects computes: one function of its operands, by op class.

They give the mathematical result. Whether it fits the result's type is for the caller to check:
only `cast` and `round_shift_saturate` see to it themselves.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr
from xdsl.ir import Operation

from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import data_type, type_range
from lmc.reference.limits import UndefinedError, is_boolean, wrapped

Compute: TypeAlias = Callable[[Operation, Sequence[int]], int]

_MAX_AMOUNT = 63
_PREDICATES: Mapping[str, Callable[[int, int], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_INDEX_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")
"""By the number of `arith.cmpi`'s predicate."""


def _binary(function: Callable[[int, int], int]) -> Compute:
    return lambda _op, operands: function(operands[0], operands[1])


def _unary(function: Callable[[int], int]) -> Compute:
    return lambda _op, operands: function(operands[0])


# Data


def _constant(op: Operation, _operands: Sequence[int]) -> int:
    attribute = op.properties["value"]
    if not isinstance(attribute, IntegerAttr):
        raise LmcError(f"{op.name} is an integer, not {attribute}")
    value = attribute.value.data
    return value & 1 if is_boolean(op.results[0].type) else value


def _amount(amount: int) -> int:
    if not 0 <= amount <= _MAX_AMOUNT:
        raise UndefinedError(f"the shift amount {amount} is not 0 to {_MAX_AMOUNT}")
    return amount


def _shift_left(_op: Operation, operands: Sequence[int]) -> int:
    return operands[0] << _amount(operands[1])


def _shift_right(_op: Operation, operands: Sequence[int]) -> int:
    return operands[0] >> _amount(operands[1])


def _round_shift_saturate(op: Operation, operands: Sequence[int]) -> int:
    value, amount = operands[0], _amount(operands[1])
    rounded = (value + (1 << (amount - 1))) >> amount if amount else value
    ends = type_range(op.results[0].type)
    return max(ends.low, min(ends.high, rounded))


def _compare(op: Operation, operands: Sequence[int]) -> int:
    assert isinstance(op, dataflow.CmpOp)
    return int(_PREDICATES[op.predicate.data](operands[0], operands[1]))


def _select(_op: Operation, operands: Sequence[int]) -> int:
    return operands[1] if operands[0] else operands[2]


def _cast(op: Operation, operands: Sequence[int]) -> int:
    type_ = op.results[0].type
    return operands[0] if isinstance(type_, IndexType) else wrapped(operands[0], data_type(type_))


def _bits(value: int, width: int) -> int:
    return value & ((1 << width) - 1)


def _check_part(offset: int, part: int, word: int) -> None:
    if not 0 <= offset <= word - part:
        raise UndefinedError(
            f"bits {offset} to {offset + part - 1} are not in a word of {word} bits"
        )


def _slice(op: Operation, operands: Sequence[int]) -> int:
    assert isinstance(op, dataflow.SliceOp)
    word, offset = operands
    type_ = data_type(op.result.type)
    _check_part(offset, type_.width.data, data_type(op.word.type).width.data)
    return wrapped(word >> offset, type_)


def _insert(op: Operation, operands: Sequence[int]) -> int:
    assert isinstance(op, dataflow.InsertOp)
    value, word, offset = operands
    part, whole = data_type(op.value.type).width.data, data_type(op.word.type)
    _check_part(offset, part, whole.width.data)
    hole = _bits(-1, part) << offset
    return wrapped((word & ~hole) | (_bits(value, part) << offset), whole)


def _concat(op: Operation, operands: Sequence[int]) -> int:
    joined = offset = 0
    for part, value in zip(op.operands, operands, strict=True):
        width = data_type(part.type).width.data
        joined |= _bits(value, width) << offset
        offset += width
    return wrapped(joined, data_type(op.results[0].type))


# Indices and conditions


def _on_index(function: Callable[[int, int], int]) -> Compute:
    def compute(op: Operation, operands: Sequence[int]) -> int:
        if not isinstance(op.results[0].type, IndexType):
            raise LmcError(f"{op.name} is on index, not on {op.results[0].type}")
        return function(operands[0], operands[1])

    return compute


def _bitwise(function: Callable[[int, int], int]) -> Compute:
    """On an index bit by bit in two's complement, on i1 and, or, exclusive or."""

    def compute(op: Operation, operands: Sequence[int]) -> int:
        _check_index_or_boolean(op, 0)
        return function(operands[0], operands[1])

    return compute


def _divide(left: int, right: int) -> int:
    _check_division(left, right)
    return left // right


def _remainder(left: int, right: int) -> int:
    _check_division(left, right)
    return left % right


def _check_division(left: int, right: int) -> None:
    if right == 0:
        raise UndefinedError("division by zero")
    if left < 0 or right < 0:
        raise UndefinedError(f"an unsigned division of {left} by {right}")


def _compare_index(op: Operation, operands: Sequence[int]) -> int:
    assert isinstance(op, arith.CmpiOp)
    number = op.predicate.value.data
    if not 0 <= number < len(_INDEX_PREDICATES):
        raise LmcError(f"{op.name} has no predicate {number}")
    predicate = _INDEX_PREDICATES[number]
    if is_boolean(op.lhs.type):
        if predicate not in ("eq", "ne"):
            raise LmcError(f"{op.name} of i1 is eq or ne, not {predicate}")
    elif not isinstance(op.lhs.type, IndexType):
        raise LmcError(f"{op.name} is on index or i1, not on {op.lhs.type}")
    if predicate.startswith("u") and min(operands) < 0:
        raise UndefinedError(f"an unsigned comparison of {operands[0]} with {operands[1]}")
    return int(_PREDICATES[predicate[-2:]](operands[0], operands[1]))


def _select_index(op: Operation, operands: Sequence[int]) -> int:
    _check_index_or_boolean(op, 1)
    return operands[1] if operands[0] else operands[2]


def _check_index_or_boolean(op: Operation, operand: int) -> None:
    type_ = op.operands[operand].type
    if not isinstance(type_, IndexType) and not is_boolean(type_):
        raise LmcError(f"{op.name} is on index or i1, not on {type_}")


OPERATIONS: Mapping[type[Operation], Compute] = {
    dataflow.ConstantOp: _constant,
    dataflow.AddOp: _binary(operator.add),
    dataflow.SubOp: _binary(operator.sub),
    dataflow.MulOp: _binary(operator.mul),
    dataflow.MinOp: _binary(min),
    dataflow.MaxOp: _binary(max),
    dataflow.NegOp: _unary(operator.neg),
    dataflow.AbsOp: _unary(abs),
    dataflow.BitLengthOp: _unary(int.bit_length),
    dataflow.ShlOp: _shift_left,
    dataflow.ShrOp: _shift_right,
    dataflow.RoundShiftSaturateOp: _round_shift_saturate,
    dataflow.CmpOp: _compare,
    dataflow.SelectOp: _select,
    dataflow.CastOp: _cast,
    dataflow.SliceOp: _slice,
    dataflow.InsertOp: _insert,
    dataflow.ConcatOp: _concat,
    arith.ConstantOp: _constant,
    arith.AddiOp: _on_index(operator.add),
    arith.SubiOp: _on_index(operator.sub),
    arith.MuliOp: _on_index(operator.mul),
    arith.DivUIOp: _on_index(_divide),
    arith.RemUIOp: _on_index(_remainder),
    arith.AndIOp: _bitwise(operator.and_),
    arith.OrIOp: _bitwise(operator.or_),
    arith.XOrIOp: _bitwise(operator.xor),
    arith.CmpiOp: _compare_index,
    arith.SelectOp: _select_index,
}
"""All ops without side effects."""
