"""`fold-norm-scales`: the scale of a norm becomes a scale of the columns of what reads it.

W · (g ∘ x) = (W · diag(g)) · x, so the weight of an RMSNorm can move into the linear layers that
follow. A rotation of the residual stream needs that: it commutes with the norm, but not with an
elementwise scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation

from lmc.dialects.ssm import GatedNormOp, LinearOp, RecipeStepAttr, RMSNormOp, ScaleChannelsOp
from lmc.passes.base import Effect, LmcPass
from lmc.passes.editing import (
    erase_unused_weights,
    ops_of,
    refuse,
    replace,
    symbol,
    symbol_users,
    users,
    weights_of,
)


@dataclass(frozen=True)
class FoldNormScales(LmcPass):
    """Fold the weight of each RMSNorm into the linear layers that read it, the LM head included.

    With `gated`, also the scale of the gated norm into out_proj, once `defer-norm` has set it
    apart. A norm that something other than linear layers reads keeps its weight.
    """

    name = "fold-norm-scales"
    effect: ClassVar[Effect] = Effect.FLOAT

    gated: bool = False
    """Fold the gated norm's scale too: one multiplication a channel less, at some accuracy."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError where a weight to fold into has another reader."""
        for norm in ops_of(op, RMSNormOp):
            if norm.weight is not None and _fold(op, norm, symbol(norm.weight)):
                name = symbol(norm.weight)
                norm.weight = None
                erase_unused_weights(op, [name])
        if self.gated:
            _fold_gated(op)


def _fold_gated(module: ModuleOp) -> None:
    norms = ops_of(module, GatedNormOp)
    if norms:
        raise refuse(norms[0], "fold-norm-scales{gated=true} needs defer-norm to be run before it")
    for scale in ops_of(module, ScaleChannelsOp):
        name = symbol(scale.weight)
        if _fold(module, scale, name):
            hint = scale.input.name_hint
            source = scale.input
            replace(scale, source)
            source.name_hint = hint
            erase_unused_weights(module, [name])


def _fold(module: ModuleOp, scaled: Operation, scale_name: str) -> bool:
    """Extend the recipes of the linear layers that read `scaled`; False if others read it too."""
    readers = users(scaled.results[0])
    linears = [reader for reader in readers if isinstance(reader, LinearOp)]
    if len(linears) != len(readers):
        return False
    weights = weights_of(module)
    loaded = _load_name(weights[scale_name].recipe.data, scaled)
    step = RecipeStepAttr.of("scale_columns", name=loaded)
    for name in dict.fromkeys(symbol(linear.weight) for linear in linears):
        for other in symbol_users(module, name):
            if other not in linears:
                raise refuse(
                    other, f"@{name} cannot take a norm's scale, because this op reads it as well"
                )
        weights[name].with_steps(step)
    return True


def _load_name(recipe: Sequence[RecipeStepAttr], scaled: Operation) -> StringAttr:
    name = recipe[0].options.data.get("name")
    if len(recipe) != 1 or not isinstance(name, StringAttr):
        raise refuse(scaled, "only a scale that is loaded as it is can be folded")
    return name
