"""Memory images of weight vectors and tables, and the tasks that read them.

Each image lies in memory in exactly the order in which its reader wants it, so that readers burst
through it. The
`layout` of its bank says what the words hold; `lmc.backends.images` fills them from it.
"""

from collections.abc import Sequence
from typing import TypedDict

from lmc.allocation import Place
from lmc.dataflow import library
from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle
from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import (
    DesignOp,
    FunctionTableOp,
    SegmentAttr,
    TableAttr,
    VectorAttr,
    WeightVectorOp,
    ui,
)
from lmc.ir.editing import symbol
from lmc.lowering.launch import scalars_of
from lmc.memory_layout.words import WORD_BITS

LOAD, STORE = "load", "store"
"""The kernels that hold the tasks which read and write memory beside the weights."""

Source = WeightVectorOp | FunctionTableOp


class Memory(TypedDict):
    """Where a bank is, as the builder of designs takes it."""

    memory: str
    channel: int


def memory_of(place: Place) -> Memory:
    """The memory of a place."""
    return {"memory": place.memory, "channel": place.channel}


def stream_images(design: DesignOp, place: Place) -> None:
    """Replaces the weight vectors and function tables of a flat design by streams from memory.

    There is an image for the weight vectors of a layer, layer after layer, one for those after the
    layers, and one for the tables, which are read once when a launch begins. All are at the place.

    Raises:
        LmcError: the weight vectors of layers are of different numbers of layers.
    """
    ops = list(design.body.block.ops)
    vectors = [op for op in ops if isinstance(op, WeightVectorOp)]
    tables = [op for op in ops if isinstance(op, FunctionTableOp)]
    layered = [op for op in vectors if op.layers is not None]
    final = [op for op in vectors if op.layers is None]
    builder = FlatBuilder(design, LOAD)
    if layered:
        count = _layers(layered)
        loops = (("token", scalars_of(design).tokens), ("layer", count))
        _stream_image(builder, "parameters", layered, loops, count, place)
    if final:
        loops = (("token", scalars_of(design).logits),)
        _stream_image(builder, "final_parameters", final, loops, 1, place)
    if tables:
        _stream_image(builder, "tables", tables, (), 1, place)


def _layers(vectors: Sequence[WeightVectorOp]) -> int:
    counts = {op.layers.value.data for op in vectors if op.layers is not None}
    if len(counts) != 1:
        listed = ", ".join(map(str, sorted(counts)))
        raise LmcError(f"the weight vectors of layers are for {listed} layers: they share an image")
    return counts.pop()


def _stream_image(
    builder: FlatBuilder,
    name: str,
    sources: Sequence[Source],
    loops: library.Loops,
    copies: int,
    place: Place,
) -> None:
    """A bank, a task that bursts through it in each round, and one that deals it out."""
    layout = [_layout(op) for op in sources]
    counts = [_count(op) for op in sources]
    streams = [_replace(builder, op) for op in sources]
    sizes = [
        library.words_for(count, WORD_BITS, stream.element_type.width.data)
        for stream, count in zip(streams, counts, strict=True)
    ]
    round_words = sum(sizes) * copies
    bank = builder.bank(name, round_words, **memory_of(place), layout=layout)
    words = builder.stream(f"{name}_words", ui(WORD_BITS))
    with builder.task(f"read_{name}") as task, library.outer(task, loops[:1]):
        task.burst_read(bank, 0, round_words, words)
    with builder.task(f"deal_{name}") as task, library.outer(task, loops):
        for stream, count in zip(streams, counts, strict=True):
            bits = stream.element_type.width.data
            for index, element in library.unpacked(task, words, bits, count):
                with task.when(index < count):
                    task.write(stream, element)


def _count(op: Source) -> int:
    """Elements that pass in one round."""
    return (op.count if isinstance(op, WeightVectorOp) else op.entries).value.data


def _layout(op: Source) -> SegmentAttr:
    """What the words of a source hold."""
    if isinstance(op, WeightVectorOp):
        weight = symbol(op.weight)
        return VectorAttr.of(weight, lanes=op.lanes.value.data, bits=op.bits)
    return TableAttr.of(symbol(op.table), bits=op.bits)


def _replace(builder: FlatBuilder, op: Source) -> Handle:
    """Puts a stream at the place of a source.

    It holds all of a layer's vector: those that come later in the image are needed before the last
    element of this one.
    """
    depth = op.count.value.data if isinstance(op, WeightVectorOp) else None
    return builder.replace_by_stream(op, depth)


__all__ = ["LOAD", "STORE", "Memory", "memory_of", "stream_images"]
