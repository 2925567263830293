"""The value of an index or i1 expression, for given counters and scalars.

Counters may be numpy arrays: the result is then an array, one element for each counter value. What
depends on data (stream elements, memory) has no value here.
"""

import operator
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.dialects import dataflow
from lmc.dialects.dataflow import constant_value, is_signed

Number: TypeAlias = int | npt.NDArray[np.int64]
Environment: TypeAlias = Mapping[SSAValue, Number]
Apply: TypeAlias = Callable[..., Number]


def _select(condition: Number, if_true: Number, if_false: Number) -> Number:
    if isinstance(condition, int):
        return if_true if condition else if_false
    return np.where(condition != 0, if_true, if_false)


def _compare(predicate: Apply, left: Number, right: Number) -> Number:
    result = predicate(left, right)
    return int(result) if isinstance(result, bool) else np.asarray(result, dtype=np.int64)


def _wrap(type_: Attribute, value: Number) -> Number:
    if not isinstance(type_, IntegerType):
        return value
    width = type_.width.data
    low = value & ((1 << width) - 1)
    if not is_signed(type_):
        return low
    half = 1 << (width - 1)
    return (low ^ half) - half


_PREDICATES: tuple[Apply, ...] = (
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
)
_APPLY: Mapping[type[Operation], Apply] = {
    arith.AddiOp: operator.add,
    arith.SubiOp: operator.sub,
    arith.MuliOp: operator.mul,
    arith.DivUIOp: operator.floordiv,
    arith.RemUIOp: operator.mod,
    arith.AndIOp: operator.and_,
    arith.OrIOp: operator.or_,
    arith.XOrIOp: operator.xor,
    arith.SelectOp: _select,
    dataflow.SelectOp: _select,
    dataflow.AddOp: operator.add,
    dataflow.SubOp: operator.sub,
    dataflow.MulOp: operator.mul,
}


_BOOL = IntegerType(1)


def evaluate(value: SSAValue, environment: Environment) -> Number | None:
    """The value of an expression; None where it depends on something that is not known."""
    return _evaluate(value, environment, {})


def _evaluate(
    value: SSAValue, environment: Environment, done: dict[SSAValue, Number | None]
) -> Number | None:
    if value in environment:
        return environment[value]
    if value not in done:
        done[value] = _compute(value, environment, done)
    return done[value]


def _compute(
    value: SSAValue, environment: Environment, done: dict[SSAValue, Number | None]
) -> Number | None:
    op = value.owner
    if not isinstance(op, Operation):
        return None
    known = constant_value(value)
    if known is not None:
        return abs(known) if value.type == _BOOL else known
    apply = _function(op)
    if apply is None:
        return None
    operands = [_evaluate(operand, environment, done) for operand in op.operands]
    return None if any(operand is None for operand in operands) else apply(*operands)


def _function(op: Operation) -> Apply | None:
    if isinstance(op, arith.CmpiOp):
        # Indices are never negative: predicates 6 to 9, the unsigned ones, mean 2 to 5.
        predicate = op.predicate.value.data
        return partial(_compare, _PREDICATES[predicate if predicate < 6 else predicate - 4])
    if isinstance(op, dataflow.CmpOp):
        return partial(_compare, _PREDICATES[dataflow.COMPARISONS.index(op.predicate.data)])
    if isinstance(op, dataflow.CastOp):
        return partial(_wrap, op.result.type)
    return _APPLY.get(type(op))


def leaves(value: SSAValue) -> frozenset[SSAValue]:
    """The block arguments and the results of data-dependent ops that an expression is made of."""
    found: set[SSAValue] = set()
    seen: set[SSAValue] = set()
    pending = [value]
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        op = current.owner
        if not isinstance(op, Operation) or (
            constant_value(current) is None and _function(op) is None
        ):
            found.add(current)
            continue
        pending.extend(op.operands)
    return frozenset(found)
