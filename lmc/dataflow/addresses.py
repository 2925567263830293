"""Addresses as sums of multiples of loop counters, and when two iterations may use the same one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xdsl.dialects import arith, scf
from xdsl.ir import Block, Operation, SSAValue

from lmc.dialects.dataflow import (
    CastOp,
    Range,
    constant_value,
    is_data,
    is_pipelined,
    is_unrolled,
    loop_of,
    operand_range,
)

Affine: TypeAlias = dict[SSAValue, int]
"""Coefficients by loop counter."""


def affine(value: SSAValue) -> Affine | None:
    """The coefficients of an index expression, its constant left out; None if it is no such sum."""
    if constant_value(value) is not None:
        return {}
    op = value.owner
    if isinstance(op, Block):
        return {value: 1} if isinstance(op.parent_op(), scf.ForOp) else None
    if isinstance(op, arith.AddiOp | arith.SubiOp):
        left, right = affine(op.lhs), affine(op.rhs)
        if left is None or right is None:
            return None
        sign = 1 if isinstance(op, arith.AddiOp) else -1
        keys = dict.fromkeys([*left, *right])
        return {key: left.get(key, 0) + sign * right.get(key, 0) for key in keys}
    if isinstance(op, arith.MuliOp):
        return _scaled(op.lhs, op.rhs) or _scaled(op.rhs, op.lhs)
    return None


def _scaled(value: SSAValue, factor: SSAValue) -> Affine | None:
    known, sum_ = constant_value(factor), affine(value)
    if known is None or sum_ is None:
        return None
    return {key: known * coefficient for key, coefficient in sum_.items()}


def index_range(value: SSAValue) -> Range:
    """Bounds of an index expression: constants, counters, data, choices, arithmetic on them."""
    known = constant_value(value)
    if known is not None:
        return Range(known, known)
    op = value.owner
    if isinstance(op, Block):
        loop = op.parent_op()
        if isinstance(loop, scf.ForOp) and op.args[0] is value:
            return Range(0, max(0, index_range(loop.ub).high - 1))
        return _ANY
    if isinstance(op, arith.SelectOp):
        left, right = index_range(op.lhs), index_range(op.rhs)
        return Range(min(left.low, right.low), max(left.high, right.high))
    if isinstance(op, arith.AddiOp):
        left, right = index_range(op.lhs), index_range(op.rhs)
        return Range(left.low + right.low, left.high + right.high)
    if isinstance(op, arith.MuliOp):
        left, right = index_range(op.lhs), index_range(op.rhs)
        return Range(left.low * right.low, left.high * right.high)
    if isinstance(op, arith.RemUIOp) and (divisor := constant_value(op.rhs)):
        return Range(0, min(index_range(op.lhs).high, divisor - 1))
    if isinstance(op, arith.DivUIOp) and (divisor := constant_value(op.rhs)):
        values = index_range(op.lhs)
        return Range(values.low // divisor, values.high // divisor)
    if isinstance(op, CastOp) and is_data(op.operand.type):
        values = operand_range(op.operand)
        return Range(max(values.low, 0), min(max(values.high, 0), _ANY.high))
    return _ANY


_ANY = Range(0, 2**31 - 1)


def is_static(value: SSAValue) -> bool:
    """Whether a value is a constant once loops are unrolled: made of constants and lane numbers."""
    if constant_value(value) is not None:
        return True
    op = value.owner
    if isinstance(op, Block):
        return value is op.args[0] and is_unrolled(op.parent_op())
    return isinstance(op, _FOLDED) and all(is_static(operand) for operand in op.operands)


_FOLDED = (
    arith.AddiOp,
    arith.SubiOp,
    arith.MuliOp,
    arith.DivUIOp,
    arith.RemUIOp,
    arith.CmpiOp,
    arith.SelectOp,
    CastOp,
)


@dataclass(frozen=True)
class Nest:
    """A pipelined loop and the loops around it that it is flattened with, outermost first."""

    loops: tuple[scf.ForOp, ...]

    @property
    def counters(self) -> tuple[SSAValue, ...]:
        """The loops' counters."""
        return tuple(loop.body.block.args[0] for loop in self.loops)


def flattened_nest(loop: scf.ForOp) -> Nest:
    """The perfect nest that ends in a pipelined loop: only index arithmetic between its loops.

    No loop but the outermost can be empty: each round of all counters is an iteration. A loop in
    each round of which the pipeline drains is not in the nest.
    """
    loops = [loop]
    if loop.iter_args:
        return Nest(tuple(loops))
    while index_range(loops[0].ub).low > 0:
        parent = loop_right_around(loops[0])
        if parent is None or parent.iter_args or loop_of(parent).drains:
            break
        loops.insert(0, parent)
    return Nest(tuple(loops))


def loop_right_around(loop: scf.ForOp) -> scf.ForOp | None:
    """The loop that holds nothing but this one and index arithmetic; None where there is none."""
    parent = loop.parent_op()
    if not isinstance(parent, scf.ForOp):
        return None
    others = (op for op in parent.body.block.ops if op is not loop)
    return parent if all(_between(op) for op in others) else None


def nest_around(loop: scf.ForOp) -> Nest | None:
    """The nest that a loop is flattened into, itself not the pipelined one of it; None: in none."""
    for op in loop.walk():
        if op is not loop and is_pipelined(op):
            nest = flattened_nest(op)
            return nest if loop in nest.loops else None
    return None


def _between(op: Operation) -> bool:
    return isinstance(op, scf.YieldOp) or op.name.startswith("arith.")


def differ_now(first: Sequence[SSAValue], second: Sequence[SSAValue]) -> bool:
    """Whether two places of a buffer are surely different in one iteration."""
    return any(_offset(a, b) not in (0, None) for a, b in zip(first, second, strict=True))


def differ_always(first: Sequence[SSAValue], second: Sequence[SSAValue]) -> bool:
    """Whether two places are surely different whatever iterations they are of (the gcd test)."""
    for a, b in zip(first, second, strict=True):
        offset, form = _offset(a, b), affine(a)
        if not offset or form is None:
            continue
        step = math.gcd(*form.values())
        if step == 0 or offset % step:
            return True
    return False


def _offset(first: SSAValue, second: SSAValue) -> int | None:
    """The constant difference of two index expressions; None when it is not constant."""
    forms, constants = (
        (affine(first), affine(second)),
        (_constant_part(first), _constant_part(second)),
    )
    if forms[0] is None or forms[0] != forms[1] or None in constants:
        return None
    assert constants[0] is not None
    assert constants[1] is not None
    return constants[1] - constants[0]


def carried_distance(
    nest: Nest, stored: Sequence[SSAValue], loaded: Sequence[SSAValue]
) -> int | None:
    """Iterations of the nest between a store and a later load of the same place, at the least.

    None when no later iteration of the nest uses the place again. 1 when that can't be told.
    """
    if differ_always(stored, loaded):
        return None
    forms = [affine(index) for index in stored]
    ahead = _iterations_ahead(nest, stored, loaded)
    if ahead is None or any(form is None for form in forms):
        return 1
    if ahead < 0:
        return -ahead
    covered: set[SSAValue] = set()
    for form in forms:
        assert form is not None
        if not _injective(form):
            return 1
        covered |= {key for key, coefficient in form.items() if coefficient}
    distance = 1
    for loop in reversed(nest.loops):
        if loop.body.block.args[0] not in covered:
            return max(1, distance - ahead)
        distance *= max(1, index_range(loop.ub).low)
    return None


def _iterations_ahead(
    nest: Nest, stored: Sequence[SSAValue], loaded: Sequence[SSAValue]
) -> int | None:
    """By how many iterations of the innermost loop loads are ahead of stores; None: not constant.

    Zero where both are at the same place in an iteration. All indices have to agree on it.
    """
    counter, found = nest.counters[-1], set[int]()
    for a, b in zip(stored, loaded, strict=True):
        offset, form = 0 if a is b else _offset(a, b), affine(a)
        if offset == 0:
            found |= {0} if form is not None and form.get(counter) else set[int]()
            continue
        if offset is None or form is None or form.keys() != {counter} or offset % form[counter]:
            return None
        found.add(offset // form[counter])
    return None if len(found) > 1 else sum(found)


def _constant_part(value: SSAValue) -> int | None:
    """The constant of an affine expression; None where it is none."""
    known = constant_value(value)
    if known is not None:
        return known
    op = value.owner
    if isinstance(op, Block):
        return 0
    if isinstance(op, arith.AddiOp | arith.SubiOp):
        left, right = _constant_part(op.lhs), _constant_part(op.rhs)
        if left is None or right is None:
            return None
        return left + right if isinstance(op, arith.AddiOp) else left - right
    if isinstance(op, arith.MuliOp):
        left, right = _constant_part(op.lhs), _constant_part(op.rhs)
        return None if left is None or right is None else left * right
    return None


def _injective(form: Mapping[SSAValue, int]) -> bool:
    """Whether different counters always give different sums (a number in a mixed radix)."""
    reach = 0
    used = [item for item in form.items() if item[1] != 0]
    for counter, coefficient in sorted(used, key=lambda item: item[1]):
        if coefficient <= reach:
            return False
        reach += coefficient * index_range(counter).high
    return True
