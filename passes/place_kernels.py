"""place-kernels: each kernel in one die of the device, split where its tasks do not fit in one."""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation, Region, SSAValue

from lmc.allocation import allocation_of
from lmc.dataflow.graph import declaration
from lmc.dataflow.handles import Handle, Process
from lmc.dataflow.links import set_possible_depth
from lmc.diagnostics import LmcError, UsageError
from lmc.dialects.dataflow import BankOp, DesignOp, KernelOp, ScalarOp, StreamOp, TaskOp
from lmc.ir.pass_base import LmcPass
from lmc.placement import place_tasks
from lmc.targets import load_target


@dataclass(frozen=True)
class PlaceKernels(LmcPass):
    """Sets `slr` of each kernel, and splits kernels whose tasks are in several SLRs.

    Each SLR has a budget, and few wires may cross the boundary between two: tasks are placed so
    that both hold, with the fewest wires (see `lmc.placement`). Nothing is done for a target
    without SLRs. A kernel that has an `slr` already stays there, unless it is pinned elsewhere.

    A part of a kernel is named after it and its SLR (`matrix_slr0`); tasks keep their order, and
    streams between two parts become streams of the design, with the next depth that the linker can
    make.
    """

    name = "place-kernels"

    pins: str = ""
    """Where tasks, or all tasks of a kernel, have to be: "matrix:SLR0 lane_1:SLR1"."""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Place the kernels of each design.

        Raises:
            LmcError: the module has no allocation, or a kernel is in an SLR that is not there.
            UsageError: the pins are wrong.
        """
        target = load_target(allocation_of(op).target)
        if not target.slrs:
            if self.pins:
                raise UsageError(f"place-kernels: target {target.name} has no SLRs to pin to")
            return
        for design in [item for item in op.ops if isinstance(item, DesignOp)]:
            order = [slr.name for slr in target.slrs]
            pins = given_slrs(design, order) | parse_pins(self.pins, design, order)
            slrs = place_tasks(design, target, pins)
            for kernel in [item for item in design.body.block.ops if isinstance(item, KernelOp)]:
                place_kernel(kernel, slrs, order)


def given_slrs(design: DesignOp, names: list[str]) -> dict[str, str]:
    """The SLR of each task whose kernel has one; raises LmcError where that is none of `names`."""
    found: dict[str, str] = {}
    for kernel in [op for op in design.body.block.ops if isinstance(op, KernelOp)]:
        if kernel.slr is None:
            continue
        if kernel.slr.data not in names:
            raise LmcError(
                f"kernel {kernel.sym_name.data} is in {kernel.slr.data}, but the target has "
                f"{', '.join(names)}"
            )
        found |= dict.fromkeys(_tasks(kernel), kernel.slr.data)
    return found


def parse_pins(text: str, design: DesignOp, names: list[str]) -> dict[str, str]:
    """The SLR, one of `names`, of each pinned task, from "TASK_OR_KERNEL:SLR ...".

    A task's pin overrules its kernel's.

    Raises:
        UsageError: the text is not of this form, or names what is not there.
    """
    kernels = [op for op in design.body.block.ops if isinstance(op, KernelOp)]
    members = {kernel.sym_name.data: _tasks(kernel) for kernel in kernels}
    of_kernels: dict[str, str] = {}
    of_tasks: dict[str, str] = {}
    for item in text.split():
        name, _, slr = item.partition(":")
        if slr not in names:
            raise UsageError(
                f"place-kernels: the pin {item!r} is not TASK_OR_KERNEL:SLR with one of "
                f"{', '.join(names)}"
            )
        if name in members:
            of_kernels |= dict.fromkeys(members[name], slr)
        elif any(name in tasks for tasks in members.values()):
            of_tasks[name] = slr
        else:
            raise UsageError(f"place-kernels: the design has no task or kernel {name!r} to pin")
    return of_kernels | of_tasks


def place_kernel(kernel: KernelOp, slrs: Mapping[str, str], order: list[str]) -> None:
    """Puts a kernel's tasks where `slrs` says by their names; `order` has all SLRs.

    The kernel stays one if they are in one SLR; otherwise a kernel of each SLR takes its place.
    """
    used = {slrs[task] for task in _tasks(kernel)}
    if len(used) < 2:
        kernel.slr = StringAttr(used.pop()) if used else None
        return
    parts = {slr: _Part(kernel, slr) for slr in order if slr in used}
    block = kernel.parent_block()
    assert block is not None
    for op in list(kernel.body.block.ops):
        where = {slrs[task] for task in _users(op)}
        op.detach()
        if len(where) > 1:
            assert isinstance(op, StreamOp)
            # What such a FIFO is made of is the linker's choice, and its depth one of the linker's.
            op.impl = None
            block.insert_op_before(op, kernel)
            if op.depth is not None:
                set_possible_depth(op, op.depth.value.data)
        else:
            parts[where.pop() if where else next(iter(parts))].add(op)
    for part in parts.values():
        block.insert_op_before(part.kernel(), kernel)
    kernel.detach()
    kernel.erase()


class _Part:
    """A kernel of those tasks and streams of another one that are in one SLR."""

    def __init__(self, whole: KernelOp, slr: str):
        self.whole = whole
        self.slr = slr
        self.process = Process(f"{whole.sym_name.data}_{slr.lower()}")

    def add(self, op: Operation) -> None:
        """Appends a detached stream or task; streams come before the tasks that use them."""
        self.process.block.add_op(op)
        if isinstance(op, TaskOp):
            op.operands = [self._inner(value) for value in op.operands]

    def kernel(self) -> KernelOp:
        """The kernel of all that was added."""
        made = KernelOp(self.process.name, self.process.operands, Region(self.process.block))
        made.slr = StringAttr(self.slr)
        made.location = self.whole.location
        return made

    def _inner(self, value: SSAValue) -> SSAValue:
        source = declaration(value)
        if source.parent_block() is self.process.block:
            return value
        assert isinstance(source, BankOp | ScalarOp | StreamOp)
        return self.process.import_(Handle(source.sym_name.data, source.results[0]))


def _tasks(kernel: KernelOp) -> list[str]:
    return [op.sym_name.data for op in kernel.body.block.ops if isinstance(op, TaskOp)]


def _users(op: Operation) -> list[str]:
    """The task itself, or the tasks that use a stream."""
    if isinstance(op, TaskOp):
        return [op.sym_name.data]
    uses = [use.operation for result in op.results for use in result.uses]
    return [user.sym_name.data for user in uses if isinstance(user, TaskOp)]
