"""What a task takes, counted from its netlist: the hardware that lmc's RTL has."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import log2

from xdsl.dialects import scf

from lmc.dataflow.implementations import DspSize
from lmc.dataflow.netlist.nodes import Node
from lmc.dataflow.netlist.statements import (
    Burst,
    Compute,
    Instant,
    Loop,
    Read,
    Stages,
    Statement,
    TaskNetlist,
    Write,
    states_of,
)
from lmc.dataflow.netlist.used import Masks, memory_bits, used_bits
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.logic import LogicCount, kind_of
from lmc.dataflow.resources.operators import multiplexer
from lmc.dataflow.resources.stores import MemoryAccesses
from lmc.dataflow.resources.terms import REGISTERS, Tally
from lmc.dataflow.resources.waiting import Dsps, count_waiting
from lmc.dialects.dataflow import BurstReadOp, BurstWriteOp, ReadOp, TaskOp, WriteOp

BURST_BITS = 32
"""Bits that count the words of a burst that are left."""


def netlist_tally(netlist: TaskNetlist, size: DspSize) -> Tally:
    """All that is in a task, by kind of part."""
    count = _Count(netlist, size)
    count.all()
    return count.tally


@dataclass
class _Count:
    netlist: TaskNetlist
    size: DspSize
    tally: Tally = field(default_factory=Tally)
    memories: MemoryAccesses = field(default_factory=MemoryAccesses)
    written: dict[str, set[object]] = field(
        default_factory=lambda: defaultdict[str, set[object]](set)
    )
    """What is written to each stream: values, or the stream or bank that one comes from."""

    def __post_init__(self) -> None:
        self.used: Masks = used_bits(self.netlist)
        self.element_bits = memory_bits(self.netlist, self.used)
        self.logic = LogicCount(self.tally, self.used, self.element_bits)

    def all(self) -> None:
        netlist, tally = self.netlist, self.tally
        tally.add(REGISTERS, Resources(ff=sum(map(self._bits, netlist.registers))))
        self._machine()
        for node in netlist.wires:
            self.logic.add(node)
        for one in netlist.walk():
            self._statement(one)
            if isinstance(one, Stages | Compute):
                self._path(one)
        self.memories.count(netlist.memories, self.element_bits, tally)
        for stream, values in self.written.items():
            bits = netlist.writes[stream].width
            tally.logic(WriteOp.name, "writers of a stream", multiplexer(len(values), bits))

    def _machine(self) -> None:
        """States, and the step of code that takes several cycles."""
        states = 2 + sum(len(states_of(one)) for one in self.netlist.walk())
        computes = [one.latency for one in self.netlist.walk() if isinstance(one, Compute)]
        step = max(1, (max(computes) - 1).bit_length()) if computes else 0
        self.tally.logic(TaskOp.name, "state", states)
        self.tally.add(TaskOp.name, Resources(ff=(states - 1).bit_length() + step))

    def _bits(self, node: Node) -> int:
        """Bits of a value that are used."""
        return self.used.get(node, 0).bit_count()

    def _statement(self, one: Statement) -> None:
        tally = self.tally
        match one:
            case Read():
                tally.logic(ReadOp.name, "access", 1)
            case Write():
                tally.logic(WriteOp.name, "access", 1)
                self.written[one.stream].add(one.value)
            case Burst():
                kind = BurstReadOp.name if one.reads else BurstWriteOp.name
                tally.logic(kind, "burst", 1)
                tally.add(kind, Resources(ff=BURST_BITS))
                if one.reads:
                    self.written[one.stream].add(one.port)
            case Loop():
                if not one.counter.is_constant:
                    tally.logic(scf.ForOp.name, "loop counter", one.counter.bits.width)
            case Instant():
                kept = sum(load.bits.width for load in one.loads)
                tally.logic(REGISTERS, "kept", kept)
                is_flagged = bool(one.loads or one.stores)
                tally.add(REGISTERS, Resources(ff=kept + is_flagged))
                self._memories(one)
            case Stages():
                self._pipeline(one)
            case _:
                pass

    def _pipeline(self, one: Stages) -> None:
        tally, kind = self.tally, scf.ForOp.name
        counters = sum(counter.bits.width for counter, _ in one.counters)
        held = sum(self._bits(target) for target, _ in one.held)
        tally.logic(kind, "stage", one.latency)
        tally.logic(kind, "stage network", one.latency * log2(one.latency))
        tally.logic(kind, "counter", counters)
        tally.add(kind, Resources(ff=one.latency + counters))
        tally.add(REGISTERS, Resources(ff=held))
        for node in one.ahead:
            self.logic.add(node)
        for access in one.path.accesses:
            tally.logic(WriteOp.name if access.written else ReadOp.name, "access", 1)
            if access.value is not None:
                source = access.value.access
                value = access.value if source is None else source.stream
                self.written[access.stream].add(value)

    def _memories(self, one: Instant) -> None:
        for load in one.loads:
            assert load.memory is not None
            self.memories.loads[load.memory].append((one, load))
        for store in one.stores:
            self.memories.stores[store.memory].append((one, store))

    def _path(self, one: Stages | Compute) -> None:
        path = one.path
        dsps = Dsps(path, self.size)
        dsps.count(self.tally)
        count_waiting(path, dsps, self.used, REGISTERS, self.tally)
        for node in path.nodes:
            if node.memory is not None:
                self._load(one, node)
            elif node not in dsps.cuts and node not in dsps.sums:
                self.logic.add(node)
        for store in path.stores:
            self.memories.stores[store.memory].append((one, store))

    def _load(self, one: Stages | Compute, node: Node) -> None:
        """The registers after a memory, whose own has the first of them."""
        assert node.memory is not None
        stages = node.memory.latency - (not node.memory.is_elements)
        self.tally.add(kind_of(node), Resources(ff=max(0, stages) * self._bits(node)))
        self.memories.loads[node.memory].append((one, node))
