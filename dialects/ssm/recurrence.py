"""Ops with a state: the convolution's step and the selective state update."""

from __future__ import annotations

from typing_extensions import override
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from lmc.dialects.ssm.checks import (
    expect,
    expect_exactly_below_line,
    expect_plain,
    expect_scale,
)
from lmc.dialects.ssm.constraints import (
    CONV_STATE,
    DECAY,
    FIXED_FORMAT,
    SSM_STATE,
    SYMBOL,
    Activation,
    Tensor,
    vector,
)
from lmc.dialects.ssm.formats import (
    BlockType,
    FixedType,
    format_of,
    shape_of,
)
from lmc.dialects.ssm.symbols import SymbolUser, UsesSymbols, check_table, check_weight
from lmc.dialects.ssm.traits import (
    ChannelWise,
    HasState,
    HoldsOperands,
    TakesPowerOfTwoScales,
    TakesRowsOfState,
    WorksByHead,
)


@irdl_op_definition
class CausalConv1dStepOp(SymbolUser):
    """One step of a depthwise causal convolution over channels.

    input [c], state [c, k-1] (oldest first), weight [c, k], bias [c] → result [c], new state [c,
    k-1]: result = Σ_j weight[:, j] · (state ‖ input)[:, j] + bias.
    """

    name = "ssm.causal_conv1d_step"
    input = operand_def(vector("channels"))
    state = operand_def(CONV_STATE)
    weight = prop_def(SYMBOL)
    bias = opt_prop_def(SYMBOL)
    result = result_def(vector("channels"))
    new_state = result_def(CONV_STATE)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        HasState(),
        UsesSymbols(),
    )
    assembly_format = (
        "$input `,` $state `,` $weight (`bias` $bias^)? attr-dict "
        "`:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect(
            self.state.type == self.new_state.type,
            f"{self.name}: the conv state changes its type, from {self.state.type} to "
            f"{self.new_state.type}",
        )
        operand, state = format_of(self.input.type), format_of(self.state.type)
        expect(
            state == operand,
            f"{self.name}: the conv state has the input's number format {operand}, not {state}",
        )

    @override
    def verify_symbols(self) -> None:
        operand, (channels, taps) = self.input.type, shape_of(self.state.type)
        shape = (channels, taps + 1)
        weight = check_weight(self, "weight", self.weight, shape, (FixedType,), operand)
        expect_plain(self, weight=weight)
        if self.bias is not None:
            bias = check_weight(self, "bias", self.bias, (channels,), (FixedType,), operand)
            more = weight.frac.data if isinstance(weight, FixedType) else 0
            expect_scale(self, "bias", bias, format_of(operand), more)


@irdl_op_definition
class DecayOp(SymbolUser):
    """The discretized transition exp(dt · A).

    Mamba-2: dt [h], A [h] → [h]. Mamba-1: dt [c], A [c, n] → [c, n]. A is negative. Below the
    quantization line `argument` is the fixed-point format of dt · A and `table` the table of exp on
    it.
    """

    name = "ssm.decay"
    dt = operand_def(vector("channels or heads"))
    weight = prop_def(SYMBOL)
    argument = opt_prop_def(FIXED_FORMAT)
    table = opt_prop_def(SYMBOL)
    result = result_def(DECAY)
    traits = traits_def(
        Pure(),
        ChannelWise(),
        TakesPowerOfTwoScales(),
        UsesSymbols(),
    )
    assembly_format = (
        "$dt `,` $weight (`argument` $argument^)? (`table` $table^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect_exactly_below_line(self, self.dt.type, argument=self.argument, table=self.table)

    @override
    def verify_symbols(self) -> None:
        operand, result = self.dt.type, self.result.type
        check_weight(self, "weight", self.weight, shape_of(result), (FixedType,), operand)
        if self.argument is not None and self.table is not None:
            check_table(self, self.table, "exp", self.argument, result)


@irdl_op_definition
class SelectiveStateUpdateOp(SymbolUser):
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
    state = operand_def(SSM_STATE)
    decay = operand_def(Tensor(Activation((FixedType,)), ((None,), (None, None))))
    dt = operand_def(vector("channels of dt"))
    x = operand_def(vector("channels of x"))
    b = operand_def(vector("channels of B and C"))
    c = operand_def(vector("channels of B and C"))
    d = prop_def(SYMBOL)
    dtx = opt_prop_def(FIXED_FORMAT)
    result = result_def(vector("channels of x"))
    new_state = result_def(SSM_STATE)
    traits = traits_def(
        Pure(),
        HasState(),
        HoldsOperands("b", "c"),
        TakesPowerOfTwoScales(),
        TakesRowsOfState(),
        WorksByHead(whole=(("b",), ("c",), ("dt", "decay")), by_head=("x",)),
        UsesSymbols(),
    )
    assembly_format = (
        "$state `,` $decay `,` $dt `,` $x `,` $b `,` $c `,` $d (`dtx` $dtx^)? attr-dict"
        " `:` functional-type(operands, results)"
    )

    def verify_(self) -> None:
        expect(
            self.state.type == self.new_state.type,
            f"{self.name}: the SSM state changes its type, from {self.state.type} to "
            f"{self.new_state.type}",
        )
        self._verify_shapes()
        operands = {name: getattr(self, name).type for name in ("decay", "dt", "x", "b", "c")}
        expect_plain(self, **{name: format_of(found) for name, found in operands.items()})
        expect_plain(self, dtx=self.dtx)
        expect_exactly_below_line(self, self.x.type, dtx=self.dtx)
        state, size = format_of(self.state.type), shape_of(self.state.type)[-1]
        if isinstance(state, BlockType):
            expect(
                state.mantissa.data == 1 and size % state.group.data == 0,
                f"{self.name}: blocks of the state have power-of-two scales and divide its "
                f"{size} elements, unlike {state}",
            )

    def _verify_shapes(self) -> None:
        """Heads share B and C by groups in Mamba-2; each channel is its own head in Mamba-1."""
        shape = shape_of(self.state.type)
        heads, size = shape[0], shape[-1]
        by_head = len(shape) == 3
        channels = heads * shape[1] if by_head else heads
        wanted = {
            "x": (channels,),
            "dt": (heads,),
            "decay": (heads,) if by_head else (heads, size),
        }
        for name, expected in wanted.items():
            found = shape_of(getattr(self, name).type)
            expect(
                found == expected,
                f"{self.name}: for the state {list(shape)}, {name} has shape {list(expected)}, "
                f"not {list(found)}",
            )
        (columns,) = shape_of(self.b.type)
        groups = columns // size
        expect(
            groups > 0
            and columns == groups * size
            and (heads % groups == 0 if by_head else groups == 1),
            f"{self.name}: B and C of {columns} elements are no groups of {size} that "
            f"{heads} heads share"
            if by_head
            else f"{self.name}: B and C have {size} elements, as a row of the state, not {columns}",
        )

    @override
    def verify_symbols(self) -> None:
        heads = (shape_of(self.state.type)[0],)
        expect_plain(self, D=check_weight(self, "D", self.d, heads, (FixedType,), self.x.type))
