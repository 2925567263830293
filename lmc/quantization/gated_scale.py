"""The gated norm's scale, once it is an op of its own, and its way to out_proj."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from lmc.dialects.ssm import (
    LinearOp,
    MulOp,
    RecipeStepAttr,
    RotateOp,
    ScaleChannelsOp,
    ScaleOp,
)
from lmc.ir.editing import ops_of, symbol, symbol_users, users
from lmc.quantization.roles import Role, role_of
from lmc.weights.recipes import scale_columns_by


@dataclass(frozen=True)
class GatedScale:
    """A gated norm's scale, the ops between it and out_proj, and out_proj."""

    op: ScaleChannelsOp
    between: tuple[ScaleOp | RotateOp, ...]
    linear: LinearOp


def gated_scales(module: ModuleOp) -> list[GatedScale]:
    """The scales of gated products that lead to an out_proj alone, in textual order.

    Both have weights that no other op reads.
    """
    found = (_follow(module, op) for op in ops_of(module, ScaleChannelsOp))
    return [scale for scale in found if scale is not None]


def _follow(module: ModuleOp, op: ScaleChannelsOp) -> GatedScale | None:
    if not isinstance(op.input.owner, MulOp) or symbol_users(module, symbol(op.weight)) != [op]:
        return None
    between: list[ScaleOp | RotateOp] = []
    last: Operation = op
    while True:
        readers = users(last.results[0])
        if len(readers) != 1:
            return None
        last = readers[0]
        if isinstance(last, LinearOp):
            return GatedScale(op, tuple(between), last) if _is_own(module, last) else None
        if not isinstance(last, ScaleOp | RotateOp):
            return None
        between.append(last)


def _is_own(module: ModuleOp, linear: LinearOp) -> bool:
    return role_of(linear) is Role.WRITER and symbol_users(module, symbol(linear.weight)) == [
        linear
    ]


def folded_recipe(
    weight: Sequence[RecipeStepAttr],
    scale: Sequence[RecipeStepAttr],
    layers: Sequence[int] | None = None,
) -> list[RecipeStepAttr]:
    """The recipe of out_proj with the scale of a recipe folded in, in some layers or in all.

    Behind `load`: only before a rotation are columns the channels of the scale.
    """
    first, *others = weight
    return [first, scale_columns_by(scale, layers), *others]
