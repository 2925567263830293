"""`stream-images`: weight vectors and function tables come from memory images."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.dialects.dataflow import DesignOp
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering import stream_images


@dataclass(frozen=True)
class StreamImages(LmcPass):
    """Replaces `dataflow.weight_vector` and `dataflow.function_table` by streams.

    A bank holds all vectors of the layers, another one those behind them, a third the tables; a
    task bursts through each, and another one deals its words out. Banks are at the side port.
    """

    name = "stream-images"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError when the module has no allocation."""
        for design in [item for item in op.ops if isinstance(item, DesignOp)]:
            stream_images(design, allocation_of(op).side_port)
