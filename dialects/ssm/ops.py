"""The layers of a Mamba model at the grain of the field, on float tensors and on quantized ones.

One op serves both sides of the quantization line: with f32 results it means the real function, with a number format
of `formats.py` it means the integer arithmetic of `docs/number-formats.md`. Tensors have no batch dimension: the IR
is one decode step of one sequence; the interpreter adds leading dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    I64,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    SymbolRefAttr,
    TensorType,
    i64,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.traits import IsTerminator, Pure, SingleBlockImplicitTerminator
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.formats import (
    BlockType,
    FixedType,
    PseudoFloatType,
    format_of,
    shape_of,
)


def _expect(condition: bool, message: str) -> None:
    if not condition:
        raise VerifyException(message)


def _same_shape(op: Operation, *values: SSAValue) -> None:
    shapes = {shape_of(value.type) for value in values}
    _expect(len(shapes) == 1, f"{op.name} needs equal shapes, found {sorted(shapes)}")


@irdl_op_definition
class EmbeddingOp(IRDLOperation):
    """Row `id` of the embedding: tensor<i32> → tensor<d_model>; weight [vocabulary, d_model]."""

    name = "ssm.embedding"
    id = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$id `,` $weight attr-dict `:` functional-type(operands, results)"


@irdl_op_definition
class RMSNormOp(IRDLOperation):
    """x / sqrt(mean(x²) + eps) · weight; the weight [d] is absent once it is folded into what follows.

    Below the quantization line there is no weight, and `table` names the table of the reciprocal root.
    """

    name = "ssm.rms_norm"
    input = operand_def(TensorType)
    weight = opt_prop_def(SymbolRefAttr)
    eps = prop_def(FloatAttr)
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$input (`,` $weight^)? `eps` `(` $eps `)` (`table` $table^)? attr-dict `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)


@irdl_op_definition
class LinearOp(IRDLOperation):
    """weight · x: tensor<columns> → tensor<rows>; weight [rows, columns].

    Below the quantization line: x is block floating point, the weight `!ssm.wint`, the result fixed point.
    """

    name = "ssm.linear"
    input = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        found, wanted = format_of(self.input.type), format_of(self.result.type)
        if isinstance(wanted, FixedType):
            _expect(isinstance(found, BlockType), f"an integer linear takes block floating point, not {found}")


@irdl_op_definition
class BiasOp(IRDLOperation):
    """x + weight, elementwise; weight [n]."""

    name = "ssm.bias"
    input = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)


@irdl_op_definition
class ScaleChannelsOp(IRDLOperation):
    """x · weight, elementwise; weight [n]: the scale of a norm that is not folded."""

    name = "ssm.scale_channels"
    input = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input `,` $weight attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)


@irdl_op_definition
class SplitOp(IRDLOperation):
    """Consecutive pieces of a vector; the results' lengths add up to the operand's."""

    name = "ssm.split"
    input = operand_def(TensorType)
    pieces = var_result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        lengths = [shape_of(piece.type)[0] for piece in self.pieces]
        total = shape_of(self.input.type)[0]
        _expect(sum(lengths) == total, f"pieces {lengths} do not make up {total} elements")
        formats = {format_of(value.type) for value in (self.input, *self.pieces)}
        _expect(len(formats) == 1, "a split does not change the number format")


@irdl_op_definition
class CausalConv1dStepOp(IRDLOperation):
    """One step of a depthwise causal convolution over channels.

    input [c], state [c, k-1] (oldest first), weight [c, k], bias [c] → result [c], new state [c, k-1]:
    result = Σ_j weight[:, j] · (state ‖ input)[:, j] + bias.
    """

    name = "ssm.causal_conv1d_step"
    input = operand_def(TensorType)
    state = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    bias = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    new_state = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$input `,` $state `,` $weight (`bias` $bias^)? attr-dict `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)
        _expect(self.state.type == self.new_state.type, "the conv state changes its type")
        _expect(
            shape_of(self.state.type)[0] == shape_of(self.input.type)[0],
            "the conv state and the input differ in channels",
        )
        _expect(
            format_of(self.state.type) == format_of(self.input.type),
            "the conv state has the input's number format",
        )


class _ElementwiseOp(IRDLOperation):
    """A unary elementwise function; below the quantization line `table` names its table."""

    input = operand_def(TensorType)
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input (`table` $table^)? attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)
        if isinstance(format_of(self.result.type), FixedType):
            _expect(self.table is not None, f"an integer {self.name} needs a table")


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
    assembly_format = (
        "$input (`low` `(` $low^ `)`)? (`high` `(` $high^ `)`)? (`table` $table^)? attr-dict"
        " `:` functional-type(operands, results)"
    )


@irdl_op_definition
class DecayOp(IRDLOperation):
    """The discretized transition exp(dt · A).

    Mamba-2: dt [h], A [h] → [h]. Mamba-1: dt [c], A [c, n] → [c, n]. A is negative. Below the quantization line
    `argument` is the fixed-point format of dt · A and `table` the table of exp on it.
    """

    name = "ssm.decay"
    dt = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    argument = opt_prop_def()
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$dt `,` $weight (`argument` $argument^)? (`table` $table^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        _expect(
            shape_of(self.dt.type)[0] == shape_of(self.result.type)[0],
            "dt and the decay differ in their first dimension",
        )


@irdl_op_definition
class SelectiveStateUpdateOp(IRDLOperation):
    """The selective state update and its output (Mamba, arXiv 2312.00752, eq. 2; Mamba-2, arXiv 2405.21060, sec. 3).

    Mamba-2: state [h, p, n], decay [h], dt [h], x [h·p], B and C [g·n], D [h];
    Mamba-1: state [c, n], decay [c, n], dt [c], x [c], B and C [n], D [c].
        new_state = decay · state + (dt · x) ⊗ B,   y = Σ_n C · new_state + D · x
    Below the quantization line the state is block floating point along n, `dtx` is the fixed-point format of
    dt · x, and y is computed from the quantized new state.
    """

    name = "ssm.selective_state_update"
    state = operand_def(TensorType)
    decay = operand_def(TensorType)
    dt = operand_def(TensorType)
    x = operand_def(TensorType)
    b = operand_def(TensorType)
    c = operand_def(TensorType)
    d = prop_def(SymbolRefAttr)
    dtx = opt_prop_def()
    result = result_def(TensorType)
    new_state = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = (
        "$state `,` $decay `,` $dt `,` $x `,` $b `,` $c `,` $d (`dtx` $dtx^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        _same_shape(self, self.x, self.result)
        _same_shape(self, self.b, self.c)
        _expect(self.state.type == self.new_state.type, "the SSM state changes its type")
        shape = shape_of(self.state.type)
        _expect(len(shape) in (2, 3), f"an SSM state has 2 or 3 dimensions, not {len(shape)}")
        channels = shape[0] * (shape[1] if len(shape) == 3 else 1)
        _expect(
            shape_of(self.x.type) == (channels,),
            f"the state {shape} holds {channels} channels, x has shape {shape_of(self.x.type)}",
        )
        _expect(shape_of(self.b.type)[0] % shape[-1] == 0, "B is not a multiple of the state size")
        if isinstance(format_of(self.result.type), FixedType):
            _expect(
                isinstance(format_of(self.state.type), BlockType) and self.dtx is not None,
                "an integer state update has a block floating point state and a format dtx",
            )


@irdl_op_definition
class GatedNormOp(IRDLOperation):
    """Mamba-2's gated RMSNorm: norm(y · silu(z)) · weight, in groups of `norm_group` channels (float only)."""

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
        _same_shape(self, self.input, self.gate, self.result)


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
    traits = traits_def(Pure())
    assembly_format = "$input `eps` `(` $eps `)` (`table` $table^)? attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _expect(
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
    traits = traits_def(Pure())
    assembly_format = "$input `,` $factor attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)
        if isinstance(format_of(self.result.type), FixedType):
            _expect(
                isinstance(format_of(self.factor.type), PseudoFloatType),
                "an integer scale takes a pseudo-float factor",
            )


@irdl_op_definition
class MulOp(IRDLOperation):
    """lhs · rhs, elementwise."""

    name = "ssm.mul"
    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.lhs, self.rhs, self.result)


@irdl_op_definition
class AddOp(IRDLOperation):
    """lhs + rhs, elementwise: the residual stream's addition."""

    name = "ssm.add"
    lhs = operand_def(TensorType)
    rhs = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.lhs, self.rhs, self.result)


@irdl_op_definition
class RotateOp(IRDLOperation):
    """The online Hadamard: each `block` consecutive elements times the Sylvester Hadamard matrix of that order.

    The entries are ±1: nothing is divided here, the inverse 1/block is folded into the weight that follows, so that
    the integer rotation is exact. `block` is a power of two.
    """

    name = "ssm.rotate"
    input = operand_def(TensorType)
    block = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input `block` `(` $block `)` attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)
        block = self.block.value.data
        _expect(block > 0 and block & (block - 1) == 0, f"block {block} is not a power of two")
        _expect(shape_of(self.input.type)[0] % block == 0, f"block {block} does not divide the operand")


@irdl_op_definition
class QuantizeOp(IRDLOperation):
    """Fixed point → block floating point: a shared exponent for each group, found at run time.

    `rounding` is how the exponent follows from the group's largest magnitude: `up` never saturates, `nearest` takes
    the nearest power of two and saturates.
    """

    name = "ssm.quantize"
    input = operand_def(TensorType)
    rounding = prop_def(StringAttr)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input `rounding` `(` $rounding `)` attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)
        _expect(self.rounding.data in ("up", "nearest"), f"unknown rounding {self.rounding.data}")
        _expect(
            isinstance(format_of(self.input.type), FixedType)
            and isinstance(format_of(self.result.type), BlockType),
            "ssm.quantize makes block floating point of fixed point",
        )


@irdl_op_definition
class RequantizeOp(IRDLOperation):
    """Fixed point → fixed point of another width or scale."""

    name = "ssm.requantize"
    input = operand_def(TensorType)
    result = result_def(TensorType)
    traits = traits_def(Pure())
    assembly_format = "$input attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        _same_shape(self, self.input, self.result)
        _expect(
            isinstance(format_of(self.input.type), FixedType)
            and isinstance(format_of(self.result.type), FixedType),
            "ssm.requantize goes from fixed point to fixed point",
        )


@irdl_op_definition
class YieldOp(IRDLOperation):
    """Ends the body of `ssm.layers`: the carried values and the layer's new states."""

    name = "ssm.yield"
    values = var_operand_def(Attribute)
    traits = traits_def(IsTerminator())
    assembly_format = "$values attr-dict `:` type($values)"


@irdl_op_definition
class LayersOp(IRDLOperation):
    """The repeated layer, written once.

    Operands are `carried` values (the residual stream), passed from layer to layer, then the states of all layers
    stacked along a new first dimension of size `count`. The body's arguments are the carried values and one layer's
    states; it yields them anew. In the body, a weight with `layers` means that of the current layer.
    `layer_to_class` maps layers to layer classes, one class where it is absent; one engine, built for the widest
    class, serves all of them.
    """

    name = "ssm.layers"
    inputs = var_operand_def(TensorType)
    count = prop_def(IntegerAttr[I64])
    carried = prop_def(IntegerAttr[I64])
    layer_to_class = opt_prop_def(DenseArrayBase)
    body = region_def("single_block")
    outputs = var_result_def(TensorType)
    traits = traits_def(SingleBlockImplicitTerminator(YieldOp))
    assembly_format = (
        "$inputs `count` `(` $count `)` `carried` `(` $carried `)` (`classes` $layer_to_class^)? $body attr-dict"
        " `:` functional-type(operands, results)"
    )

    def __init__(
        self,
        inputs: Sequence[SSAValue],
        count: int,
        carried: int,
        body: Region,
    ):
        super().__init__(
            operands=[inputs],
            properties={"count": IntegerAttr(count, i64), "carried": IntegerAttr(carried, i64)},
            regions=[body],
            result_types=[[value.type for value in inputs]],
        )

    @property
    def block(self) -> Block:
        """The one block of the body."""
        return self.body.block

    def verify_(self) -> None:
        count, carried = self.count.value.data, self.carried.value.data
        arguments = [argument.type for argument in self.block.args]
        wanted: list[Attribute] = []
        for index, value in enumerate(self.inputs):
            if index < carried:
                wanted.append(value.type)
                continue
            shape = shape_of(value.type)
            _expect(shape[0] == count, f"a stacked state has {shape[0]} layers, not {count}")
            wanted.append(TensorType(format_of(value.type), shape[1:]))
        _expect(arguments == wanted, "the body's arguments do not match the operands")
        last = self.block.last_op
        yielded = [value.type for value in last.operands] if last is not None else []
        _expect(yielded == wanted, "the body does not yield what it takes")
        _expect(
            [value.type for value in self.outputs] == [value.type for value in self.inputs],
            "the results do not match the operands",
        )
