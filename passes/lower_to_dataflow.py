"""`lower-to-dataflow`: the scheduled model as kernels, tasks and streams for a target."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.allocation import allocation_of
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import CLOCK
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering import lower_function


@dataclass(frozen=True)
class LowerToDataflow(LmcPass):
    """Replaces the model's function by a dataflow design; weights and tables stay as symbols.

    The design is what the module's allocation says (`allocate-resources`).
    """

    name = "lower-to-dataflow"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Lowers the only function of the module.

        Raises:
            LmcError: the module has no function or no allocation, or holds something that can't
                be lowered.
        """
        functions = [item for item in op.body.block.ops if isinstance(item, func.FuncOp)]
        if len(functions) != 1:
            raise LmcError(
                f"lower-to-dataflow takes a module with one function, found {len(functions)}"
            )
        allocation = allocation_of(op)
        design = lower_function(functions[0], list(op.body.block.ops), allocation)
        design.attributes[CLOCK] = IntegerAttr(allocation.clock_mhz, i64)
        op.body.block.insert_op_after(design, functions[0])
        functions[0].detach()
        functions[0].erase()
