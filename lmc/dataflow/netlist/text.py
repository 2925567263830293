"""A netlist as text, for people and tests: a line for each node, with bits, range and stage.

pipeline add_i: 4 stages
  %i = counter u5 0..15 until %is_last_i
  2: read x -> %x_element
  2: %sum = add %x_element, 1 : s9 -128..128
  3: write y = %sum
"""

from collections.abc import Iterator, Sequence

from lmc.dataflow.handles import UniqueNames
from lmc.dataflow.netlist.nodes import Access, Datapath, Memory, Node, Store
from lmc.dataflow.netlist.statements import (
    Branch,
    Burst,
    Compute,
    Instant,
    Loop,
    Read,
    Stages,
    Statement,
    TaskNetlist,
    Write,
)


def netlist_text(netlist: TaskNetlist) -> str:
    """All of a task's netlist."""
    return "\n".join([*_Text().task(netlist), ""])


class _Text:
    def __init__(self) -> None:
        self._fresh = UniqueNames()
        self._names: dict[Node, str] = {}

    def task(self, netlist: TaskNetlist) -> Iterator[str]:
        yield f"task {netlist.name}"
        for node in netlist.scalars:
            yield f"scalar {self.name(node)} : {node.bits}"
        for name, bits in netlist.reads.items():
            yield f"reads {name} : {bits}"
        for name, bits in netlist.writes.items():
            yield f"writes {name} : {bits}"
        for name, (bits, reads, writes) in netlist.ports.items():
            yield f"port {name} : {bits}{' reads' * reads}{' writes' * writes}"
        yield from map(_memory, netlist.memories)
        for node in netlist.registers:
            yield f"register {self.name(node)} : {node.bits} {_range(node)}"
        for node in netlist.wires:
            yield self._node(node)
        yield from self._statements(netlist.statements)

    def name(self, node: Node) -> str:
        if node.is_constant:
            return str(node.number)
        if node.kind == "register" and node.args:
            return self.name(node.args[0])
        if node not in self._names:
            lanes = "".join(f"_{number}" for number in node.lane)
            self._names[node] = "%" + self._fresh(node.wish + lanes)
        return self._names[node]

    def _statements(self, statements: Sequence[Statement], depth: int = 0) -> Iterator[str]:
        for one in statements:
            for line in self._statement(one):
                yield "  " * depth + line

    def _statement(self, one: Statement) -> Iterator[str]:
        match one:
            case Read():
                yield f"{one.state}: {self.name(one.target)} <= read {one.stream}"
            case Write():
                yield f"{one.state}: write {one.stream} = {self.name(one.value)}"
            case Burst():
                way = f"{one.port} to {one.stream}" if one.reads else f"{one.stream} to {one.port}"
                where = f"{self.name(one.length)} from {self.name(one.offset)} on"
                yield f"{one.request}, {one.words}: {way}, {where}"
            case Loop():
                yield f"{one.state}: loop {one.label} while {self.name(one.more)}"
                yield from self._statements(one.body, 1)
            case Branch():
                yield f"if {self.name(one.condition)}"
                yield from self._statements(one.yes, 1)
                yield "else"
                yield from self._statements(one.no, 1)
            case Stages():
                yield from self._pipeline(one)
            case Compute():
                yield f"{one.state}: {one.latency} cycles"
                yield from self._path(one.path)
                for target, node in one.results:
                    yield f"  {self.name(target)} <= {self.name(node)}"
            case Instant():
                for node in one.loads:
                    yield f"keep {self.name(node)}"
                for store in one.stores:
                    yield f"store {self._store(store)}"

    def _pipeline(self, one: Stages) -> Iterator[str]:
        interval = f" every {one.interval} cycles" if one.interval > 1 else ""
        yield f"{one.start}, {one.run}: pipeline {one.label}, {one.latency} stages{interval}"
        for target, source in one.held:
            yield f"  {self.name(target)} <= {self.name(source)}"
        for node in one.ahead:
            yield f"  ahead {self._node(node)}"
        for counter, end in one.counters:
            yield (
                f"  {self.name(counter)} = counter {counter.bits} {_range(counter)}"
                f" until {self.name(end)}"
            )
        yield from self._path(one.path)

    def _path(self, path: Datapath) -> Iterator[str]:
        lines: list[tuple[int, int, str]] = []
        for number, node in enumerate(path.nodes):
            if node.kind not in ("counter", "element"):
                lines.append((node.stage, number, self._node(node)))
        elements = {node.access: node for node in path.nodes if node.access is not None}
        for number, access in enumerate(path.accesses):
            lines.append(
                (
                    access.stage,
                    -1 if not access.written else len(path.nodes) + number,
                    self._access(access, elements.get(access)),
                )
            )
        for store in path.stores:
            lines.append(
                (store.stage, len(path.nodes) + len(path.accesses), "store " + self._store(store))
            )
        for stage, _, line in sorted(lines, key=lambda item: item[:2]):
            yield f"  {stage}: {line}"

    def _node(self, node: Node) -> str:
        args = ", ".join(map(self.name, node.args))
        kind = node.kind if node.impl is None else f"{node.kind} {node.impl}"
        if node.kind == "slice" and len(node.args) == 1:
            args += f"[{node.number}]"
        if node.memory is not None:
            args = f"{node.memory.name}[{args}]"
        until = f" until {node.done[0]}" if node.done[0] > node.stage else ""
        return f"{self.name(node)} = {kind} {args} : {node.bits} {_range(node)}{until}"

    def _access(self, access: Access, element: Node | None) -> str:
        guard = "" if access.guard is None else f" if {self.name(access.guard)}"
        if access.value is not None:
            return f"write {access.stream} = {self.name(access.value)}{guard}"
        target = "" if element is None else f" -> {self.name(element)}"
        return f"read {access.stream}{target}{guard}"

    def _store(self, store: Store) -> str:
        guard = "" if store.guard is None else f" if {self.name(store.guard)}"
        place = ", ".join(map(self.name, store.place))
        return f"{store.memory.name}[{place}] = {self.name(store.value)}{guard}"


def _memory(memory: Memory) -> str:
    shape = " x ".join(map(str, memory.shape))
    kind = "registers" if memory.is_elements else memory.kind
    banked = f" banked {list(memory.banked)}" if memory.banked else ""
    banked += f" cyclic {dict(memory.cyclic)}" if memory.cyclic else ""
    return f"memory {memory.name} : {shape} x {memory.bits} {kind} latency {memory.latency}{banked}"


def _range(node: Node) -> str:
    return f"{node.range.low}..{node.range.high}"
