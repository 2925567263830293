"""A new activation in one file: hard SiLU, x · clamp((x + k) / 2k, 0, 1), which needs no table.

docs/writing-a-pass.md walks through it. Where the package is installed, or with this file as
`--plugin`, pipelines have the pass `hard-silu`, and IR files may hold the op `hard.silu`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override
from xdsl.context import Context
from xdsl.dialects.builtin import I64, Float32Type, IntegerAttr, ModuleOp, TensorType, i64
from xdsl.ir import Dialect
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.universe import Universe
from xdsl.utils.exceptions import VerifyException

from lmc.analysis.cost import Symbols, TokenCost, costs
from lmc.analysis.cost.counting import product
from lmc.dataflow.values import Value
from lmc.dialects.ssm import (
    ChannelWise,
    FixedType,
    SiluOp,
    TakesPowerOfTwoScales,
    format_of,
    shape_of,
)
from lmc.interpreter import Kernel, register
from lmc.ir.editing import create_before, ops_of, refuse, replace
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering import lowers
from lmc.lowering.arithmetic import rescale
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Vector, lane, map_lanes
from lmc.numerics import ranges
from lmc.numerics.rounding import IntArray, rescale_plan
from lmc.quantization.basis import Basis
from lmc.quantization.exact import check_rescaled, fixed
from lmc.quantization.op_formats import OpFormats
from lmc.quantization.rules import Weights, checks_widths, quantizes
from lmc.weights import WeightStore

LMC_API_VERSION = 1

FloatArray = NDArray[np.float32]

# What it is


@irdl_op_definition
class HardSiluOp(IRDLOperation):
    """x · clamp((x + k) / 2k, 0, 1), elementwise, with k = 2^knee; silu is close to it.

    Below the quantization line the operand's scale is a power of two and k a whole number of it.
    """

    name = "hard.silu"
    input = operand_def(TensorType)
    knee = prop_def(IntegerAttr[I64])
    result = result_def(TensorType)
    traits = traits_def(Pure(), ChannelWise(), TakesPowerOfTwoScales())
    assembly_format = "$input `knee` `(` $knee `)` attr-dict `:` functional-type(operands, results)"

    @property
    def shift(self) -> int:
        """The integer that stands for k is 1 << shift."""
        return fixed(self.input).frac.data + self.knee.value.data

    def verify_(self) -> None:
        """Raise VerifyException for a shape or a format that does not fit."""
        if shape_of(self.input.type) != shape_of(self.result.type):
            raise VerifyException("hard.silu changes the shape of its operand")
        operand = format_of(self.input.type)
        if isinstance(operand, FixedType) and (operand.mul.data != 1 or self.shift < 0):
            raise VerifyException(f"hard.silu cannot take {operand} with knee {self.knee}")


HARD = Dialect("hard", [HardSiluOp])


# What it computes


@register(HardSiluOp)
def run_float(op: HardSiluOp, _weights: WeightStore) -> Kernel:
    """In float32."""
    return lambda values, _layer: (hard_silu(cast("FloatArray", values[0]), op.knee.value.data),)


def hard_silu(x: FloatArray, knee: int) -> FloatArray:
    """The real function."""
    k = np.float32(2.0**knee)
    return x * np.minimum(np.maximum((x + k) / (2 * k), np.float32(0)), np.float32(1))


@register(HardSiluOp, integer=True)
def run_integers(op: HardSiluOp, _weights: WeightStore) -> Kernel:
    """rescale(x · clamp(x + k, 0, 2k), (frac + shift + 1, 1) → result), k = 2^shift."""
    k, result = 1 << op.shift, fixed(op.result)
    plan = rescale_plan(*_scale(op), result.bits.data, result.frac.data, result.mul.data)

    def kernel(values: Sequence[object], _layer: int | None) -> tuple[IntArray]:
        x = cast("IntArray", values[0])
        return (plan.apply(x * np.clip(x + k, 0, 2 * k)),)

    return kernel


def _scale(op: HardSiluOp) -> tuple[int, int]:
    """frac and mul of x · clamp(x + k, 0, 2k): x is in units of 2^-frac, the other part in 2k."""
    return fixed(op.input).frac.data + op.shift + 1, 1


# How it is quantized


@quantizes(HardSiluOp)
def choose_formats(op: HardSiluOp, basis: Basis) -> OpFormats:
    """16 bits, as for silu; the operand has what it needs already, because of its trait."""
    return OpFormats({op.result: basis.activation(op.result, 16)})


@checks_widths(HardSiluOp)
def check(op: HardSiluOp, _weights: Weights) -> None:
    """The product, and its change of scale."""
    magnitude = ranges.largest(fixed(op.input).bits.data) << (op.shift + 1)
    ranges.signed_width(magnitude, "the product")
    check_rescaled(magnitude, *_scale(op), fixed(op.result))


@costs(HardSiluOp)
def count(op: HardSiluOp, _symbols: Symbols) -> TokenCost:
    """A product for each element."""
    return product(op.result, 1)


# How it is built


@lowers(HardSiluOp)
def lower(op: HardSiluOp, operands: Operands, site: Site) -> Vector:
    """One task: a word of a few elements each cycle."""
    x, k, target = operands.vector(0), 1 << op.shift, fixed(op.result)
    y = site.result(op.result)
    with site.task("hard_silu") as task, task.nest((*site.loops, ("word", x.words))):
        word = task.read(x.stream)

        def element(index: Value) -> Value:
            value = lane(word, index, x.bits)
            return rescale(value * (value + k).max(0).min(2 * k), *_scale(op), target)

        task.write(y.stream, map_lanes(task, y.lanes, y.bits, element))
    return y


# Where it goes


@dataclass(frozen=True)
class HardSilu(LmcPass):
    """Replace each silu of a float module by a hard one with its knees at ±2^knee."""

    name = "hard-silu"
    effect: ClassVar[Effect] = Effect.NUMBERS

    knee: int = 1

    @override
    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Edit the module; raises LmcError if it is quantized already."""
        for silu in ops_of(op, SiluOp):
            if not isinstance(format_of(silu.result.type), Float32Type):
                raise refuse(silu, "this is an integer op already; run hard-silu before quantize")
            properties = {"knee": IntegerAttr(self.knee, i64)}
            hard = create_before(silu, HardSiluOp, [silu.input], [silu.result.type], properties)
            replace(silu, hard.result)


UNIVERSE = Universe(all_dialects={"hard": lambda: HARD}, all_passes={"hard-silu": lambda: HardSilu})
