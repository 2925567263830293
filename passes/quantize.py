"""`quantize`: every value and weight of a float module becomes integers of a stated format.

Static formats follow from the largest magnitudes on calibration text; linear layers take block
floating point, whose exponents are found at run time, and weights with a scale for each group
(docs/number-formats.md). The SSM's operands have power-of-two scales from the start; the other
static scales have an 8-bit mantissa until `rewrite-power-of-two`.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import Float32Type, ModuleOp, TensorType
from xdsl.ir import Operation

from lmc.calibration import calibrate
from lmc.diagnostics import UsageError
from lmc.dialects.ssm import WeightOp, format_of
from lmc.passes.base import Effect, LmcPass
from lmc.passes.editing import refuse, weights_of
from lmc.passes.quantization.quantizer import Quantizer
from lmc.passes.quantization.widths import check_widths
from lmc.presets import DEFAULT_PRESET, Preset, find_preset
from lmc.weights import WeightStore, open_source


@dataclass(frozen=True)
class Quantize(LmcPass):
    """Cross the quantization line: f32 tensors become `!ssm.fixed`, `!ssm.bfp` and `!ssm.wint`.

    Needs norms without weights (`fold-norm-scales`) and no `ssm.gated_norm` (`defer-norm`). The
    options beside `preset` and `seed` replace one entry of the preset each.
    """

    name = "quantize"
    effect: ClassVar[Effect] = Effect.NUMBERS

    preset: str = DEFAULT_PRESET
    """Formats of the linear layers: w4a8, w4a4 or w8a8."""
    weight_bits: int | None = None
    """Weights of in_proj and out_proj, 2 to 8."""
    activation_bits: int | None = None
    """Operands of in_proj and out_proj, 2 to 8."""
    activation_group: int | None = None
    """Elements of such an operand that share an exponent, at least 1."""
    head_bits: int | None = None
    """Weights of the LM head, 2 to 8."""
    embedding_bits: int | None = None
    """The embedding, 2 to 8."""
    seed: int = 0
    """Seed of the calibration text."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module.

        Raises UsageError for an unknown preset or a width out of range, and LmcError if the
        module's weights cannot be found, an op has no integer form, or a sum would not fit 63 bits.
        """
        formats = self._formats()
        for weight in weights_of(op).values():
            if not isinstance(format_of(weight.type), Float32Type):
                raise refuse(weight, f"@{weight.sym_name.data} is quantized already")
        store = WeightStore(op, open_source(op))
        ranges = calibrate(op, store, self.seed)
        Quantizer(op, ranges, formats).run()
        _require_integers(op)
        check_widths(op)

    def _formats(self) -> Preset:
        widths = {
            "weight_bits": self.weight_bits,
            "activation_bits": self.activation_bits,
            "head_bits": self.head_bits,
            "embedding_bits": self.embedding_bits,
        }
        for name, bits in widths.items():
            if bits is not None and not 2 <= bits <= 8:
                raise UsageError(f"quantize: {name} is 2 to 8, not {bits}")
        if self.activation_group is not None and self.activation_group < 1:
            raise UsageError("quantize: activation_group is at least 1")
        chosen = {**widths, "activation_group": self.activation_group}
        given = {name: value for name, value in chosen.items() if value is not None}
        return replace(find_preset(self.preset), **given)


def _require_integers(module: ModuleOp) -> None:
    """Nothing below the quantization line is a float."""
    for op in module.walk():
        types = [op.type] if isinstance(op, WeightOp) else [value.type for value in op.results]
        for found in types:
            if isinstance(found, TensorType) and isinstance(found.element_type, Float32Type):
                raise _float_left(op)


def _float_left(op: Operation) -> Exception:
    if isinstance(op, WeightOp):
        return refuse(op, f"@{op.sym_name.data} is still float, because no op reads it; remove it")
    return refuse(op, "this value is still float after quantization")
