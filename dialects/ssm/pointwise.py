"""Ops that work element by element, and those that cut or convert vectors."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from typing_extensions import override
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    RangeOf,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_result_def,
)
from xdsl.traits import Pure

from lmc.dialects.ssm.checks import expect, expect_plain, expect_scale
from lmc.dialects.ssm.constraints import (
    BLOCK_FORMAT,
    FIXED_FORMAT,
    REAL,
    SYMBOL,
    Activation,
    Tensor,
    one_of,
    vector,
)
from lmc.dialects.ssm.formats import (
    SCALE_MANTISSA_BITS,
    BlockType,
    FixedType,
    format_of,
    shape_of,
)
from lmc.dialects.ssm.orders import RunOrderAttr
from lmc.dialects.ssm.symbols import SymbolUser, UsesSymbols, check_table, check_weight
from lmc.dialects.ssm.tables import RECIPROCAL_FORMATS
from lmc.dialects.ssm.traits import (
    ChannelWise,
    ConvertsFormat,
    KeepsFormat,
    KeepsRole,
    MakesResidualStream,
    MakesTimeStep,
    Normalizes,
    TakesPowerOfTwoScales,
    TakesTiles,
)
from lmc.numerics.run_order import Run, RunOrder

FIXED_VECTOR = Tensor(FIXED_FORMAT, (("elements",),))
ROUNDINGS = ("up", "nearest")
"""How the exponent of a block follows from its largest magnitude."""


@irdl_op_definition
class BiasOp(SymbolUser):
    """x + weight, elementwise; weight [n]."""

    name = "ssm.bias"
    input = operand_def(vector("elements"))
    weight = prop_def(SYMBOL)
    result = result_def(vector("elements"))
    traits = traits_def(
        Pure(),
        ChannelWise(),
        KeepsRole(),
        UsesSymbols(),
    )
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    @override
    def verify_symbols(self) -> None:
        operand = self.input.type
        fmt = check_weight(self, "weight", self.weight, shape_of(operand), (FixedType,), operand)
        expect_scale(self, "weight", fmt, format_of(operand))


@irdl_op_definition
class ScaleChannelsOp(SymbolUser):
    """x · weight, elementwise; weight [n]: the scale of a norm that is not folded."""

    name = "ssm.scale_channels"
    input = operand_def(vector("elements"))
    weight = prop_def(SYMBOL)
    result = result_def(vector("elements"))
    traits = traits_def(
        Pure(),
        ChannelWise(),
        Normalizes(),
        UsesSymbols(),
    )
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    @override
    def verify_symbols(self) -> None:
        operand = self.input.type
        check_weight(self, "weight", self.weight, shape_of(operand), (FixedType,), operand)


@irdl_op_definition
class SplitOp(IRDLOperation):
    """Pieces of a vector; the results' lengths add up to the operand's.

    They lie one after the other in the operand, or in the runs that `order` lists:
        %z, %xbc = ssm.split %in order <1: 8, 4 x (1: 16, 0: 16)> : ...
    has the first 8 elements of %xbc in front, then four times the next 16 of %xbc and 16 of %z.
    """

    name = "ssm.split"
    input = operand_def(vector("elements"))
    order = opt_prop_def(RunOrderAttr)
    pieces = var_result_def(RangeOf(Tensor(Activation((FixedType,)), ((None,),))))
    traits = traits_def(
        Pure(),
        KeepsFormat(),
    )
    assembly_format = "$input (`order` $order^)? attr-dict `:` functional-type(operands, results)"

    @property
    def runs(self) -> RunOrder:
        """The order of the pieces, whether or not it is written."""
        if self.order is not None:
            return self.order.data
        return RunOrder.of([Run(n, shape_of(x.type)[0]) for n, x in enumerate(self.pieces)])

    def verify_(self) -> None:
        lengths = [shape_of(piece.type)[0] for piece in self.pieces]
        total = shape_of(self.input.type)[0]
        expect(
            sum(lengths) == total,
            f"{self.name}: pieces {lengths} do not make up {total} elements",
        )
        formats = {format_of(value.type) for value in (self.input, *self.pieces)}
        expect(len(formats) == 1, f"{self.name} does not change the number format")
        laid_out = self.runs.lengths
        expect(
            list(laid_out) == lengths,
            f"{self.name}: the runs of its order make up pieces of {list(laid_out)}, not {lengths} "
            f"elements",
        )


class _ElementwiseOp(SymbolUser, ABC):
    """A unary elementwise function; below the quantization line `table` names its table."""

    FUNCTION: ClassVar[str]
    """That of the table."""
    input = operand_def(vector("elements"))
    table = opt_prop_def(SYMBOL)
    result = result_def(vector("elements"))
    traits = traits_def(Pure(), ChannelWise(), UsesSymbols())
    assembly_format = "$input (`table` $table^)? attr-dict `:` functional-type(operands, results)"

    @override
    def verify_symbols(self) -> None:
        check_table(self, self.table, self.FUNCTION, self.input.type, self.result.type)


@irdl_op_definition
class SiluOp(_ElementwiseOp):
    """x · sigmoid(x)."""

    name = "ssm.silu"
    FUNCTION: ClassVar[str] = "silu"


@irdl_op_definition
class SoftplusOp(_ElementwiseOp):
    """log(1 + exp(x)), then clamped to [low, high] where these are given (`time_step_limit`)."""

    name = "ssm.softplus"
    FUNCTION: ClassVar[str] = "softplus"
    low = opt_prop_def(REAL)
    high = opt_prop_def(REAL)
    traits = traits_def(MakesTimeStep())
    assembly_format = (
        "$input (`low` `(` $low^ `)`)? (`high` `(` $high^ `)`)? (`table` $table^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        if self.low is not None and self.high is not None:
            low, high = self.low.value.data, self.high.value.data
            expect(low < high, f"{self.name} clamps to [{low}, {high}], which is empty")


class _BinaryOp(IRDLOperation, ABC):
    """Two vectors of one length → a vector of that length."""

    lhs = operand_def(vector("elements"))
    rhs = operand_def(vector("elements"))
    result = result_def(vector("elements"))
    traits = traits_def(Pure(), ChannelWise())
    assembly_format = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)"


@irdl_op_definition
class MulOp(_BinaryOp):
    """lhs · rhs, elementwise."""

    name = "ssm.mul"


@irdl_op_definition
class AddOp(_BinaryOp):
    """lhs + rhs, elementwise: the residual stream's addition, of power-of-two scales."""

    name = "ssm.add"
    traits = traits_def(
        Pure(),
        ChannelWise(),
        MakesResidualStream(),
        TakesPowerOfTwoScales(),
    )

    def verify_(self) -> None:
        expect_plain(self, lhs=format_of(self.lhs.type), rhs=format_of(self.rhs.type))


def _group(value: SSAValue) -> int:
    """Elements of a block of a value in block floating point."""
    found = format_of(value.type)
    assert isinstance(found, BlockType)
    return found.group.data


@irdl_op_definition
class QuantizeOp(SymbolUser):
    """Fixed point → block floating point: a shared exponent for each group, found at run time.

    `rounding` is how the exponent follows from the group's largest magnitude: `up` takes the next
    power of two, `nearest` the nearest one and saturates. A result whose scale has a mantissa is
    rounded to the `nearest` one; `table` names the table of the mantissas' reciprocals.
    """

    name = "ssm.quantize"
    input = operand_def(FIXED_VECTOR)
    rounding = prop_def(one_of("a rounding", ROUNDINGS))
    table = opt_prop_def(SYMBOL)
    result = result_def(Tensor(BLOCK_FORMAT, (("elements",),)))
    traits = traits_def(
        Pure(),
        ConvertsFormat(),
        TakesTiles(lambda op: _group(op.result)),
        UsesSymbols(),
    )
    assembly_format = (
        "$input `rounding` `(` $rounding `)` (`table` $table^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        operand, found = format_of(self.input.type), format_of(self.result.type)
        assert isinstance(operand, FixedType)
        assert isinstance(found, BlockType)
        mantissa, (elements,) = found.mantissa.data, shape_of(self.input.type)
        expect(
            elements % found.group.data == 0,
            f"{self.name}: groups of {found.group.data} do not divide {elements} elements",
        )
        # The bottom of the window is the operand's unit or above it.
        most = operand.frac.data + (mantissa if mantissa > 1 else 0)
        expect(
            found.frac.data <= most,
            f"{self.name}: {found} has {found.frac.data} fraction bits, its operand gives at most "
            f"{most}",
        )
        expect(
            (mantissa == SCALE_MANTISSA_BITS) == (self.table is not None),
            f"{self.name} has a table of reciprocals exactly if its scales have a mantissa of "
            f"{SCALE_MANTISSA_BITS} bits",
        )
        expect(
            mantissa == 1 or self.rounding.data == "nearest",
            f"{self.name}: a scale with a mantissa is rounded to the nearest one",
        )

    @override
    def verify_symbols(self) -> None:
        if self.table is not None:
            check_table(self, self.table, "reciprocal", RECIPROCAL_FORMATS[0])


@irdl_op_definition
class RequantizeOp(IRDLOperation):
    """Fixed point → fixed point of another width or scale."""

    name = "ssm.requantize"
    input = operand_def(FIXED_VECTOR)
    result = result_def(FIXED_VECTOR)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        ConvertsFormat(),
    )
    assembly_format = "$input attr-dict `:` functional-type(operands, results)"
