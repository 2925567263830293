"""`fold-norm-scales`: the scale of a norm becomes a scale of the columns of what reads it.

W · (g ∘ x) = (W · diag(g)) · x, so the weight of an RMSNorm can move into the linear layers that
follow. A rotation of the residual stream needs that: it commutes with the norm, but not with an
elementwise scale.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.dialects.ssm import LinearOp, RMSNormOp
from lmc.ir.editing import (
    erase_unused_weights,
    ops_of,
    refuse,
    symbol,
    symbol_users,
    users,
    weights_of,
)
from lmc.ir.pass_base import Effect, LmcPass
from lmc.weights.recipes import scale_columns_by


@dataclass(frozen=True)
class FoldNormScales(LmcPass):
    """Fold the weight of each RMSNorm into the linear layers that read it, the LM head included.

    A norm that something other than linear layers reads keeps its weight.
    """

    name = "fold-norm-scales"
    effect: ClassVar[Effect] = Effect.FLOAT

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError where a weight to fold into has another reader."""
        for norm in ops_of(op, RMSNormOp):
            if norm.weight is not None and _fold(op, norm, symbol(norm.weight)):
                name = symbol(norm.weight)
                norm.weight = None
                erase_unused_weights(op, [name])


def _fold(module: ModuleOp, norm: RMSNormOp, scale_name: str) -> bool:
    """Extend the recipes of the linear layers that read the norm; False if others read it too."""
    readers = users(norm.result)
    linears = [reader for reader in readers if isinstance(reader, LinearOp)]
    if len(linears) != len(readers):
        return False
    weights = weights_of(module)
    step = scale_columns_by(weights[scale_name].recipe.data)
    for name in dict.fromkeys(symbol(linear.weight) for linear in linears):
        for other in symbol_users(module, name):
            if other not in linears:
                raise refuse(
                    other, f"@{name} cannot take a norm's scale, because this op reads it as well"
                )
        weights[name].with_steps(step)
    return True
