"""What computes a node: one function of its operands, by kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lmc.backends.rtl.verilog.names import declared, literal
from lmc.dataflow.netlist.nodes import Bits, Node
from lmc.dataflow.netlist.wires import unsaturated

TextOf: TypeAlias = Callable[[Node], str]
"""The name of an operand in the stage in which it is needed."""
Partly: TypeAlias = Callable[[str], None]
_Print: TypeAlias = Callable[["_Printer"], "list[str]"]


def held_in(node: Node, text: str, bits: Bits) -> str:
    """An operand's value, or its low bits, in exactly these bits."""
    if node.is_constant:
        return literal(node.number, bits)
    resized = text if node.bits.width == bits.width else f"{bits.width}'({text})"
    return with_sign(resized, node.bits.signed, bits.signed)


def with_sign(text: str, is_signed: bool, signed: bool) -> str:
    """An expression of the same bits, read with a sign or without."""
    return text if is_signed == signed else f"{'signed' if signed else 'unsigned'}'({text})"


def print_node(node: Node, name: str, text: TextOf, partly: Partly) -> list[str]:
    """Lines that declare `name` and give it the value of a node; the last one is its own.

    `partly` is told the signals of which not all bits are used.
    """
    return _PRINT[node.kind](_Printer(node, name, text, partly))


@dataclass
class _Printer:
    node: Node
    name: str
    text: TextOf
    partly: Partly

    def held(self, position: int, bits: Bits | None = None) -> str:
        """An operand in some bits; the node's, if nothing is said."""
        arg = self.node.args[position]
        bits = self.node.bits if bits is None else bits
        if bits.width < arg.bits.width and not arg.is_constant:
            self.partly(self.text(arg))
        return held_in(arg, self.text(arg), bits)

    def own(self, position: int) -> str:
        """An operand in its own bits."""
        return self.held(position, self.node.args[position].bits)

    def common(self, *positions: int) -> Bits:
        """Bits that hold all of some operands."""
        bits = [self.node.args[position].bits for position in positions]
        signed = any(one.signed for one in bits)
        return Bits(max(one.width + (signed and not one.signed) for one in bits), signed)

    def assign(self, expression: str) -> list[str]:
        return [f"wire {declared(self.node.bits)} {self.name} = {expression};"]


def _binary(operator: str) -> _Print:
    return lambda p: p.assign(f"{p.held(0)} {operator} {p.held(1)}")


def _product(p: _Printer) -> list[str]:
    (line,) = _binary("*")(p)
    return [_made_of(p.node) + line]


def _made_of(node: Node) -> str:
    """What synthesis has to make a product of; one by a power of two is wires."""
    if node.impl is None:
        return ""
    if any(arg.is_constant and abs(arg.number).bit_count() == 1 for arg in node.args):
        return ""
    return f'(* use_dsp = "{"yes" if node.impl == "dsp" else "no"}" *) '


def _comparison(operator: str) -> _Print:
    def lines(p: _Printer) -> list[str]:
        bits = p.common(0, 1)
        return p.assign(f"{p.held(0, bits)} {operator} {p.held(1, bits)}")

    return lines


def _extreme(operator: str) -> _Print:
    def lines(p: _Printer) -> list[str]:
        bits = p.common(0, 1)
        test = f"{p.held(0, bits)} {operator} {p.held(1, bits)}"
        return p.assign(f"{test} ? {p.held(0)} : {p.held(1)}")

    return lines


def _abs(p: _Printer) -> list[str]:
    arg = p.node.args[0]
    if not arg.bits.signed:
        return p.assign(p.held(0))
    sign = f"{p.own(0)}[{arg.bits.width - 1}]"
    return p.assign(f"{sign} ? -{p.held(0)} : {p.held(0)}")


def _bit_length(p: _Printer) -> list[str]:
    bits = p.node.args[0].bits.width
    return [
        f"{declared(p.node.bits)} {p.name};",
        "always_comb begin",
        f"  {p.name} = '0;",
        f"  for (int bit_number = 0; bit_number < {bits}; bit_number++)",
        f"    if ({p.own(0)}[bit_number]) "
        f"{p.name} = unsigned'({p.node.bits.width}'(bit_number + 1));",
        "end",
    ]


def _amount(p: _Printer, position: int) -> str:
    arg = p.node.args[position]
    return str(arg.number) if arg.is_constant else p.held(position, Bits(arg.bits.width))


def _shr(p: _Printer) -> list[str]:
    # A cast's operand stands alone: the shift is on the operand's own bits.
    value, bits = p.node.args[0].bits, p.node.bits
    shifted = f"{p.own(0)} {_right(value)} {_amount(p, 1)}"
    cut = shifted if value.width == bits.width else f"{bits.width}'({shifted})"
    return p.assign(with_sign(cut, value.signed, bits.signed))


def _right(bits: Bits) -> str:
    return ">>>" if bits.signed else ">>"


def _slice(p: _Printer) -> list[str]:
    word, bits = p.node.args[0], p.node.bits
    if len(p.node.args) == 2:
        plain = p.held(0, Bits(word.bits.width))
        cut = f"{bits.width}'({plain} >> {_amount(p, 1)})"
        return p.assign(with_sign(cut, False, bits.signed))
    if word.bits.width == 1:
        return p.assign(p.held(0, bits))
    p.partly(p.own(0))
    low, high = p.node.number, p.node.number + bits.width - 1
    cut = f"{p.own(0)}[{low}]" if high == low else f"{p.own(0)}[{high}:{low}]"
    return p.assign(with_sign(cut, False, bits.signed))


def _insert(p: _Printer) -> list[str]:
    value, word = p.node.args[0].bits, Bits(p.node.bits.width)
    hole, first = literal((1 << value.width) - 1, word), _amount(p, 2)
    part = f"{word.width}'({p.held(0, Bits(value.width))})"
    joined = f"({p.held(1, word)} & ~({hole} << {first})) | ({part} << {first})"
    return p.assign(with_sign(joined, False, p.node.bits.signed))


def _joined(p: _Printer) -> str:
    parts = ", ".join(p.own(position) for position in reversed(range(len(p.node.args))))
    return with_sign(f"{{{parts}}}", False, p.node.bits.signed)


def _round_shift_saturate(p: _Printer) -> list[str]:
    """Twice the value, shifted, plus 1, halved: that rounds half up for all amounts."""
    arg, bits = p.node.args[0], p.node.bits
    wide = Bits(arg.bits.width + 2, arg.bits.signed)
    rounded, one = f"{p.name}_unsaturated", literal(1, wide)
    doubled, right = f"{p.held(0, wide)} << 1", _right(wide)
    halved = f"((({doubled}) {right} {_amount(p, 1)}) + {one}) {right} 1"
    lines = [f"wire {declared(wide)} {rounded} = {halved};"]
    p.partly(rounded)
    exact, known = unsaturated(p.node), p.node.range
    kept = with_sign(f"{bits.width}'({rounded})", wide.signed, bits.signed)
    if exact.low < known.low:
        limit = literal(known.low, wide)
        kept = f"{rounded} < {limit} ? {literal(known.low, bits)} : {kept}"
    if exact.high > known.high:
        limit = literal(known.high, wide)
        kept = f"{rounded} > {limit} ? {literal(known.high, bits)} : {kept}"
    return [*lines, *p.assign(kept)]


_PRINT: Mapping[str, _Print] = {
    "add": _binary("+"),
    "sub": _binary("-"),
    "mul": _product,
    "min": _extreme("<"),
    "max": _extreme(">"),
    "neg": lambda p: p.assign(f"-{p.held(0)}"),
    "abs": _abs,
    "bit_length": _bit_length,
    "shl": lambda p: p.assign(f"{p.held(0)} << {_amount(p, 1)}"),
    "shr": _shr,
    "round_shift_saturate": _round_shift_saturate,
    "eq": _comparison("=="),
    "ne": _comparison("!="),
    "lt": _comparison("<"),
    "le": _comparison("<="),
    "gt": _comparison(">"),
    "ge": _comparison(">="),
    "and": lambda p: p.assign(f"{p.own(0)} && {p.own(1)}"),
    "xor": lambda p: p.assign(f"{p.own(0)} ^ {p.own(1)}"),
    "not": lambda p: p.assign(f"!{p.own(0)}"),
    "select": lambda p: p.assign(f"{p.own(0)} ? {p.held(1)} : {p.held(2)}"),
    "resize": lambda p: p.assign(p.held(0)),
    "slice": _slice,
    "insert": _insert,
    "concat": lambda p: p.assign(_joined(p)),
}
"""All kinds that are logic of their operands alone."""

LOGIC = frozenset(_PRINT)
