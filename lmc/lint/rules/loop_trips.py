"""loop-trips: a loop whose trip count is constant has two iterations at least."""

from collections.abc import Iterator

from xdsl.dialects import scf

from lmc.dialects.dataflow import constant_value, loop_of
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    """Only of a design that has been scheduled: before that simplify-loops may still come."""
    loops = [op for op in subject.design.walk() if isinstance(op, scf.ForOp)]
    if all(loop_of(op).ii is None for op in loops):
        return
    for op in loops:
        trips = constant_value(op.ub)
        if trips is not None and trips < 2:
            count = "no iteration" if trips < 1 else "one iteration"
            yield (
                f"loop {loop_of(op).label} has {count}: tools remove it, and what it says about "
                "itself is lost, so run simplify-loops"
            )


RULE = Rule("loop-trips", "assumed: HLS unrolls a loop of one iteration", _check)
