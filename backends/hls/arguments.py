"""What a kernel's C++ function takes: the interface that host and link configuration see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xdsl.ir import SSAValue

from lmc.backends.hls.names import Names
from lmc.dialects.dataflow import (
    BankOp,
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    KernelOp,
    ReadOp,
    ScalarOp,
    StreamOp,
    TaskOp,
    WriteOp,
)

Access = Literal["read", "write", "read_write"]


@dataclass(frozen=True)
class KernelArgument:
    """One argument: its C++ name, position, what it is bound to, and how the kernel uses it.

    `access` of a stream is from the kernel's side: a kernel that consumes a stream reads it.
    """

    name: str
    position: int
    inner: SSAValue
    source: BankOp | ScalarOp | StreamOp
    access: Access


def design_kernels(design: DesignOp) -> list[KernelOp]:
    """The design's kernels, in order."""
    return [op for op in design.body.block.ops if isinstance(op, KernelOp)]


def kernel_tasks(kernel: KernelOp) -> list[TaskOp]:
    """The kernel's tasks, in order."""
    return [op for op in kernel.body.block.ops if isinstance(op, TaskOp)]


def task_names(kernel: KernelOp) -> set[str]:
    """What the kernel's C++ calls: no variable of it may have such a name."""
    return {task.sym_name.data for task in kernel_tasks(kernel)}


def kernel_arguments(kernel: KernelOp) -> list[KernelArgument]:
    """The kernel's arguments in the order of its signature.

    Names are those of the bank, scalar or stream; a bank that comes twice gets `_2` then.
    """
    names = Names(task_names(kernel))
    arguments: list[KernelArgument] = []
    for position, outer in enumerate(kernel.arguments):
        inner = kernel.body.block.args[position]
        source = outer.owner
        assert isinstance(source, BankOp | ScalarOp | StreamOp)
        name = names.fresh(source.sym_name.data)
        arguments.append(KernelArgument(name, position, inner, source, access_of(inner)))
    return arguments


def access_of(value: SSAValue) -> Access:
    """Whether the tasks that get this value of a kernel read it, write it, or both."""
    tasks = [use for use in value.uses if isinstance(use.operation, TaskOp)]
    return _access([use.operation.regions[0].block.args[use.index] for use in tasks])


def access_in_task(argument: SSAValue) -> Access:
    """Whether a task reads its argument, writes it, or both."""
    return _access([argument])


def _access(arguments: Sequence[SSAValue]) -> Access:
    uses = [use for argument in arguments for use in argument.uses]
    reads = any(_reads(use.operation, use.index) for use in uses)
    writes = any(_writes(use.operation, use.index) for use in uses)
    return "read_write" if reads and writes else "write" if writes else "read"


def _reads(op: object, index: int) -> bool:
    """Whether this op takes data out of its operand `index`: a stream read, a burst's source."""
    return isinstance(op, ReadOp) or (isinstance(op, BurstReadOp | BurstWriteOp) and index == 0)


def _writes(op: object, index: int) -> bool:
    """Whether this op puts data into its operand `index`: a stream written, a burst's target."""
    if isinstance(op, BurstReadOp):
        return index == 3
    return isinstance(op, WriteOp) or (isinstance(op, BurstWriteOp) and index == 1)
