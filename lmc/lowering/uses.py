"""A result's stream for each of its uses: copies for several, buffers for what is kept whole."""

from collections.abc import Iterator

from xdsl.ir import SSAValue, Use

from lmc.analysis.groups import is_kept
from lmc.analysis.lowering_order import uses_in_order
from lmc.dataflow import library
from lmc.dataflow.handles import Handle
from lmc.lowering.site import Site
from lmc.lowering.vectors import Stream, Tiles, Vector

_LARGE_BITS = 1 << 18
"""From here on a vector that is kept lies where states on the chip do, in UltraRAM if there is."""


def streams_of_uses(site: Site, value: SSAValue, stream: Stream) -> list[tuple[Use, Stream]]:
    """The streams that the uses of a value read, in the order in which ops are lowered.

    A vector with several uses is forked, one without any is drained, and one for uses outside of
    its group is kept whole, in one buffer for all of them.
    """
    uses = uses_in_order(value)
    if isinstance(stream, Tiles):
        return [(use, stream) for use in uses]
    waits = [is_kept(use) for use in uses]
    if not any(waits):
        return list(zip(uses, _copies(site, stream, len(uses)), strict=True))
    first, *passing = _copies(site, stream, 1 + waits.count(False))
    kept = _kept(site, first, after=(passing or [first])[-1].stream)
    found: dict[bool, Iterator[Vector]] = {
        False: iter(passing),
        True: iter(_copies(site, kept, waits.count(True))),
    }
    return [(use, next(found[waiting])) for use, waiting in zip(uses, waits, strict=True)]


def _copies(site: Site, vector: Vector, count: int) -> list[Vector]:
    """The vector `count` times; a single one is itself."""
    if count == 1:
        return [vector]
    copies: list[Vector] = []
    for _ in range(count):
        after = (copies or [vector])[-1].stream
        copies.append(_like(site, vector, f"{vector.stream.name}_copy", after))
    loops = (*site.loops, ("word", vector.words))
    sinks = [copy.stream for copy in copies]
    library.fork(site.side, f"fork_{vector.stream.name}", vector.stream, sinks, loops)
    return copies


def _kept(site: Site, vector: Vector, after: Handle) -> Vector:
    """The same vector, which begins to come out when all of it is in a buffer."""
    name = vector.stream.name
    result = _like(site, vector, f"{name}_kept", after)
    is_large = vector.length * vector.bits >= _LARGE_BITS
    kind = site.allocation.chip_memory if is_large else "auto"
    with site.side.task(f"keep_{name}") as task:
        held = task.buffer("vector", vector.stream.element_type, (vector.words,), kind)
        with task.nest(site.loops, pipeline=False):
            with task.loop("take_in", vector.words, pipeline=True) as index:
                held[index] = task.read(vector.stream)
            with task.loop("give_out", vector.words, pipeline=True) as index:
                task.write(result.stream, held[index])
    return result


def _like(site: Site, vector: Vector, name: str, after: Handle) -> Vector:
    return site.vector(name, vector.length, vector.bits, vector.lanes, after, vector.element)
