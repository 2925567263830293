"""LUTs of the nodes of a netlist, in terms."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from lmc.dataflow.netlist.memories import residue
from lmc.dataflow.netlist.nodes import Memory, Node
from lmc.dataflow.netlist.used import varying, wires_of_sum
from lmc.dataflow.netlist.wires import unsaturated
from lmc.dataflow.resources import operators
from lmc.dataflow.resources.terms import Tally
from lmc.dialects.dataflow import TaskOp

FEW_BITS = 4
"""Bits beyond a limit that fit into one LUT, with the sign and the bit that is chosen."""

_Count: TypeAlias = Callable[[Node, str, Tally], None]


@dataclass
class LogicCount:
    """Counts nodes. What is computed twice from the same wires is there once.

    `used` and `memories` are the bits of values and of elements that something uses.
    """

    tally: Tally
    used: Mapping[Node, int]
    memories: Mapping[Memory, int]
    _keys: dict[Node, Hashable] = field(default_factory=dict[Node, Hashable])
    _known: set[Hashable] = field(default_factory=set[Hashable])

    def add(self, node: Node) -> None:
        """Adds the LUTs of a node that is no load. Wires, and what DSPs compute, have none."""
        key = self._key(node)
        if key in self._known or node.is_multicycle:
            return
        self._known.add(key)
        if node.kind == "select":
            self._choice(node)
        elif node.kind in _COUNTS:
            _COUNTS[node.kind](node, kind_of(node), self.tally)

    def _choice(self, node: Node) -> None:
        used = self.used.get(node, 0) & ~_same_bits(*node.args[1:])
        both = used
        for arg in node.args[1:]:
            both &= varying(arg, self.memories) | ~((1 << arg.bits.width) - 1)
        kind = kind_of(node)
        self.tally.logic(kind, "choice", both.bit_count())
        self.tally.logic(kind, "choice of a constant", (used & ~both).bit_count())

    def _key(self, node: Node) -> Hashable:
        """What a value is made of; what is read from a stream is the same in all statements."""
        if node not in self._keys:
            if node.is_constant:
                self._keys[node] = node.number, node.bits
            elif node.access is not None:
                self._keys[node] = node.access.stream, node.bits
            elif node.args and all(arg.is_still or arg.stage == node.stage for arg in node.args):
                parts = tuple(map(self._key, node.args))
                self._keys[node] = node.kind, node.bits, node.number, parts
            else:
                self._keys[node] = node
        return self._keys[node]


def kind_of(node: Node) -> str:
    """The kind of part that a node is."""
    return TaskOp.name if node.source is None else node.source.name


def _same_bits(left: Node, right: Node) -> int:
    """The low bits that two values have in common, since they are the same bits of one word."""
    word, first, width = _place(left)
    other, other_first, other_width = _place(right)
    if word is not other or first != other_first:
        return 0
    return (1 << min(width, other_width)) - 1


def _place(node: Node) -> tuple[Node, int, int]:
    """The word of which a value is a part, the part's first bit, and its bits without the sign's
    copies."""
    if node.kind == "resize":
        word, first, width = _place(node.args[0])
        return word, first, min(width, node.bits.width)
    if node.kind == "slice" and len(node.args) == 1:
        word, first, _ = _place(node.args[0])
        return word, first + node.number, node.bits.width
    return node, 0, node.bits.width


def _constant(node: Node) -> bool:
    return any(arg.is_constant for arg in node.args)


def _widest(node: Node) -> int:
    return max(arg.bits.width for arg in node.args)


def _sum(node: Node, kind: str, tally: Tally) -> None:
    bits = max(0, min(node.bits.width, _widest(node) + 1) - wires_of_sum(node))
    tally.logic(kind, "sum with a constant" if _constant(node) else "sum", bits)


def _negation(node: Node, kind: str, tally: Tally) -> None:
    arg = node.args[0]
    if arg.bits.signed or node.kind == "neg":
        tally.logic(kind, "negation", arg.bits.width)


def _extreme(node: Node, kind: str, tally: Tally) -> None:
    tally.logic(kind, "clamp" if _constant(node) else "extreme", _widest(node))


def _equality(node: Node, kind: str, tally: Tally) -> None:
    term = "equality with a constant" if _constant(node) else "equality"
    tally.logic(kind, term, _widest(node))


def _comparison(node: Node, kind: str, tally: Tally) -> None:
    term = "comparison with a constant" if _constant(node) else "comparison"
    tally.logic(kind, term, _widest(node))


def _gate(_node: Node, kind: str, tally: Tally) -> None:
    tally.logic(kind, "gate", 1)


def _levels(amount: Node) -> int:
    """Bits of a shift's amount; 0 for a constant, which is wires. Synthesis does not know that
    some amounts never come."""
    return 0 if amount.is_constant else amount.bits.width


def _left_shift(node: Node, kind: str, tally: Tally) -> None:
    levels, bits = _levels(node.args[1]), node.args[0].bits.width
    for done in range(2, levels + 2, 2):
        # Bits that no shift so far has reached are zero.
        reached = min(node.bits.width, bits + 2 ** min(done, levels) - 1)
        tally.logic(kind, "left shift", reached)


def _right_shift(node: Node, kind: str, tally: Tally) -> None:
    bits = max(node.bits.width, node.args[0].bits.width)
    tally.logic(kind, "right shift", bits * _levels(node.args[1]))


def _rounded_shift(node: Node, kind: str, tally: Tally) -> None:
    value, amount = node.args
    bits = value.bits.width
    saturates = not node.range.contains(unsaturated(node))
    if not amount.is_constant:
        tally.logic(kind, "rounding shift", bits * _levels(amount))
        tally.logic(kind, "rounding", bits)
        tally.logic(kind, "saturation of a shift", node.bits.width if saturates else 0)
        return
    kept = bits - amount.number
    tally.logic(kind, "rounding by a constant", kept if amount.number else 0)
    # Where more than a few bits tell what is beyond a limit, each limit is a choice by itself.
    limits = 2 if kept - node.bits.width > FEW_BITS else 1
    tally.logic(kind, "saturation", limits * node.bits.width if saturates else 0)


def _bit_length(node: Node, kind: str, tally: Tally) -> None:
    tally.logic(kind, "bit length", node.args[0].bits.width)


def _slice(node: Node, kind: str, tally: Tally) -> None:
    if len(node.args) == 2:
        word, place = node.args
        step = max(1, residue(place)[0])
        inputs = min(word.bits.width, place.range.high // step + 1)
        tally.logic(kind, "multiplexer", operators.multiplexer(inputs, node.bits.width))


def _insert(node: Node, kind: str, tally: Tally) -> None:
    tally.logic(kind, "insert", node.bits.width)


def _product(node: Node, kind: str, tally: Tally) -> None:
    if node.impl == "dsp":
        return
    constant = next((arg.number for arg in node.args if arg.is_constant), None)
    if constant is None:
        luts = operators.product(*(arg.bits.width for arg in node.args))
        tally.logic(kind, "product", luts)
    else:
        digits = max(0, operators.signed_digits(constant) - 1)
        tally.logic(kind, "product by a constant", digits * node.bits.width)


_COUNTS: Mapping[str, _Count] = {
    "add": _sum,
    "sub": _sum,
    "neg": _negation,
    "abs": _negation,
    "min": _extreme,
    "max": _extreme,
    "eq": _equality,
    "ne": _equality,
    "lt": _comparison,
    "le": _comparison,
    "gt": _comparison,
    "ge": _comparison,
    "and": _gate,
    "xor": _gate,
    "not": _gate,
    "shl": _left_shift,
    "shr": _right_shift,
    "round_shift_saturate": _rounded_shift,
    "bit_length": _bit_length,
    "slice": _slice,
    "insert": _insert,
    "mul": _product,
}
