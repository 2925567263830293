"""The pattern of the online Hadamard: a chain of tasks, one for each Kronecker factor.

The matrix is the product of Paley's and Sylvester's, and Sylvester's that of smaller ones of any
orders, so each task transforms `order` words that are `stride` words apart: every word is added,
with a sign, to as many sums as it arrives, and the sums go out in order. Only the last task of a
matrix as long as the vector waits for all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.ir.editing import refuse
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Vector, fixed, lane, map_lanes, name_of
from lmc.numerics.hadamard import growth_bits, hadamard, paley_order

_FIRST_BLOCK, _FIRST_ORDER = 64, 32
"""Elements, and words of them, that the first task transforms: as many sums in registers."""
_SYLVESTER_ORDER = 8
"""Of Sylvester's other factors: a task has as many adders for each element of a word."""
_LARGEST_ORDER = 60
"""Of any factor: the signs of a column are one constant of at most 63 bits."""
_RAM_STRIDE = 4
"""From this stride on sums are in memory: the next use of a place is late enough for it."""


@dataclass(frozen=True)
class Stage:
    """A factor: a matrix of `order` across words of a block that are `stride` words apart."""

    order: int
    stride: int


@lowers(ssm.RotateOp)
def lower_rotate(op: ssm.RotateOp, operands: Operands, site: Site) -> Vector:
    """The elements of a word are transformed by the first of the tasks, as they arrive."""
    block = op.block.value.data
    paley = paley_order(block)
    if paley > _LARGEST_ORDER:
        raise refuse(
            op,
            f"block {block} has a factor of order {paley}, but factors that are no power of two "
            f'are lowered up to {_LARGEST_ORDER}: use insert-rotation{{online="block"}}',
        )
    lanes = min(site.lanes, block // paley)
    x = site.resize(operands.vector(0), lanes)
    name, bits = name_of(op.result, "rotated"), x.bits + growth_bits(lanes)
    stages = rotation_stages(block, lanes)
    for number, stage in enumerate(stages, start=1):
        bits += growth_bits(stage.order)
        if number == len(stages):
            target = fixed(op.result)
            y = site.vector(name, x.length, target.bits.data, lanes, element=target)
        else:
            size = stage.order * stage.stride * lanes
            y = site.vector(f"{name}_by_{size}", x.length, bits, lanes)
        _add_stage(site, stage, x, y, is_first=number == 1)
        x = y
    return site.resize(x, site.lanes)


def rotation_stages(block: int, lanes: int) -> list[Stage]:
    """The factors of a block's matrix beyond that of the `lanes` elements of a word.

    Smaller strides first; at least one, of order 1 where a word is the block.
    """
    stages: list[Stage] = []
    stride, paley = 1, paley_order(block)
    words = block // paley // lanes
    most = min(_FIRST_BLOCK // lanes, _FIRST_ORDER)
    while stride < words:
        order = min(words // stride, most)
        stages.append(Stage(order, stride))
        stride, most = stride * order, _SYLVESTER_ORDER
    if paley > 1 or not stages:
        stages.append(Stage(paley, stride))
    return stages


def _add_stage(site: Site, stage: Stage, x: Vector, y: Vector, *, is_first: bool) -> None:
    parts = x.words // (stage.order * stage.stride)
    with site.task("rotate") as task:
        sums = _Sums(task, stage, y)
        with task.nest((*site.loops, ("block", parts)), pipeline=False):
            with task.nest(_counters("term", stage)) as counters:
                word, bits = task.read(x.stream), x.bits
                if is_first:
                    elements = [lane(word, task.to_index(i), bits) for i in range(x.lanes)]
                    transformed = _butterflies(elements)
                    word, bits = task.concat(transformed), transformed[0].width
                sums.add(word, bits, counters)
            with task.nest(_counters("row", stage)) as counters:
                task.write(y.stream, sums.word(counters))


def _counters(name: str, stage: Stage) -> Sequence[tuple[str, int]]:
    loops = ((name, stage.order), ("place", stage.stride))
    return loops if stage.stride > 1 else loops[:1]


class _Sums:
    """The sums of a stage, by row of the matrix, place within the stride, and lane of the word."""

    def __init__(self, task: TaskBuilder, stage: Stage, y: Vector):
        self.task, self.y = task, y
        self.signs: NDArray[np.int8] = hadamard(stage.order)
        places = (stage.stride,) if stage.stride > 1 else ()
        shape = (stage.order, *places, y.lanes)
        in_memory = stage.stride >= _RAM_STRIDE
        separate = (0, 2) if in_memory else range(len(shape))
        self.buffer: Buffer = task.buffer(
            "sums",
            si(y.bits),
            shape,
            "lutram" if in_memory else "register",
            dict.fromkeys(separate, COMPLETE),
        )

    def add(self, word: Value, bits: int, counters: tuple[Value, ...]) -> None:
        """Adds a word, the term that the first counter counts, to all sums of its place."""
        task, (term, *place) = self.task, counters
        is_first = term.eq(0)
        negative = [self._is_negative(row, term) for row in range(len(self.signs))]
        with task.loop("lane", self.y.lanes, unroll=True) as index:
            value = lane(word, index, bits)
            negated = -value
            for row, condition in enumerate(negative):
                before = is_first.select(0, self.buffer[row, *place, index])
                signed = value if condition is None else condition.select(negated, value)
                self.buffer[row, *place, index] = task.add(before, signed, si(self.y.bits))

    def word(self, counters: tuple[Value, ...]) -> Value:
        """The sums of a row and place, joined."""
        y = self.y
        return map_lanes(self.task, y.lanes, y.bits, lambda index: self.buffer[*counters, index])

    def _is_negative(self, row: int, term: Value) -> Value | None:
        """Whether a term is subtracted; None where none is."""
        mask = sum(1 << i for i, sign in enumerate(self.signs[:, row]) if sign < 0)
        if not mask:
            return None
        signs = self.task.constant(mask, ui(len(self.signs)))
        return (signs >> term).cast(ui(1)).eq(1)


def _butterflies(elements: list[Value]) -> list[Value]:
    """The Hadamard transform of a few values in Sylvester order."""
    half = len(elements) // 2
    if not half:
        return elements
    top, bottom = _butterflies(elements[:half]), _butterflies(elements[half:])
    pairs = list(zip(top, bottom, strict=True))
    return [a + b for a, b in pairs] + [a - b for a, b in pairs]
