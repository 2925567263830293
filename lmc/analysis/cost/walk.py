"""Walks a quantized module and adds up what its ops cost."""

from collections.abc import Iterator, Sequence

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from lmc.analysis.cost.memory import Symbols, symbols_of
from lmc.analysis.cost.operations import op_cost
from lmc.analysis.cost.token_cost import TokenCost
from lmc.dialects.ssm import LayersOp


def token_cost(module: ModuleOp) -> TokenCost:
    """What one decode step of a quantized module takes, over all layers.

    Float ops, and ops that `lmc.analysis.cost.operations` does not know, count nothing. Raises LmcError
    for a table or a weight whose text contradicts itself.
    """
    symbols = symbols_of(module)
    tables = TokenCost(table_bits=symbols.table_bits)
    return sum((cost for _, cost in _op_costs(module, symbols)), tables)


def op_costs(module: ModuleOp) -> Iterator[tuple[Operation, TokenCost]]:
    """The ops of a quantized module in textual order, each with its cost over all layers.

    Ops read tables; the size of the tables is the module's alone. Raises as `token_cost`.
    """
    return _op_costs(module, symbols_of(module))


def _op_costs(module: ModuleOp, symbols: Symbols) -> Iterator[tuple[Operation, TokenCost]]:
    for op in module.walk():
        costs = (op_cost(op, symbols, layer) for layer in _layers(op))
        yield op, sum(costs, TokenCost())


def _layers(op: Operation) -> Sequence[int | None]:
    """The layers that run an op; one that is no layer for an op outside of them."""
    parent = op.parent_op()
    return range(parent.count.value.data) if isinstance(parent, LayersOp) else (None,)
