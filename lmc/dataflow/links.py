"""Streams between kernels: FIFOs that the linker makes, with the depths that it can make."""

from xdsl.dialects.builtin import IntegerAttr, i64

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp, StreamOp

LINK_DEPTHS = tuple(2**power for power in range(4, 16))
"""Depths of an AXI4-Stream data FIFO, which the linker puts into a stream. PG085, "AXI4-Stream Data
FIFO"; others end in IP_Flow 19-3461."""

DEFAULT_DEPTH = 2
"""The depth of a stream that says none: what HLS tools take."""


def is_link(stream: StreamOp) -> bool:
    """Whether a stream of a design with kernels is between two of them."""
    return isinstance(stream.parent_op(), DesignOp)


def link_depth(depth: int) -> int | None:
    """The least depth, not below `depth`, that the linker can make; None where that is none."""
    return next((possible for possible in LINK_DEPTHS if possible >= depth), None)


def possible_depth(stream: StreamOp, depth: int) -> int:
    """The least depth, not below `depth`, that a stream can have where it is.

    Raises LmcError for a link that would be deeper than the linker can make it.
    """
    if not is_link(stream):
        return depth
    possible = link_depth(depth)
    if possible is not None:
        return possible
    raise LmcError(
        f"stream {stream.sym_name.data} is between two kernels and needs depth {depth}, where "
        f"{LINK_DEPTHS[-1]} is the most (PG085): put both of its tasks into one kernel"
    )


def stream_depth(stream: StreamOp) -> int:
    """The depth of a stream in elements."""
    return DEFAULT_DEPTH if stream.depth is None else stream.depth.value.data


def set_possible_depth(stream: StreamOp, depth: int) -> None:
    """Sets the least depth, not below `depth`, that is possible. Raises as `possible_depth`."""
    stream.depth = IntegerAttr(possible_depth(stream, depth), i64)
