"""Bits of weights, states and tables."""

import math
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import FixedBitwidthType, ModuleOp, SymbolRefAttr, TensorType
from xdsl.ir import Attribute, Operation

from lmc.dialects.ssm import (
    EXPONENT_BITS,
    BlockType,
    FixedType,
    HasState,
    ReadsRow,
    TableOp,
    WeightOp,
    WeightType,
    format_of,
    shape_of,
)
from lmc.ir.editing import symbol, tables_of, weights_of
from lmc.numerics.rounding import IntArray
from lmc.numerics.tables import PiecewiseTable
from lmc.numerics.weight_quantization import WeightFormat
from lmc.weights.store import layer_format
from lmc.weights.tables import RsqrtTable, make_table


@dataclass(frozen=True)
class TableSize:
    """A table's entries and the bits of each."""

    entries: int
    entry_bits: int


@dataclass(frozen=True)
class Symbols:
    """The weights of a module and the sizes of its tables, by name, as one layer sees them."""

    weights: dict[str, WeightOp]
    tables: dict[str, TableSize]
    layer: int | None = None
    """The layer that is counted, None outside of the layers."""

    def weight(self, reference: SymbolRefAttr) -> WeightOp:
        """The weight that an op refers to."""
        return self.weights[symbol(reference)]

    def matrix(self, reference: SymbolRefAttr) -> WeightFormat:
        """The integers of the matrix that an op refers to, in the layer that is counted."""
        return layer_format(self.weight(reference), self.layer)

    def entry_bits(self, reference: SymbolRefAttr | None) -> int:
        """Bits that one look-up in the table that an op refers to reads."""
        assert reference is not None, "an integer op with a table names it"
        return self.tables[symbol(reference)].entry_bits

    @property
    def table_bits(self) -> int:
        """Bits of all tables, each once."""
        return sum(table.entries * table.entry_bits for table in self.tables.values())


def symbols_of(module: ModuleOp) -> Symbols:
    """The weights and tables of a quantized module; raises LmcError for a table that is wrong."""
    tables = {name: table_size(table) for name, table in tables_of(module).items()}
    return Symbols(weights_of(module), tables)


def table_size(table: TableOp) -> TableSize:
    """The size of a table whose values are as wide as its widest."""
    data = make_table(table)
    if isinstance(data, PiecewiseTable):
        return TableSize(data.base.size, _width(data.base) + _width(data.slope))
    values = data.mantissas if isinstance(data, RsqrtTable) else data.values
    return TableSize(values.size, _width(values))


def weight_bits_read(op: Operation, symbols: Symbols, layer: int | None) -> int:
    """Bits of the weights that an op refers to, in one layer."""
    names = [symbol(value) for value in op.properties.values() if isinstance(value, SymbolRefAttr)]
    weights = [symbols.weights[name] for name in names if name in symbols.weights]
    if op.has_trait(ReadsRow):
        return sum(weight_bits(weight, layer) // shape_of(weight.type)[0] for weight in weights)
    return sum(weight_bits(weight, layer) for weight in weights)


def state_bits_moved(op: Operation) -> int:
    """Bits of an op's state, counted twice: it is read and written."""
    holder = op.get_trait(HasState)
    return 0 if holder is None else 2 * _tensor_bits(holder.state(op).type)


def weight_bits(weight: WeightOp, layer: int | None) -> int:
    """Bits of a weight in one layer, with the scales of its groups; floats have theirs."""
    if not isinstance(format_of(weight.type), WeightType):
        return _tensor_bits(weight.type)
    fmt = layer_format(weight, layer)
    rows, columns = shape_of(weight.type)
    return rows * (columns * fmt.bits + columns // fmt.group * (fmt.mantissa + fmt.exponent))


def _tensor_bits(tensor: Attribute) -> int:
    assert isinstance(tensor, TensorType)
    fmt, elements = tensor.element_type, math.prod(tensor.get_shape())
    if isinstance(fmt, BlockType):
        mantissa = fmt.mantissa.data if fmt.mantissa.data > 1 else 0
        scales = elements // fmt.group.data * (EXPONENT_BITS + mantissa)
        return elements * fmt.bits.data + scales
    return elements * element_bits(fmt)


def element_bits(element: Attribute) -> int:
    """Bits of an integer or a float, of one in a block without the block's scale."""
    if isinstance(element, FixedBitwidthType):
        return element.bitwidth
    assert isinstance(element, FixedType | BlockType)
    return element.bits.data


def _width(values: IntArray) -> int:
    """Bits of integers that hold these values, signed where one of them is negative."""
    magnitudes = np.where(values < 0, ~values, values)
    return int(magnitudes.max()).bit_length() + bool((values < 0).any())
