"""Which function counts what an op costs: lmc's own in `operations`, and those of plugins."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from xdsl.ir import Operation

from lmc.analysis.cost.memory import Symbols, state_bits_moved, weight_bits_read
from lmc.analysis.cost.token_cost import TokenCost
from lmc.dialects.ssm import TableOp, WeightOp
from lmc.ir.editing import refuse
from lmc.ir.levels import is_quantized

OpT = TypeVar("OpT", bound=Operation)
CostRule = Callable[[OpT, Symbols], TokenCost]

_RULES: dict[type[Operation], CostRule[Any]] = {}


def costs(*kinds: type[OpT]) -> Callable[[CostRule[OpT]], CostRule[OpT]]:
    """Registers a function that counts the arithmetic of integer ops in one layer.

    It gets the op, and the weights and tables of the module. Weights read and states moved are
    counted for every op alike; `lmc.analysis.cost.counting` has counts that are usual.
    """

    def register(rule: CostRule[OpT]) -> CostRule[OpT]:
        _RULES.update(dict.fromkeys(kinds, rule))
        return rule

    return register


def op_cost(op: Operation, symbols: Symbols, layer: int | None) -> TokenCost:
    """What an op takes in one layer; nothing if it works on floats or is no arithmetic.

    Raises LmcError for an integer op without a rule.
    """
    if not is_quantized(op) or op.regions or isinstance(op, WeightOp | TableOp):
        return TokenCost()
    rule = _RULES.get(type(op))
    if rule is None:
        raise refuse(
            op, "what this op costs is not known; a plugin can say it with lmc.analysis.cost.costs"
        )
    moved = TokenCost(
        weight_bits=weight_bits_read(op, symbols, layer), state_bits=state_bits_moved(op)
    )
    return rule(op, replace(symbols, layer=layer)) + moved
