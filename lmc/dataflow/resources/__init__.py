"""What a finished design takes of a device: LUTs, flip-flops, DSPs, BRAM, URAM.

Counted from the IR after schedule-loops and size-fifos, part by part. An estimate to plan with: the
figures of operators are those of logic synthesis, the rest says where it comes from.
"""

from lmc.dataflow.implementations import DSP_SIZES
from lmc.dataflow.links import is_link, stream_depth
from lmc.dataflow.resources.counts import DesignResources, Resources
from lmc.dataflow.resources.memories import FIFO_KINDS, LINK_KINDS, fifo_kind, fifo_resources
from lmc.dataflow.resources.ports import kernel_control, memory_port
from lmc.dataflow.resources.tasks import task_resources
from lmc.dataflow.timing import Clock
from lmc.dialects.dataflow import (
    BankOp,
    DesignOp,
    KernelOp,
    StreamOp,
    StreamType,
    TaskOp,
)
from lmc.targets import Target


def estimate(design: DesignOp, target: Target) -> DesignResources:
    """What a scheduled design with sized FIFOs takes on a target, by task, stream and port.

    The clock is the one that the design was scheduled for, the target's where none is given.
    """
    clock, size = Clock(_clock(design, target)), DSP_SIZES[target.dsp.kind]
    kernels = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    return DesignResources(
        tasks={
            kernel.sym_name.data: {
                task.sym_name.data: task_resources(task, clock, size)
                for task in kernel.body.block.ops
                if isinstance(task, TaskOp)
            }
            for kernel in kernels
        },
        streams={
            op.sym_name.data: stream_resources(op, target)
            for op in design.walk()
            if isinstance(op, StreamOp)
        },
        ports={
            op.sym_name.data: _port(op) for op in design.body.block.ops if isinstance(op, BankOp)
        },
        control={kernel.sym_name.data: _control(kernel) for kernel in kernels},
    )


def stream_kind(op: StreamOp, target: Target) -> str:
    """What a FIFO is made of: what it says, else what takes the smallest share of the target.

    One between kernels is the linker's, which makes none of URAM (assumed: the link file has no
    word for it).
    """
    if op.impl is not None:
        return op.impl.data
    kinds = LINK_KINDS if is_link(op) else FIFO_KINDS
    return fifo_kind(_element_bits(op), stream_depth(op), target.budget(), kinds)


def stream_resources(op: StreamOp, target: Target) -> Resources:
    """A FIFO, inside of a kernel or between two."""
    return fifo_resources(_element_bits(op), stream_depth(op), stream_kind(op, target))


def _element_bits(op: StreamOp) -> int:
    return op.result.type.element_type.width.data  # pyright: ignore[reportAttributeAccessIssue]


def _port(bank: BankOp) -> Resources:
    word = bank.port.type.word_type.width.data  # pyright: ignore[reportAttributeAccessIssue]
    return memory_port(word, 2 if bank.direction.data == "read_write" else 1)


def _control(kernel: KernelOp) -> Resources:
    arguments = [arg for arg in kernel.arguments if not isinstance(arg.type, StreamType)]
    return kernel_control(len(arguments))


def _clock(design: DesignOp, target: Target) -> int:
    found = design.clock_mhz
    return round(target.clock_mhz) if found is None else found.value.data


__all__ = ["DesignResources", "Resources", "estimate", "stream_kind", "stream_resources"]
