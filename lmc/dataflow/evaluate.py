"""The value of an index or i1 expression, for given counters and scalars.

Counters may be numpy arrays: the result is then an array, one element for each counter value. What
depends on data (stream elements, memory) has no value here.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
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
    return Expression(value).evaluate(environment)


class Expression:
    """What a value is made of, looked at once so that it can be evaluated many times.

    `leaves` are the block arguments and the results of data-dependent ops in it.
    """

    def __init__(self, value: SSAValue):
        self.leaves: tuple[SSAValue, ...]
        self._constants: list[Number] = []
        self._steps: list[tuple[Apply, list[int]]] = []
        found = _made_of(value)
        constants = {each: known for each, known in found.items() if isinstance(known, int)}
        self.leaves = tuple(each for each, made in found.items() if made is None)
        self._constants = list(constants.values())
        places = {each: place for place, each in enumerate((*constants, *self.leaves))}
        for each, made in found.items():
            if made is not None and not isinstance(made, int):
                apply, operands = made
                self._steps.append((apply, [places[operand] for operand in operands]))
                places[each] = len(places)
        self._place = places[value]

    def evaluate(self, environment: Environment) -> Number | None:
        """The value; None where a leaf is not in the environment."""
        numbers = self._constants.copy()
        for leaf in self.leaves:
            number = environment.get(leaf)
            if number is None:
                return None
            numbers.append(number)
        for apply, operands in self._steps:
            numbers.append(apply(*[numbers[operand] for operand in operands]))
        return numbers[self._place]


_Made: TypeAlias = int | tuple[Apply, Sequence[SSAValue]] | None
"""A constant, what is computed from other values, or a leaf."""


def _made_of(value: SSAValue) -> dict[SSAValue, _Made]:
    """How each value in an expression is made, operands first."""
    found: dict[SSAValue, _Made] = {}

    def visit(one: SSAValue) -> None:
        if one not in found:
            made = _making(one)
            if isinstance(made, tuple):
                for operand in made[1]:
                    visit(operand)
            found[one] = made

    visit(value)
    return found


def _making(value: SSAValue) -> _Made:
    op = value.owner
    if not isinstance(op, Operation):
        return None
    known = constant_value(value)
    if known is not None:
        return abs(known) if value.type == _BOOL else known
    apply = _function(op)
    return None if apply is None else (apply, op.operands)


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
