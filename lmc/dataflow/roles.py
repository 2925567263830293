"""What a value of a task is called that has no name of its own: by what it is, and is used for."""

from collections.abc import Callable, Iterator

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import IndexType, IntegerType, MemRefType
from xdsl.ir import Block, Operation, SSAValue, Use

from lmc.dialects import dataflow
from lmc.dialects.dataflow import MAX_ARITHMETIC_WIDTH, constant_value, is_data
from lmc.dialects.dataflow.foreign import stem_of

Text = Callable[[SSAValue], str]

_WORD, _ELEMENT = "_word", "_element"
_SHIFTS = (dataflow.ShlOp, dataflow.ShrOp, dataflow.RoundShiftSaturateOp)


def role_of(value: SSAValue, text: Text) -> str:
    """A name for a value, not yet unique; `text` gives those of streams, buffers and counters.

    What is read is called after its stream, `x_word` where it holds several elements; what is
    written, too. Indices are called after what they count or point at, and all else after the op
    that makes it.
    """
    if value.name_hint is not None:
        return value.name_hint
    op = value.owner
    if isinstance(op, dataflow.ReadOp):
        return _part_of(op.stream, value, text)
    if isinstance(op, memref.LoadOp):
        is_register = isinstance(op.memref.type, MemRefType) and op.memref.type.element_count() == 1
        return f"{text(op.memref)}_now" if is_register else _part_of(op.memref, value, text)
    if isinstance(op, scf.IfOp) and isinstance(read := _yielded(value, op).owner, dataflow.ReadOp):
        return _part_of(read.stream, value, text)
    if isinstance(op, dataflow.SliceOp) and (word := text(op.word)).endswith(_WORD):
        return word.removesuffix(_WORD) + _ELEMENT
    if isinstance(value.type, IndexType):
        return _index_role(value, op)
    if isinstance(value.type, IntegerType) and not is_data(value.type):
        return _condition_role(op, text)
    written = next(
        (use for use in _uses(value) if isinstance(use.operation, dataflow.WriteOp)), None
    )
    if written is not None and written.index == 0:
        return _part_of(written.operation.operands[1], value, text)
    if any(isinstance(use.operation, _SHIFTS) and use.index == 1 for use in value.uses):
        return "shift"
    return _stem(value)


def _part_of(source: SSAValue, value: SSAValue, text: Text) -> str:
    return text(source) + (_WORD if _is_word(value) else _ELEMENT)


def _is_word(value: SSAValue) -> bool:
    """Whether a value holds several elements: it is cut, joined, or too wide to compute with."""
    if isinstance(value.type, IntegerType) and value.type.width.data > MAX_ARITHMETIC_WIDTH:
        return True
    op = value.owner
    made = _yielded(value, op).owner if isinstance(op, scf.ForOp) else op
    joined = isinstance(made, dataflow.InsertOp | dataflow.ConcatOp)
    return joined or any(_is_whole(use) for use in _uses(value))


def _is_whole(use: Use) -> bool:
    """Whether a value is used as the word that something is cut from or put into."""
    cut = isinstance(use.operation, dataflow.SliceOp) and use.index == 0
    return cut or (isinstance(use.operation, dataflow.InsertOp) and use.index == 1)


def _uses(value: SSAValue, depth: int = 4) -> Iterator[Use]:
    """The uses of a value, of what a loop or branch yields it as, and of words it is made into."""
    for use in value.uses:
        yield use
        around = use.operation.parent_op()
        if isinstance(use.operation, scf.YieldOp) and around is not None and depth > 0:
            yield from _uses(around.results[use.index], depth - 1)
        if isinstance(use.operation, dataflow.InsertOp) and use.index == 1 and depth > 0:
            yield from _uses(use.operation.result, depth - 1)


def _index_role(value: SSAValue, op: Operation | Block) -> str:
    for use in value.uses:
        user = use.operation
        if isinstance(user, scf.ForOp) and use.index == 1:
            return f"{user.body.block.args[0].name_hint or 'iteration'}_count"
        if isinstance(user, dataflow.SliceOp | dataflow.InsertOp):
            return "first_bit"
        if isinstance(user, memref.LoadOp | memref.StoreOp):
            return "place"
        if isinstance(user, _SHIFTS):
            return "shift"
        if isinstance(user, dataflow.BurstReadOp | dataflow.BurstWriteOp):
            return "length" if user.length is value else "offset"
    return _stem(value) if isinstance(op, Operation) else "index"


def _condition_role(op: Operation | Block, text: Text) -> str:
    """`is_first_layer` and `is_last_layer` for comparisons of a counter with its ends."""
    if isinstance(op, arith.CmpiOp) and op.predicate.value.data == 0:
        number, counter = constant_value(op.rhs), op.lhs
        block = counter.owner
        loop = block.parent_op() if isinstance(block, Block) else None
        if isinstance(loop, scf.ForOp) and counter is loop.body.block.args[0]:
            count = constant_value(loop.ub)
            if number == 0:
                return f"is_first_{text(counter)}"
            if number is not None and count is not None and number == count - 1:
                return f"is_last_{text(counter)}"
    return "condition"


def _stem(value: SSAValue) -> str:
    """What the op is called that makes a value; of a loop, the op that makes what it yields."""
    op = value.owner
    if isinstance(op, scf.ForOp):
        made = _yielded(value, op)
        return stem_of(op) if isinstance(made.owner, Block) else _stem(made)
    return "value" if isinstance(op, Block) else stem_of(op)


def _yielded(result: SSAValue, op: scf.ForOp | scf.IfOp) -> SSAValue:
    """What a loop, or the first side of a branch, yields as one of its results."""
    last = op.regions[0].block.last_op
    assert isinstance(last, scf.YieldOp)
    return last.operands[op.results.index(result)]
