"""Ports and channels: which port is on which channel, and how fast both are, exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from lmc.dataflow.graph import DesignGraph, declaration
from lmc.dataflow.machines import Machine
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import BankOp, BurstReadOp, BurstWriteOp, PortType
from lmc.targets import Memory, Target


@dataclass(frozen=True)
class Port:
    """A task's port to a bank, on a channel of the bank's memory."""

    task: str
    bank: str
    memory: str
    channel: int
    word_bytes: int
    writes: bool


@dataclass(frozen=True)
class Rate:
    """Bytes a cycle as a fraction: `credit` arrives each cycle, and a byte costs `unit`."""

    credit: int
    unit: int

    @staticmethod
    def of(gbps: float, clock_mhz: Fraction, share: int = 1) -> "Rate":
        """A share (one of `share`) of some GB/s (10^9 bytes) at a clock."""
        exact = Fraction(str(gbps)) * 1000 / clock_mhz / share
        return Rate(exact.numerator, exact.denominator)

    @property
    def bytes_per_cycle(self) -> float:
        """The rate as a number."""
        return self.credit / self.unit


def design_ports(graph: DesignGraph, target: Target) -> list[Port]:
    """The ports of all tasks, those of one channel together.

    Raises LmcError where a bank is in a memory or on a channel that the target does not have.
    """
    found: dict[tuple[str, str], Port] = {}
    for task in graph.tasks:
        for op in task.op.body.block.walk():
            if isinstance(op, BurstReadOp | BurstWriteOp):
                bank = declaration(op.port)
                assert isinstance(bank, BankOp)
                port = _port(task.name, bank, isinstance(op, BurstWriteOp), target)
                found[port.task, port.bank] = port
    places = channels(target)
    return sorted(found.values(), key=lambda port: places.index((port.memory, port.channel)))


def _port(task: str, bank: BankOp, writes: bool, target: Target) -> Port:
    name, memory = bank.sym_name.data, target.memory(bank.memory.data)
    channel = bank.channel_number
    if channel >= memory.channels:
        raise LmcError(
            f"bank {name} is on channel {channel} of {memory.name}, which has {memory.channels} "
            f"on target {target.name}"
        )
    assert isinstance(bank.port.type, PortType)
    word_bytes = bank.port.type.word_type.width.data // 8
    return Port(task, name, memory.name, channel, word_bytes, writes)


def channels(target: Target) -> list[tuple[str, int]]:
    """All channels of a target: (memory, number)."""
    return [
        (memory.name, number) for memory in target.memories for number in range(memory.channels)
    ]


def latency_cycles(memory: Memory, clock_mhz: Fraction, machine: Machine) -> int:
    """A burst's latency in whole cycles: the memory's, and the machine's least."""
    own = ceil(Fraction(str(memory.latency_ns)) * clock_mhz / 1000)
    return max(own, machine.memory_latency.value)


def port_rate(
    memory: Memory, word_bytes: int, clock_mhz: Fraction, machine: Machine
) -> Rate | None:
    """What a port can move by itself; None if that is a word a cycle.

    The target may have a figure for it, and what a port has asked for and not got is limited.
    """
    rates: list[Rate] = []
    if memory.port_gbps is not None:
        rates.append(Rate.of(memory.port_gbps, clock_mhz))
    words, latency = machine.words_in_flight.value, latency_cycles(memory, clock_mhz, machine)
    if words and latency > words:
        exact = Fraction(words * word_bytes, latency)
        rates.append(Rate(exact.numerator, exact.denominator))
    return min(rates, key=lambda rate: Fraction(rate.credit, rate.unit), default=None)
