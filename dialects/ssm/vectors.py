"""Ops on whole vectors: embedding, linear layers, norms and the online Hadamard."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    I64,
    FloatAttr,
    IntegerAttr,
    SymbolRefAttr,
    TensorType,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from lmc.dialects.ssm.checks import expect, same_shape
from lmc.dialects.ssm.formats import (
    BlockType,
    FixedType,
    PseudoFloatType,
    format_of,
    shape_of,
)
from lmc.dialects.ssm.traits import (
    KeepsRole,
    MakesResidualStream,
    Normalizes,
    ReadsRow,
    TakesTiles,
    TakesWhole,
)
from lmc.numerics.hadamard import is_supported

MAX_OPERAND_BITS = 16
"""Width of the widest elements that linear layers multiply."""


@irdl_op_definition
class EmbeddingOp(IRDLOperation):
    """Row `id` of the embedding: tensor<i32> → tensor<d_model>; weight [vocabulary, d_model]."""

    name = "ssm.embedding"
    id = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        MakesResidualStream(),
        ReadsRow(),
    )
    assembly_format = "$id `,` $weight attr-dict `:` functional-type(operands, results)"


@irdl_op_definition
class RMSNormOp(IRDLOperation):
    """x / sqrt(mean(x²) + eps) · weight; the weight [d] is absent once it is folded.

    Below the quantization line there is no weight, and `table` names the table of the reciprocal
    root.
    """

    name = "ssm.rms_norm"
    input = operand_def(TensorType)
    weight = opt_prop_def(SymbolRefAttr)
    eps = prop_def(FloatAttr)
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        Normalizes(),
        TakesWhole(),
    )
    assembly_format = (
        "$input (`,` $weight^)? `eps` `(` $eps `)` (`table` $table^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)


@irdl_op_definition
class LinearOp(IRDLOperation):
    """weight · x: tensor<columns> → tensor<rows>; weight [rows, columns].

    Below the quantization line: x is block floating point, or fixed point of 2 to 16 bits whose
    scale is a power of two (mul 1), which is static; the weight is `!ssm.wint`, the result fixed
    point.
    """

    name = "ssm.linear"
    input = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        TakesWhole(),
    )
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        found, wanted = format_of(self.input.type), format_of(self.result.type)
        if isinstance(wanted, FixedType):
            expect(
                isinstance(found, BlockType) or _is_static_operand(found),
                f"an integer linear takes blocks, or fixed point with mul 1 and at most "
                f"{MAX_OPERAND_BITS} bits, not {found}",
            )


def _is_static_operand(found: Attribute) -> bool:
    if not isinstance(found, FixedType):
        return False
    return found.mul.data == 1 and found.bits.data <= MAX_OPERAND_BITS


@irdl_op_definition
class GatedNormOp(IRDLOperation):
    """Mamba-2's gated RMSNorm, float only: norm(y · silu(z)) · weight, by `norm_group` channels."""

    name = "ssm.gated_norm"
    input = operand_def(TensorType)
    gate = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    eps = prop_def(FloatAttr)
    norm_group = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$input `,` $gate `,` $weight `eps` `(` $eps `)` `norm_group` `(` $norm_group `)` attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        same_shape(self, self.input, self.gate, self.result)


@irdl_op_definition
class RMSScaleOp(IRDLOperation):
    """1 / sqrt(mean(x²) + eps) for each of the operand's equal groups: [d] → [groups].

    Below the quantization line the result is `!ssm.pfloat`, from `table`.
    """

    name = "ssm.rms_scale"
    input = operand_def(TensorType)
    eps = prop_def(FloatAttr)
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        TakesTiles(lambda op: shape_of(op.input.type)[0] // shape_of(op.result.type)[0]),
    )
    assembly_format = (
        "$input `eps` `(` $eps `)` (`table` $table^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect(
            shape_of(self.input.type)[0] % shape_of(self.result.type)[0] == 0,
            "the norm's groups do not divide its operand",
        )


@irdl_op_definition
class ScaleOp(IRDLOperation):
    """x · s, where s [g] scales g equal groups of x [n]: a deferred reciprocal root mean square."""

    name = "ssm.scale"
    input = operand_def(TensorType)
    factor = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        KeepsRole(),
    )
    assembly_format = "$input `,` $factor attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)
        if isinstance(format_of(self.result.type), FixedType):
            expect(
                isinstance(format_of(self.factor.type), PseudoFloatType),
                "an integer scale takes a pseudo-float factor",
            )


@irdl_op_definition
class RotateOp(IRDLOperation):
    """The online Hadamard: each `block` elements, a row, times the Hadamard matrix of that order.

    The entries are ±1: nothing is divided here, the inverse 1/block is folded into the weight that
    follows, so that the integer rotation is exact. `block` is 2^k or odd · 2^k, as far as
    `lmc.numerics.hadamard` has a matrix.
    """

    name = "ssm.rotate"
    input = operand_def(TensorType)
    block = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        TakesTiles(lambda op: op.block.value.data),
    )
    assembly_format = (
        "$input `block` `(` $block `)` attr-dict `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)
        block = self.block.value.data
        expect(is_supported(block), f"there is no Hadamard matrix of order {block}")
        expect(
            shape_of(self.input.type)[0] % block == 0, f"block {block} does not divide the operand"
        )
