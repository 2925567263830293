"""Rules by which ops are quantized, one of each kind for an op: lmc's own and those of plugins.

    @quantizes(HalveOp)
    def halve(op: HalveOp, basis: Basis) -> OpFormats:
        return OpFormats({op.result: basis.activation(op.result, 16)})

A rule reads the op and returns what it decides; the quantizer puts that into the module. An op
without a rule is refused by name. lmc's own are in `lmc.quantization.op_rules`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import Operation, SSAValue

from lmc.dialects.ssm import WeightOp
from lmc.quantization.basis import Basis
from lmc.quantization.op_formats import OpFormats

OpT = TypeVar("OpT", bound=Operation)
FloatValues = Mapping[SSAValue, NDArray[np.float32]]
"""Results of the float module on the calibration tokens, [T, B, ...], those of the last layer."""
Weights = Mapping[str, WeightOp]

FormatRule = Callable[[OpT, Basis], OpFormats]
FoundRanges = Mapping[SSAValue | str, float]
"""Of results by value, of intermediates by a name."""
RangeRule = Callable[[OpT, FloatValues], FoundRanges]
WidthRule = Callable[[OpT, Weights], None]

_FORMATS: dict[type[Operation], FormatRule[Any]] = {}
_RANGES: dict[type[Operation], RangeRule[Any]] = {}
_WIDTHS: dict[type[Operation], WidthRule[Any]] = {}


def quantizes(*kinds: type[OpT]) -> Callable[[FormatRule[OpT]], FormatRule[OpT]]:
    """Registers a function that chooses the number formats of ops."""

    def register(rule: FormatRule[OpT]) -> FormatRule[OpT]:
        _FORMATS.update(dict.fromkeys(kinds, rule))
        return rule

    return register


def calibrates(*kinds: type[OpT]) -> Callable[[RangeRule[OpT]], RangeRule[OpT]]:
    """Registers a function that finds largest magnitudes which an op's results do not show.

    What it returns for a result replaces that result's own.
    """

    def register(rule: RangeRule[OpT]) -> RangeRule[OpT]:
        _RANGES.update(dict.fromkeys(kinds, rule))
        return rule

    return register


def checks_widths(*kinds: type[OpT]) -> Callable[[WidthRule[OpT]], WidthRule[OpT]]:
    """Registers a function that raises LmcError unless every exact intermediate fits 63 bits.

    It gets the quantized op and the module's weights by name. `lmc.quantization.exact` and
    `lmc.numerics.ranges` have the usual sums and products.
    """

    def register(rule: WidthRule[OpT]) -> WidthRule[OpT]:
        _WIDTHS.update(dict.fromkeys(kinds, rule))
        return rule

    return register


def format_rule(op: Operation) -> FormatRule[Any] | None:
    """The rule that chooses an op's formats."""
    return _FORMATS.get(type(op))


def range_rule(op: Operation) -> RangeRule[Any] | None:
    """The rule that finds further ranges of an op; most need none."""
    return _RANGES.get(type(op))


def width_rule(op: Operation) -> WidthRule[Any] | None:
    """The rule that checks the widths of an op."""
    return _WIDTHS.get(type(op))
