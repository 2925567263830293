"""What a quantization rule chooses number formats from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import DenseArrayBase, StringAttr, SymbolRefAttr, i64
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import FixedType, RecipeStepAttr, WeightOp, format_of, shape_of
from lmc.ir.editing import symbol
from lmc.quantization.config import QuantizationConfig, WeightConfig
from lmc.quantization.formats import HEADROOM, power_of_two_format, static_format, weight_format
from lmc.quantization.layer_bits import layer_bits
from lmc.quantization.op_formats import WeightFormat
from lmc.quantization.roles import needs_power_of_two, reaches_stream
from lmc.quantization.value_bits import VECTOR_BITS
from lmc.quantization.value_ranges import Ranges

ROUND_TO_NEAREST = RecipeStepAttr.of("quantize", clip=StringAttr("none"))


@dataclass(frozen=True)
class Basis:
    """The configuration, ranges on calibration tokens, and the formats chosen so far.

    Ops are gone through in textual order: the formats of an op's operands are known.
    """

    config: QuantizationConfig
    ranges: Ranges
    weights: Mapping[str, WeightOp]
    residual: FixedType
    """The format of the residual stream, the same from the embedding to the last norm."""

    def fixed(self, value: SSAValue) -> FixedType:
        """The fixed-point format that a value has by now; raises LmcError if it has another."""
        fmt = format_of(value.type)
        if not isinstance(fmt, FixedType):
            name = self.hint(value)
            raise LmcError(f"%{name} should be fixed point once it is quantized, but is {fmt}")
        return fmt

    def hint(self, value: SSAValue) -> str:
        """The name of a value, for what is named after it."""
        return value.name_hint or "value"

    # Ranges

    def peak(self, value: SSAValue) -> float:
        """The largest magnitude that an op's result should be able to have, headroom included."""
        return self.ranges.peak(value) * HEADROOM

    def intermediate_peak(self, op: Operation, name: str) -> float:
        """The same for what the op's range rule has recorded under a name."""
        return self.ranges.intermediates[op, name] * HEADROOM

    def weight_peak(self, reference: SymbolRefAttr) -> float:
        """The largest magnitude of a weight."""
        return self.ranges.weights[symbol(reference)]

    # Formats

    def activation(self, value: SSAValue, bits: int) -> FixedType:
        """The format of a result: its scale is a power of two where a reader asks for that."""
        strict = needs_power_of_two(value) or reaches_stream(value)
        return (power_of_two_format if strict else static_format)(bits, self.peak(value))

    def vector(
        self, reference: SymbolRefAttr, choose: Callable[[int, float], FixedType]
    ) -> FixedType:
        """The format of a weight vector: `choose` is `static_format` or `power_of_two_format`."""
        return choose(VECTOR_BITS, self.weight_peak(reference))

    def matrix(self, reference: SymbolRefAttr, module: str, config: WeightConfig) -> WeightFormat:
        """The format of a weight matrix, which configurations call `module`.

        Raises LmcError if the configuration does not fit its layers.
        """
        weight = self.weights[symbol(reference)]
        bits = layer_bits(weight, module, config)
        # The largest scale that any group needs so that nothing is clipped.
        scale = self.weight_peak(reference) / ((1 << (min(bits) - 1)) - 1)
        columns = shape_of(weight.type)[1]
        fmt = weight_format(max(bits), columns, scale, config.scale, config.group)
        options: dict[str, Attribute] = {"clip": StringAttr(config.clip)}
        if len(set(bits)) == 1:
            return WeightFormat(fmt, RecipeStepAttr.of("quantize", **options))
        options["bits"] = DenseArrayBase.from_list(i64, bits)
        return WeightFormat(fmt, RecipeStepAttr.of("quantize", **options), bits)


def rounded(fmt: FixedType) -> WeightFormat:
    """A weight whose values are rounded to the nearest integers of a fixed-point format."""
    return WeightFormat(fmt, ROUND_TO_NEAREST)
