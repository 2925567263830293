"""check-dataflow: the rules that a design must keep before C++ is printed."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.dataflow.rules import check_rules
from lmc.dialects.dataflow import DesignOp
from lmc.ir.pass_base import LmcPass


@dataclass(frozen=True)
class CheckDataflow(LmcPass):
    """Checks, and changes nothing.

    Every stream has one producer and one consumer, which move equally many elements for each
    example setting of the run-time scalars; streams inside a kernel only go forward; each memory
    port belongs to one task and is used in its bank's direction; divisors are not 0, slices, loads
    and stores stay inside; schedules and rates are what their analyses find, and with the depths
    of a sized design no example setting stops. What an op or a task alone tells is the verifier's
    matter.
    """

    name = "check-dataflow"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError with the first violations of any design in the module."""
        for design in op.ops:
            if isinstance(design, DesignOp):
                check_rules(design)
