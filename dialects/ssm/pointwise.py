"""Ops that work element by element, and those that cut or convert vectors."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    FloatAttr,
    StringAttr,
    SymbolRefAttr,
    TensorType,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_result_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.checks import expect, same_shape
from lmc.dialects.ssm.formats import (
    SCALE_MANTISSA_BITS,
    BlockType,
    FixedType,
    format_of,
    shape_of,
)
from lmc.dialects.ssm.orders import RunOrderAttr
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


@irdl_op_definition
class BiasOp(IRDLOperation):
    """x + weight, elementwise; weight [n]."""

    name = "ssm.bias"
    input = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        KeepsRole(),
    )
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)


@irdl_op_definition
class ScaleChannelsOp(IRDLOperation):
    """x · weight, elementwise; weight [n]: the scale of a norm that is not folded."""

    name = "ssm.scale_channels"
    input = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        Normalizes(),
    )
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)


@irdl_op_definition
class SplitOp(IRDLOperation):
    """Pieces of a vector; the results' lengths add up to the operand's.

    They lie one after the other in the operand, or in the runs that `order` lists:
        %z, %xbc = ssm.split %in order <1: 8, 4 x (1: 16, 0: 16)> : ...
    has the first 8 elements of %xbc in front, then four times the next 16 of %xbc and 16 of %z.
    """

    name = "ssm.split"
    input = operand_def(TensorType)
    order = opt_prop_def(RunOrderAttr)
    pieces = var_result_def(TensorType)
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
        expect(sum(lengths) == total, f"pieces {lengths} do not make up {total} elements")
        formats = {format_of(value.type) for value in (self.input, *self.pieces)}
        expect(len(formats) == 1, "a split does not change the number format")
        laid_out = self.runs.lengths
        expect(
            list(laid_out) == lengths,
            f"the runs of the order make up pieces of {list(laid_out)}, not {lengths} elements",
        )


class _ElementwiseOp(IRDLOperation):
    """A unary elementwise function; below the quantization line `table` names its table."""

    input = operand_def(TensorType)
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure(), ChannelWise())
    assembly_format = "$input (`table` $table^)? attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)
        if isinstance(format_of(self.result.type), FixedType):
            expect(self.table is not None, f"an integer {self.name} needs a table")


@irdl_op_definition
class SiluOp(_ElementwiseOp):
    """x · sigmoid(x)."""

    name = "ssm.silu"


@irdl_op_definition
class SoftplusOp(_ElementwiseOp):
    """log(1 + exp(x)), then clamped to [low, high] where these are given (`time_step_limit`)."""

    name = "ssm.softplus"
    low = opt_prop_def(FloatAttr)
    high = opt_prop_def(FloatAttr)
    traits = traits_def(MakesTimeStep())
    assembly_format = (
        "$input (`low` `(` $low^ `)`)? (`high` `(` $high^ `)`)? (`table` $table^)? attr-dict"
        " `:` functional-type(operands, results)"
    )


@irdl_op_definition
class MulOp(IRDLOperation):
    """lhs · rhs, elementwise."""

    name = "ssm.mul"
    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure(), ChannelWise())
    assembly_format = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.lhs, self.rhs, self.result)


@irdl_op_definition
class AddOp(IRDLOperation):
    """lhs + rhs, elementwise: the residual stream's addition."""

    name = "ssm.add"
    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        MakesResidualStream(),
        TakesPowerOfTwoScales(),
    )
    assembly_format = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.lhs, self.rhs, self.result)


def _group(value: SSAValue) -> int:
    """Elements of a block of a value in block floating point."""
    found = format_of(value.type)
    assert isinstance(found, BlockType)
    return found.group.data


@irdl_op_definition
class QuantizeOp(IRDLOperation):
    """Fixed point → block floating point: a shared exponent for each group, found at run time.

    `rounding` is how the exponent follows from the group's largest magnitude: `up` takes the next
    power of two, `nearest` the nearest one and saturates. A result whose scale has a mantissa is
    rounded to the `nearest` one; `table` names the table of the mantissas' reciprocals.
    """

    name = "ssm.quantize"
    input = operand_def(TensorType)
    rounding = prop_def(StringAttr)
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ConvertsFormat(),
        TakesTiles(lambda op: _group(op.result)),
    )
    assembly_format = (
        "$input `rounding` `(` $rounding `)` (`table` $table^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)
        expect(self.rounding.data in ("up", "nearest"), f"unknown rounding {self.rounding.data}")
        found = format_of(self.result.type)
        if not isinstance(format_of(self.input.type), FixedType) or not isinstance(
            found, BlockType
        ):
            raise VerifyException("ssm.quantize makes block floating point of fixed point")
        expect(
            (found.mantissa.data == SCALE_MANTISSA_BITS) == (self.table is not None),
            f"a quantize has a table of reciprocals if its scales have a mantissa of "
            f"{SCALE_MANTISSA_BITS} bits",
        )
        expect(
            found.mantissa.data == 1 or self.rounding.data == "nearest",
            "a scale with a mantissa is rounded to the nearest one",
        )


@irdl_op_definition
class RequantizeOp(IRDLOperation):
    """Fixed point → fixed point of another width or scale."""

    name = "ssm.requantize"
    input = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        ConvertsFormat(),
    )
    assembly_format = "$input attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)
        expect(
            isinstance(format_of(self.input.type), FixedType)
            and isinstance(format_of(self.result.type), FixedType),
            "ssm.requantize goes from fixed point to fixed point",
        )
