"""divisors: no index is divided by what may be 0."""

from collections.abc import Iterator

from xdsl.dialects import arith

from lmc.dataflow.addresses import index_range
from lmc.lint.place import task_of
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    """By a guard or not: analyses, and hardware, divide everywhere."""
    for op in subject.design.walk():
        if isinstance(op, arith.DivUIOp | arith.RemUIOp) and index_range(op.rhs).low < 1:
            yield f"task {task_of(op)}: {op.name} is by what may be 0: divide by 1 or more"


RULE = Rule("divisors", 'docs/dataflow-level.md, "What is undefined"', _check)
