"""stream-place: a stream is declared where it is, inside of a kernel or between two."""

from collections.abc import Iterator

from lmc.dialects.dataflow import DesignOp
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    graph = subject.graph
    for name, op in graph.streams.items():
        if not isinstance(op.parent_op(), DesignOp):
            continue
        kernel = graph.producers(name)[0].kernel
        if kernel == graph.consumers(name)[0].kernel:
            yield f"stream {name} joins tasks of kernel {kernel}: declare it there"


RULE = Rule(
    "stream-place", 'UG1393, "Specifying Streaming Connections"', _check, after=("stream-ends",)
)
