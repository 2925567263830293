"""What a finished design takes of a device: LUTs, flip-flops, DSPs, BRAM, URAM.

Counted from the IR after schedule-loops and size-fifos, part by part. An estimate to plan with: the
figures of operators are those of logic synthesis, the rest says where it comes from.
"""

from collections import Counter
from collections.abc import Iterable

from lmc.dataflow.clocks import design_clock, schedule_clock
from lmc.dataflow.graph import design_graph
from lmc.dataflow.implementations import DSP_SIZES
from lmc.dataflow.kernel_ports import Port, kernel_ports
from lmc.dataflow.links import LINK_DEPTHS, is_link, link_depth, stream_depth
from lmc.dataflow.resources.calibrated import calibration_of, scaled, sum_of_parts
from lmc.dataflow.resources.counts import DesignResources, Resources, total
from lmc.dataflow.resources.memories import (
    FIFO_KINDS,
    LINK_KINDS,
    fifo_kind,
    fifo_resources,
    smallest_share,
)
from lmc.dataflow.resources.ports import interconnect, kernel_control, memory_port
from lmc.dataflow.resources.tasks import Parts, parts_of_tasks
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

    The clock is the one that the design was scheduled for, the target's where none is given. A
    design whose allocation has a calibration is estimated with it.
    """
    clock, size = schedule_clock(design, design_clock(design, target)), DSP_SIZES[target.dsp.kind]
    calibration = calibration_of(design)
    parts = parts_of_tasks(design_graph(design).tasks, clock, size)
    kernels = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    return DesignResources(
        tasks={
            kernel.sym_name.data: {
                task.sym_name.data: sum_of_parts(parts[task.sym_name.data], calibration)
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
        ports=_ports(design, target),
        control={
            kernel.sym_name.data: scaled(KernelOp.name, _control(kernel), calibration)
            for kernel in kernels
        },
    )


def stream_kind(op: StreamOp, target: Target) -> str:
    """What a FIFO is made of: what it says, else what takes the smallest share of the target.

    One between kernels is the linker's, which makes none of URAM (assumed: the link file has no
    word for it).
    """
    if op.impl is not None:
        return op.impl.data
    bits, depth, budget = _element_bits(op), stream_depth(op), target.budget()
    if is_link(op):
        return fifo_kind(bits, depth, budget, LINK_KINDS)
    calibration = calibration_of(op)

    def cost(kind: str) -> Resources:
        return scaled(op.name, fifo_resources(bits, depth, kind), calibration)

    return smallest_share(FIFO_KINDS, cost, budget)


def stream_resources(op: StreamOp, target: Target) -> Resources:
    """A FIFO, inside of a kernel or between two. Calibration is of those inside."""
    taken = fifo_resources(_element_bits(op), stream_depth(op), stream_kind(op, target))
    return taken if is_link(op) else scaled(op.name, taken, calibration_of(op))


def link_resources(op: StreamOp, target: Target) -> Resources:
    """The FIFO that the linker makes of a stream if its tasks get into two kernels.

    One that is deeper than the linker can make it counts as the deepest that it can.
    """
    bits, depth = _element_bits(op), link_depth(stream_depth(op)) or LINK_DEPTHS[-1]
    return fifo_resources(bits, depth, fifo_kind(bits, depth, target.budget(), LINK_KINDS))


def kernel_parts(kernel: KernelOp, ports: Iterable[Port], target: Target) -> Parts:
    """What a kernel takes beside its tasks, by kind, not calibrated: FIFOs, memory ports, control.

    Interconnects between kernels are the linker's and so not in it.
    """
    streams = [op for op in kernel.body.block.ops if isinstance(op, StreamOp)]
    return {
        StreamOp.name: total(
            fifo_resources(_element_bits(op), stream_depth(op), stream_kind(op, target))
            for op in streams
        ),
        BankOp.name: total(memory_port(_word_bits(port.bank), len(port.kinds)) for port in ports),
        KernelOp.name: _control(kernel),
    }


def _word_bits(bank: BankOp) -> int:
    return bank.port.type.word_type.width.data  # pyright: ignore[reportAttributeAccessIssue]


def _element_bits(op: StreamOp) -> int:
    return op.result.type.element_type.width.data  # pyright: ignore[reportAttributeAccessIssue]


def _ports(design: DesignOp, target: Target) -> dict[str, Resources]:
    """Ports of each bank, with what their masters take where several share a channel.

    A network on chip is there anyway; elsewhere an interconnect of the fabric joins them.
    """
    loads = Counter(_channel(port.bank) for port in kernel_ports(design))
    calibration = calibration_of(design)
    found: dict[str, Resources] = {}
    for bank in (op for op in design.body.block.ops if isinstance(op, BankOp)):
        word = _word_bits(bank)
        directions = 2 if bank.direction.data == "read_write" else 1
        found[bank.sym_name.data] = scaled(bank.name, memory_port(word, directions), calibration)
        if target.noc is None and loads[_channel(bank)] > 1:
            found[bank.sym_name.data] += interconnect(word, directions)
    return found


def _channel(bank: BankOp) -> tuple[str, int]:
    return bank.memory.data, bank.channel_number


def _control(kernel: KernelOp) -> Resources:
    arguments = [arg for arg in kernel.arguments if not isinstance(arg.type, StreamType)]
    return kernel_control(len(arguments))


__all__ = [
    "DesignResources",
    "Resources",
    "estimate",
    "kernel_parts",
    "link_resources",
    "stream_kind",
    "stream_resources",
]
