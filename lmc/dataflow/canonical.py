"""Canonical forms of a task's arithmetic: what has no effect goes, what is known is a constant.

Ops of the dialect say themselves what they come down to. Patterns of `arith` are xDSL's, as far as
an index allows them: its constants are not negative. Where loops count it has a range.
"""

from collections.abc import Callable, Mapping

from typing_extensions import override
from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import BoolAttr, IndexType, IntegerAttr, i1
from xdsl.ir import Block, Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern
from xdsl.traits import HasCanonicalizationPatternsTrait, Pure
from xdsl.transforms.canonicalization_patterns.arith import (
    SignlessIntegerBinaryOperationZeroOrUnitRight,
)

from lmc.dataflow.evaluate import evaluate
from lmc.dataflow.implementations import in_cascade
from lmc.dialects.dataflow import (
    AddOp,
    BufferOp,
    CastOp,
    CmpOp,
    MulOp,
    Range,
    SubOp,
    constant_value,
    is_data,
    loop_of,
    operand_range,
    type_range,
)
from lmc.dialects.dataflow.arithmetic import OPPOSITES, compared
from lmc.ir.rewriting import apply

_PREDICATES = ("eq", "ne", "lt", "le", "gt", "ge", "lt", "le", "gt", "ge")
"""By the number of arith.cmpi's predicate: an index has no sign."""
_OPPOSITE_NUMBERS = (1, 0, 5, 4, 3, 2, 9, 8, 7, 6)


class _Own(RewritePattern):
    """The patterns that pure ops offer, but for two.

    A difference of constants may be no index, and the product of a cascade has to stay one.
    """

    @override
    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not op.has_trait(Pure) or (isinstance(op, MulOp) and in_cascade(op)):
            return
        if isinstance(op, arith.SubiOp):
            apply(SignlessIntegerBinaryOperationZeroOrUnitRight(), op, rewriter)
            return
        for trait in op.get_traits_of_type(HasCanonicalizationPatternsTrait):
            for pattern in trait.get_patterns(type(op)):
                apply(pattern, op, rewriter)
                if rewriter.has_done_action:
                    return


class _Known(RewritePattern):
    """Indices and conditions whose value is known, and is one that a constant can have."""

    @override
    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if len(op.results) != 1 or isinstance(op, arith.ConstantOp) or op.regions:
            return
        type_ = op.results[0].type
        if type_ == i1 and (known := _condition(op)) is not None:
            rewriter.replace(op, arith.ConstantOp(BoolAttr.from_bool(bool(known))))
        elif isinstance(type_, IndexType) and (known := _index(op.results[0])) is not None:
            rewriter.replace(op, arith.ConstantOp(IntegerAttr.from_index_int_value(known)))


def _index(value: SSAValue) -> int | None:
    """The number that an index surely is."""
    known = evaluate(value, {})
    if isinstance(known, int):
        return known if type_range(value.type).contains(Range(known, known)) else None
    values = _range(value)
    is_one = values.low == values.high and type_range(value.type).contains(values)
    return values.low if is_one else None


def _condition(op: Operation) -> int | None:
    """Whether a condition surely holds (1), or surely does not (0)."""
    known = evaluate(op.results[0], {})
    if isinstance(known, int):
        return known
    if not isinstance(op, arith.CmpiOp):
        return None
    predicate = _PREDICATES[op.predicate.value.data]
    return compared(predicate, _range(op.lhs), _range(op.rhs))


def _range(value: SSAValue) -> Range:
    """All that an index may be, negative numbers too; `index_range` leaves those out."""
    known = constant_value(value)
    if known is not None:
        return Range(known, known)
    op = value.owner
    if isinstance(op, Block):
        loop = op.parent_op()
        if not isinstance(loop, scf.ForOp) or op.args[0] is not value:
            return _ANY
        return Range(0, max(0, _range(loop.ub).high - 1))
    if isinstance(op, CastOp) and is_data(op.operand.type):
        return operand_range(op.operand)
    if isinstance(op, arith.SelectOp):
        left, right = _range(op.lhs), _range(op.rhs)
        return Range(min(left.low, right.low), max(left.high, right.high))
    if isinstance(op, arith.DivUIOp | arith.RemUIOp):
        return _divided(op)
    combine = _COMBINED.get(type(op))
    return _ANY if combine is None else combine(*map(_range, op.operands))


def _divided(op: arith.DivUIOp | arith.RemUIOp) -> Range:
    """The range of a quotient or a remainder, of operands that are not negative."""
    divisor, values = constant_value(op.rhs), _range(op.lhs)
    if not divisor:
        return _ANY
    if isinstance(op, arith.RemUIOp):
        return Range(0, max(0, min(values.high, divisor - 1)))
    return Range(max(0, values.low) // divisor, max(0, values.high) // divisor)


_ANY = Range(-(2**31), 2**31 - 1)
_COMBINED: Mapping[type[Operation], Callable[[Range, Range], Range]] = {
    arith.AddiOp: AddOp.combine,
    arith.SubiOp: SubOp.combine,
    arith.MuliOp: MulOp.combine,
}


class _RemainderOfLess(RewritePattern):
    """x mod n, of an x that is less than n."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: arith.RemUIOp, rewriter: PatternRewriter) -> None:
        divisor = constant_value(op.rhs)
        if divisor is not None and _range(op.lhs).high < divisor:
            rewriter.replace(op, (), (op.lhs,))


class _SumOfConstants(RewritePattern):
    """(x + a) + b and (x · a) · b, with one constant."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: arith.AddiOp | arith.MuliOp, rewriter: PatternRewriter) -> None:
        inner = op.lhs.owner
        if not isinstance(inner, type(op)):
            return
        first, second = constant_value(inner.rhs), constant_value(op.rhs)
        if first is None or second is None:
            return
        both = first + second if isinstance(op, arith.AddiOp) else first * second
        if not type_range(op.result.type).contains(Range(both, both)):
            return
        constant = arith.ConstantOp(IntegerAttr.from_index_int_value(both))
        new = type(op)(inner.lhs, constant)
        new.location = op.location
        rewriter.replace(op, (constant, new))


class _Opposite(RewritePattern):
    """The opposite of a comparison that nothing else uses, and of an opposite."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: arith.XOrIOp, rewriter: PatternRewriter) -> None:
        if op.result.type != i1 or not constant_value(op.rhs):
            return
        inner = op.lhs.owner
        if isinstance(inner, arith.XOrIOp) and constant_value(inner.rhs):
            rewriter.replace(op, (), (inner.lhs,))
            return
        if not op.lhs.has_one_use():
            return
        new: Operation
        if isinstance(inner, arith.CmpiOp):
            predicate = _OPPOSITE_NUMBERS[inner.predicate.value.data]
            new = arith.CmpiOp(inner.lhs, inner.rhs, predicate)
        elif isinstance(inner, CmpOp):
            new = CmpOp(OPPOSITES[inner.predicate.data], inner.lhs, inner.rhs)
        else:
            return
        new.location = op.location
        rewriter.replace(op, new)


class _AllOrNothing(RewritePattern):
    """A condition and one that always holds."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: arith.AndIOp | arith.OrIOp, rewriter: PatternRewriter) -> None:
        if op.lhs is op.rhs:
            rewriter.replace(op, (), (op.lhs,))
            return
        for known, other in ((op.lhs, op.rhs), (op.rhs, op.lhs)):
            if constant_value(known):
                is_and = isinstance(op, arith.AndIOp)
                rewriter.replace(op, (), (other if is_and else known,))
                return


class _ChoiceOfChoice(RewritePattern):
    """A choice whose other value is a choice too, when one of the two is idle.

    c ? a : (c ? b : d) is c ? a : d, and (x = 0) ? a : ((x = 1) ? b : a) is (x = 1) ? b : a. Where
    both choose the same, c ? a : (d ? a : b), it is one choice, of a where c or d holds.
    """

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: arith.SelectOp, rewriter: PatternRewriter) -> None:
        inner = op.rhs.owner
        if not isinstance(inner, arith.SelectOp):
            return
        if inner.cond is op.cond:
            new = arith.SelectOp(op.cond, op.lhs, inner.rhs)
            new.location = op.location
            rewriter.replace(op, new)
        elif _is_same(op.lhs, inner.rhs) and _exclude_each_other(op.cond, inner.cond):
            rewriter.replace(op, (), (inner.result,))
        elif _is_same(op.lhs, inner.lhs) and inner.result.has_one_use():
            either = arith.OrIOp(op.cond, inner.cond)
            new = arith.SelectOp(either, op.lhs, inner.rhs)
            new.location = either.location = op.location
            rewriter.replace(op, (either, new))


def _is_same(first: SSAValue, second: SSAValue) -> bool:
    """Whether two values are one, or one constant."""
    known = constant_value(first)
    return first is second or (known is not None and known == constant_value(second))


def _exclude_each_other(first: SSAValue, second: SSAValue) -> bool:
    """Whether one value is compared with two constants."""
    one, other = first.owner, second.owner
    if not isinstance(one, arith.CmpiOp) or not isinstance(other, arith.CmpiOp):
        return False
    are_equalities = one.predicate.value.data == other.predicate.value.data == 0
    numbers = constant_value(one.rhs), constant_value(other.rhs)
    differ = None not in numbers and numbers[0] != numbers[1]
    return are_equalities and one.lhs is other.lhs and differ


class _Alternatives(RewritePattern):
    """A branch for a condition, then one for its opposite: the two sides of one branch."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: scf.IfOp, rewriter: PatternRewriter) -> None:
        before = op.prev_op
        while before is not None and before.has_trait(Pure):
            before = before.prev_op
        if not isinstance(before, scf.IfOp) or _opposite_of(op.cond) is not before.cond:
            return
        if not _is_one_sided(before) or not _is_one_sided(op):
            return
        first, second = (
            rewriter.move_region_contents_to_new_regions(one.true_region) for one in (before, op)
        )
        new = scf.IfOp(before.cond, (), first, second)
        new.location = before.location
        rewriter.replace(op, new)
        rewriter.erase(before)


def _is_one_sided(op: scf.IfOp) -> bool:
    return not op.results and not op.false_region.blocks


def _opposite_of(value: SSAValue) -> SSAValue | None:
    """The condition of which this one is the opposite."""
    op = value.owner
    is_opposite = isinstance(op, arith.XOrIOp) and constant_value(op.rhs)
    return op.operands[0] if isinstance(op, Operation) and is_opposite else None


class _Unread(RewritePattern):
    """A buffer that nothing is loaded from, and what is stored in it."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: BufferOp, rewriter: PatternRewriter) -> None:
        stores = [use.operation for use in op.result.uses]
        if any(not isinstance(store, memref.StoreOp) for store in stores):
            return
        if not _is_scheduled(op):
            for store in stores:
                rewriter.erase(store)
            rewriter.erase(op)


def _is_scheduled(op: BufferOp) -> bool:
    """Whether a loop of the task says something about a buffer."""
    task = op.parent_op()
    loops = [] if task is None else [one for one in task.walk() if isinstance(one, scf.ForOp)]
    return any(op.sym_name.data in loop_of(one).independent for one in loops)


CANONICAL: tuple[RewritePattern, ...] = (
    _Known(),
    _Own(),
    _RemainderOfLess(),
    _SumOfConstants(),
    _Opposite(),
    _AllOrNothing(),
    _ChoiceOfChoice(),
    _Alternatives(),
    _Unread(),
)
"""All patterns, for a greedy rewriter."""
