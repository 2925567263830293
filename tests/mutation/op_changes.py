"""One change to the ops of a module: their operands, their order, the bounds of a loop.

Each class of change is a function that changes a module in place, as a careless pass would, and
says whether there was anything to change. The module is then printed in generic form.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from text_changes import PRETTY, other_number
from xdsl.dialects import arith, scf
from xdsl.dialects.builtin import IndexType, IntegerAttr, ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.parser import Parser
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import ParseError, VerifyException

from lmc.dialects.dataflow import BurstReadOp, BurstWriteOp
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context

OpChange = Callable[[ModuleOp, random.Random], bool]


def _ops(module: ModuleOp) -> list[Operation]:
    return [op for op in module.walk() if op is not module]


def _with_operands(module: ModuleOp, least: int) -> list[Operation]:
    return [op for op in module.walk() if len(op.operands) >= least]


def _blocks(module: ModuleOp, least: int) -> list[Block]:
    blocks = [b for op in module.walk() for region in op.regions for b in region.blocks]
    return [block for block in blocks if len(block.ops) >= least]


def swap_operands(module: ModuleOp, source: random.Random) -> bool:
    """Two operands that are not the same value change places."""
    found = [op for op in _with_operands(module, 2) if len(set(op.operands)) > 1]
    if not found:
        return False
    op = source.choice(found)
    operands = list(op.operands)
    pairs = [(i, j) for i in range(len(operands)) for j in range(i) if operands[i] != operands[j]]
    one, other = source.choice(pairs)
    operands[one], operands[other] = operands[other], operands[one]
    op.operands = operands
    return True


def drop_operand(module: ModuleOp, source: random.Random) -> bool:
    """An op has an operand less."""
    found = _with_operands(module, 1)
    if not found:
        return False
    op = source.choice(found)
    operands = list(op.operands)
    del operands[source.randrange(len(operands))]
    op.operands = operands
    return True


def other_operand(module: ModuleOp, source: random.Random) -> bool:
    """An operand is another value, mostly of the same type and nearby."""
    found = _with_operands(module, 1)
    if not found:
        return False
    op = source.choice(found)
    place = source.randrange(len(op.operands))
    old = op.operands[place]
    values = [value for value in _visible(op) if value is not old]
    alike = [value for value in values if value.type == old.type]
    if source.random() < 0.15:
        values = [result for one in module.walk() for result in one.results if result is not old]
    elif alike and source.random() < 0.7:
        values = alike
    if not values:
        return False
    op.operands[place] = source.choice(values)
    return True


def _visible(op: Operation) -> Iterator[SSAValue]:
    """The values of the block of an op and of the blocks around it, made before or after."""
    block = op.parent_block()
    while block is not None:
        yield from block.args
        for one in block.ops:
            yield from one.results
        parent = block.parent_op()
        block = None if parent is None else parent.parent_block()


def reorder(module: ModuleOp, source: random.Random) -> bool:
    """An op goes to another place of its block."""
    blocks = _blocks(module, 2)
    if not blocks:
        return False
    block = source.choice(blocks)
    ops = list(block.ops)
    op = source.choice(ops)
    target = source.choice([one for one in ops if one is not op])
    if target is op.next_op:
        target, op = op, target
    op.detach()
    block.insert_op_before(op, target)
    return True


def drop_op(module: ModuleOp, source: random.Random) -> bool:
    """An op goes; what read its results reads other values of their types, or of any."""
    return _drop(_ops(module), source)


def drop_symbol(module: ModuleOp, source: random.Random) -> bool:
    """An op that defines a symbol goes."""
    return _drop([op for op in _ops(module) if "sym_name" in op.properties], source)


def _drop(found: Sequence[Operation], source: random.Random) -> bool:
    if not found:
        return False
    op = source.choice(found)
    values = [value for value in _visible(op) if value.owner is not op]
    for result in op.results:
        if not result.uses:
            continue
        alike = [value for value in values if value.type == result.type] or values
        if not alike:
            return False
        result.replace_all_uses_with(source.choice(alike))
    op.detach()
    op.erase()
    return True


def double_op(module: ModuleOp, source: random.Random) -> bool:
    """An op is there twice."""
    found = [op for op in _ops(module) if not isinstance(op, FuncOp)]
    if not found:
        return False
    op = source.choice(found)
    block = op.parent_block()
    assert block is not None
    block.insert_op_after(op.clone(), op)
    return True


def empty_region(module: ModuleOp, source: random.Random) -> bool:
    """The ops of a block go, from the last one on."""
    blocks = _blocks(module, 1)
    block = source.choice(blocks)
    left = source.randrange(len(block.ops))
    for op in reversed(list(block.ops)[left:]):
        if any(result.uses for result in op.results):
            break
        op.detach()
        op.erase()
    return True


def _change_index(op: Operation, place: int, source: random.Random) -> bool:
    old = op.operands[place]
    known = old.owner
    number = known.value.value.data if _is_constant(known) else 1  # pyright: ignore
    options = [value for value in _visible(op) if isinstance(value.type, IndexType)]
    if options and source.random() < 0.3:
        op.operands[place] = source.choice(options)
        return op.operands[place] is not old
    constant = arith.ConstantOp(IntegerAttr(other_number(number, source), IndexType()))
    block = op.parent_block()
    assert block is not None
    block.insert_op_before(constant, op)
    op.operands[place] = constant.result
    return True


def _is_constant(owner: Operation | Block) -> bool:
    return isinstance(owner, arith.ConstantOp) and isinstance(owner.value, IntegerAttr)


def _of_loops(place: int) -> OpChange:
    def change(module: ModuleOp, source: random.Random) -> bool:
        loops = [op for op in module.walk() if isinstance(op, scf.ForOp)]
        return bool(loops) and _change_index(source.choice(loops), place, source)

    return change


def _burst(module: ModuleOp, source: random.Random) -> bool:
    bursts = [op for op in module.walk() if isinstance(op, BurstReadOp | BurstWriteOp)]
    if not bursts:
        return False
    op = source.choice(bursts)
    places = [n for n, value in enumerate(op.operands) if isinstance(value.type, IndexType)]
    return _change_index(op, source.choice(places), source)


def _of_types(kind: str) -> OpChange:
    """The type of a value, where it is made and wherever it is read."""

    def change(module: ModuleOp, source: random.Random) -> bool:
        ops = list(module.walk())
        results = [result for op in ops for result in op.results]
        arguments = [a for op in ops for r in op.regions for b in r.blocks for a in b.args]
        value = source.choice([*results, *arguments])
        text = PRETTY[kind](str(value.type), source)
        if kind == "type":
            text = source.choice([*{str(one.type): None for one in results}, text])
        new = None if text is None else _parsed_type(text)
        if new is None or new == value.type:
            return False
        Rewriter.replace_value_with_new_type(value, new)
        return True

    return change


def _parsed_type(text: str) -> Attribute | None:
    try:
        return Parser(make_context(load_registry()), text).parse_type()
    except (ParseError, VerifyException):
        return None


OPS: dict[str, OpChange] = {
    "symbol dropped": drop_symbol,
    "operands swapped": swap_operands,
    "operand dropped": drop_operand,
    "other operand": other_operand,
    "ops reordered": reorder,
    "op dropped": drop_op,
    "op twice": double_op,
    "region cut": empty_region,
    "lower bound": _of_loops(0),
    "upper bound": _of_loops(1),
    "step": _of_loops(2),
    "burst": _burst,
    **{
        f"{kind} of a value": _of_types(kind) for kind in ("shape", "width", "frac", "sign", "type")
    },
}
"""Classes of change to ops."""
