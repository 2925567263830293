"""A block of a task as a datapath: loops in it unrolled, branches made into choices and guards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, memref, scf
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.delays import FREE, Delay, load_delay
from lmc.dataflow.graph import stream_name
from lmc.dataflow.netlist.memories import Memories, meet, possible_banks, split
from lmc.dataflow.netlist.nodes import Access, Datapath, Memory, Node, Store
from lmc.dataflow.netlist.operations import bits_of, is_index, pure
from lmc.dataflow.netlist.sums import cascade, tree
from lmc.dataflow.netlist.wires import GATE, Wires
from lmc.dataflow.timing import is_reduction
from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import constant_value

Wish = Callable[[SSAValue], str]

_CHOICE = Delay(0, 0.15, 0.5)
"""Of one of two banks: a LUT chooses from four."""


@dataclass
class Body:
    """A datapath under construction. `env` has the nodes of values, those from outside too."""

    env: dict[SSAValue, Node]
    memories: Memories
    wish: Wish
    wires: Wires = field(default_factory=Wires)
    accesses: list[Access] = field(default_factory=list[Access])
    stores: list[Store] = field(default_factory=list[Store])
    _order: int = 0
    _positions: dict[tuple[str, bool], tuple[int, int]] = field(
        default_factory=dict[tuple[str, bool], tuple[int, int]]
    )
    _loads: dict[object, Node] = field(default_factory=dict[object, Node])

    @property
    def datapath(self) -> Datapath:
        """What has been made."""
        return Datapath(self.wires.nodes, self.accesses, self.stores)

    def take_stores(self) -> list[Store]:
        """The stores since the last time; what is loaded from now on comes after them."""
        taken, self.stores = self.stores, []
        self._loads = {}
        return taken

    def node(self, value: SSAValue) -> Node:
        """The node of a value."""
        known = constant_value(value)
        if known is None:
            return self.env[value]
        if is_index(value.type):
            return self.wires.constant(known)
        bits = bits_of(value.type)
        return self.wires.constant(known & 1 if value.type == IntegerType(1) else known, bits)

    def block(self, block: Block, guard: Node | None = None) -> None:
        """All ops of a block, which act where the guard holds."""
        for op in block.ops:
            self.op(op, guard)

    def op(self, op: Operation, guard: Node | None = None) -> None:
        """An op after those that it depends on."""
        if isinstance(op, _SILENT):
            return
        if op.results:
            self.wires.source, self.wires.wish = op, self.wish(op.results[0])
        match op:
            case scf.ForOp():
                self._unrolled(op, guard)
            case scf.IfOp():
                self._branch(op, guard)
            case dataflow.ReadOp():
                self._read(op, guard)
            case dataflow.WriteOp():
                self._access(op, op.stream, True, guard, self.node(op.value))
            case memref.LoadOp():
                self.env[op.res] = self._load(op, guard)
            case memref.StoreOp():
                self._store(op, guard)
            case _:
                operands = [self.node(value) for value in op.operands]
                self.env[op.results[0]] = pure(self.wires, op, operands)

    # Streams

    def _access(
        self, op: Operation, stream: SSAValue, written: bool, guard: Node | None, value: Node | None
    ) -> Access | None:
        if guard is not None and guard.is_constant:
            # One that always holds is None.
            return None
        name = stream_name(stream)
        low, high = self._positions.get((name, written), (0, 0))
        if low != high:
            raise LmcError(
                f"stream {name} is accessed several times in an iteration, in an order that depends"
                " on data: access it in one branch only"
            )
        self._positions[name, written] = (low + 1, high + 1)
        self._order += 1
        if value is not None:
            value = self.wires.resize(value, bits_of(dataflow.stream_element(stream)))
        access = Access(name, written, low, guard, value, op, self._order)
        self.accesses.append(access)
        return access

    def _read(self, op: dataflow.ReadOp, guard: Node | None) -> None:
        bits = bits_of(op.result.type)
        node = Node("element", (), bits, bits.range, self.wish(op.result), source=op)
        node.access, node.lane = self._access(op, op.stream, False, guard, None), self.wires.lane
        self.env[op.result] = self.wires.add(node) if node.access else self.wires.constant(0, bits)

    # Branches

    def _branch(self, op: scf.IfOp, guard: Node | None) -> None:
        condition = self.node(op.cond)
        before = dict(self._positions)
        ends: list[list[Node]] = []
        counts: list[dict[tuple[str, bool], tuple[int, int]]] = []
        for region, holds in (
            (op.true_region, condition),
            (op.false_region, self.wires.opposite(condition)),
        ):
            self._positions = dict(before)
            if region.blocks and not (holds.is_constant and not holds.number):
                self.block(region.block, self.wires.both(guard, holds))
                last = region.block.last_op
                ends.append([self.node(value) for value in last.operands] if last else [])
            elif not holds.is_constant:
                ends.append([])
            if not holds.is_constant or holds.number:
                counts.append(self._positions)
        self._positions = {
            key: (
                min(count.get(key, (0, 0))[0] for count in counts),
                max(count.get(key, (0, 0))[1] for count in counts),
            )
            for key in dict.fromkeys(key for count in counts for key in count)
        }
        for position, result in enumerate(op.results):
            self.wires.source, self.wires.wish = op, self.wish(result)
            chosen = [end[position] for end in ends]
            self.env[result] = (
                chosen[0]
                if len(chosen) == 1
                else self.wires.select(condition, chosen[0], chosen[1])
            )

    # Unrolled loops

    def _unrolled(self, op: scf.ForOp, guard: Node | None) -> None:
        if dataflow.loop_of(op).cascade:
            self._cascade(op, guard)
            return
        counter, *arguments = op.body.block.args
        last, carried = op.body.block.last_op, [self.node(value) for value in op.iter_args]
        yielded = () if last is None else tuple(last.operands)
        sums = [
            made.owner if is_reduction(op, argument, made) else None
            for argument, made in zip(arguments, yielded, strict=True)
        ]
        terms: list[list[Node]] = [[] for _ in arguments]
        lane = self.wires.lane
        for number in range(constant_value(op.ub) or 0):
            self.wires.lane = (*lane, number)
            self.env[counter] = self.wires.constant(number)
            self.env.update(zip(arguments, carried, strict=True))
            for inner in op.body.block.ops:
                if inner not in sums:
                    self.op(inner, guard)
            for place, (argument, made, step) in enumerate(
                zip(arguments, yielded, sums, strict=True)
            ):
                if step is None:
                    carried[place] = self.node(made)
                else:
                    terms[place].append(self.node(_other(step, argument)))
        self.wires.lane = lane
        for place, (result, step) in enumerate(zip(op.results, sums, strict=True)):
            self.env[result] = carried[place]
            if isinstance(step, dataflow.AddOp):
                self.wires.source, self.wires.wish = step, self.wish(result)
                self.env[result] = tree(self.wires, [carried[place], *terms[place]], step)

    def _cascade(self, op: scf.ForOp, guard: Node | None) -> None:
        counter, _ = op.body.block.args
        assert op.body.block.last_op is not None
        step, product = op.body.block.last_op.operands[0].owner, dataflow.cascade_product(op)
        assert isinstance(step, dataflow.AddOp)
        assert product is not None
        factors: list[tuple[Node, Node]] = []
        lane = self.wires.lane
        for number in range(constant_value(op.ub) or 0):
            self.wires.lane = (*lane, number)
            self.env[counter] = self.wires.constant(number)
            for inner in op.body.block.ops:
                if inner not in (step, product):
                    self.op(inner, guard)
            factors.append((self.node(product.lhs), self.node(product.rhs)))
        self.wires.lane, self.wires.source = lane, product
        self.wires.wish = self.wish(product.result)
        self.env[op.results[0]] = cascade(
            self.wires, self.node(op.iter_args[0]), factors, product, step
        )

    # Memory

    def _load(self, op: memref.LoadOp, guard: Node | None) -> Node:
        """An element. Where it is chosen which bank it is in, each bank that may be it is read."""
        memory = self.memories.of(op.memref)
        place = split(self.wires, memory, [self.node(index) for index in op.indices])
        return self._of_banks(op, memory, place, guard)

    def _of_banks(
        self, op: memref.LoadOp, memory: Memory, place: tuple[Node, ...], guard: Node | None
    ) -> Node:
        for dim in memory.banked:
            if not place[dim].is_constant:
                banks = possible_banks(memory, place, dim)
                ends = [(*place[:dim], self.wires.constant(n), *place[dim + 1 :]) for n in banks]
                values = [self._of_banks(op, memory, end, guard) for end in ends]
                return self._one_of(place[dim], banks, values)
        return self._element(op, memory, place, guard)

    def _one_of(self, number: Node, numbers: Sequence[int], values: Sequence[Node]) -> Node:
        """The value whose number it is."""
        if len(values) == 1:
            return values[0]
        half = len(values) // 2
        lower = self.wires.compare("lt", number, self.wires.constant(numbers[half]), GATE)
        yes = self._one_of(number, numbers[:half], values[:half])
        no = self._one_of(number, numbers[half:], values[half:])
        return self.wires.select(lower, yes, no, _CHOICE)

    def _element(
        self, op: memref.LoadOp, memory: Memory, place: tuple[Node, ...], guard: Node | None
    ) -> Node:
        """An element: what this iteration has stored at the place, else what the memory has."""
        earlier = [
            store for store in self.stores if store.memory is memory and meet(store.place, place)
        ]
        for number, store in reversed(list(enumerate(earlier))):
            if _implies(guard, store.guard) and _is_same(store.place, place):
                return self._forwarded(earlier[number + 1 :], place, guard, store.value)
        return self._forwarded(earlier, place, guard, self._loaded(op, memory, place))

    def _forwarded(
        self, stores: Sequence[Store], place: tuple[Node, ...], guard: Node | None, value: Node
    ) -> Node:
        """The value, or that of the last of the stores that is at the place and happens.

        The choice takes no time, as in lmc's timing of the loop, where it is a part of the load.
        """
        for store in stores:
            hit = self._is_at(store.place, place)
            if not _implies(guard, store.guard):
                hit = self.wires.both(hit, store.guard)
            value = store.value if hit is None else self.wires.select(hit, store.value, value, FREE)
        return value

    def _loaded(self, op: memref.LoadOp, memory: Memory, place: tuple[Node, ...]) -> Node:
        key = (memory, *(node.number if node.is_constant else node for node in place))
        if key not in self._loads:
            bits = memory.bits
            node = Node("load", place, bits, bits.range, self.wish(op.res), source=op)
            is_chosen = not all(index.is_constant for index in place)
            delay = load_delay(memory.kind)
            node.delay = delay if delay.cycles or (is_chosen and memory.count > 1) else FREE
            self._order += 1
            node.memory, node.lane, node.order = memory, self.wires.lane, self._order
            self._loads[key] = self.wires.add(node)
        return self._loads[key]

    def _is_at(self, stored: Sequence[Node], loaded: Sequence[Node]) -> Node | None:
        """Whether two places are one; None where they always are."""
        same: Node | None = None
        for one, other in zip(stored, loaded, strict=True):
            same = self.wires.both(same, self.wires.compare("eq", one, other))
        return same

    def _store(self, op: memref.StoreOp, guard: Node | None) -> None:
        if guard is not None and guard.is_constant:
            return
        memory = self.memories.of(op.memref)
        place = split(self.wires, memory, [self.node(index) for index in op.indices])
        value = self.wires.resize(self.node(op.value), memory.bits)
        self._order += 1
        self.stores.append(Store(memory, place, value, guard, op, self.wires.lane, self._order))


def _implies(guard: Node | None, other: Node | None) -> bool:
    """Whether the other condition holds wherever this one does, by what they are made of."""
    return _conjuncts(other) <= _conjuncts(guard)


def _conjuncts(node: Node | None) -> set[Node]:
    if node is None:
        return set()
    return {node}.union(*map(_conjuncts, node.args)) if node.kind == "and" else {node}


def _is_same(stored: Sequence[Node], loaded: Sequence[Node]) -> bool:
    return all(
        one is other or (one.is_constant and other.is_constant and one.number == other.number)
        for one, other in zip(stored, loaded, strict=True)
    )


def _other(step: object, argument: SSAValue) -> SSAValue:
    """What a step of a sum adds."""
    assert isinstance(step, dataflow.AddOp)
    return step.rhs if step.lhs is argument else step.lhs


_SILENT = (scf.YieldOp, arith.ConstantOp, dataflow.ConstantOp, dataflow.BufferOp)
