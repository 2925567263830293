"""What is printed exactly: all else is refused before the first line is written."""

from collections.abc import Iterator

from xdsl.ir import Operation
from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, ConstantOp, DesignOp, StreamOp, TaskOp
from lmc.ir.text import one_line

_INT = 2**31 - 1
"""The largest int, which places and lengths are in C++."""

_LONG_LONG = 2**63 - 1
"""The largest number that C++ can write."""


def check_printable(design: DesignOp) -> None:
    """LmcError when a design does not verify, or says what its C++ could not say.

    The verifiers refuse what the printer does not know: other ops, types, attributes and names.
    What is left are sizes: words of ports that no AXI port has, and numbers too large for C++.
    """
    try:
        design.verify()
    except VerifyException as error:
        raise LmcError(
            f"design {design.sym_name.data} can't be printed: {one_line(error)}"
        ) from error
    for op in design.walk():
        for fault in _faults(op):
            raise LmcError(f"design {design.sym_name.data} can't be printed: {fault}")


def _faults(op: Operation) -> Iterator[str]:
    if isinstance(op, BankOp):
        name, bits = op.sym_name.data, op.port.type.word_type.width.data
        if bits & (bits - 1):
            yield f"bank {name}: a port has 8, 16, 32 ... 1024 bits, not {bits}"
        if op.words.value.data > _INT:
            yield f"bank {name} has {op.words.value.data} words: {_INT} are allowed"
    elif isinstance(op, StreamOp):
        if op.depth is not None and op.depth.value.data > _INT:
            yield f"stream {op.sym_name.data} has depth {op.depth.value.data}: {_INT} is allowed"
    elif isinstance(op, ConstantOp) and abs(op.value.value.data) > _LONG_LONG:
        yield (
            f"task {_task(op).sym_name.data}: {op.name} {op.value.value.data} has more than 63 "
            "bits: join smaller ones with dataflow.concat"
        )


def _task(op: Operation) -> TaskOp:
    while not isinstance(op, TaskOp):
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op
