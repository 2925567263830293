"""The contents of `ssm.table` symbols."""

from dataclasses import dataclass

from xdsl.ir import Attribute

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import FixedType, PseudoFloatType, TableOp
from lmc.numerics.block import reciprocals
from lmc.numerics.rounding import FixedFormat, IntArray
from lmc.numerics.tables import PiecewiseTable, TableParameters, piecewise_table, rsqrt_table


@dataclass(frozen=True)
class RsqrtTable:
    """Mantissas of a reciprocal root, int64 [4096], and the table's options."""

    mantissas: IntArray
    mantissa_shift: int
    elements: int
    """Elements of a norm group: the table holds the root of a mean, made from a sum."""
    bits: int


@dataclass(frozen=True)
class ReciprocalTable:
    """Reciprocals of the mantissas of blocks' scales, int64 [256]."""

    values: IntArray


TableData = PiecewiseTable | RsqrtTable | ReciprocalTable


def make_table(table: TableOp) -> TableData:
    """The contents of a table; raises LmcError if its formats or options do not fit."""
    operand, result = fixed_format(table.input), table.output
    if table.function.data == "reciprocal":
        return ReciprocalTable(reciprocals())
    if table.function.data == "rsqrt":
        if not isinstance(result, PseudoFloatType):
            raise LmcError(f"table @{table.sym_name.data}: rsqrt has a pseudo-float result")
        elements, shift = _option(table, "elements"), _option(table, "mantissa_shift")
        bits = result.bits.data
        return RsqrtTable(rsqrt_table(elements, shift, bits, operand.mul), shift, elements, bits)
    parameters = TableParameters(
        _option(table, "segments"),
        _option(table, "shift"),
        _option(table, "low"),
        _option(table, "slope_frac"),
    )
    return piecewise_table(table.function.data, parameters, operand, fixed_format(result))


def fixed_format(attribute: Attribute) -> FixedFormat:
    """The integers of a fixed-point type; raises LmcError for another type."""
    if not isinstance(attribute, FixedType):
        raise LmcError(f"expected a fixed-point format, found {attribute}")
    return FixedFormat(attribute.bits.data, attribute.frac.data, attribute.mul.data)


def _option(table: TableOp, name: str) -> int:
    if name not in table.options.data:
        raise LmcError(f"table @{table.sym_name.data} lacks its option {name!r}")
    return table.option(name)
