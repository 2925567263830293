"""Function tables for ops: made for the formats of operand and result, shared where equal."""

from collections.abc import Container

from xdsl.dialects.builtin import ModuleOp, StringAttr, SymbolRefAttr

from lmc.dialects.ssm import FixedType, PseudoFloatType, TableOp, WeightOp
from lmc.ir.editing import tables_of
from lmc.ir.rewriting import note
from lmc.numerics.block import RECIPROCAL_SHIFT, SCALE_MANTISSA_BITS
from lmc.numerics.rounding import FixedFormat
from lmc.numerics.tables import choose_mantissa_shift, choose_table

RECIPROCAL_BITS = 16
"""Bits of the mantissa of a reciprocal root mean square."""


def fixed(fmt: FixedType) -> FixedFormat:
    """The integers of a fixed-point type."""
    return FixedFormat(fmt.bits.data, fmt.frac.data, fmt.mul.data)


def function_options(function: str, operand: FixedType, result: FixedType) -> dict[str, int]:
    """The options of a piecewise linear table between two formats."""
    chosen = choose_table(function, fixed(operand), fixed(result))
    return {
        "segments": chosen.segments,
        "shift": chosen.shift,
        "low": chosen.low,
        "slope_frac": chosen.slope_frac,
    }


def rsqrt_options(elements: int, operand: FixedType) -> dict[str, int]:
    """The options of the table of 1 / rms for norm groups of `elements` elements."""
    shift = choose_mantissa_shift(elements, RECIPROCAL_BITS, operand.mul.data)
    return {"elements": elements, "mantissa_shift": shift}


def rsqrt_result(options: dict[str, int], operand: FixedType) -> PseudoFloatType:
    """The format of 1 / rms, whose scale follows from that of the operand."""
    return PseudoFloatType.of(RECIPROCAL_BITS, options["mantissa_shift"] - operand.frac.data)


def function_table(function: str, operand: FixedType, result: FixedType, hint: str) -> TableOp:
    """A table of `silu`, `softplus` or `exp`; `hint` is the value that it is named after."""
    options = function_options(function, operand, result)
    return TableOp(f"{function}_{hint}", function, options, operand, result)


def rsqrt_table(elements: int, operand: FixedType, hint: str) -> TableOp:
    """A table of 1 / rms of norm groups of `elements` elements."""
    options = rsqrt_options(elements, operand)
    return TableOp(f"rsqrt_{hint}", "rsqrt", options, operand, rsqrt_result(options, operand))


def reciprocal_table() -> TableOp:
    """The table of the reciprocals of blocks' mantissas."""
    operand = FixedType.of(SCALE_MANTISSA_BITS + 1, 0)
    result = FixedType.of(RECIPROCAL_SHIFT + 2, RECIPROCAL_SHIFT)
    return TableOp("reciprocal", "reciprocal", {}, operand, result)


def add_table(module: ModuleOp, table: TableOp) -> SymbolRefAttr:
    """Add the table before the function, unless the module has one that differs in name only."""
    known = tables_of(module)
    for name, other in known.items():
        if _contents(other) == _contents(table):
            return SymbolRefAttr(name)
    _rename_apart(table, known)
    data = [op for op in module.body.block.ops if isinstance(op, WeightOp | TableOp)]
    module.body.block.insert_op_after(table, data[-1])
    note(table)
    return SymbolRefAttr(table.sym_name.data)


def _rename_apart(table: TableOp, known: Container[str]) -> None:
    base, number = table.sym_name.data, 1
    while table.sym_name.data in known:
        number += 1
        table.sym_name = StringAttr(f"{base}_{number}")


def _contents(table: TableOp) -> tuple[object, ...]:
    return (table.function, table.options, table.input, table.output)
