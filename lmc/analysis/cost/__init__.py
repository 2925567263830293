"""What one decode step of a quantized model costs in hardware, counted from the IR alone."""

from lmc.analysis.cost.summary import summary
from lmc.analysis.cost.token_cost import GROUPS, Multiplication, Shift, TokenCost
from lmc.analysis.cost.walk import op_costs, token_cost

__all__ = [
    "GROUPS",
    "Multiplication",
    "Shift",
    "TokenCost",
    "op_costs",
    "summary",
    "token_cost",
]
