"""Gives every value of a float module a number format, op by op in textual order.

What an op's formats are is decided by its rule (`lmc.quantization.rules`); here they are put into
the module.
"""

from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, StringAttr, TensorType, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import Rewriter

from lmc.dialects.ssm import (
    BlockType,
    FixedType,
    LayersOp,
    MakesResidualStream,
    QuantizeOp,
    RequantizeOp,
    YieldOp,
    format_of,
    shape_of,
)
from lmc.ir.editing import create_before, ops_of, refuse, weights_of
from lmc.ir.rewriting import at_work, note
from lmc.quantization import op_rules
from lmc.quantization.basis import Basis
from lmc.quantization.config import ActivationScale, QuantizationConfig
from lmc.quantization.formats import block_rounding, power_of_two_format
from lmc.quantization.op_formats import ActivationFormat, OpFormats, WeightFormat
from lmc.quantization.rules import format_rule
from lmc.quantization.tables import add_table, reciprocal_table
from lmc.quantization.value_bits import RESIDUAL_BITS
from lmc.quantization.value_ranges import Ranges

_OWN_RULES = op_rules
"""Registers the rules of lmc's ops when it is imported."""
_RESIDUAL_HEADROOM = 4.0


class Quantizer:
    """Rewrites one module in place; `quantize` says what is refused."""

    def __init__(self, module: ModuleOp, ranges: Ranges, config: QuantizationConfig):
        self.module = module
        residual = power_of_two_format(RESIDUAL_BITS, _residual_peak(module, ranges))
        self._basis = Basis(config, ranges, weights_of(module), residual)
        self._activations: dict[
            tuple[SSAValue, FixedType | BlockType, ActivationScale], SSAValue
        ] = {}
        self._widths: dict[str, tuple[int, ...]] = {}

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

    def _block(self, block: Block) -> None:
        for op in list(block.ops):
            if isinstance(op, YieldOp | ReturnOp):
                continue
            if isinstance(op, LayersOp):
                self._layers(op)
                continue
            rule = format_rule(op)
            if rule is None:
                raise refuse(
                    op,
                    "quantize has no integer form of this op; a plugin can add one with "
                    "lmc.quantization.rules.quantizes",
                )
            with at_work(rule):
                self._apply(op, rule(op, self._basis))

    def _layers(self, op: LayersOp) -> None:
        for argument in op.block.args[: op.carried.value.data]:
            _set_format(argument, self._basis.residual)
        self._block(op.block)
        for argument, outer, output in zip(op.block.args, op.inputs, op.outputs, strict=True):
            _set_format(output, format_of(argument.type))
            # The states of all layers are arguments of the function.
            if format_of(outer.type) != format_of(argument.type):
                _set_format(outer, format_of(argument.type))

    def _apply(self, op: Operation, formats: OpFormats) -> None:
        for index, activation in formats.activations.items():
            op.operands[index] = self._activation(op, index, activation)
        for name, weight in formats.weights.items():
            self._set_weight(name, weight)
        for name, table in formats.tables.items():
            op.properties[name] = add_table(self.module, table)
        op.properties.update(formats.properties)
        for value, fmt in formats.values.items():
            _set_format(value, fmt)
        note(op)

    def _activation(self, op: Operation, index: int, wanted: ActivationFormat) -> SSAValue:
        """An operand in the format in which it is multiplied, made once for equal uses."""
        value = op.operands[index]
        key = (value, wanted.fmt, wanted.scale)
        if key not in self._activations:
            self._activations[key] = self._conversion(op, value, wanted)
        return self._activations[key]

    def _conversion(self, op: Operation, value: SSAValue, wanted: ActivationFormat) -> SSAValue:
        hint, types = f"{self._basis.hint(value)}_q", [TensorType(wanted.fmt, shape_of(value.type))]
        if isinstance(wanted.fmt, FixedType):
            return create_before(op, RequantizeOp, [value], types, hint=hint).result
        properties: dict[str, Attribute] = {"rounding": StringAttr(block_rounding(wanted.scale))}
        if wanted.scale == "mantissa":
            properties["table"] = add_table(self.module, reciprocal_table())
        return create_before(op, QuantizeOp, [value], types, properties, hint=hint).result

    def _set_weight(self, name: str, wanted: WeightFormat) -> None:
        weight = self._basis.weights[name]
        note(weight)
        weight_type = TensorType(wanted.fmt, shape_of(weight.type))
        if wanted.bits:
            self._widths[name] = wanted.bits
        if weight.recipe.data[-1].kind.data != "quantize":
            weight.with_steps(wanted.step, weight_type=weight_type)
        elif weight.type != weight_type or weight.recipe.data[-1] != wanted.step:
            raise refuse(weight, f"@{name} would need two number formats; give each use its own")


def _residual_peak(module: ModuleOp, ranges: Ranges) -> float:
    stream = [op.results[0] for op in module.walk() if op.has_trait(MakesResidualStream)]
    return max(map(ranges.peak, stream)) * _RESIDUAL_HEADROOM


def _set_format(value: SSAValue, fmt: Attribute) -> None:
    Rewriter.replace_value_with_new_type(value, TensorType(fmt, shape_of(value.type)))
