"""A pipelined loop and its nest as stages."""

from dataclasses import dataclass

from xdsl.dialects import scf
from xdsl.ir import SSAValue

from lmc.dataflow.addresses import Nest, carried_distance, flattened_nest
from lmc.dataflow.graph import stream_accesses, stream_name
from lmc.dataflow.netlist.body import Body
from lmc.dataflow.netlist.nodes import Node, Store, bits_for, reachable
from lmc.dataflow.netlist.schedule import Distance, Scheduler
from lmc.dataflow.netlist.statements import Stages
from lmc.dataflow.netlist.wires import Wires
from lmc.dataflow.timing import Clock, time_iteration
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import Range, loop_of


class StillValues(dict[SSAValue, Node]):
    """Nodes of values; those of the task around are registers that hold while iterations run.

    A pipeline takes what is no register yet in its start (`is_taken`); other code sees the wire.
    """

    def __init__(self, outer: dict[SSAValue, Node], is_taken: bool = False):
        super().__init__()
        self._outer, self._is_taken = outer, is_taken
        self.still: dict[Node, Node] = {}

    def __missing__(self, value: SSAValue) -> Node:
        node = self._outer[value]
        if not node.is_still and node not in self.still:
            args = () if self._is_taken else (node,)
            self.still[node] = Node(
                "register", args, node.bits, node.range, f"{node.wish}_held", source=node.source
            )
        self[value] = self.still.get(node, node)
        return self[value]


def pipeline_stages(loop: scf.ForOp, clock: Clock, outer: Body, states: tuple[str, str]) -> Stages:
    """The stages of a pipelined loop; `outer` has the values of the task around it.

    Raises LmcError for what has no hardware yet, and where lmc's timing of the loop can't be met.
    """
    schedule = loop_of(loop)
    label, interval, latency = schedule.label, schedule.ii, schedule.latency
    if interval is None or latency is None:
        raise LmcError(f"loop {label} has no ii: run schedule-loops first")
    if loop.iter_args:
        raise LmcError(f"loop {label} is pipelined and carries values: use a register")
    nest = flattened_nest(loop)
    built = _Nest(nest, outer)
    built.body.block(loop.body.block)
    path = built.body.datapath
    offsets = _offsets(loop, clock)
    scheduler = Scheduler(f"loop {label}", path, clock, interval, offsets, _distance(nest))
    scheduler.run(built.counters)
    last_access = max((access.stage for access in path.accesses), default=-1)
    latency = max(latency, last_access + 1)
    needed = max((effect.stage + 1 for effect in path.effects), default=1)
    if needed > latency:
        raise LmcError(f"loop {label} needs {needed} stages, but lmc's timing has {latency}")
    if interval > latency:
        raise LmcError(
            f"loop {label} begins an iteration every {interval} cycles, which is more than its "
            f"latency of {latency}: that has no hardware yet"
        )
    ahead = built.ahead.wires.nodes
    used = reachable(built.ends)
    return Stages(
        label,
        *states,
        latency,
        interval,
        path,
        list(zip(built.counters, built.ends, strict=True)),
        built.enters,
        [node for node in ahead if node in used],
        [(target, node) for node, target in built.still.still.items()],
    )


@dataclass
class _Nest:
    """The counters of a nest, and what is computed between its loops."""

    nest: Nest
    outer: Body

    def __post_init__(self) -> None:
        outer = self.outer
        self.still = StillValues(outer.env, is_taken=True)
        self.body = Body(self.still, outer.memories, outer.wish)
        self.ahead = Body(_Copy(self.still), outer.memories, outer.wish, Wires(free=True))
        self.counters: list[Node] = []
        self.ends: list[Node] = []
        first = self.nest.loops[0]
        outer.wires.source, outer.wires.wish = first, f"enters_{loop_of(first).label}"
        zero = outer.wires.constant(0)
        self.enters = outer.wires.compare("gt", outer.node(first.ub), zero)
        for loop in self.nest.loops:
            self._counter(loop)
            if loop is not self.nest.loops[-1]:
                for op in loop.body.block.ops:
                    if not isinstance(op, scf.ForOp):
                        self.ahead.op(op)
                        self.body.op(op)

    def _counter(self, loop: scf.ForOp) -> None:
        argument, wires = loop.body.block.args[0], self.ahead.wires
        bound = self.ahead.node(loop.ub)
        values = Range(0, max(bound.range.high - 1, 0))
        if values.high == 0:
            counter = wires.constant(0)
        else:
            wish = self.outer.wish(argument)
            counter = Node("counter", (), bits_for(values), values, wish, source=loop)
            wires.source, wires.wish = loop, f"last_{wish}"
            last = wires.arithmetic("sub", (bound, wires.constant(1)))
            wires.wish = f"is_last_{wish}"
            self.counters.append(counter)
            self.ends.append(wires.compare("eq", counter, last))
        self.ahead.env[argument] = self.body.env[argument] = counter


class _Copy(dict[SSAValue, Node]):
    """Nodes that are looked up in another mapping until they are set here."""

    def __init__(self, other: StillValues):
        super().__init__()
        self._other = other

    def __missing__(self, value: SSAValue) -> Node:
        return self._other[value]


def _offsets(loop: scf.ForOp, clock: Clock) -> dict[tuple[str, bool], int]:
    """The stage of each stream's first access, as lmc's timing has it."""
    offsets: dict[tuple[str, bool], int] = {}
    for op, (cycle, _) in time_iteration(loop, clock).effects.items():
        for stream, written in stream_accesses(op):
            key = stream_name(stream), written
            offsets[key] = max(offsets.get(key, 0), cycle)
    return offsets


def _distance(nest: Nest) -> Distance:
    def distance(load: Node, store: Store) -> int | None:
        if load.lane != store.lane or load.source is None:
            return 1
        stored, loaded = store.source.operands[2:], load.source.operands[1:]
        return carried_distance(nest, tuple(stored), tuple(loaded))

    return distance
