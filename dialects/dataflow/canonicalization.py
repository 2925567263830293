"""Canonical forms of data arithmetic, by what each op says of itself (`Reducible`)."""

from typing_extensions import override
from xdsl.dialects import arith
from xdsl.dialects.builtin import BoolAttr, IntegerType, i1
from xdsl.ir import Operation
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern

from lmc.dialects.dataflow.arithmetic import ConstantOp
from lmc.dialects.dataflow.traits import Reducible
from lmc.dialects.dataflow.words import CastOp


class Reduce(RewritePattern):
    """An op whose result is known is a constant, or the operand that it equals.

    An operand of another type is cast, which is what the op does to it.
    """

    @override
    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        assert isinstance(op, Reducible)
        known, type_ = op.reduced(), op.results[0].type
        if known is None:
            return
        if not isinstance(known, int) and known.type == type_:
            rewriter.replace(op, (), (known,))
            return
        new: Operation
        if not isinstance(known, int):
            new = CastOp(known, type_)
        elif type_ == i1:
            new = arith.ConstantOp(BoolAttr.from_bool(bool(known)))
        else:
            assert isinstance(type_, IntegerType)
            new = ConstantOp(known, type_)
        new.location = op.location
        rewriter.replace(op, new)
