"""What a reader of a task wants to know of the op that it does: types, parameters, source line."""

from collections.abc import Iterator, Mapping, Sequence

from xdsl.dialects.builtin import StringAttr, SymbolRefAttr
from xdsl.ir import Operation, SSAValue
from xdsl.traits import IsTerminator

from lmc.dialects import ssm
from lmc.dialects.dataflow import OriginAttr, ValueAttr
from lmc.ir.editing import symbol
from lmc.ir.locations import source_line

Weights = Mapping[str, ssm.WeightOp]


def origins_of(op: Operation, weights: Weights) -> tuple[OriginAttr, ...]:
    """The op as the origin of its tasks; nothing for one that only holds or ends others."""
    if op.regions or op.has_trait(IsTerminator):
        return ()
    return (origin_of(op, weights),)


def origin_of(op: Operation, weights: Weights) -> OriginAttr:
    """Names and types of what an op takes and gives, the parameters it uses, and its line."""
    return OriginAttr.of(
        op.name,
        _values(op.operands),
        _values(op.results),
        list(dict.fromkeys(_parameters(op, weights))),
        source_line(op.location) or "",
    )


def _values(values: Sequence[SSAValue]) -> list[ValueAttr]:
    return [ValueAttr(StringAttr(value.name_hint or ""), value.type) for value in values]


def _parameters(op: Operation, weights: Weights) -> Iterator[str]:
    """Names of the tensors that the weights of an op are loaded from."""
    for attribute in op.properties.values():
        weight = weights.get(symbol(attribute)) if isinstance(attribute, SymbolRefAttr) else None
        if weight is None:
            continue
        name = weight.recipe.data[0].options.data.get("name")
        if isinstance(name, StringAttr):
            yield name.data
