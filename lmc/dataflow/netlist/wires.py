"""Makes the values of a netlist: each once, constants folded, as wide as their range."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.ir import Operation

from lmc.dataflow.delays import FREE, Delay
from lmc.dataflow.netlist.nodes import Bits, Kind, Node, bits_for
from lmc.dialects.dataflow import AddOp, MaxOp, MinOp, MulOp, Range, SubOp
from lmc.dialects.dataflow.arithmetic import compared
from lmc.dialects.dataflow.ranges import absolute, extremes

GATE = Delay(0, 0.3, 1)
"""Of a choice between two values."""


@dataclass
class Wires:
    """Nodes under construction, of one iteration.

    `free`: arithmetic takes no time, since hardware has it ahead (docs/simulation.md).
    """

    free: bool = False
    nodes: list[Node] = field(default_factory=list[Node])
    source: Operation | None = None
    wish: str = ""
    lane: tuple[int, ...] = ()
    _known: dict[object, Node] = field(default_factory=dict[object, Node])

    def constant(self, number: int, bits: Bits | None = None) -> Node:
        """A number, in the narrowest bits if nothing is said."""
        bits = bits_for(Range(number, number)) if bits is None else bits
        key = ("constant", number, bits)
        if key not in self._known:
            self._known[key] = Node(
                "constant", (), bits, Range(number, number), str(number), number
            )
        return self._known[key]

    def make(
        self,
        kind: Kind,
        args: Sequence[Node],
        values: Range,
        *,
        bits: Bits | None = None,
        delay: Delay = FREE,
        number: int = 0,
        impl: str | None = None,
    ) -> Node:
        """A node, or the one that there is already; a constant where the range is one number."""
        bits = bits_for(values) if bits is None else bits
        if values.low == values.high:
            return self.constant(values.low, bits)
        key = (kind, tuple(map(id, args)), bits, number, impl)
        if key not in self._known:
            node = Node(kind, tuple(args), bits, values, self.wish or kind, number)
            node.delay = FREE if self.free else delay
            node.impl, node.source, node.lane = impl, self.source, self.lane
            self._known[key] = self.add(node)
        return self._known[key]

    def add(self, node: Node) -> Node:
        """A node that is like no other."""
        self.nodes.append(node)
        return node

    # Arithmetic

    def arithmetic(
        self,
        kind: Kind,
        args: Sequence[Node],
        delay: Delay = FREE,
        within: Range | None = None,
        impl: str | None = None,
    ) -> Node:
        """A sum, product, minimum, ...; `within` is what its type says beside its operands."""
        values = _COMBINED[kind](*(arg.range for arg in args))
        if within is not None:
            values = (_saturated if kind == "round_shift_saturate" else _clipped)(values, within)
        if (same := self._neutral(kind, args)) is not None:
            return same
        return self.make(kind, args, values, delay=delay, impl=impl)

    def _neutral(self, kind: Kind, args: Sequence[Node]) -> Node | None:
        """The operand that the other one leaves as it is."""
        if len(args) != 2:
            return None
        left, right = args
        for one, other in ((left, right), (right, left)):
            if not other.is_constant or (one is right and kind in ("sub", "shl", "shr")):
                continue
            if other.number == 0 and kind in ("add", "sub", "shl", "shr"):
                return one
            if other.number == 1 and kind == "mul":
                return one
        if kind == "max":
            return left if left.range.low >= right.range.high else None
        if kind == "min":
            return left if left.range.high <= right.range.low else None
        return None

    def compare(self, predicate: str, left: Node, right: Node, delay: Delay = FREE) -> Node:
        """Whether a comparison of the values holds."""
        known = compared(predicate, left.range, right.range)
        if known is None and left is right:
            known = int(predicate in ("eq", "le", "ge"))
        if known is not None:
            return self.constant(known, Bits(1))
        assert predicate in ("eq", "ne", "lt", "le", "gt", "ge")
        return self.make(predicate, (left, right), Range(0, 1), delay=delay)

    # Conditions

    def both(self, left: Node | None, right: Node | None) -> Node | None:
        """The conjunction; None is a condition that always holds."""
        if left is None or (left.is_constant and left.number):
            return None if right is not None and right.is_constant and right.number else right
        if right is None or (right.is_constant and right.number) or left is right:
            return left
        if left.is_constant or right.is_constant:
            return self.constant(0, Bits(1))
        return self.make("and", (left, right), Range(0, 1))

    def opposite(self, node: Node) -> Node:
        """The condition that holds where this one does not."""
        if node.is_constant:
            return self.constant(1 - node.number, Bits(1))
        if node.kind == "not":
            return node.args[0]
        return self.make("not", (node,), Range(0, 1))

    def either(self, left: Node, right: Node, delay: Delay = FREE) -> Node:
        """The disjunction."""
        for one, other in ((left, right), (right, left)):
            if one.is_constant:
                return one if one.number else other
        none = self.both(self.opposite(left), self.opposite(right))
        assert none is not None
        node = self.opposite(none)
        node.delay = FREE if self.free else delay
        return node

    def select(self, condition: Node, yes: Node, no: Node, delay: Delay = GATE) -> Node:
        """One of two values."""
        if condition.is_constant:
            return yes if condition.number else no
        if yes is no or (yes.is_constant and no.is_constant and yes.number == no.number):
            return yes
        values = Range(min(yes.range.low, no.range.low), max(yes.range.high, no.range.high))
        return self.make("select", (condition, yes, no), values, delay=delay)

    # Bits

    def resize(self, node: Node, bits: Bits) -> Node:
        """The value in other bits; its low bits where it does not fit."""
        if node.bits == bits:
            return node
        if node.is_constant:
            return self.constant(_wrapped(node.number, bits), bits)
        fits = bits.range.contains(node.range)
        if node.kind == "resize" and (bits.width <= node.args[0].bits.width):
            return self.resize(node.args[0], bits)
        return self.make("resize", (node,), node.range if fits else bits.range, bits=bits)

    def slice(self, word: Node, first: Node, bits: Bits, delay: Delay = FREE) -> Node:
        """Bits of a word, from `first` on."""
        if not first.is_constant:
            return self.make("slice", (word, first), bits.range, bits=bits, delay=delay)
        low, end = first.number, first.number + bits.width
        if word.is_constant:
            return self.constant(_wrapped(word.number >> low, bits), bits)
        if low == 0 and word.bits.width == bits.width:
            return self.resize(word, bits)
        if word.kind == "concat":
            start = 0
            for part in word.args:
                if start <= low and end <= start + part.bits.width:
                    return self.slice(part, self.constant(low - start), bits)
                start += part.bits.width
        if word.kind == "slice" and len(word.args) == 1:
            return self.slice(word.args[0], self.constant(low + word.number), bits)
        if word.kind == "resize" and end <= word.args[0].bits.width:
            return self.slice(word.args[0], first, bits)
        return self.make("slice", (word,), bits.range, bits=bits, number=low)

    def concat(self, parts: Sequence[Node], bits: Bits) -> Node:
        """Parts joined, the first one lowest."""
        flat = [inner for part in parts for inner in _parts(part)]
        if len(flat) == 1:
            return self.resize(flat[0], bits)
        if all(part.is_constant for part in flat):
            number = start = 0
            for part in flat:
                number |= (part.number & ((1 << part.bits.width) - 1)) << start
                start += part.bits.width
            return self.constant(_wrapped(number, bits), bits)
        return self.make("concat", flat, bits.range, bits=bits)

    def insert(self, value: Node, word: Node, first: Node, delay: Delay = FREE) -> Node:
        """A word with a value put in from bit `first` on."""
        if not first.is_constant:
            bits = word.bits
            return self.make("insert", (value, word, first), bits.range, bits=bits, delay=delay)
        begin, end = first.number, first.number + value.bits.width
        before: list[Node] = []
        after: list[Node] = []
        start = 0
        for part in _parts(word):
            stop = start + part.bits.width
            if start < begin:
                before.append(self._cut(part, 0, min(stop, begin) - start))
            if stop > end:
                cut = max(start, end) - start
                after.append(self._cut(part, cut, part.bits.width - cut))
            start = stop
        return self.concat([*before, value, *after], word.bits)

    def _cut(self, part: Node, first: int, width: int) -> Node:
        if width == part.bits.width:
            return part
        return self.slice(part, self.constant(first), Bits(width))


def _parts(node: Node) -> tuple[Node, ...]:
    return node.args if node.kind == "concat" else (node,)


def _wrapped(number: int, bits: Bits) -> int:
    low = number & ((1 << bits.width) - 1)
    return low - (1 << bits.width) if bits.signed and low >> (bits.width - 1) else low


def _saturated(values: Range, within: Range) -> Range:
    low, high = (max(within.low, min(within.high, end)) for end in (values.low, values.high))
    return Range(low, high)


def _clipped(values: Range, within: Range) -> Range:
    """What is in both; what is in neither never happens, and may be anything of the second."""
    low, high = max(values.low, within.low), min(values.high, within.high)
    return Range(low, high) if low <= high else within


def rounded(value: int, amount: int) -> int:
    """`round_shift_saturate` before it saturates."""
    return (value + (1 << (amount - 1))) >> amount if amount else value


def _shifted(shift: Callable[[int, int], int]) -> Callable[..., Range]:
    def combine(value: Range, amount: Range) -> Range:
        amounts = min(max(amount.low, 0), 63), min(max(amount.high, 0), 63)
        return extremes([shift(v, s) for v in (value.low, value.high) for s in amounts])

    return combine


def _length(value: Range) -> Range:
    return Range(max(value.low, 0).bit_length(), max(value.high, 0).bit_length())


def _negative(value: Range) -> Range:
    return Range(-value.high, -value.low)


_COMBINED: Mapping[str, Callable[..., Range]] = {
    "add": AddOp.combine,
    "sub": SubOp.combine,
    "mul": MulOp.combine,
    "min": MinOp.combine,
    "max": MaxOp.combine,
    "neg": _negative,
    "abs": absolute,
    "bit_length": _length,
    "shl": _shifted(lambda value, amount: value << amount),
    "shr": _shifted(lambda value, amount: value >> amount),
    "round_shift_saturate": _shifted(rounded),
}


def unsaturated(node: Node) -> Range:
    """What `round_shift_saturate` would give if it did not saturate."""
    return _COMBINED["round_shift_saturate"](*(arg.range for arg in node.args))
