"""`lower-to-dataflow`: the scheduled model as kernels, tasks and streams for a target."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import CLOCK
from lmc.lowering import lower_function
from lmc.passes.base import Effect, LmcPass
from lmc.targets import load_target

MAX_PORTS = 8
"""Lanes whose rows, 4 of 32 bits each, are joined in one word of 1024 bits, the widest there is."""


@dataclass(frozen=True)
class LowerToDataflow(LmcPass):
    """Replaces the model's function by a dataflow design; weights and tables stay as symbols.

    The parallelism is what the target's memory feeds: one lane of the matrix unit for each of
    `ports` ports (those of the target's first memory, at most 8, where it is not given).
    """

    name = "lower-to-dataflow"
    effect = Effect.BITS

    target: str = "vck190"
    ports: int | None = None

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Lowers the only function of the module.

        Raises:
            LmcError: the module has no function, or holds something that can't be lowered.
        """
        functions = [item for item in op.body.block.ops if isinstance(item, func.FuncOp)]
        if len(functions) != 1:
            raise LmcError(
                f"lower-to-dataflow takes a module with one function, found {len(functions)}"
            )
        target = load_target(self.target)
        memory = target.memories[0]
        most = min(memory.ports, MAX_PORTS)
        ports = most if self.ports is None else self.ports
        if not 1 <= ports <= most:
            raise LmcError(
                f"{target.name}'s {memory.name} has {memory.ports} ports, of which a design uses "
                f"1 to {most}, not {ports}"
            )
        design = lower_function(
            functions[0], list(op.body.block.ops), ports, memory.port_bits, memory.name
        )
        design.attributes[CLOCK] = IntegerAttr(round(target.clock_mhz), i64)
        op.body.block.insert_op_after(design, functions[0])
        functions[0].detach()
        functions[0].erase()
