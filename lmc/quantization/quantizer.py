"""Gives every value of a float module a number format, op by op in textual order."""

from collections.abc import Callable
from typing import TypeVar, cast

from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, StringAttr, TensorType, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import Rewriter

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
    RequantizeOp,
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
from lmc.ir.editing import create_before, ops_of, refuse, symbol, tables_of, weights_of
from lmc.quantization.calibration import Ranges
from lmc.quantization.config import (
    OperandConfig,
    OperandScale,
    QuantizationConfig,
    WeightConfig,
)
from lmc.quantization.formats import (
    HEADROOM,
    block_format,
    block_rounding,
    operand_format,
    power_of_two_format,
    static_format,
    weight_format,
    with_scale,
)
from lmc.quantization.layer_bits import layer_bits
from lmc.quantization.roles import Role, needs_power_of_two, reaches_stream, role_of
from lmc.quantization.tables import function_table, reciprocal_table, rsqrt_table

RESIDUAL_BITS = 24
NARROW_BITS = 16
"""What is computed once for each channel and then multiplied: norm results, gates, x, B, C."""
WIDE_BITS = 24
"""dt, dt · x, y and products of 16-bit values."""
PRODUCT_BITS = 32
"""Results of out_proj before the deferred norm, and logits."""
VECTOR_BITS = 16
DECAY_FORMAT = FixedType.of(18, 16)
DECAY_ARGUMENT = FixedType.of(22, 17)
"""dt · A from -16, where exp is below the resolution of the decay, to 0."""
ROUND_TO_NEAREST = RecipeStepAttr.of("quantize", clip=StringAttr("none"))
_RESIDUAL_HEADROOM, _DT_HEADROOM = 4.0, 8.0

OpT = TypeVar("OpT", bound=Operation)


class Quantizer:
    """Rewrites one module in place; `quantize` says what is refused."""

    def __init__(self, module: ModuleOp, ranges: Ranges, config: QuantizationConfig):
        self.module = module
        self.ranges = ranges
        self._weights = weights_of(module)
        self.config = config
        self._residual = power_of_two_format(RESIDUAL_BITS, self._residual_peak())
        self._operands: dict[tuple[SSAValue, FixedType | BlockType, str], SSAValue] = {}
        self._widths: dict[str, tuple[int, ...]] = {}
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
        self._set_classes()
        function.update_function_type()

    def _set_classes(self) -> None:
        """Layers whose weights have equal widths are one class."""
        if not self._widths:
            return
        kinds = list(zip(*self._widths.values(), strict=True))
        classes = [list(dict.fromkeys(kinds)).index(kind) for kind in kinds]
        for layers in ops_of(self.module, LayersOp):
            layers.layer_to_class = DenseArrayBase.from_list(i64, classes)

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
        self._matrix(symbol(op.weight), "embedding", self.config.weights.embedding)
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
        role = role_of(op)
        weight: WeightConfig = getattr(self.config.weights, role.module)
        operand: OperandConfig = getattr(self.config.operands, role.module)
        op.operands[0] = self._operand(op, operand, weight.group)
        self._matrix(symbol(op.weight), role.module, weight)
        # The accumulator is too wide to be multiplied: only power-of-two scales.
        wide = role in (Role.WRITER, Role.HEAD)
        peak = self._peak(op.result)
        _set_format(op.result, power_of_two_format(PRODUCT_BITS if wide else NARROW_BITS, peak))

    def _operand(self, op: LinearOp, config: OperandConfig, weight_group: int) -> SSAValue:
        """The operand of a linear layer in its format, made once for equal uses."""
        value, (elements,) = op.input, shape_of(op.input.type)
        peak = self.ranges.peak(value)
        fmt = operand_format(config, elements, peak, _fixed(value), weight_group)
        key = (value, fmt, config.scale)
        if key not in self._operands:
            self._operands[key] = self._conversion(op, fmt, config.scale)
        return self._operands[key]

    def _conversion(
        self, op: LinearOp, fmt: FixedType | BlockType, scale: OperandScale
    ) -> SSAValue:
        value, hint = op.input, f"{_hint(op.input)}_q"
        wanted = [TensorType(fmt, shape_of(value.type))]
        if isinstance(fmt, FixedType):
            return create_before(op, RequantizeOp, [value], wanted, hint=hint).result
        properties: dict[str, Attribute] = {"rounding": StringAttr(block_rounding(scale))}
        if scale == "mantissa":
            properties["table"] = reciprocal_table(self.module)
        return create_before(op, QuantizeOp, [value], wanted, properties, hint=hint).result

    def _bias(self, op: BiasOp) -> None:
        operand = _fixed(op.input)
        name = symbol(op.weight)
        fmt = with_scale(operand.frac.data, operand.mul.data, self.ranges.weights[name])
        self._set_weight(name, fmt)
        _set_format(op.result, self._activation(op.result, operand.bits.data))

    def _split(self, op: SplitOp) -> None:
        for piece in list(op.pieces):
            _set_format(piece, _fixed(op.input))

    def _rotate(self, op: RotateOp) -> None:
        operand = _fixed(op.input)
        growth = (op.block.value.data - 1).bit_length()
        bits = operand.bits.data + growth
        _set_format(op.result, FixedType.of(bits, operand.frac.data, operand.mul.data))

    # The mixer

    def _conv(self, op: CausalConv1dStepOp) -> None:
        operand = _fixed(op.input)
        weight = self._vector(symbol(op.weight), power_of_two_format)
        if op.bias is not None:
            name, frac = symbol(op.bias), operand.frac.data + weight.frac.data
            bias = with_scale(frac, operand.mul.data, self.ranges.weights[name])
            self._set_weight(name, bias)
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
        op.dtx = power_of_two_format(WIDE_BITS, self.ranges.dtx[op] * HEADROOM)
        size = shape_of(op.state.type)[-1]
        config = self.config.state
        state = block_format(config.bits, config.group, size, self._peak(op.new_state))
        _set_format(op.state, state)
        _set_format(op.new_state, state)
        _set_format(op.result, power_of_two_format(WIDE_BITS, self._peak(op.result)))

    def _mul(self, op: MulOp) -> None:
        _set_format(op.result, self._activation(op.result, WIDE_BITS))

    # Formats

    def _peak(self, value: SSAValue) -> float:
        return self.ranges.peak(value) * HEADROOM

    def _activation(self, value: SSAValue, bits: int) -> FixedType:
        strict = needs_power_of_two(value) or reaches_stream(value)
        return (power_of_two_format if strict else static_format)(bits, self._peak(value))

    def _matrix(self, name: str, module: str, config: WeightConfig) -> None:
        weight = self._weights[name]
        bits = layer_bits(weight, module, config)
        # The largest scale that any group needs so that nothing is clipped.
        scale = self.ranges.weights[name] / ((1 << (min(bits) - 1)) - 1)
        columns = shape_of(weight.type)[1]
        fmt = weight_format(max(bits), columns, scale, config.scale, config.group)
        options: dict[str, Attribute] = {"clip": StringAttr(config.clip)}
        if len(set(bits)) > 1:
            options["bits"] = DenseArrayBase.from_list(i64, bits)
            self._widths[name] = bits
        self._set_weight(name, fmt, RecipeStepAttr.of("quantize", **options))

    def _vector(self, name: str, choose: Callable[[int, float], FixedType]) -> FixedType:
        fmt = choose(VECTOR_BITS, self.ranges.weights[name])
        self._set_weight(name, fmt)
        return fmt

    def _set_weight(
        self, name: str, fmt: Attribute, step: RecipeStepAttr = ROUND_TO_NEAREST
    ) -> None:
        weight = self._weights[name]
        wanted = TensorType(fmt, shape_of(weight.type))
        if weight.recipe.data[-1].kind.data != "quantize":
            weight.with_steps(step, weight_type=wanted)
        elif weight.type != wanted or weight.recipe.data[-1] != step:
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
