"""Ops with a state: the convolution's step and the selective state update."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    SymbolRefAttr,
    TensorType,
)
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
    format_of,
    shape_of,
)
from lmc.dialects.ssm.traits import (
    ChannelWise,
    HasState,
    HoldsOperands,
    TakesPowerOfTwoScales,
    TakesRowsOfState,
    WorksByHead,
)


@irdl_op_definition
class CausalConv1dStepOp(IRDLOperation):
    """One step of a depthwise causal convolution over channels.

    input [c], state [c, k-1] (oldest first), weight [c, k], bias [c] → result [c], new state [c,
    k-1]: result = Σ_j weight[:, j] · (state ‖ input)[:, j] + bias.
    """

    name = "ssm.causal_conv1d_step"
    input = operand_def(TensorType)
    state = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    bias = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    new_state = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        HasState(),
    )
    assembly_format = (
        "$input `,` $state `,` $weight (`bias` $bias^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        same_shape(self, self.input, self.result)
        expect(self.state.type == self.new_state.type, "the conv state changes its type")
        expect(
            shape_of(self.state.type)[0] == shape_of(self.input.type)[0],
            "the conv state and the input differ in channels",
        )
        expect(
            format_of(self.state.type) == format_of(self.input.type),
            "the conv state has the input's number format",
        )


@irdl_op_definition
class DecayOp(IRDLOperation):
    """The discretized transition exp(dt · A).

    Mamba-2: dt [h], A [h] → [h]. Mamba-1: dt [c], A [c, n] → [c, n]. A is negative. Below the
    quantization line `argument` is the fixed-point format of dt · A and `table` the table of exp on
    it.
    """

    name = "ssm.decay"
    dt = operand_def(TensorType)
    weight = prop_def(SymbolRefAttr)
    argument = opt_prop_def()
    table = opt_prop_def(SymbolRefAttr)
    result = result_def(TensorType)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        TakesPowerOfTwoScales(),
    )
    assembly_format = (
        "$dt `,` $weight (`argument` $argument^)? (`table` $table^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect(
            shape_of(self.dt.type)[0] == shape_of(self.result.type)[0],
            "dt and the decay differ in their first dimension",
        )


@irdl_op_definition
class SelectiveStateUpdateOp(IRDLOperation):
    """The selective state update and its output.

    Mamba: arXiv 2312.00752, eq. 2; Mamba-2: arXiv 2405.21060, sec. 3.

    Mamba-2: state [h, p, n], decay [h], dt [h], x [h·p], B and C [g·n], D [h];
    Mamba-1: state [c, n], decay [c, n], dt [c], x [c], B and C [n], D [c].
        new_state = decay · state + (dt · x) ⊗ B,   y = Σ_n C · new_state + D · x
    Below the quantization line the state is block floating point along n, `dtx` is the fixed-
    point format of
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
    traits = traits_def(
        Pure(),
        HasState(),
        HoldsOperands("b", "c"),
        TakesPowerOfTwoScales(),
        TakesRowsOfState(),
        WorksByHead(whole=(("b",), ("c",), ("dt", "decay")), by_head=("x",)),
    )
    assembly_format = (
        "$state `,` $decay `,` $dt `,` $x `,` $b `,` $c `,` $d (`dtx` $dtx^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        same_shape(self, self.x, self.result)
        same_shape(self, self.b, self.c)
        expect(self.state.type == self.new_state.type, "the SSM state changes its type")
        shape = shape_of(self.state.type)
        expect(len(shape) in (2, 3), f"an SSM state has 2 or 3 dimensions, not {len(shape)}")
        channels = shape[0] * (shape[1] if len(shape) == 3 else 1)
        expect(
            shape_of(self.x.type) == (channels,),
            f"the state {shape} holds {channels} channels, x has shape {shape_of(self.x.type)}",
        )
        expect(shape_of(self.b.type)[0] % shape[-1] == 0, "B is not a multiple of the state size")
        if isinstance(format_of(self.result.type), FixedType):
            expect(
                isinstance(format_of(self.state.type), BlockType) and self.dtx is not None,
                "an integer state update has a block floating point state and a format dtx",
            )
