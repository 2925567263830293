"""How many entries a function table has, and how wide they are."""

from lmc.dialects import ssm
from lmc.memory_layout.words import LISTED_BITS, TABLE_BASE_BITS, TABLE_SLOPE_BITS

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
