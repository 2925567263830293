"""Identifiers of SystemVerilog."""

import re

from lmc.dataflow.handles import UniqueNames
from lmc.dataflow.netlist.nodes import Bits

_KEYWORDS = """
alias always always_comb always_ff always_latch and assert assign assume automatic before begin
bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle class clocking
cmos config const constraint context continue cover covergroup coverpoint cross deassign default
defparam design disable dist do edge else end endcase endclass endclocking endconfig endfunction
endgenerate endgroup endinterface endmodule endpackage endprimitive endprogram endproperty
endspecify endsequence endtable endtask enum event expect export extends extern final first_match
for force foreach forever fork forkjoin function generate genvar highz0 highz1 if iff ifnone
ignore_bins illegal_bins import incdir include initial inout input inside instance int integer
interface intersect join join_any join_none large liblist library local localparam logic longint
macromodule matches medium modport module nand negedge new nmos nor noshowcancelled not notif0
notif1 null or output package packed parameter pmos posedge primitive priority program property
protected pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc
randcase randsequence rcmos real realtime ref reg release repeat return rnmos rpmos rtran rtranif0
rtranif1 scalared sequence shortint shortreal showcancelled signed small solve specify specparam
static string strong0 strong1 struct super supply0 supply1 table tagged task this throughout time
timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union
unique unsigned use uwire var vectored virtual void wait wait_order wand weak0 weak1 while
wildcard wire with within wor xnor xor accept_on checker endchecker eventually global implies let
nexttime reject_on restrict s_always s_eventually s_nexttime s_until s_until_with strong
sync_accept_on sync_reject_on unique0 until until_with untyped weak implements interconnect
nettype soft
"""
"""IEEE 1800-2017, annex B."""

_OWN = ("clk", "rst", "start", "done", "state", "state_t", "step", "left", "unused", "bit_number")


_WORDS = frozenset((*_KEYWORDS.split(), *_OWN))


def identifier(name: str) -> str:
    """The name of a task or a scalar as an identifier; words of the language get a `_`."""
    return f"{name}_" if name in _WORDS else name


class Names(UniqueNames):
    """Identifiers of one module, each given once."""

    def __init__(self) -> None:
        super().__init__(_WORDS)

    def fresh(self, wish: str) -> str:
        """The wish as an identifier, with `_2`, `_3`, ... where it is taken."""
        name = re.sub(r"[^A-Za-z0-9_]", "_", wish)
        return self(name if re.match(r"[A-Za-z_]", name) else f"value_{name}")


def literal(number: int, bits: Bits) -> str:
    """A number in exactly these bits."""
    width, low = bits.width, number & ((1 << bits.width) - 1)
    if not bits.signed:
        return f"{width}'d{low}" if low < 1 << 32 else f"{width}'h{low:x}"
    if number < 0 and number != bits.range.low:
        return f"-{width}'sd{-number}"
    return f"{width}'sd{low}" if number >= 0 and low < 1 << 31 else f"{width}'sh{low:x}"


def declared(bits: Bits) -> str:
    """The type of a signal."""
    sign = " signed" if bits.signed else ""
    return f"logic{sign}" if bits == Bits(1) else f"logic{sign} [{bits.width - 1}:0]"
