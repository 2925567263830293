"""simplify-loops: no loop is left that has one iteration, or none."""

from dataclasses import dataclass, replace

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr, ModuleOp, i1
from xdsl.ir import Operation
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.transforms.canonicalization_patterns.arith import (
    SignlessIntegerBinaryOperationConstantProp,
    SignlessIntegerBinaryOperationZeroOrUnitRight,
)
from xdsl.transforms.canonicalization_patterns.scf import (
    IfPropagateConstantCondition,
    SimplifyTrivialLoops,
)
from xdsl.transforms.dead_code_elimination import RemoveUnusedOperations

from lmc.dataflow.addresses import flattened_nest
from lmc.dataflow.evaluate import evaluate
from lmc.dataflow.graph import refuse_flat, stream_accesses
from lmc.dialects.dataflow import (
    DesignOp,
    LoopMode,
    Range,
    SelectOp,
    constant_value,
    is_pipelined,
    loop_of,
    set_loop,
    type_range,
)
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class SimplifyLoops(LmcPass):
    """Replaces loops of one iteration by their bodies, and loops of none by what they begin with.

    HLS tools unroll such a loop, and what it says about itself is lost. Where one is the pipelined
    end of a perfect nest, the loop around it becomes the pipeline: the iterations are the same.
    What is constant once its counter is gone is replaced: indices, conditions, branches.
    """

    name = "simplify-loops"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError for a flat design."""
        for design in op.ops:
            if isinstance(design, DesignOp):
                refuse_flat(design)
                patterns = GreedyRewritePatternApplier(
                    [
                        _SimplifyKeepingPipelines(),
                        _ConstantOfCounters(),
                        _WithoutConstants(),
                        _SelectConstant(),
                        _DecidedBranch(),
                        RemoveUnusedOperations(),
                    ]
                )
                PatternRewriteWalker(patterns).rewrite_region(design.body)


class _SimplifyKeepingPipelines(RewritePattern):
    """xDSL's pattern for trivial loops, which knows nothing of pipelines."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: scf.ForOp, rewriter: PatternRewriter) -> None:
        nest = flattened_nest(op).loops if is_pipelined(op) else ()
        loop = loop_of(op)
        SimplifyTrivialLoops().match_and_rewrite(op, rewriter)
        if op.parent is None and len(nest) > 1:
            around = replace(loop_of(nest[-2]), mode=LoopMode.PIPELINE)
            set_loop(nest[-2], replace(around, requested_ii=loop.requested_ii))


class _ConstantOfCounters(RewritePattern):
    """Indices and conditions whose value is known, and is one that a constant can have."""

    @override
    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if len(op.results) != 1 or isinstance(op, arith.ConstantOp):
            return
        type_ = op.results[0].type
        if not isinstance(type_, IndexType) and type_ != i1:
            return
        known = evaluate(op.results[0], {})
        if not isinstance(known, int):
            return
        if type_ == i1:
            rewriter.replace(op, arith.ConstantOp(IntegerAttr(known, i1)))
        elif type_range(type_).contains(Range(known, known)):
            rewriter.replace(op, arith.ConstantOp(IntegerAttr.from_index_int_value(known)))


class _WithoutConstants(RewritePattern):
    """Sums with 0 and products with 1 or 0."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: arith.AddiOp | arith.MuliOp, rewriter: PatternRewriter) -> None:
        # The first puts a constant to the right, where the second looks for it.
        for pattern in (
            SignlessIntegerBinaryOperationConstantProp(),
            SignlessIntegerBinaryOperationZeroOrUnitRight(),
        ):
            if op.parent is not None:
                pattern.match_and_rewrite(op, rewriter)


class _DecidedBranch(RewritePattern):
    """A branch that is decided, unless a stream would lose its end with the other one.

    With one layer nothing goes around to a next one: that stream carries nothing, and stays.
    """

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: scf.IfOp, rewriter: PatternRewriter) -> None:
        known = constant_value(op.cond)
        if known is None:
            return
        dropped = op.false_region if known else op.true_region
        if not any(True for inner in dropped.walk() for _ in stream_accesses(inner)):
            IfPropagateConstantCondition().match_and_rewrite(op, rewriter)


class _SelectConstant(RewritePattern):
    """A choice that is made."""

    @op_type_rewrite_pattern
    @override
    def match_and_rewrite(self, op: SelectOp, rewriter: PatternRewriter) -> None:
        known = constant_value(op.condition)
        if known is not None:
            rewriter.replace(op, (), (op.if_true if known else op.if_false,))
