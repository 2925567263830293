"""What passes on `ssm` modules share: symbols and their users, new ops at an old op's place."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from xdsl.dialects.builtin import FileLineColLoc, ModuleOp, SymbolRefAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import IRDLOperation
from xdsl.traits import IsolatedFromAbove

from lmc.dialects.ssm import TableOp, WeightOp
from lmc.ir.op_errors import OpError
from lmc.ir.rewriting import note

OpT = TypeVar("OpT", bound=Operation)
IrdlT = TypeVar("IrdlT", bound=IRDLOperation)


def ops_of(module: ModuleOp, kind: type[OpT]) -> list[OpT]:
    """All ops of one kind in textual order, as a list that edits do not disturb."""
    return [op for op in module.walk() if isinstance(op, kind)]


def weights_of(module: ModuleOp) -> dict[str, WeightOp]:
    """The weights of a module by symbol name."""
    return {op.sym_name.data: op for op in module.body.block.ops if isinstance(op, WeightOp)}


def tables_of(module: ModuleOp) -> dict[str, TableOp]:
    """The tables of a module by symbol name."""
    return {op.sym_name.data: op for op in module.body.block.ops if isinstance(op, TableOp)}


def symbol(reference: SymbolRefAttr) -> str:
    """The name that a reference to a weight or table holds, without the @."""
    return reference.root_reference.data


def symbol_users(module: ModuleOp, name: str) -> list[Operation]:
    """The ops that refer to a symbol, in textual order."""
    return [
        op
        for op in module.walk()
        if any(
            isinstance(value, SymbolRefAttr) and symbol(value) == name
            for value in op.properties.values()
        )
    ]


def users(value: SSAValue) -> list[Operation]:
    """The ops that read a value, each once, in the order of its uses."""
    return list(dict.fromkeys(use.operation for use in value.uses))


def erase_unused_weights(module: ModuleOp, names: Sequence[str]) -> None:
    """Remove those of the named weights that no op refers to any more."""
    weights = weights_of(module)
    for name in names:
        if name in weights and not symbol_users(module, name):
            weights[name].detach()
            weights[name].erase()


def create_before(
    anchor: Operation,
    kind: type[IrdlT],
    operands: Sequence[SSAValue],
    result_types: Sequence[Attribute],
    properties: Mapping[str, Attribute] | None = None,
    *,
    hint: str | None = None,
) -> IrdlT:
    """Insert an op before `anchor`, with the anchor's source location and `hint` as result name."""
    op = kind.create(
        operands=operands,
        result_types=result_types,
        properties=dict(properties or {}),
        location=anchor.location,
    )
    if hint is not None and op.results:
        op.results[0].name_hint = hint
    block = anchor.parent
    assert block is not None
    block.insert_op_before(op, anchor)
    note(op)
    return op


def replace(old: Operation, value: SSAValue) -> None:
    """Replace the one result of `old` by `value`, which takes over its name, and erase `old`."""
    result = old.results[0]
    if result.name_hint is not None:
        value.name_hint = result.name_hint
    result.replace_all_uses_with(value)
    old.detach()
    old.erase()


def describe(op: Operation) -> str:
    """An op in an error message: its name, its first result and its source line where known."""
    text = op.name
    if op.results and op.results[0].name_hint is not None:
        text += f" %{op.results[0].name_hint}"
    if isinstance(op.location, FileLineColLoc):
        text += f" ({op.location.filename.data}:{op.location.line.data})"
    return text


def refuse(op: Operation, reason: str) -> OpError:
    """The error that names an op and says why it cannot be handled; the caller raises it."""
    return OpError(op, f"{describe(op)}: {reason}")


def value_names(module: ModuleOp) -> dict[SSAValue, str]:
    """The names that the module's text gives its values, without the %.

    Values with equal name hints are numbered in the order of the text: %x, %x_1, %x_2. A function
    or a group (whatever is isolated from above) goes on from the names around it, and they from
    where they were before it.
    """
    names: dict[SSAValue, str] = {}
    _name_values(module, {}, names)
    return names


def _name_values(op: Operation, taken: dict[str | None, int], names: dict[SSAValue, str]) -> None:
    def give(values: Sequence[SSAValue]) -> None:
        for value in values:
            hint, number = value.name_hint, taken.get(value.name_hint, 0)
            taken[hint] = number + 1
            names[value] = str(number) if hint is None else f"{hint}_{number}" if number else hint

    give(op.results)
    if op.has_trait(IsolatedFromAbove):
        taken = dict(taken)
    for region in op.regions:
        for block in region.blocks:
            give(block.args)
            for inner in block.ops:
                _name_values(inner, taken, names)
