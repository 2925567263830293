"""cpp-numbers: places, lengths and constants are numbers that the printed C++ can hold."""

from collections.abc import Iterator

from xdsl.ir import Operation

from lmc.dialects.dataflow import BankOp, ConstantOp, StreamOp
from lmc.lint.place import task_of
from lmc.lint.rule import Rule, Subject

_INT = 2**31 - 1
"""The largest int, which places and lengths are in C++."""

_LONG_LONG = 2**63 - 1
"""The largest number that C++ can write."""


def _check(subject: Subject) -> Iterator[str]:
    for op in subject.design.walk():
        yield from _faults(op)


def _faults(op: Operation) -> Iterator[str]:
    if isinstance(op, BankOp):
        if op.words.value.data > _INT:
            yield (
                f"bank {op.sym_name.data} has {op.words.value.data} words: {_INT} are allowed, "
                "so cut it"
            )
    elif isinstance(op, StreamOp):
        if op.depth is not None and op.depth.value.data > _INT:
            yield f"stream {op.sym_name.data} has depth {op.depth.value.data}: {_INT} is allowed"
    elif isinstance(op, ConstantOp) and abs(op.value.value.data) > _LONG_LONG:
        yield (
            f"task {task_of(op)}: {op.name} {op.value.value.data} has more than 63 "
            "bits: join smaller ones with dataflow.concat"
        )


RULE = Rule("cpp-numbers", "assumed: int has 32 bits and long long 64", _check)
