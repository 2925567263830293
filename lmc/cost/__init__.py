"""What one decode step of a quantized model costs in hardware, counted from the IR alone."""

from lmc.cost.analysis import op_costs, token_cost
from lmc.cost.summary import summary
from lmc.cost.token_cost import GROUPS, Multiplication, Shift, TokenCost

__all__ = [
    "GROUPS",
    "Multiplication",
    "Shift",
    "TokenCost",
    "op_costs",
    "summary",
    "token_cost",
]
