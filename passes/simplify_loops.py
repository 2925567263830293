"""simplify-loops: no loop is left that has one iteration, or none, and no idle arithmetic."""

from dataclasses import dataclass, replace

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects import scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern
from xdsl.transforms.canonicalization_patterns.scf import (
    IfPropagateConstantCondition,
    SimplifyTrivialLoops,
)
from xdsl.transforms.dead_code_elimination import RemoveUnusedOperations

from lmc.dataflow.addresses import flattened_nest
from lmc.dataflow.canonical import CANONICAL
from lmc.dataflow.graph import refuse_flat, stream_accesses
from lmc.dialects.dataflow import (
    DesignOp,
    LoopMode,
    constant_value,
    is_pipelined,
    loop_of,
    set_loop,
)
from lmc.ir.pass_base import Effect, LmcPass
from lmc.ir.rewriting import rewrite


@dataclass(frozen=True)
class SimplifyLoops(LmcPass):
    """Replaces loops of one iteration by their bodies, and loops of none by what they begin with.

    HLS tools unroll such a loop, and what it says about itself is lost. Where one is the pipelined
    end of a perfect nest, the loop around it becomes the pipeline: the iterations are the same.
    Arithmetic becomes canonical, with what is constant once counters are gone: nothing is added to
    0, shifted by 0 or compared with `true`, and branches that are decided go.
    """

    name = "simplify-loops"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError for a flat design."""
        for design in op.ops:
            if isinstance(design, DesignOp):
                refuse_flat(design)
                patterns = [
                    _SimplifyKeepingPipelines(),
                    *CANONICAL,
                    _DecidedBranch(),
                    RemoveUnusedOperations(),
                ]
                rewrite(design.body, patterns)


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
