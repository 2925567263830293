"""What a kernel's modules have at their borders: scalars, streams and banks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from xdsl.ir import SSAValue

from lmc.backends.hls.arguments import KernelArgument, kernel_arguments
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    KernelOp,
    ScalarOp,
    StreamOp,
    TaskOp,
)

LEAST_WORD, MOST_WORD = 32, 1024
"""Bits of a word of an AXI4 master that platforms take (UG1399, "AXI4 Master Interface")."""


@dataclass(frozen=True)
class Scalar:
    """A run-time scalar of 32 bits."""

    name: str
    argument: KernelArgument


@dataclass(frozen=True)
class StreamEnd:
    """An end of a stream between kernels; the kernel reads it or writes it."""

    name: str
    argument: KernelArgument
    bits: int
    is_read: bool


@dataclass(frozen=True)
class BankPort:
    """A port to a bank, with the tasks that read and write it, one of each at the most."""

    name: str
    argument: KernelArgument
    bank: BankOp
    reader: str | None
    writer: str | None


KernelPort = Scalar | StreamEnd | BankPort


def kernel_borders(kernel: KernelOp) -> list[KernelPort]:
    """The kernel's ports in the order of its arguments; names are those of the C++ function.

    Raises LmcError for a port that lmc has no hardware for.
    """
    return [_port(kernel, argument) for argument in kernel_arguments(kernel)]


def _port(kernel: KernelOp, argument: KernelArgument) -> KernelPort:
    source, name = argument.source, argument.name
    if isinstance(source, ScalarOp):
        return Scalar(name, argument)
    where = f"kernel {kernel.sym_name.data}: {name}"
    if isinstance(source, StreamOp):
        if argument.access == "read_write":
            raise LmcError(f"{where} is a stream that the kernel both reads and writes")
        bits = source.result.type.element_type.width.data
        return StreamEnd(name, argument, bits, argument.access == "read")
    users = {kind: sorted(set(_users(argument.inner, kind))) for kind in ("read", "write")}
    for kind, tasks in users.items():
        for one, other in pairwise(tasks):
            raise LmcError(
                f"{where} is a memory port that two tasks {kind}, {one} and {other}: give each a "
                "bank of its own"
            )
    if users["read"] == users["write"]:
        does = "reads and writes" if users["read"] else "does not use"
        task = f"task {users['read'][0]}" if users["read"] else "the kernel"
        raise LmcError(f"{where} is a memory port that {task} {does}")
    width = source.word_bits
    if not LEAST_WORD <= width <= MOST_WORD or width & (width - 1):
        raise LmcError(f"{where} has words of {width} bits: AXI4 has 32, 64, ... {MOST_WORD}")
    reader, writer = (next(iter(users[kind]), None) for kind in ("read", "write"))
    return BankPort(name, argument, source, reader, writer)


def _users(port: SSAValue, kind: str) -> Iterator[str]:
    """The tasks that read, or write, a port of a kernel."""
    burst = BurstReadOp if kind == "read" else BurstWriteOp
    for use in port.uses:
        task = use.operation
        assert isinstance(task, TaskOp)
        if any(isinstance(u.operation, burst) for u in task.body.block.args[use.index].uses):
            yield task.sym_name.data
