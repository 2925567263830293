"""`defer-norm`: the gated norm in parts, with its reciprocal root mean square after out_proj.

W · (x / rms(x)) = (W · x) / rms(x): the matrix product need not wait for the norm of its whole
operand, which removes a barrier from every layer of a Mamba-2 model. The rotation in front of
out_proj is linear too, so it is passed as well.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType, f32
from xdsl.ir import Operation, SSAValue

from lmc.dialects.ssm import (
    GatedNormOp,
    LinearOp,
    MulOp,
    RMSScaleOp,
    RotateOp,
    ScaleChannelsOp,
    ScaleOp,
    SiluOp,
    shape_of,
)
from lmc.ir.editing import create_before, ops_of, replace, users
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class DeferNorm(LmcPass):
    """Split each gated norm into gate, product, channels' scale and reciprocal root mean square.

    The reciprocal of one norm group over the full width scales the result of the linear layer that
    follows; those of several groups stay where the norm was. Works before and after
    `insert-rotation`.
    """

    name = "defer-norm"
    effect: ClassVar[Effect] = Effect.FLOAT

    split_only: bool = False
    """Leave the product with the reciprocal where the norm was."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module."""
        for norm in ops_of(op, GatedNormOp):
            _split(norm, defer=not self.split_only)


def _split(norm: GatedNormOp, *, defer: bool) -> None:
    full = norm.result.type
    (width,) = shape_of(full)
    groups = width // norm.norm_group.value.data
    gate = create_before(norm, SiluOp, [norm.gate], [full], hint="gate").result
    gated = create_before(norm, MulOp, [norm.input, gate], [full], hint="gated").result
    reciprocal = create_before(
        norm, RMSScaleOp, [gated], [TensorType(f32, [groups])], {"eps": norm.eps}, hint="reciprocal"
    ).result
    weighted = create_before(
        norm, ScaleChannelsOp, [gated], [full], {"weight": norm.weight}, hint="weighted"
    ).result
    product = _following_linear(norm) if defer else None
    if groups > 1 or product is None:
        scaled = create_before(norm, ScaleOp, [weighted, reciprocal], [full])
        replace(norm, scaled.result)
        return
    replace(norm, weighted)
    weighted.name_hint = "weighted"
    _scale_after(product, reciprocal)


def _following_linear(norm: GatedNormOp) -> LinearOp | None:
    """The linear layer that alone reads the norm, maybe through rotations; None if others do."""
    reader: Operation = norm
    while True:
        readers = users(reader.results[0])
        if len(readers) != 1:
            return None
        reader = readers[0]
        if isinstance(reader, LinearOp):
            return reader
        if not isinstance(reader, RotateOp):
            return None


def _scale_after(product: LinearOp, factor: SSAValue) -> None:
    after = product.next_op
    assert after is not None, "a result that is read has an op after it"
    result, hint = product.result, product.result.name_hint
    scaled = create_before(after, ScaleOp, [result, factor], [result.type], hint=hint)
    scaled.location = product.location
    result.replace_uses_with_if(scaled.result, lambda use: use.operation is not scaled)
    result.name_hint = None if hint is None else f"{hint}_unscaled"
