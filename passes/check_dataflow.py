"""check-dataflow: the rules that a design must keep before C++ is printed."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.dialects.dataflow import DesignOp
from lmc.ir.attributes import ALLOCATION
from lmc.ir.pass_base import LmcPass
from lmc.lint import check_rules
from lmc.targets import load_target


@dataclass(frozen=True)
class CheckDataflow(LmcPass):
    """Checks the rules of `lmc.lint`, and changes nothing.

    Rules about the board are checked if the module has an allocation and so a target. What an op or
    a task alone tells is the verifier's matter.
    """

    name = "check-dataflow"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError with the first findings in any design in the module."""
        target = load_target(allocation_of(op).target) if ALLOCATION in op.attributes else None
        for design in op.ops:
            if isinstance(design, DesignOp):
                check_rules(design, target)
