"""Groups of ops (`ssm.fused`): seen as if they were not there, and made.

A value that enters or leaves a group has a name on both sides of the border. `origin` is the one
value that they all stand for; `uses_of` are the ops that read it, in whichever groups they are.
"""

from collections.abc import Iterator, Sequence

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, BlockArgument, Operation, OpResult, Region, SSAValue, Use

from lmc.dialects.ssm import FusedOp, LayersOp, YieldOp
from lmc.ir.editing import describe, refuse


def group_of(op: Operation) -> FusedOp | None:
    """The group that an op is in."""
    parent = op.parent_op()
    return parent if isinstance(parent, FusedOp) else None


def layers_of(op: Operation) -> LayersOp | None:
    """The layers that an op is in, in a group or not."""
    parent = (group_of(op) or op).parent_op()
    return parent if isinstance(parent, LayersOp) else None


def ops_in(block: Block) -> Iterator[Operation]:
    """The ops of a block in the order of the text; those of a group in the group's place."""
    for op in block.ops:
        if isinstance(op, FusedOp):
            yield from op.ops
        else:
            yield op


def origin(value: SSAValue) -> SSAValue:
    """The value that a group's argument or result stands for; any other value is its own."""
    if isinstance(value, OpResult) and isinstance(value.op, FusedOp):
        return origin(value.op.yielded[value.index])
    if isinstance(value, BlockArgument):
        parent = value.block.parent_op()
        if isinstance(parent, FusedOp):
            return origin(parent.inputs[value.index])
    return value


def uses_of(value: SSAValue) -> list[Use]:
    """The uses of an `origin` by ops, not by what only passes it into a group or out of one."""
    found: list[Use] = []
    for use in value.uses:
        op, group = use.operation, group_of(use.operation)
        if isinstance(op, FusedOp):
            found += uses_of(op.block.args[use.index])
        elif isinstance(op, YieldOp) and group is not None:
            found += uses_of(group.outputs[use.index])
        else:
            found.append(use)
    return found


def require_no_groups(module: ModuleOp, name: str) -> None:
    """Raise LmcError if ops are in groups already, for a pass that does not look into them."""
    for op in module.walk():
        if isinstance(op, FusedOp):
            raise refuse(op, f"{name} does not look into groups: run it before they are made")


def fuse(ops: Sequence[Operation]) -> FusedOp:
    """Put ops of one block into a new group, in the order of the text.

    What reads a result of theirs, by whichever way, goes after the group.

    Raises:
        LmcError: one of them is in another block than the first, or needs what an op outside of the
            group makes of their results.
    """
    block = ops[0].parent
    for op in ops:
        if op.parent is not block or block is None:
            raise refuse(op, f"it can't be in a group with {describe(ops[0])}, in another block")
    assert block is not None
    ordered = [op for op in block.ops if op in ops]
    _move_readers(block, ordered)
    anchor, inside = ordered[-1].next_op, set[object](ordered)
    results = [value for op in ordered for value in op.results]
    body = Block()
    entering = _enter(body, ordered, inside)
    outer = {value: [use for use in value.uses if use.operation not in inside] for value in results}
    leaving = [value for value in results if outer[value]]
    body.add_op(YieldOp.create(operands=leaving))
    group = FusedOp(entering, Region(body))
    group.location = ordered[0].location
    for value, result in zip(leaving, group.outputs, strict=True):
        result.name_hint = value.name_hint
        for use in outer[value]:
            use.operation.operands[use.index] = result
    if anchor is None:
        block.add_op(group)
    else:
        block.insert_op_before(group, anchor)
    return group


def _enter(body: Block, ops: Sequence[Operation], inside: set[object]) -> list[SSAValue]:
    """Move ops into a body whose arguments stand for what others make; the values that enter."""
    arguments: dict[SSAValue, SSAValue] = {}
    for op in ops:
        for index, operand in enumerate(op.operands):
            if operand.owner in inside:
                continue
            if operand not in arguments:
                arguments[operand] = body.insert_arg(operand.type, len(body.args))
                arguments[operand].name_hint = operand.name_hint
            op.operands[index] = arguments[operand]
        op.detach()
        body.add_op(op)
    return list(arguments)


def _move_readers(block: Block, ops: Sequence[Operation]) -> None:
    """Move what is between the first and the last of the ops, and depends on them, after them."""
    inside, readers = set[object](ops), dict[object, Operation]()
    listed = list(block.ops)
    for op in listed[listed.index(ops[0]) : listed.index(ops[-1]) + 1]:
        read = {value.owner for inner in op.walk() for value in inner.operands}
        if op in inside and read & readers.keys():
            raise refuse(op, "it can't be in a group with an op whose result gets to it by others")
        if op not in inside and read & (inside | readers.keys()):
            readers[op] = op
    for reader in reversed(readers.values()):
        reader.detach()
        block.insert_op_after(reader, ops[-1])
