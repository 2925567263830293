"""Banks and the weights and tables that they hold: a layout must fit the symbols that it names."""

from math import prod
from typing import TypeVar

from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.ir import Operation
from xdsl.traits import SymbolTable, SymbolUserOpInterface
from xdsl.utils.exceptions import VerifyException

from lmc.dialects import ssm
from lmc.dialects.dataflow.layouts import (
    MatrixAttr,
    RowsAttr,
    SegmentAttr,
    TableAttr,
    VectorAttr,
    words_for,
)

TABLE_BASE_BITS, TABLE_SLOPE_BITS, LISTED_BITS = 32, 32, 32
"""Widths of a piecewise linear table's entries and of listed values."""

LISTED_ENTRIES = {"rsqrt": 1 << 12, "reciprocal": 1 << ssm.SCALE_MANTISSA_BITS}
"""Entries of tables that list values: a reciprocal root is looked up by the 12 leading bits of its
operand (to an even exponent), a reciprocal by a mantissa."""


def table_entries(table: ssm.TableOp) -> int:
    """Number of entries of a table."""
    return LISTED_ENTRIES.get(table.function.data) or table.option("segments")


def table_bits(table: ssm.TableOp) -> int:
    """Bits of an entry of a table."""
    is_listed = table.function.data in LISTED_ENTRIES
    return LISTED_BITS if is_listed else TABLE_BASE_BITS + TABLE_SLOPE_BITS


class LayoutSymbols(SymbolUserOpInterface):
    """Of a bank in a design in a module: what its layout names is there, and fits."""

    def verify(self, op: Operation) -> None:
        """VerifyException when a weight or table is missing, of another kind, width or size."""
        design = op.parent_op()
        module = None if design is None else design.parent_op()
        layout, words = op.properties.get("layout"), op.properties.get("words")
        if not isinstance(module, ModuleOp) or layout is None or not isinstance(words, IntegerAttr):
            return
        word_bits = op.results[0].type.word_type.width.data  # pyright: ignore
        needed = [
            _segment_words(module, segment, word_bits)
            for segment in layout  # pyright: ignore
        ]
        known = [count for count in needed if count is not None]
        if len(known) == len(needed) and sum(known) != words.value.data:
            name = op.properties["sym_name"].data  # pyright: ignore
            raise VerifyException(
                f"bank {name} has {words.value.data} words, what it holds takes {sum(known)}"
            )


def _segment_words(module: ModuleOp, segment: SegmentAttr, word_bits: int) -> int | None:
    """Words that a segment takes; None where that is not told by its symbol."""
    if isinstance(segment, MatrixAttr):
        # How a lane's words are cut is what the writer of images knows.
        _weight(module, segment, ssm.WeightType)
        return None
    if isinstance(segment, VectorAttr):
        return _vector_words(module, segment, word_bits)
    if isinstance(segment, RowsAttr):
        return _rows_words(module, segment, word_bits)
    if isinstance(segment, TableAttr):
        return _table_words(module, segment, word_bits)
    return None


FormatT = TypeVar("FormatT", ssm.WeightType, ssm.FixedType)


def _weight(
    module: ModuleOp, segment: MatrixAttr | VectorAttr | RowsAttr, wanted: type[FormatT]
) -> tuple[ssm.WeightOp, FormatT]:
    """The weight of a segment and its format, which agrees with the segment's."""
    weight = SymbolTable.lookup_symbol(module, segment.symbol)
    if not isinstance(weight, ssm.WeightOp):
        raise VerifyException(f"#{segment.name}: the module has no weight {segment.symbol}")
    found = weight.type.element_type
    if not isinstance(found, wanted):
        raise VerifyException(
            f"#{segment.name}: weight {segment.symbol} is of {found}, a !{wanted.name} is needed"
        )
    if isinstance(found, ssm.WeightType):
        _verify_matrix(segment, weight, found)
    return weight, found


def _verify_matrix(segment: SegmentAttr, weight: ssm.WeightOp, found: ssm.WeightType) -> None:
    name, fields = weight.sym_name.data, segment.fields()
    if len(weight.type.get_shape()) != 2:
        raise VerifyException(f"#{segment.name}: weight @{name} is no matrix")
    said = (fields["mantissa_bits"], fields["exponent_bits"])
    if said != (found.mantissa.data, found.exponent.data):
        raise VerifyException(
            f"#{segment.name}: scales of weight @{name} have {found.mantissa.data} and "
            f"{found.exponent.data} bits, not {said[0]} and {said[1]}"
        )


def _vector_words(module: ModuleOp, segment: VectorAttr, word_bits: int) -> int:
    weight, found = _weight(module, segment, ssm.FixedType)
    lanes, bits, name = segment.lanes.data, segment.bits.data, weight.sym_name.data
    elements = prod(weight.type.get_shape())
    if bits != found.bits.data:
        raise VerifyException(
            f"#{segment.name}: weight @{name} has {found.bits.data} bits, not {bits}"
        )
    if elements % lanes:
        raise VerifyException(
            f"#{segment.name}: {elements} elements of weight @{name} are no multiple of {lanes}"
        )
    return words_for(elements // lanes, word_bits, lanes * bits) * weight.layer_count


def _rows_words(module: ModuleOp, segment: RowsAttr, word_bits: int) -> int:
    weight, found = _weight(module, segment, ssm.WeightType)
    lanes, name = segment.lanes.data, weight.sym_name.data
    rows, columns = weight.type.get_shape()
    bits = lanes * found.bits.data + found.mantissa.data + found.exponent.data
    if columns % lanes or found.group.data % lanes or bits > word_bits:
        raise VerifyException(
            f"#{segment.name}: rows of weight @{name}, {columns} columns in groups of "
            f"{found.group.data}, are not cut into {lanes} to an element of a word"
        )
    return rows * words_for(columns // lanes, word_bits, bits)


def _table_words(module: ModuleOp, segment: TableAttr, word_bits: int) -> int:
    table = SymbolTable.lookup_symbol(module, segment.symbol)
    if not isinstance(table, ssm.TableOp):
        raise VerifyException(f"#{segment.name}: the module has no table {segment.symbol}")
    if segment.bits.data != table_bits(table):
        raise VerifyException(
            f"#{segment.name}: table {segment.symbol} has {table_bits(table)} bits, "
            f"not {segment.bits.data}"
        )
    return words_for(table_entries(table), word_bits, segment.bits.data)
