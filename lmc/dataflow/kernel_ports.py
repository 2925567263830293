"""Memory ports of kernels, and what tasks do with them."""

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.ir import SSAValue

from lmc.dialects.dataflow import BankOp, BurstReadOp, DesignOp, KernelOp, PortType, TaskOp


@dataclass(frozen=True)
class Port:
    """A port of a kernel: its bank, and (task, "read" or "write") for all uses of it.

    A task that has the port and does nothing with it is taken to read.
    """

    kernel: str
    bank: BankOp
    uses: tuple[tuple[str, str], ...]

    @property
    def kinds(self) -> list[str]:
        """What is done through the port, sorted."""
        return sorted({kind for _, kind in self.uses})


def kernel_ports(design: DesignOp) -> Iterator[Port]:
    """The memory ports of all kernels, each an AXI master."""
    for kernel in (op for op in design.body.block.ops if isinstance(op, KernelOp)):
        for inner, outer in zip(kernel.body.block.args, kernel.arguments, strict=True):
            if isinstance(inner.type, PortType):
                assert isinstance(outer.owner, BankOp)
                yield Port(kernel.sym_name.data, outer.owner, tuple(_uses(inner)))


def _uses(port: SSAValue) -> Iterator[tuple[str, str]]:
    for use in port.uses:
        task = use.operation
        assert isinstance(task, TaskOp)
        inner = task.body.block.args[use.index]
        kinds = {"read" if isinstance(u.operation, BurstReadOp) else "write" for u in inner.uses}
        for kind in sorted(kinds) or ["read"]:
            yield task.sym_name.data, kind
