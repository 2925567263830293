"""What the words of a bank hold, as entries that whoever fills it reads."""

from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, StringAttr, SymbolRefAttr, i64
from xdsl.ir import Attribute


def layout_entry(kind: str, **fields: str | int) -> DictionaryAttr:
    """One entry of a bank's layout."""
    attributes: dict[str, Attribute] = {"kind": StringAttr(kind)}
    for name, value in fields.items():
        is_symbol = name in ("weight", "table")
        if isinstance(value, int):
            attributes[name] = IntegerAttr(value, i64)
        else:
            attributes[name] = SymbolRefAttr(value) if is_symbol else StringAttr(value)
    return DictionaryAttr(attributes)
