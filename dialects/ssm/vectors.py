"""Ops on whole vectors: embedding, linear layers, norms and the online Hadamard."""

from __future__ import annotations

from typing_extensions import override
from xdsl.dialects.builtin import Float32Type, f32
from xdsl.irdl import (
    EqAttrConstraint,
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from lmc.dialects.ssm.checks import expect
from lmc.dialects.ssm.constraints import (
    COUNT,
    EPSILON,
    FACTOR,
    SYMBOL,
    TOKEN_ID,
    Tensor,
    vector,
)
from lmc.dialects.ssm.formats import (
    BlockType,
    FixedType,
    WeightType,
    format_of,
    shape_of,
)
from lmc.dialects.ssm.symbols import (
    SymbolUser,
    UsesSymbols,
    check_elements,
    check_table,
    check_weight,
)
from lmc.dialects.ssm.traits import (
    KeepsRole,
    MakesResidualStream,
    Normalizes,
    ReadsRow,
    TakesTiles,
    TakesWhole,
)
from lmc.numerics.hadamard import growth_bits, is_supported

MAX_OPERAND_BITS = 16
"""Width of the widest elements that linear layers multiply."""
FLOAT_VECTOR = Tensor(EqAttrConstraint(f32), (("elements",),))


@irdl_op_definition
class EmbeddingOp(SymbolUser):
    """Row `id` of the embedding: tensor<i32> → tensor<d_model>; weight [vocabulary, d_model]."""

    name = "ssm.embedding"
    id = operand_def(TOKEN_ID)
    weight = prop_def(SYMBOL)
    result = result_def(vector("elements"))
    traits = traits_def(
        Pure(),
        MakesResidualStream(),
        ReadsRow(),
        UsesSymbols(),
    )
    assembly_format = "$id `,` $weight attr-dict `:` functional-type(operands, results)"

    @override
    def verify_symbols(self) -> None:
        shape = (None, *shape_of(self.result.type))
        check_weight(self, "weight", self.weight, shape, (WeightType,), self.result.type)


@irdl_op_definition
class RMSNormOp(SymbolUser):
    """x / sqrt(mean(x²) + eps) · weight; the weight [d] is absent once it is folded.

    Below the quantization line there is no weight, and `table` names the table of the reciprocal
    root.
    """

    name = "ssm.rms_norm"
    input = operand_def(vector("elements"))
    weight = opt_prop_def(SYMBOL)
    eps = prop_def(EPSILON)
    table = opt_prop_def(SYMBOL)
    result = result_def(vector("elements"))
    traits = traits_def(
        Pure(),
        Normalizes(),
        TakesWhole(),
        UsesSymbols(),
    )
    assembly_format = (
        "$input (`,` $weight^)? `eps` `(` $eps `)` (`table` $table^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect(
            self.weight is None or isinstance(format_of(self.input.type), Float32Type),
            f"an integer {self.name} has no weight; fold it or use ssm.scale_channels",
        )

    @override
    def verify_symbols(self) -> None:
        operand, shape = self.input.type, shape_of(self.input.type)
        if self.weight is not None:
            check_weight(self, "weight", self.weight, shape, (FixedType,), operand)
        check_elements(self, check_table(self, self.table, "rsqrt", operand), shape[0])


@irdl_op_definition
class LinearOp(SymbolUser):
    """weight · x: tensor<columns> → tensor<rows>; weight [rows, columns].

    Below the quantization line: x is block floating point, or fixed point of 2 to 16 bits whose
    scale is a power of two (mul 1), which is static; the weight is `!ssm.wint`, the result fixed
    point.
    """

    name = "ssm.linear"
    input = operand_def(vector("columns", BlockType, FixedType))
    weight = prop_def(SYMBOL)
    result = result_def(vector("rows"))
    traits = traits_def(
        Pure(),
        TakesWhole(),
        UsesSymbols(),
    )
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        found = format_of(self.input.type)
        expect(
            not isinstance(found, FixedType)
            or (found.mul.data == 1 and found.bits.data <= MAX_OPERAND_BITS),
            f"an integer {self.name} takes blocks, or fixed point with mul 1 and at most "
            f"{MAX_OPERAND_BITS} bits, not {found}",
        )
        if isinstance(found, BlockType):
            (columns,) = shape_of(self.input.type)
            expect(
                columns % found.group.data == 0,
                f"{self.name}: activation groups of {found.group.data} do not divide its "
                f"{columns} columns",
            )

    @override
    def verify_symbols(self) -> None:
        shape = (*shape_of(self.result.type), *shape_of(self.input.type))
        check_weight(self, "weight", self.weight, shape, (WeightType,), self.result.type)


@irdl_op_definition
class GatedNormOp(SymbolUser):
    """Mamba-2's gated RMSNorm, float only: norm(y · silu(z)) · weight, by `norm_group` channels."""

    name = "ssm.gated_norm"
    input = operand_def(FLOAT_VECTOR)
    gate = operand_def(FLOAT_VECTOR)
    weight = prop_def(SYMBOL)
    eps = prop_def(EPSILON)
    norm_group = prop_def(COUNT)
    result = result_def(FLOAT_VECTOR)
    traits = traits_def(Pure(), UsesSymbols())
    assembly_format = (
        "$input `,` $gate `,` $weight `eps` `(` $eps `)` `norm_group` `(` $norm_group `)` attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        (elements,), group = shape_of(self.input.type), self.norm_group.value.data
        expect(
            elements % group == 0,
            f"{self.name}: norm groups of {group} do not divide {elements} elements",
        )

    @override
    def verify_symbols(self) -> None:
        shape = shape_of(self.input.type)
        check_weight(self, "weight", self.weight, shape, (), self.input.type)


@irdl_op_definition
class RMSScaleOp(SymbolUser):
    """1 / sqrt(mean(x²) + eps) for each of the operand's equal groups: [d] → [groups].

    Below the quantization line the result is `!ssm.pfloat`, from `table`.
    """

    name = "ssm.rms_scale"
    input = operand_def(vector("elements"))
    eps = prop_def(EPSILON)
    table = opt_prop_def(SYMBOL)
    result = result_def(FACTOR)
    traits = traits_def(
        Pure(),
        TakesTiles(lambda op: shape_of(op.input.type)[0] // shape_of(op.result.type)[0]),
        UsesSymbols(),
    )
    assembly_format = (
        "$input `eps` `(` $eps `)` (`table` $table^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        (elements,), (groups,) = shape_of(self.input.type), shape_of(self.result.type)
        expect(
            elements % groups == 0,
            f"{self.name}: its {groups} groups do not divide {elements} elements",
        )

    @override
    def verify_symbols(self) -> None:
        table = check_table(self, self.table, "rsqrt", self.input.type, self.result.type)
        (elements,), (groups,) = shape_of(self.input.type), shape_of(self.result.type)
        check_elements(self, table, elements // groups)


@irdl_op_definition
class ScaleOp(IRDLOperation):
    """x · s, where s [g] scales g equal groups of x [n]: a deferred reciprocal root mean square."""

    name = "ssm.scale"
    input = operand_def(vector("elements"))
    factor = operand_def(FACTOR)
    result = result_def(vector("elements"))
    traits = traits_def(
        Pure(),
        KeepsRole(),
    )
    assembly_format = "$input `,` $factor attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        (elements,), (groups,) = shape_of(self.input.type), shape_of(self.factor.type)
        expect(
            elements % groups == 0,
            f"{self.name}: its {groups} factors do not divide {elements} elements",
        )


@irdl_op_definition
class RotateOp(IRDLOperation):
    """The online Hadamard: each `block` elements, a row, times the Hadamard matrix of that order.

    The entries are ±1: nothing is divided here, the inverse 1/block is folded into the weight that
    follows, so that the integer rotation is exact. `block` is 2^k or odd · 2^k, as far as
    `lmc.numerics.hadamard` has a matrix.
    """

    name = "ssm.rotate"
    input = operand_def(vector("elements"))
    block = prop_def(COUNT)
    result = result_def(vector("elements"))
    traits = traits_def(
        Pure(),
        TakesTiles(lambda op: op.block.value.data),
    )
    assembly_format = (
        "$input `block` `(` $block `)` attr-dict `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        (elements,), block = shape_of(self.input.type), self.block.value.data
        expect(is_supported(block), f"{self.name}: there is no Hadamard matrix of order {block}")
        expect(
            elements % block == 0,
            f"{self.name}: block {block} does not divide {elements} elements",
        )
        x, y = format_of(self.input.type), format_of(self.result.type)
        if isinstance(x, FixedType) and isinstance(y, FixedType):
            expect(
                (x.frac, x.mul) == (y.frac, y.mul),
                f"{self.name} does not change the scale, but goes from {x} to {y}",
            )
            wanted = x.bits.data + growth_bits(block)
            expect(
                y.bits.data >= wanted,
                f"{self.name}: sums of {block} elements of {x} have {wanted} bits, the result has "
                f"{y.bits.data}",
            )
