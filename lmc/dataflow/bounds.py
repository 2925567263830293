"""Places that index expressions can reach, as far as counters and constants tell them."""

from collections.abc import Iterator

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import IntegerType, MemRefType
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.addresses import affine, index_range
from lmc.dataflow.timing import buffer_of
from lmc.dialects.dataflow import DesignOp, InsertOp, SliceOp, TaskOp, constant_value, type_range


def division_faults(design: DesignOp) -> Iterator[str]:
    """Divisions whose divisor may be 0, by a guard or not: analyses evaluate them everywhere."""
    for op in design.walk():
        if isinstance(op, arith.DivUIOp | arith.RemUIOp) and index_range(op.rhs).low < 1:
            yield f"task {_task(op)}: {op.name} is by what may be 0: divide by 1 or more"


def reach_faults(design: DesignOp) -> Iterator[str]:
    """Slices, insertions, loads and stores that leave their word or buffer in some iteration.

    Only sums of multiples of counters are followed, and nothing that a branch guards.
    """
    for op in design.walk():
        if isinstance(op, SliceOp | InsertOp | memref.LoadOp | memref.StoreOp) and not _guarded(op):
            yield from (f"task {_task(op)}: {op.name} {text}" for text in _faults(op))


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


def _task(op: Operation) -> str:
    while not isinstance(op, TaskOp):
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op.sym_name.data
