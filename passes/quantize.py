"""`quantize`: every value and weight of a float module becomes integers of a stated format.

Static formats follow from the largest magnitudes on calibration text; linear layers take block
floating point, whose exponents are found at run time, and weights with a scale for each group
(docs/number-formats.md). The SSM's operands have power-of-two scales from the start; the other
static scales have an 8-bit mantissa until `rewrite-power-of-two`.
"""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import Float32Type, ModuleOp, TensorType
from xdsl.ir import Operation

from lmc.dialects.ssm import WeightOp, format_of
from lmc.interpreter.threads import thread_count
from lmc.ir.editing import refuse, weights_of
from lmc.ir.pass_base import Effect, LmcPass
from lmc.quantization.calibration import calibrate
from lmc.quantization.presets import DEFAULT_PRESET, find_preset
from lmc.quantization.quantizer import Quantizer
from lmc.quantization.widths import check_widths
from lmc.weights import WeightStore, open_source


@dataclass(frozen=True)
class Quantize(LmcPass):
    """Cross the quantization line: f32 tensors become `!ssm.fixed`, `!ssm.bfp` and `!ssm.wint`.

    Needs norms without weights (`fold-norm-scales`) and no `ssm.gated_norm` (`defer-norm`).
    """

    name = "quantize"
    effect: ClassVar[Effect] = Effect.NUMBERS

    preset: str = DEFAULT_PRESET
    """A preset's name, or a .toml file with a quantization configuration."""
    text: str | None = None
    """A text file (UTF-8) to calibrate on; by default the model's own text."""
    seed: int = 0
    """Seed of the model's own text."""

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module.

        Raises UsageError for an unknown preset, and LmcError if the configuration does not fit the
        model, weights or text cannot be read, an op has no integer form, or a sum would not fit 63
        bits.
        """
        config = find_preset(self.preset)
        for weight in weights_of(op).values():
            if not isinstance(format_of(weight.type), Float32Type):
                raise refuse(weight, f"@{weight.sym_name.data} is quantized already")
        store = WeightStore(op, open_source(op), looks_ahead=thread_count() > 1)
        ranges = calibrate(op, store, self.seed, self.text)
        Quantizer(op, ranges, config).run()
        _require_integers(op)
        check_widths(op)


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
