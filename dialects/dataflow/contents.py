"""What verifiers read of an op: an isolated op that has not changed since then is still right."""

from xdsl.ir import Operation


def contents(op: Operation) -> list[object]:
    """An op with all ops in it, and all that may be wrong with them, to be compared later.

    Ops, blocks and values are held, so that none that comes later is taken for one of them.
    Attributes do not change; names of values and places in a source file no verifier reads.
    """
    found: list[object] = [op.parent_op(), [operand.type for operand in op.operands]]
    _add(op, found)
    return found


def _add(op: Operation, found: list[object]) -> None:
    results = op.results
    found += (op, op.parent, tuple(op.operands), results, [result.type for result in results])
    found += (dict(op.properties), dict(op.attributes))
    if op.successors:
        found.append(tuple(op.successors))
    for region in op.regions:
        for block in region.blocks:
            found += (region, block, block.parent, block.args, [arg.type for arg in block.args])
            for inner in block.ops:
                _add(inner, found)
