"""Identifiers and types of C++ for what the IR holds."""

from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import Attribute

from lmc.dataflow.handles import UniqueNames
from lmc.dialects.dataflow import StreamType, data_type, is_signed
from lmc.dialects.dataflow.names import identifier


class Names(UniqueNames):
    """Identifiers of one C++ scope, each given once."""

    def fresh(self, wish: str) -> str:
        """The wish as an identifier, with `_2`, `_3`, ... where it is taken."""
        return self(identifier(wish))


def c_type(type_: Attribute) -> str:
    """The C++ type of a value: ap_int<W>, ap_uint<W>, int (index), bool (i1) or a stream."""
    if isinstance(type_, StreamType):
        return f"hls::stream<{c_type(type_.element_type)}>"
    if isinstance(type_, IndexType):
        return "int"
    if isinstance(type_, IntegerType) and type_.width.data == 1 and _is_signless(type_):
        return "bool"
    kind = "ap_int" if is_signed(data_type(type_)) else "ap_uint"
    return f"{kind}<{data_type(type_).width.data}>"


def _is_signless(type_: IntegerType) -> bool:
    return type_ == IntegerType(1)
