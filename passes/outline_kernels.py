"""`outline-kernels`: the tasks of a flat design in kernels."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.dataflow.outline import outline_kernels
from lmc.dialects.dataflow import DesignOp
from lmc.ir.pass_base import Effect, LmcPass


@dataclass(frozen=True)
class OutlineKernels(LmcPass):
    """Puts each task into the kernel that it names, producers before consumers.

    A stream between tasks of one kernel is declared in it, one between kernels in the design. Names
    become unique in the design, and labels of loops begin with their task's name.
    """

    name = "outline-kernels"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError when not all is tasks yet, or streams do not join two tasks each."""
        for design in [item for item in op.ops if isinstance(item, DesignOp)]:
            outline_kernels(design)
