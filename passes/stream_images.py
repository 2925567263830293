"""`stream-images`: weight vectors, function tables and states are in memory images."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from lmc.allocation import allocation_of
from lmc.dialects.dataflow import DesignOp
from lmc.ir.pass_base import Effect, LmcPass
from lmc.lowering import stream_images, stream_states


@dataclass(frozen=True)
class StreamImages(LmcPass):
    """Replaces `dataflow.weight_vector`, `dataflow.function_table` and `dataflow.state` by streams.

    The fields of a state have a bank each, and tasks that move a layer's elements between bank and
    streams, or hold all of them on the chip.
    A bank holds all vectors of the layers, another one those after them, a third the tables; a
    task bursts through each, and another one deals its words out. Banks are at the side port.
    """

    name = "stream-images"
    effect = Effect.BITS

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        """Raise LmcError when the module has no allocation."""
        for design in [item for item in op.ops if isinstance(item, DesignOp)]:
            stream_states(design)
            stream_images(design, allocation_of(op).side_port)
