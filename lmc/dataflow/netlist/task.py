"""A task's netlist: its statements as states, its pipelines and straight-line code scheduled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import arith, scf
from xdsl.ir import Block, Operation, SSAValue

from lmc.dataflow.addresses import flattened_nest
from lmc.dataflow.graph import TaskNode, declaration, stream_accesses, stream_name
from lmc.dataflow.handles import UniqueNames
from lmc.dataflow.netlist.body import Body
from lmc.dataflow.netlist.memories import Memories
from lmc.dataflow.netlist.moments import check_end, join_moments
from lmc.dataflow.netlist.nodes import Bits, Node, bits_for, reachable
from lmc.dataflow.netlist.operations import bits_of
from lmc.dataflow.netlist.pipelines import StillValues, pipeline_stages
from lmc.dataflow.netlist.schedule import Scheduler
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
    walk,
)
from lmc.dataflow.netlist.unread import drop_unread, loaded_memories
from lmc.dataflow.netlist.wires import Wires
from lmc.dataflow.netlist.wishes import Wishes
from lmc.dataflow.straight_line import is_known_ahead, straight_line_cycles
from lmc.dataflow.timing import Clock
from lmc.diagnostics import LmcError
from lmc.dialects import dataflow
from lmc.dialects.dataflow import Range, constant_value, is_pipelined, is_unrolled, loop_of


def task_netlist(task: TaskNode, clock: Clock) -> TaskNetlist:
    """The netlist of a task whose loops are scheduled.

    Raises LmcError, with the task's name in front, for what has no hardware yet.
    """
    try:
        return _Builder(task, clock).build()
    except LmcError as error:
        raise LmcError(f"task {task.name}: {error}") from error


@dataclass
class _Builder:
    task: TaskNode
    clock: Clock
    memories: Memories = field(default_factory=Memories)
    wishes: Wishes = field(default_factory=Wishes)
    states: UniqueNames = field(default_factory=UniqueNames)
    registers: list[Node] = field(default_factory=list[Node])
    ports: dict[str, tuple[Bits, bool, bool]] = field(
        default_factory=dict[str, tuple[Bits, bool, bool]]
    )
    cycles: dict[Block, Mapping[Operation | None, int]] = field(
        default_factory=dict[Block, Mapping[Operation | None, int]]
    )

    def __post_init__(self) -> None:
        self.outer = Body({}, self.memories, self.wishes, Wires(free=True))

    def build(self) -> TaskNetlist:
        op, scalars = self.task.op, list[Node]()
        elements = dict[str, Bits]()
        for argument in op.body.block.args:
            declared = declaration(argument)
            if isinstance(declared, dataflow.ScalarOp):
                node = Node("register", (), Bits(32), Bits(32).range, declared.sym_name.data)
                self.outer.env[argument] = node
                scalars.append(node)
            elif isinstance(declared, dataflow.StreamOp):
                elements[declared.sym_name.data] = bits_of(dataflow.stream_element(argument))
        statements = self._block(op.body.block)
        drop_unread(statements)
        roots = [node for one in walk(statements) for node in _used(one)]
        used = reachable(roots)
        names: dict[SSAValue, str] = {
            argument: self.wishes.text(argument) for argument in op.body.block.args
        }
        return TaskNetlist(
            self.task.name,
            scalars,
            {name: elements[name] for name in self.task.reads},
            {name: elements[name] for name in self.task.writes},
            self.ports,
            loaded_memories(statements),
            self.registers,
            [node for node in self.outer.wires.nodes if node in used],
            statements,
            op,
            names,
        )

    # Blocks

    def _block(self, block: Block) -> list[Statement]:
        if block not in self.cycles:
            self.cycles[block] = straight_line_cycles(block, _is_statement, self.clock)
        cycles, found, straight = self.cycles[block], list[Statement](), list[Operation]()
        for op in (*block.ops, None):
            if op is not None and not _is_statement(op):
                straight.append(op)
                continue
            found += self._straight(straight, cycles.get(op, 0))
            straight = []
            if op is not None:
                found += self._statement(op)
        join_moments(found)
        return found

    def _statement(self, op: Operation) -> list[Statement]:
        match op:
            case dataflow.ReadOp():
                return [self._read(op)]
            case dataflow.WriteOp():
                return [self._write(op)]
            case dataflow.BurstReadOp() | dataflow.BurstWriteOp():
                return [self._burst(op)]
            case scf.IfOp():
                return self._branch(op)
            case scf.ForOp():
                return self._lanes(op) if is_unrolled(op) else [self._loop(op)]
            case _:
                raise LmcError(f"{op.name} is no statement that the RTL printer knows")

    def _state(self, wish: str) -> str:
        return self.states(wish.upper())

    def _register(self, bits: Bits, values: Range, wish: str, source: Operation) -> Node:
        node = Node("register", (), bits, values, wish, source=source)
        self.registers.append(node)
        return node

    # Straight-line code

    def _straight(self, ops: Sequence[Operation], cycles: int) -> list[Statement]:
        """Code between statements; wires where it depends on counters and scalars alone."""
        late = [op for op in ops if not is_known_ahead(op) and not isinstance(op, _SILENT)]
        if cycles:
            for op in ops:
                if op not in late:
                    self.outer.op(op)
            return [self._compute(late, cycles)]
        first = len(self.outer.wires.nodes)
        for op in ops:
            self.outer.op(op)
        loads = [node for node in self.outer.wires.nodes[first:] if node.kind == "load"]
        stores = self.outer.take_stores()
        if not loads and not stores:
            return []
        return [Instant(loads, stores)]

    def _compute(self, ops: Sequence[Operation], cycles: int) -> Compute:
        state = self._state(f"compute_{self.task.name}")
        inside = StillValues(self.outer.env)
        body = Body(inside, self.memories, self.wishes)
        for op in ops:
            body.op(op)
        made = [result for op in ops for result in op.results]
        leaving = [
            value for value in made if not all(_is_in(use.operation, ops) for use in value.uses)
        ]
        results: list[tuple[Node, Node]] = []
        for value in leaving:
            node = body.node(value)
            if node.is_still:
                self.outer.env[value] = node.args[0] if node.args else node
                continue
            target = self._register(node.bits, node.range, f"{node.wish}_held", ops[-1])
            self.outer.env[value] = target
            results.append((target, node))
        path = body.datapath
        label = f"code of {self.task.name} between loops"
        scheduler = Scheduler(label, path, self.clock, _ALONE, distance=lambda _load, _store: None)
        needed = scheduler.run([node for _, node in results])
        if needed > cycles:
            raise LmcError(
                f"straight-line code takes {needed} cycles, but lmc's timing has {cycles} for it"
            )
        return Compute(state, cycles, path, results)

    # Statements

    def _read(self, op: dataflow.ReadOp) -> Read:
        stream, bits = stream_name(op.stream), bits_of(op.result.type)
        target = self._register(bits, bits.range, self.wishes(op.result), op)
        self.outer.env[op.result] = target
        return Read(self._state(f"read_{stream}"), stream, target, op)

    def _write(self, op: dataflow.WriteOp) -> Write:
        stream = stream_name(op.stream)
        bits = bits_of(dataflow.stream_element(op.stream))
        value = self.outer.wires.resize(self.outer.node(op.value), bits)
        return Write(self._state(f"write_{stream}"), stream, value, op)

    def _burst(self, op: dataflow.BurstReadOp | dataflow.BurstWriteOp) -> Burst:
        bank = declaration(op.port)
        assert isinstance(bank, dataflow.BankOp)
        port, reads = bank.sym_name.data, isinstance(op, dataflow.BurstReadOp)
        _, was_read, was_written = self.ports.get(port, (Bits(1), False, False))
        self.ports[port] = (Bits(bank.word_bits), was_read or reads, was_written or not reads)
        wires, label = self.outer.wires, op.label.data
        wires.source, wires.wish = op, f"{label}_length"
        length = wires.resize(self.outer.node(op.length), Bits(32, True))
        offset = wires.resize(self.outer.node(op.offset), Bits(64, True))
        empty = wires.compare("le", length, wires.constant(0))
        request, words = self._state(f"request_{label}"), self._state(f"move_{label}")
        stream = stream_name(op.stream)
        return Burst(request, words, port, stream, reads, offset, length, empty, op)

    def _branch(self, op: scf.IfOp) -> list[Statement]:
        if not _is_ahead(op.cond):
            raise LmcError(
                "a branch with loops or stream accesses outside of pipelines depends on data: "
                "its condition has to be made of counters and run-time scalars"
            )
        condition, regions = self.outer.node(op.cond), (op.true_region, op.false_region)
        sides = [self._block(region.block) if region.blocks else [] for region in regions]
        wires = self.outer.wires
        for position, result in enumerate(op.results):
            ends = [region.block.last_op for region in regions]
            yes, no = (self.outer.node(end.operands[position]) for end in ends if end is not None)
            wires.source, wires.wish = op, self.wishes(result)
            self.outer.env[result] = wires.select(condition, yes, no)
        if condition.is_constant:
            return sides[0 if condition.number else 1]
        return [Branch(condition, *sides)]

    def _lanes(self, op: scf.ForOp) -> list[Statement]:
        """An unrolled loop with statements inside: those of one lane after the other's."""
        if op.iter_args:
            raise LmcError(
                f"loop {loop_of(op).label} is unrolled outside of pipelines, has statements and "
                "carries values: use a register"
            )
        found: list[Statement] = []
        for number in range(constant_value(op.ub) or 0):
            self.outer.env[op.body.block.args[0]] = self.outer.wires.constant(number)
            found += self._block(op.body.block)
        return found

    def _loop(self, op: scf.ForOp) -> Statement:
        pipelined = [inner for inner in op.walk() if is_pipelined(inner)]
        if len(pipelined) == 1:
            nest = flattened_nest(pipelined[0])
            if nest.loops[0] is op:
                return self._pipeline(pipelined[0])
        label = loop_of(op).label
        if op.iter_args:
            raise LmcError(f"loop {label} carries values outside of a pipeline: use a register")
        if not _is_ahead(op.ub):
            raise LmcError(
                f"the trip count of loop {label} depends on data: it has to be made of counters "
                "and run-time scalars"
            )
        bound, wires = self.outer.node(op.ub), self.outer.wires
        values = Range(0, max(bound.range.high - 1, 0))
        hint = self.wishes.text(op.body.block.args[0])
        counter = self.outer.wires.constant(0)
        if values.high:
            counter = self._register(bits_for(values), values, hint, op)
        self.outer.env[op.body.block.args[0]] = counter
        wires.source, wires.wish = op, f"enters_{label}"
        enters = wires.compare("gt", bound, wires.constant(0))
        wires.wish = f"next_{hint}"
        following = wires.arithmetic("add", (counter, wires.constant(1)))
        wires.wish = f"more_{label}"
        more = wires.compare("lt", following, bound)
        state = self._state(f"round_{label}")
        loop = Loop(state, label, counter, enters, more, self._block(op.body.block))
        check_end(loop)
        return loop

    def _pipeline(self, loop: scf.ForOp) -> Stages:
        label = loop_of(loop).label
        states = self._state(f"start_{label}"), self._state(f"run_{label}")
        return pipeline_stages(loop, self.clock, self.outer, states)


_ALONE = 1 << 20
"""The interval of what has one iteration: none comes after it."""

_SILENT = (arith.ConstantOp, dataflow.ConstantOp, dataflow.BufferOp, scf.YieldOp)


def _is_statement(op: Operation) -> bool:
    """Whether an op, or one inside of it, takes a state of its own."""
    return any(
        (isinstance(inner, scf.ForOp) and not is_unrolled(inner)) or any(stream_accesses(inner))
        for inner in op.walk()
    )


def _is_ahead(value: SSAValue) -> bool:
    owner = value.owner
    if isinstance(owner, Block):
        return True
    return constant_value(value) is not None or is_known_ahead(owner)


def _is_in(op: Operation | None, ops: Sequence[Operation]) -> bool:
    """Whether an op is one of these or inside of one."""
    while op is not None:
        if op in ops:
            return True
        op = op.parent_op()
    return False


def _used(statement: Statement) -> list[Node]:
    """The nodes that a statement takes of its task."""
    match statement:
        case Write():
            return [statement.value]
        case Burst():
            return [statement.offset, statement.length, statement.is_empty]
        case Loop():
            return [statement.enters, statement.more]
        case Branch():
            return [statement.condition]
        case Stages():
            return [statement.enters, *(source for _, source in statement.held)]
        case Compute():
            path = statement.path
            return [*path.nodes, *(node for one in path.effects for node in one.operands)]
        case Instant():
            return [node for store in statement.stores for node in store.operands]
        case _:
            return []
