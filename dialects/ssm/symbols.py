"""Uses of weights and tables: each is checked against what its symbol declares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from typing_extensions import override
from xdsl.dialects.builtin import Float32Type, StringAttr, SymbolRefAttr, TensorType
from xdsl.ir import Attribute, Operation, ParametrizedAttribute
from xdsl.irdl import IRDLOperation
from xdsl.traits import SymbolTable, SymbolUserOpInterface
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.constraints import names_of
from lmc.dialects.ssm.formats import format_of
from lmc.dialects.ssm.fused import FusedOp
from lmc.dialects.ssm.layers import LayersOp
from lmc.dialects.ssm.tables import TableOp
from lmc.dialects.ssm.weights import WeightOp

SymbolT = TypeVar("SymbolT", WeightOp, TableOp)
_Index = WeakValueDictionary[str | None, Operation]
_INDICES: WeakKeyDictionary[Operation, _Index] = WeakKeyDictionary()
"""Symbol name → op, for the ops that hold symbols; both are kept alive by the module alone."""


class SymbolUser(IRDLOperation, ABC):
    """An op that refers to weights or tables; it has the trait `UsesSymbols`."""

    @abstractmethod
    def verify_symbols(self) -> None:
        """Raise VerifyException unless each symbol is declared as the op needs it."""


class UsesSymbols(SymbolUserOpInterface):
    """The op's symbols are looked up in its module and verified by `verify_symbols`.

    An op outside of any module has nothing to look them up in.
    """

    @override
    def verify(self, op: Operation) -> None:
        assert isinstance(op, SymbolUser)
        if _symbol_table(op) is not None:
            op.verify_symbols()


def check_weight(
    op: Operation,
    role: str,
    reference: SymbolRefAttr,
    shape: Sequence[int | None],
    formats: tuple[type[ParametrizedAttribute], ...],
    result: Attribute,
) -> Attribute:
    """The element format of the weight that an op reads as its `role`.

    It has the `shape`, where None is any length, f32 elements if those of the type `result` are,
    else one of the `formats`, and, if it has `layers`, those that the op runs in.
    """
    weight = _find(op, role, reference, WeightOp)
    name, found = f"{op.name}: its {role} @{weight.sym_name.data}", weight.type.get_shape()
    fits = len(found) == len(shape) and all(
        wanted in (None, size) for size, wanted in zip(found, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if size is None else str(size) for size in shape)
        raise VerifyException(f"{name} has shape {list(found)}, but [{wanted}] is needed")
    kinds = (Float32Type,) if isinstance(format_of(result), Float32Type) else formats
    if not isinstance(weight.type.element_type, kinds):
        raise VerifyException(
            f"{name} holds {weight.type.element_type}, but {names_of(kinds)} is needed"
        )
    _check_layers(op, name, weight)
    return weight.type.element_type


def check_table(
    op: Operation,
    reference: SymbolRefAttr | None,
    function: str,
    operand: Attribute,
    result: Attribute | None = None,
) -> TableOp | None:
    """The table of an op, which has one exactly where its `operand` type is an integer format.

    It is one of the `function` from the operand's to the result's element format, where that is
    given.
    """
    taken = operand.element_type if isinstance(operand, TensorType) else operand
    if isinstance(taken, Float32Type):
        if reference is not None:
            raise VerifyException(f"{op.name}: a float one has no table, found {reference}")
        return None
    if reference is None:
        raise VerifyException(f"an integer {op.name} needs a table of {function}")
    table = _find(op, "table", reference, TableOp)
    name = f"{op.name}: its table @{table.sym_name.data}"
    if table.function.data != function:
        raise VerifyException(f"{name} is one of {table.function.data}, but {function} is needed")
    if table.input != taken:
        raise VerifyException(f"{name} is for operands of {table.input}, but these are of {taken}")
    if result is not None and table.output != format_of(result):
        raise VerifyException(f"{name} gives {table.output}, but the result is {format_of(result)}")
    return table


def check_elements(op: Operation, table: TableOp | None, elements: int) -> None:
    """Raise VerifyException unless the table of a norm is made for groups of this size."""
    if table is not None and table.option("elements") != elements:
        raise VerifyException(
            f"{op.name}: its table @{table.sym_name.data} is for norms of "
            f"{table.option('elements')} elements, not {elements}"
        )


def _find(op: Operation, role: str, reference: SymbolRefAttr, kind: type[SymbolT]) -> SymbolT:
    found = _lookup(op, reference.string_value())
    if isinstance(found, kind):
        return found
    name = f"{op.name}: its {role} @{reference.string_value()}"
    if found is None:
        raise VerifyException(f"{name} is not in the module")
    raise VerifyException(f"{name} is an {found.name}, but an {kind.name} is needed")


def _check_layers(op: Operation, name: str, weight: WeightOp) -> None:
    """A weight of rolled layers is read in them; one without `layers` can be read anywhere."""
    if weight.layers is None:
        return
    count, layers = weight.layer_count, op.parent_op()
    if isinstance(layers, FusedOp):
        layers = layers.parent_op()
    if not isinstance(layers, LayersOp):
        raise VerifyException(f"{name} has {count} layers, but is read outside of ssm.layers")
    if layers.count.value.data != count:
        raise VerifyException(
            f"{name} has {count} layers, but ssm.layers counts {layers.count.value.data}"
        )
    _check_classes(layers, name, weight)


def _check_classes(layers: LayersOp, name: str, weight: WeightOp) -> None:
    """Layers of one class have weights of one width."""
    widths, classes = weight.widths, layers.classes
    first = {number: widths[classes.index(number)] for number in classes}
    for layer, (number, width) in enumerate(zip(classes, widths, strict=True)):
        if width != first[number]:
            raise VerifyException(
                f"{name} has {width} bits in layer {layer}, but {first[number]} in another one of "
                f"the class {number}; ssm.layers has one class for each width"
            )


def _lookup(op: Operation, name: str) -> Operation | None:
    """The op of a symbol, found in an index that is made anew once it is not right any more.

    xDSL's own lookup walks over all symbols at each use.
    """
    table = _symbol_table(op)
    if table is None:
        return None
    known = _INDICES.get(table)
    found = None if known is None else known.get(name)
    if found is not None and found.parent_op() is table and _symbol(found) == name:
        return found
    index = _Index((_symbol(one), one) for one in table.regions[0].block.ops)
    _INDICES[table] = index
    return index.get(name)


def _symbol(op: Operation) -> str | None:
    name = op.get_attr_or_prop("sym_name")
    return name.data if isinstance(name, StringAttr) else None


def _symbol_table(op: Operation) -> Operation | None:
    ancestor: Operation | None = op
    while ancestor is not None and not ancestor.has_trait(SymbolTable):
        ancestor = ancestor.parent_op()
    return ancestor
