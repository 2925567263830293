"""Which streams of a design hold which values of level 3, and how to read what was recorded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue

from lmc.dataflow.graph import design_graph
from lmc.dialects import ssm
from lmc.dialects.dataflow import CarriedAttr, DesignOp, OriginAttr
from lmc.dialects.dataflow.names import legal_name
from lmc.interpreter import Value
from lmc.interpreter.values import IntArray, PseudoFloatValue
from lmc.ir.groups import layers_of
from lmc.lowering.origin import origin_of
from lmc.numerics.tables import PSEUDO_FLOAT_SHIFT_BITS

_LAYER = "layer"
"""The round of a stream that carries a value of each layer."""


@dataclass(frozen=True)
class Probe:
    """A stream that a task writes a value of level 3 to, all of it, element by element."""

    stream: str
    widths: tuple[int, ...]
    """Bits of an element's integers, the first one lowest: mantissa and shift, or one integer."""
    lanes: int
    words: int
    """Of `lanes` elements each, for a token and layer."""
    layers: int | None
    """None where a token has one value."""

    def read(self, path: Path, tokens: int) -> NDArray[np.int64] | None:
        """The integers [T, layers or 1, elements, widths] of that many tokens.

        None if the stream had another number of words.
        """
        size = -(-self.lanes * sum(self.widths) // 8)
        shape = (tokens, self.layers or 1, self.words, size)
        data = np.fromfile(path, np.uint8)
        if data.size != prod(shape):
            return None
        words = unpack(data.reshape(-1, size), self.lanes, self.widths)
        if len(self.widths) > 1:  # the mantissa of a pseudo-float has no sign
            words[..., 0] %= 1 << self.widths[0]
        return words.reshape(tokens, self.layers or 1, -1, len(self.widths))


def unpack(words: NDArray[np.uint8], count: int, widths: tuple[int, ...]) -> NDArray[np.int64]:
    """Signed integers [words, count, widths] of little-endian words [words, bytes]."""
    bits = np.unpackbits(words, axis=1, count=count * sum(widths), bitorder="little")
    elements = bits.reshape(len(words), count, -1)
    fields: list[NDArray[np.int64]] = []
    first = 0
    for width in widths:
        weights = np.left_shift(np.int64(1), np.arange(width, dtype=np.int64))
        weights[-1] = -weights[-1]
        fields.append(elements[..., first : first + width].astype(np.int64) @ weights)
        first += width
    return np.stack(fields, axis=-1)


def integers_of(value: Value) -> IntArray:
    """The integers of a value as `Probe.read` gives them, [..., widths]."""
    if isinstance(value, PseudoFloatValue):
        return np.stack([value.m, value.s], axis=-1)
    assert isinstance(value, np.ndarray)
    return value.astype(np.int64)[..., None]


def find_probes(module: ModuleOp, design: DesignOp) -> dict[SSAValue, Probe]:
    """The values of `module`, of level 2 or 3, that streams of the design lowered from it hold.

    What a stream carries and which op its task does is written in the design. A value is left out
    where that fits several ops or several results. So are activations in block floating point:
    they leave as tiles of the matrix unit.
    """
    ops = _ops_by_origin(module)
    graph, found = design_graph(design), dict[SSAValue, Probe]()
    for task in graph.tasks:
        for name in task.writes:
            carried = graph.streams[name].carries
            widths = None if carried is None else _widths(carried.element)
            if carried is None or widths is None:
                continue
            results = list(_results(task.op.origins or (), name, carried, ops))
            if len(results) == 1 and results[0] not in found:
                found[results[0]] = _probe(name, carried, widths, results[0])
    return found


def _probe(name: str, carried: CarriedAttr, widths: tuple[int, ...], result: SSAValue) -> Probe:
    op = result.owner
    assert isinstance(op, Operation)
    layers = layers_of(op)
    count = None if layers is None else layers.count.value.data
    return Probe(name, widths, carried.lanes.value.data, carried.words.value.data, count)


def _ops_by_origin(module: ModuleOp) -> Mapping[OriginAttr, list[Operation]]:
    weights = {op.sym_name.data: op for op in module.ops if isinstance(op, ssm.WeightOp)}
    found: dict[OriginAttr, list[Operation]] = {}
    for op in module.walk():
        if isinstance(op.parent_op(), ModuleOp | None) or op.regions or not op.results:
            continue
        found.setdefault(origin_of(op, weights), []).append(op)
    return found


def _results(
    origins: Iterable[OriginAttr],
    stream: str,
    carried: CarriedAttr,
    ops: Mapping[OriginAttr, list[Operation]],
) -> Iterator[SSAValue]:
    """Results that a stream of this name may be, by name, format, size and round."""
    in_layers = carried.round_name.data == _LAYER
    size = carried.lanes.value.data * carried.words.value.data
    for origin in origins:
        for op in ops.get(origin, ()):
            if (layers_of(op) is not None) != in_layers:
                continue
            for result in op.results:
                base = legal_name(result.name_hint or "value")
                named = stream == base or stream.startswith(f"{base}_")
                fits = ssm.format_of(result.type) == carried.element
                if named and fits and prod(ssm.shape_of(result.type)) == size:
                    yield result


def _widths(element: Attribute) -> tuple[int, ...] | None:
    if isinstance(element, ssm.PseudoFloatType):
        return element.bits.data, PSEUDO_FLOAT_SHIFT_BITS
    return (element.bits.data,) if isinstance(element, ssm.FixedType) else None
