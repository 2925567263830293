"""`share-matrix-unit`: one matrix unit for all matrix-vector products of a flat design."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.dialects.dataflow import DesignOp
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering import share_matrix_unit


@dataclass(frozen=True)
class ShareMatrixUnit(LmcPass):
    """Replaces `dataflow.matrix_unit` and the products on it by tasks of the kernel `matrix`.

    Activations are gathered, go through the lanes, each at its port with its
    weight image, and the rows of all lanes are joined and dealt out.
    """

    name = "share-matrix-unit"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError when the allocation or the products do not go with the unit."""
        for design in [item for item in op.ops if isinstance(item, DesignOp)]:
            share_matrix_unit(design, allocation_of(op))
