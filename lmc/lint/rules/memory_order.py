"""memory-order: what a loop reads from a bank that is also written has been written before.

A request whose place is a constant, or counted, can be made as early as the launch. Only a place
that comes from the bank's writer, through a stream, holds it back.
"""

from collections.abc import Iterator

from xdsl.dialects import scf
from xdsl.ir import Operation

from lmc.dataflow.graph import declaration, stream_name
from lmc.dataflow.memory_order import place_streams
from lmc.dialects.dataflow import BankOp, BurstReadOp, BurstWriteOp
from lmc.lint.place import task_of
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    ops = list(subject.design.walk())
    writers = {_bank(op): task_of(op) for op in ops if isinstance(op, BurstWriteOp)}
    for op in ops:
        if not isinstance(op, BurstReadOp) or not _is_repeated(op):
            continue
        bank = _bank(op)
        if bank in writers and writers[bank] not in _tellers(subject, op):
            yield (
                f"task {task_of(op)}: burst {op.label.data} reads bank {bank} in a loop, and "
                f"nothing keeps it after what task {writers[bank]} writes: take its place from a "
                "stream that this one writes"
            )


def _bank(op: BurstReadOp | BurstWriteOp) -> str:
    bank = declaration(op.port)
    assert isinstance(bank, BankOp)
    return bank.sym_name.data


def _tellers(subject: Subject, op: BurstReadOp) -> set[str]:
    """The tasks that a burst has its place from."""
    streams = {stream_name(stream) for stream in place_streams(op)}
    return {task.name for stream in streams for task in subject.graph.producers(stream)}


def _is_repeated(op: Operation) -> bool:
    parent = op.parent_op()
    while parent is not None:
        if isinstance(parent, scf.ForOp):
            return True
        parent = parent.parent_op()
    return False


RULE = Rule("memory-order", 'UG1399, "HLS Fence Library"', _check, after=("bank-writers",))
