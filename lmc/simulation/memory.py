"""Ports and channels: which port is on which channel, and how fast both are, exactly."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from lmc.dataflow.graph import DesignGraph, declaration
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


def latency_cycles(memory: Memory, clock_mhz: Fraction) -> int:
    """A memory's latency in whole cycles."""
    return ceil(Fraction(str(memory.latency_ns)) * clock_mhz / 1000)
