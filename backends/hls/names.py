"""C++ identifiers and types for what the IR holds."""

import re
from dataclasses import dataclass, field

from xdsl.dialects.builtin import (
    CallSiteLoc,
    FileLineColLoc,
    IndexType,
    IntegerType,
    NameLoc,
)
from xdsl.ir import Attribute

from lmc.dialects.dataflow import StreamType, data_type, is_signed

_KEYWORDS = """
alignas alignof and asm auto bool break case catch char class const constexpr continue default
delete do double else enum explicit export extern false float for friend goto if inline int long
main mutable namespace new not operator or private protected public register return short signed
sizeof static struct switch template this throw true try typedef typeid typename union unsigned
using virtual void volatile while xor
"""
_RESERVED = frozenset([*_KEYWORDS.split(), "ap_int", "ap_uint", "hls", "lmc"])


@dataclass
class Names:
    """Identifiers of one C++ scope, each given once."""

    taken: set[str] = field(default_factory=lambda: set[str]())

    def fresh(self, wish: str) -> str:
        """The wish as an identifier, with `_2`, `_3`, ... where it is taken."""
        base = identifier(wish)
        name, count = base, 1
        while name in self.taken:
            count += 1
            name = f"{base}_{count}"
        self.taken.add(name)
        return name


def identifier(text: str) -> str:
    """The text as a C++ identifier: other characters become `_`, keywords get a `_` behind."""
    name = re.sub(r"\W", "_", text).rstrip("_") or "value"
    name = f"v{name}" if name[0].isdigit() else name
    return f"{name}_" if name in _RESERVED else name


def c_type(type_: Attribute) -> str:
    """The C++ type of a value: ap_int<W>, ap_uint<W>, int (index), bool (i1) or a stream."""
    if isinstance(type_, StreamType):
        return f"hls::stream<{c_type(type_.element_type)} >"
    if isinstance(type_, IndexType):
        return "int"
    if isinstance(type_, IntegerType) and type_.width.data == 1 and _is_signless(type_):
        return "bool"
    kind = "ap_int" if is_signed(data_type(type_)) else "ap_uint"
    return f"{kind}<{data_type(type_).width.data}>"


def source_line(location: Attribute) -> str | None:
    """`file.py:12` for a location that has one, the innermost named one for call sites; or None."""
    if isinstance(location, FileLineColLoc):
        return f"{location.filename.data}:{location.line.data}"
    if isinstance(location, CallSiteLoc):
        return source_line(location.callee)
    if isinstance(location, NameLoc):
        inner = source_line(location.location)
        return location.desc.data if inner is None else f"{location.desc.data}, {inner}"
    return None


def _is_signless(type_: IntegerType) -> bool:
    return type_ == IntegerType(1)
