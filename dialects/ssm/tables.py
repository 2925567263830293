"""Function tables: symbols whose contents are a function of their text alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xdsl.dialects.builtin import (
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolNameConstraint,
    i64,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    prop_def,
    traits_def,
)
from xdsl.traits import HasParent, SymbolOpInterface

from lmc.diagnostics import suggestion
from lmc.dialects.ssm.checks import expect
from lmc.dialects.ssm.constraints import FIXED_FORMAT, Value, one_of
from lmc.dialects.ssm.formats import SCALE_MANTISSA_BITS, FixedType, PseudoFloatType
from lmc.numerics.block import RECIPROCAL_SHIFT

MAX_RECIPROCAL_BITS = 16
"""Bits of the mantissa of a reciprocal root mean square, at most: sums are checked for these."""
_PIECEWISE = ("segments", "shift", "low", "slope_frac")
_OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "silu": _PIECEWISE,
        "softplus": _PIECEWISE,
        "exp": _PIECEWISE,
        "rsqrt": ("elements", "mantissa_shift"),
        "reciprocal": (),
    }
)
"""Function of a table → its options."""
_LEAST = MappingProxyType({"segments": 1, "shift": 0, "slope_frac": 0, "elements": 1})
"""The least value of options that have one."""
_MOST = MappingProxyType({"segments": 1 << 16, "shift": 62, "slope_frac": 62, "elements": 1 << 31})
"""The largest value of options that have one."""


@irdl_op_definition
class TableOp(IRDLOperation):
    """A function table: piecewise linear on equal segments, or the mantissas of a reciprocal root.

        ssm.table @silu function "silu"
          {low = -16384, segments = 1024, shift = 5, slope_frac = 12}
          : !ssm.fixed<16, 11> to !ssm.fixed<16, 12>

    The contents are a function of this text alone (`lmc.numerics.tables`) and are stored with the
    weights.
    """

    name = "ssm.table"

    sym_name = prop_def(SymbolNameConstraint())
    function = prop_def(one_of("a function", tuple(_OPTIONS)))
    options = prop_def(DictionaryAttr)
    input = prop_def(FIXED_FORMAT)
    output = prop_def(
        Value(
            "a format !ssm.fixed or !ssm.pfloat",
            lambda attr: isinstance(attr, FixedType | PseudoFloatType),
        )
    )

    traits = traits_def(SymbolOpInterface(), HasParent(ModuleOp))

    assembly_format = "$sym_name `function` $function $options `:` $input `to` $output attr-dict"

    def __init__(
        self,
        sym_name: str,
        function: str,
        options: dict[str, int],
        input_format: Attribute,
        output_format: Attribute,
    ):
        super().__init__(
            properties={
                "sym_name": StringAttr(sym_name),
                "function": StringAttr(function),
                "options": DictionaryAttr({k: IntegerAttr(v, i64) for k, v in options.items()}),
                "input": input_format,
                "output": output_format,
            }
        )

    def option(self, name: str) -> int:
        """The value of an integer option."""
        value = self.options.data[name]
        assert isinstance(value, IntegerAttr)
        return value.value.data

    def verify_(self) -> None:
        name = f"{self.name} @{self.sym_name.data}"
        wanted, given = _OPTIONS[self.function.data], self.options.data
        for option, value in given.items():
            hint = suggestion(option, wanted, f"it has {', '.join(wanted) or 'none'}")
            expect(
                option in wanted,
                f"{name}: a table of {self.function.data} has no option {option!r}; {hint}",
            )
            expect(
                isinstance(value, IntegerAttr)
                and value.type == i64
                and value.value.data >= _LEAST.get(option, value.value.data)
                and value.value.data <= _MOST.get(option, value.value.data),
                f"{name}: its option {option!r} cannot be {value}",
            )
        missing = [option for option in wanted if option not in given]
        expect(not missing, f"{name} lacks its option {missing[0] if missing else ''!r}")
        self._verify_formats(name)

    def _verify_formats(self, name: str) -> None:
        operand, result, function = self.input, self.output, self.function.data
        assert isinstance(operand, FixedType)
        if function == "rsqrt":
            expect(
                isinstance(result, PseudoFloatType)
                and result.bits.data <= MAX_RECIPROCAL_BITS
                and result.frac.data == self.option("mantissa_shift") - operand.frac.data,
                f"{name}: with operands of {operand} and a mantissa_shift of "
                f"{self.option('mantissa_shift')} it gives !ssm.pfloat with at most "
                f"{MAX_RECIPROCAL_BITS} bits and a frac of "
                f"{self.option('mantissa_shift') - operand.frac.data}, not {result}",
            )
            return
        expect(isinstance(result, FixedType), f"{name}: {function} gives !ssm.fixed, not {result}")
        if function == "reciprocal":
            expect(
                (operand, result) == RECIPROCAL_FORMATS,
                f"{name}: reciprocals go from {RECIPROCAL_FORMATS[0]} to {RECIPROCAL_FORMATS[1]}",
            )
        if function == "exp":
            reach = self.option("segments") << self.option("shift")
            expect(
                self.option("low") == -reach,
                f"{name}: exp ends at 0, so low is -{reach}, not {self.option('low')}",
            )


RECIPROCAL_FORMATS = (
    FixedType.of(SCALE_MANTISSA_BITS + 1, 0),
    FixedType.of(RECIPROCAL_SHIFT + 2, RECIPROCAL_SHIFT),
)
"""Operand and result of the table of the reciprocals of blocks' mantissas."""
