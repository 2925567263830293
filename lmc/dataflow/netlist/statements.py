"""A task as a state machine: each statement is a state, or two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from xdsl.ir import Operation, SSAValue

from lmc.dataflow.netlist.nodes import Bits, Datapath, Memory, Node, Store
from lmc.dialects.dataflow import TaskOp


@dataclass(eq=False)
class Read:
    """One element of a stream into a register."""

    state: str
    stream: str
    target: Node
    source: Operation


@dataclass(eq=False)
class Write:
    """One element into a stream."""

    state: str
    stream: str
    value: Node
    source: Operation


@dataclass(eq=False)
class Burst:
    """`length` words between a port and a stream: a request, then the words."""

    request: str
    words: str
    port: str
    stream: str
    reads: bool
    offset: Node
    length: Node
    is_empty: Node
    source: Operation


@dataclass(eq=False)
class Loop:
    """A loop whose rounds come one after the other. `more` says whether another round comes."""

    state: str
    label: str
    counter: Node
    enters: Node
    more: Node
    body: "list[Statement]"


@dataclass(eq=False)
class Branch:
    """One of two lists of statements."""

    condition: Node
    yes: "list[Statement]"
    no: "list[Statement]"


@dataclass(eq=False)
class Stages:
    """A pipeline: its iterations pass `latency` stages.

    `counters` are those of its nest, outermost first, with what says that each is at its end;
    `ahead` are nodes that decide that, and belong to stage 0. `held` are registers that take a
    value of the task when the pipeline starts.
    """

    label: str
    start: str
    run: str
    latency: int
    interval: int
    path: Datapath
    counters: list[tuple[Node, Node]]
    enters: Node
    ahead: list[Node] = field(default_factory=list[Node])
    held: list[tuple[Node, Node]] = field(default_factory=list[tuple[Node, Node]])


@dataclass(eq=False)
class Compute:
    """Straight-line code of several cycles, and the registers that take its results."""

    state: str
    latency: int
    path: Datapath
    results: list[tuple[Node, Node]]


@dataclass(eq=False)
class Instant:
    """Straight-line code of one cycle, the first one of the next statement.

    Its values are wires of the task. `loads` are elements of registers, which are kept from then
    on; its stores happen at the end of that cycle. `before` are stores of other such code that may
    happen in the same cycle, before it: loads see them.
    """

    loads: list[Node]
    stores: list[Store]
    before: "list[tuple[Instant, Store]]" = field(
        default_factory=lambda: list[tuple["Instant", Store]]()
    )


Statement: TypeAlias = Read | Write | Burst | Loop | Branch | Stages | Compute | Instant


@dataclass
class TaskNetlist:
    """All of a task.

    `source` is its op, and `arguments` has the names of what it is given. `reads` and `writes` are
    its streams, `ports` its banks, each with the bits of its elements and
    `ports` with whether it is read and written. `wires` are values of the task between its
    statements, in an order in which operands come first; `registers` those that statements set.
    """

    name: str
    scalars: list[Node]
    reads: dict[str, Bits]
    writes: dict[str, Bits]
    ports: dict[str, tuple[Bits, bool, bool]]
    memories: list[Memory]
    registers: list[Node]
    wires: list[Node]
    statements: list[Statement]
    source: TaskOp
    arguments: Mapping[SSAValue, str]

    def walk(self) -> Iterator[Statement]:
        """All statements, in the order of the text."""
        return walk(self.statements)


def walk(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Statements and those inside of them, in the order of the text."""
    for statement in statements:
        yield statement
        if isinstance(statement, Loop):
            yield from walk(statement.body)
        elif isinstance(statement, Branch):
            yield from walk(statement.yes)
            yield from walk(statement.no)


def states_of(statement: Statement) -> tuple[str, ...]:
    """The states of a statement alone, without those inside of it."""
    match statement:
        case Stages():
            return statement.start, statement.run
        case Burst():
            return statement.request, statement.words
        case Read() | Write() | Loop() | Compute():
            return (statement.state,)
        case _:
            return ()
