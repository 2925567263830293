"""The table of lowering patterns: one for each op, plugins included."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from xdsl.ir import Operation

from lmc.ir.editing import refuse
from lmc.ir.rewriting import at_work
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Stream, Streams, Tiles, Vector, vector_size

_OpT = TypeVar("_OpT", bound=Operation)
_Pattern = Callable[[Operation, Operands, Site], Streams]
_PATTERNS: dict[type[Operation], _Pattern] = {}


def lowers(
    op_type: type[_OpT],
) -> Callable[
    [Callable[[_OpT, Operands, Site], Streams]], Callable[[_OpT, Operands, Site], Streams]
]:
    """Registers a function as the lowering pattern of an op.

    It adds the op's tasks to the design of the site, and returns the streams of its results.
    """

    def register(
        pattern: Callable[[_OpT, Operands, Site], Streams],
    ) -> Callable[[_OpT, Operands, Site], Streams]:
        _PATTERNS[op_type] = pattern  # pyright: ignore[reportArgumentType]
        return pattern

    return register


def lower(op: Operation, operands: Operands, site: Site) -> Sequence[Stream | None]:
    """Adds the tasks of one op; the streams of its results.

    Raises:
        LmcError: there is no pattern for the op, or what it returns does not fit the results.
    """
    pattern = _PATTERNS.get(type(op))
    if pattern is None:
        raise refuse(op, "this op has no lowering; a plugin can add one with lmc.lowering.lowers")
    with at_work(pattern):
        found = pattern(op, operands, site)
    streams = [found] if isinstance(found, Vector | Tiles) else found
    if len(streams) != len(op.results):
        raise refuse(op, f"its lowering gives {len(streams)} streams for {len(op.results)} results")
    for result, stream in zip(op.results, streams, strict=True):
        if isinstance(stream, Vector) and (stream.length, stream.bits) != vector_size(result):
            length, bits = vector_size(result)
            raise refuse(
                op,
                f"its lowering gives {stream.length} elements of {stream.bits} bits for "
                f"%{result.name_hint}, which has {length} of {bits}",
            )
    return streams
