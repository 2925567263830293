"""`lower-to-tasks`: the scheduled model as tasks and streams of one flat design."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.diagnostics import LmcError
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering import lower_function


@dataclass(frozen=True)
class LowerToTasks(LmcPass):
    """Replaces the model's function by a flat dataflow design; weights and tables stay as symbols.

    The design is what the module's allocation says (`allocate-resources`). Each task has the name
    of its kernel; linear layers, weight vectors and tables are still ops of their own.
    """

    name = "lower-to-tasks"
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
                f"lower-to-tasks takes a module with one function, found {len(functions)}"
            )
        design = lower_function(functions[0], list(op.body.block.ops), allocation_of(op))
        op.body.block.insert_op_after(design, functions[0])
        functions[0].detach()
        functions[0].erase()
