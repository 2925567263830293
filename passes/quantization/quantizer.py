"""Gives every value of a float module a number format, op by op in textual order."""

from collections.abc import Callable
from typing import TypeVar, cast

from xdsl.dialects.builtin import ModuleOp, StringAttr, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import Rewriter

from lmc.calibration import Ranges
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import (
    AddOp,
    BiasOp,
    BlockType,
    CausalConv1dStepOp,
    DecayOp,
    EmbeddingOp,
    FixedType,
    GatedNormOp,
    LayersOp,
    LinearOp,
    MulOp,
    QuantizeOp,
    RecipeStepAttr,
    RMSNormOp,
    RMSScaleOp,
    RotateOp,
    ScaleChannelsOp,
    ScaleOp,
    SelectiveStateUpdateOp,
    SiluOp,
    SoftplusOp,
    SplitOp,
    TableOp,
    YieldOp,
    format_of,
    shape_of,
)
from lmc.passes.editing import create_before, refuse, symbol, tables_of, weights_of
from lmc.passes.quantization.formats import (
    block_format,
    block_format_of,
    power_of_two_format,
    static_format,
    weight_format,
    with_scale,
)
from lmc.passes.quantization.roles import Role, needs_power_of_two, reaches_stream, role_of
from lmc.passes.quantization.tables import function_table, reciprocal_table, rsqrt_table
from lmc.presets import Preset

RESIDUAL_BITS = 24
NARROW_BITS = 16
"""What is computed once for each channel and then multiplied: norm results, gates, x, B, C."""
WIDE_BITS = 24
"""dt, dt · x, y and products of 16-bit values."""
PRODUCT_BITS = 32
"""Results of out_proj before the deferred norm, and logits."""
STATE_BITS, STATE_GROUP = 8, 8
VECTOR_BITS = 16
DECAY_FORMAT = FixedType.of(18, 16)
DECAY_ARGUMENT = FixedType.of(22, 17)
"""dt · A from -16, where exp is below the resolution of the decay, to 0."""
INNER_BITS, HEAD_OPERAND_BITS, WIDE_GROUP = 8, 8, 32
"""x_proj and dt_proj, their operands and that of the LM head, whatever the preset."""
_HEADROOM, _RESIDUAL_HEADROOM, _DT_HEADROOM = 2.0, 4.0, 8.0

OpT = TypeVar("OpT", bound=Operation)


class Quantizer:
    """Rewrites one module in place; `quantize` says what is refused."""

    def __init__(self, module: ModuleOp, ranges: Ranges, preset: Preset):
        self.module = module
        self.ranges = ranges
        self._weights = weights_of(module)
        self.preset = preset
        self._residual = power_of_two_format(RESIDUAL_BITS, self._residual_peak())
        self._blocks: dict[tuple[SSAValue, BlockType, str], SSAValue] = {}
        self._handlers: dict[type[Operation], Callable[[Operation], None]] = {}
        self._register(EmbeddingOp, self._embedding)
        self._register(LayersOp, self._layers)
        self._register(RMSNormOp, self._rms_norm)
        self._register(LinearOp, self._linear)
        self._register(BiasOp, self._bias)
        self._register(SplitOp, self._split)
        self._register(CausalConv1dStepOp, self._conv)
        self._register(SiluOp, self._silu)
        self._register(SoftplusOp, self._softplus)
        self._register(DecayOp, self._decay)
        self._register(SelectiveStateUpdateOp, self._state_update)
        self._register(MulOp, self._mul)
        self._register(ScaleChannelsOp, self._scale_channels)
        self._register(RMSScaleOp, self._rms_scale)
        self._register(ScaleOp, self._scale)
        self._register(RotateOp, self._rotate)
        self._register(AddOp, self._add)

    def run(self) -> None:
        """Quantize the function; raises LmcError naming an op that has no integer form."""
        function = next(op for op in self.module.body.block.ops if isinstance(op, FuncOp))
        self._block(function.body.block)
        function.update_function_type()

    def _register(self, kind: type[OpT], handler: Callable[[OpT], None]) -> None:
        self._handlers[kind] = cast("Callable[[Operation], None]", handler)

    def _block(self, block: Block) -> None:
        for op in list(block.ops):
            if isinstance(op, YieldOp | ReturnOp):
                continue
            handler = self._handlers.get(type(op))
            if handler is None:
                raise refuse(op, "quantize has no integer form of this op" + _remedy(op))
            handler(op)

    # The residual stream

    def _residual_peak(self) -> float:
        stream = [op.result for op in self.module.walk() if isinstance(op, EmbeddingOp | AddOp)]
        return max(map(self.ranges.peak, stream)) * _RESIDUAL_HEADROOM

    def _embedding(self, op: EmbeddingOp) -> None:
        self._matrix(symbol(op.weight), self.preset.embedding_bits)
        _set_format(op.result, self._residual)

    def _add(self, op: AddOp) -> None:
        _set_format(op.result, self._residual)

    def _layers(self, op: LayersOp) -> None:
        for argument in op.block.args[: op.carried.value.data]:
            _set_format(argument, self._residual)
        self._block(op.block)
        for argument, outer, output in zip(op.block.args, op.inputs, op.outputs, strict=True):
            _set_format(output, format_of(argument.type))
            # The states of all layers are arguments of the function.
            if format_of(outer.type) != format_of(argument.type):
                _set_format(outer, format_of(argument.type))

    # Norms

    def _rms_norm(self, op: RMSNormOp) -> None:
        if op.weight is not None:
            raise refuse(op, f"run fold-norm-scales first: the scale @{symbol(op.weight)} is left")
        operand, (elements,) = _fixed(op.input), shape_of(op.input.type)
        op.table = rsqrt_table(self.module, elements, operand, _hint(op.result))
        _set_format(op.result, self._activation(op.result, NARROW_BITS))

    def _rms_scale(self, op: RMSScaleOp) -> None:
        elements = shape_of(op.input.type)[0] // shape_of(op.result.type)[0]
        op.table = rsqrt_table(self.module, elements, _fixed(op.input), _hint(op.input))
        _set_format(op.result, self._table(symbol(op.table)).output)

    def _scale(self, op: ScaleOp) -> None:
        _set_format(op.result, self._activation(op.result, WIDE_BITS))

    def _scale_channels(self, op: ScaleChannelsOp) -> None:
        self._vector(symbol(op.weight), static_format)
        _set_format(op.result, self._activation(op.result, WIDE_BITS))

    # Linear layers

    def _linear(self, op: LinearOp) -> None:
        role, name = role_of(op), symbol(op.weight)
        preset = self.preset
        if role in (Role.READER, Role.WRITER):
            bits, operand = preset.weight_bits, preset.activation_bits
            group, rounding = preset.activation_group, preset.rounding
            mantissa = preset.activation_mantissa
        else:
            bits = preset.head_bits if role is Role.HEAD else INNER_BITS
            operand, group, rounding, mantissa = HEAD_OPERAND_BITS, WIDE_GROUP, "up", 1
        op.operands[0] = self._quantized(op, operand, group, rounding, mantissa)
        self._matrix(name, bits)
        # The accumulator is too wide to be multiplied: only power-of-two scales.
        wide = role in (Role.WRITER, Role.HEAD)
        peak = self._peak(op.result)
        _set_format(op.result, power_of_two_format(PRODUCT_BITS if wide else NARROW_BITS, peak))

    def _quantized(
        self, op: LinearOp, bits: int, group: int, rounding: str, mantissa: int
    ) -> SSAValue:
        """The operand of a linear layer in block floating point, made once for equal uses."""
        value, (elements,) = op.input, shape_of(op.input.type)
        peak, operand = self._peak(value), _fixed(value)
        fmt = block_format_of(bits, group, elements, peak, operand, mantissa)
        key = (value, fmt, rounding)
        if key not in self._blocks:
            table = {"table": reciprocal_table(self.module)} if mantissa > 1 else {}
            self._blocks[key] = create_before(
                op,
                QuantizeOp,
                [value],
                [TensorType(fmt, [elements])],
                {"rounding": StringAttr(rounding), **table},
                hint=f"{_hint(value)}_q",
            ).result
        return self._blocks[key]

    def _bias(self, op: BiasOp) -> None:
        operand = _fixed(op.input)
        name = symbol(op.weight)
        fmt = with_scale(operand.frac.data, operand.mul.data, self.ranges.weights[name])
        self._set_weight(name, fmt, "none")
        _set_format(op.result, self._activation(op.result, operand.bits.data))

    def _split(self, op: SplitOp) -> None:
        for piece in list(op.pieces):
            _set_format(piece, _fixed(op.input))

    def _rotate(self, op: RotateOp) -> None:
        operand = _fixed(op.input)
        growth = op.block.value.data.bit_length() - 1
        bits = operand.bits.data + growth
        _set_format(op.result, FixedType.of(bits, operand.frac.data, operand.mul.data))

    # The mixer

    def _conv(self, op: CausalConv1dStepOp) -> None:
        operand = _fixed(op.input)
        weight = self._vector(symbol(op.weight), power_of_two_format)
        if op.bias is not None:
            name, frac = symbol(op.bias), operand.frac.data + weight.frac.data
            bias = with_scale(frac, operand.mul.data, self.ranges.weights[name])
            self._set_weight(name, bias, "none")
        _set_format(op.state, operand)
        _set_format(op.new_state, operand)
        _set_format(op.result, self._activation(op.result, NARROW_BITS))

    def _silu(self, op: SiluOp) -> None:
        result = self._activation(op.result, NARROW_BITS)
        op.table = function_table(self.module, "silu", _fixed(op.input), result, _hint(op.result))
        _set_format(op.result, result)

    def _softplus(self, op: SoftplusOp) -> None:
        result = power_of_two_format(WIDE_BITS, self.ranges.peak(op.result) * _DT_HEADROOM)
        op.table = function_table(
            self.module, "softplus", _fixed(op.input), result, _hint(op.result)
        )
        _set_format(op.result, result)

    def _decay(self, op: DecayOp) -> None:
        self._vector(symbol(op.weight), static_format)
        op.argument = DECAY_ARGUMENT
        op.table = function_table(
            self.module, "exp", DECAY_ARGUMENT, DECAY_FORMAT, _hint(op.result)
        )
        _set_format(op.result, DECAY_FORMAT)

    def _state_update(self, op: SelectiveStateUpdateOp) -> None:
        self._vector(symbol(op.d), power_of_two_format)
        op.dtx = power_of_two_format(WIDE_BITS, self.ranges.dtx[op] * _HEADROOM)
        size = shape_of(op.state.type)[-1]
        state = block_format(STATE_BITS, STATE_GROUP, size, self._peak(op.new_state))
        _set_format(op.state, state)
        _set_format(op.new_state, state)
        _set_format(op.result, power_of_two_format(WIDE_BITS, self._peak(op.result)))

    def _mul(self, op: MulOp) -> None:
        _set_format(op.result, self._activation(op.result, WIDE_BITS))

    # Formats

    def _peak(self, value: SSAValue) -> float:
        return self.ranges.peak(value) * _HEADROOM

    def _activation(self, value: SSAValue, bits: int) -> FixedType:
        strict = needs_power_of_two(value) or reaches_stream(value)
        return (power_of_two_format if strict else static_format)(bits, self._peak(value))

    def _matrix(self, name: str, bits: int) -> None:
        # The largest scale that any group needs so that nothing is clipped.
        scale = self.ranges.weights[name] / ((1 << (bits - 1)) - 1)
        columns = shape_of(self._weights[name].type)[1]
        self._set_weight(name, weight_format(bits, columns, scale), "mse")

    def _vector(self, name: str, choose: Callable[[int, float], FixedType]) -> FixedType:
        fmt = choose(VECTOR_BITS, self.ranges.weights[name])
        self._set_weight(name, fmt, "none")
        return fmt

    def _set_weight(self, name: str, fmt: Attribute, clip: str) -> None:
        weight = self._weights[name]
        wanted = TensorType(fmt, shape_of(weight.type))
        if weight.recipe.data[-1].kind.data != "quantize":
            step = RecipeStepAttr.of("quantize", clip=StringAttr(clip))
            weight.with_steps(step, weight_type=wanted)
        elif weight.type != wanted:
            raise refuse(weight, f"@{name} would need two number formats; give each use its own")

    def _table(self, name: str) -> TableOp:
        return tables_of(self.module)[name]


def _fixed(value: SSAValue) -> FixedType:
    fmt = format_of(value.type)
    if not isinstance(fmt, FixedType):
        raise LmcError(f"%{_hint(value)} should be fixed point once it is quantized, but is {fmt}")
    return fmt


def _hint(value: SSAValue) -> str:
    return value.name_hint or "value"


def _set_format(value: SSAValue, fmt: Attribute) -> None:
    Rewriter.replace_value_with_new_type(value, TensorType(fmt, shape_of(value.type)))


def _remedy(op: Operation) -> str:
    return "; run defer-norm first" if isinstance(op, GatedNormOp) else ""
