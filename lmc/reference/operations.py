"""What each op without side effects computes: one function of its operands, by op class.

They give the mathematical result. Whether it fits the result's type is for the caller to check:
only `cast` and `round_shift_saturate` see to it themselves.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr, i1
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import data_type, type_range
from lmc.reference.limits import UndefinedError, wrapped

Compute: TypeAlias = Callable[[Operation, Sequence[int]], int]

_INDEX = IndexType()
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
    return value & 1 if op.results[0].type == i1 else value


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


def _typed(function: Callable[[int, int], int], type_: Attribute) -> Compute:
    """A binary operation on values of this type only."""

    def compute(op: Operation, operands: Sequence[int]) -> int:
        _check_type(op, op.operands[0], type_)
        return function(operands[0], operands[1])

    return compute


def _check_type(op: Operation, value: SSAValue, *allowed: Attribute) -> None:
    if value.type not in allowed:
        raise LmcError(f"{op.name} is on {' or '.join(map(str, allowed))}, not on {value.type}")


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
    _check_type(op, op.lhs, _INDEX)
    number = op.predicate.value.data
    if not 0 <= number < len(_INDEX_PREDICATES):
        raise LmcError(f"{op.name} has no predicate {number}")
    predicate = _INDEX_PREDICATES[number]
    if predicate.startswith("u") and min(operands) < 0:
        raise UndefinedError(f"an unsigned comparison of {operands[0]} with {operands[1]}")
    return int(_PREDICATES[predicate[-2:]](operands[0], operands[1]))


def _select_index(op: Operation, operands: Sequence[int]) -> int:
    _check_type(op, op.results[0], _INDEX, i1)
    return operands[1] if operands[0] else operands[2]


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
    arith.AddiOp: _typed(operator.add, _INDEX),
    arith.SubiOp: _typed(operator.sub, _INDEX),
    arith.MuliOp: _typed(operator.mul, _INDEX),
    arith.DivUIOp: _typed(_divide, _INDEX),
    arith.RemUIOp: _typed(_remainder, _INDEX),
    arith.AndIOp: _typed(operator.and_, i1),
    arith.OrIOp: _typed(operator.or_, i1),
    arith.XOrIOp: _typed(operator.xor, i1),
    arith.CmpiOp: _compare_index,
    arith.SelectOp: _select_index,
}
"""All ops without side effects."""
