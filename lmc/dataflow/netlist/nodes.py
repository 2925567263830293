"""The parts of a netlist: values with widths and ranges, memories, and what acts in a stage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from xdsl.ir import Operation

from lmc.dataflow.delays import FREE, Delay
from lmc.dataflow.timing import START, Moment
from lmc.dialects.dataflow import Range

Kind: TypeAlias = Literal[
    "constant",
    "register",
    "counter",
    "element",
    "load",
    "add",
    "sub",
    "mul",
    "min",
    "max",
    "neg",
    "abs",
    "bit_length",
    "shl",
    "shr",
    "round_shift_saturate",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "and",
    "xor",
    "not",
    "select",
    "resize",
    "slice",
    "insert",
    "concat",
]
"""What makes a value. `register` is one that does not change while a pipeline runs, `counter` a
loop's counter in stage 0, `element` what is read from a stream; `resize` keeps a value, or its low
bits, in another width. All others are named after the op that they are."""


@dataclass(frozen=True)
class Bits:
    """How a value is held: in two's complement if it is signed."""

    width: int
    signed: bool = False

    @property
    def range(self) -> Range:
        """All that can be held."""
        if self.signed:
            return Range(-(1 << (self.width - 1)), (1 << (self.width - 1)) - 1)
        return Range(0, (1 << self.width) - 1)

    def __str__(self) -> str:
        return f"{'s' if self.signed else 'u'}{self.width}"


def bits_for(values: Range) -> Bits:
    """The narrowest bits that hold all values of a range."""
    if values.low >= 0:
        return Bits(max(1, values.high.bit_length()))
    return Bits(1 + max((-values.low - 1).bit_length(), max(values.high, 0).bit_length()), True)


@dataclass(eq=False)
class Memory:
    """A buffer of a task.

    The places in dimensions `banked` choose a bank. Where `is_elements`, each element is a register
    of its own. `latency` is in cycles from a place to its element. A dimension of the buffer that
    is partitioned cyclically is two of `shape`, rows and banks; `cyclic` has its number and factor.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    bits: Bits
    latency: int
    is_elements: bool
    banked: tuple[int, ...] = ()
    cyclic: Mapping[int, int] = field(default_factory=dict[int, int])

    @property
    def count(self) -> int:
        """Elements of all banks."""
        count = 1
        for size in self.shape:
            count *= size
        return count


@dataclass(eq=False)
class Node:
    """A value of a netlist, made by hardware of its own.

    `number` is a constant's value, or the first bit of a constant slice. `wish` is what it would be
    called. `start` and `done` are moments of its iteration; its logic is in stage `stage`, and its
    operands are needed in stage `needed`. `impl` is what a product is made of.
    """

    kind: Kind
    args: "tuple[Node, ...]"
    bits: Bits
    range: Range
    wish: str = ""
    number: int = 0
    delay: Delay = FREE
    impl: str | None = None
    source: Operation | None = None
    memory: Memory | None = None
    access: "Access | None" = None
    lane: tuple[int, ...] = ()
    order: int = 0
    at_least: int = 0
    start: Moment = START
    done: Moment = START
    stage: int = 0
    name: str = ""

    @property
    def is_constant(self) -> bool:
        """Whether it is one number."""
        return self.kind == "constant"

    @property
    def is_still(self) -> bool:
        """Whether it has no stage: a constant, or a register that holds while iterations run."""
        return self.kind in ("constant", "register")

    @property
    def needed(self) -> int:
        """The stage in which operands are needed."""
        if self.kind == "load" and self.memory is not None:
            return self.stage - self.memory.latency
        return self.stage - (1 if self.is_multicycle else 0)

    @property
    def is_multicycle(self) -> bool:
        """Whether it has registers before and after its logic: a product in DSPs."""
        return self.kind == "mul" and self.delay.cycles > 0


@dataclass(eq=False)
class Access:
    """An access of a stream. Those of a stream at one position exclude each other.

    `position` counts the accesses of the stream that come before it in the iteration.
    """

    stream: str
    written: bool
    position: int
    guard: Node | None
    value: Node | None
    source: Operation
    order: int
    stage: int = 0

    @property
    def operands(self) -> tuple[Node, ...]:
        """What has to be there when it happens."""
        return tuple(node for node in (self.value, self.guard) if node is not None)


@dataclass(eq=False)
class Store:
    """An element that is stored."""

    memory: Memory
    place: tuple[Node, ...]
    value: Node
    guard: Node | None
    source: Operation
    lane: tuple[int, ...]
    order: int
    stage: int = 0

    @property
    def operands(self) -> tuple[Node, ...]:
        """What has to be there when it happens."""
        return (self.value, *self.place, *(() if self.guard is None else (self.guard,)))


Effect: TypeAlias = Access | Store


@dataclass
class Datapath:
    """One iteration's nodes in an order in which operands come first, and what acts."""

    nodes: list[Node] = field(default_factory=list[Node])
    accesses: list[Access] = field(default_factory=list[Access])
    stores: list[Store] = field(default_factory=list[Store])

    @property
    def effects(self) -> tuple[Effect, ...]:
        """All that acts."""
        return (*self.accesses, *self.stores)


def reachable(roots: Iterable[Node]) -> set[Node]:
    """The nodes that roots are made of, themselves included."""
    found: set[Node] = set()
    pending = list(roots)
    while pending:
        node = pending.pop()
        if node in found:
            continue
        found.add(node)
        pending += node.args
        if node.access is not None:
            pending += node.access.operands
    return found
