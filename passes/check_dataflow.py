"""check-dataflow: the rules that a design must keep before C++ is printed."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.dataflow.rules import violations
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.ir.pass_base import LmcPass

SHOWN = 5
"""Violations that are listed; the rest are counted."""


@dataclass(frozen=True)
class CheckDataflow(LmcPass):
    """Checks, and changes nothing.

    Every stream has one producer and one consumer, which move equally many elements for each
    example setting of the run-time scalars; streams inside a kernel only go forward; each memory
    port belongs to one task and is used in its bank's direction; divisors are not 0, slices, loads
    and stores stay inside; schedules and rates are what their analyses find. What an op or a task
    alone tells is the verifier's matter.
    """

    name = "check-dataflow"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError with the first violations of any design in the module."""
        for design in op.ops:
            if not isinstance(design, DesignOp):
                continue
            found = list(violations(design))
            if found:
                more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
                raise LmcError(
                    f"design {design.sym_name.data} breaks rules of dataflow: "
                    + "; ".join(found[:SHOWN])
                    + more
                )
