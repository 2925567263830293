"""reach: slices, insertions, loads and stores stay inside of their word or buffer.

Only sums of multiples of counters are followed, and nothing that a branch guards.
"""

from collections.abc import Iterator

from xdsl.dialects import memref, scf
from xdsl.dialects.builtin import IntegerType, MemRefType
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.addresses import affine, index_range
from lmc.dataflow.timing import buffer_of
from lmc.dialects.dataflow import InsertOp, SliceOp, TaskOp, constant_value, type_range
from lmc.lint.place import task_of
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    for op in subject.design.walk():
        if isinstance(op, SliceOp | InsertOp | memref.LoadOp | memref.StoreOp) and not _guarded(op):
            yield from (f"task {task_of(op)}: {op.name} {text}" for text in _faults(op))


def _faults(op: SliceOp | InsertOp | memref.LoadOp | memref.StoreOp) -> Iterator[str]:
    if isinstance(op, SliceOp | InsertOp):
        part = op.result.type if isinstance(op, SliceOp) else op.value.type
        last = _last(op.offset)
        if last is not None and last + _bits(part) > _bits(op.word.type):
            yield f"reaches bits {last} to {last + _bits(part)} of {op.word.type}"
        return
    assert isinstance(op.memref.type, MemRefType)
    name = buffer_of(op.memref).sym_name.data
    for index, size in zip(op.indices, op.memref.type.get_shape(), strict=True):
        last = _last(index)
        if last is not None and last >= size:
            yield f"reaches element {last} of buffer {name}, which has {size}"


def _last(index: SSAValue) -> int | None:
    """The largest value of a sum of multiples of counters of constant loops; None of others.

    Only there is the end of the range reached: sizes that are chosen together have no such range.
    """
    form, last = affine(index), index_range(index).high
    if form is None or last >= type_range(index.type).high:
        return None
    return last if all(_trips(counter) is not None for counter in form) else None


def _trips(counter: SSAValue) -> int | None:
    loop = counter.owner.parent_op()
    return constant_value(loop.ub) if isinstance(loop, scf.ForOp) else None


def _bits(type_: object) -> int:
    assert isinstance(type_, IntegerType)
    return type_.width.data


def _guarded(op: Operation) -> bool:
    parent = op.parent_op()
    while parent is not None and not isinstance(parent, TaskOp):
        if isinstance(parent, scf.IfOp):
            return True
        parent = parent.parent_op()
    return False


RULE = Rule("reach", 'docs/dataflow-level.md, "What is undefined"', _check)
