"""Activation tiles, made word by word: for operands whose blocks are not rounded all at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import Count, Register, TaskBuilder
from lmc.dataflow.values import Value, last
from lmc.dialects.dataflow import ui
from lmc.lowering.vectors import Vector, lane, map_lanes
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape

Take = Callable[[Value, Value, Value], Sequence[Value]]
"""What a tile's word is made from, by weight group, slot and word of the slot."""
Divide = Callable[[Sequence[Value]], tuple[Value, Value | None]]
"""From that, the word of rounded elements, and the scale that they share: the exponent, above it
the mantissa if there is one. None where the scale is static: exponent 0, mantissa 1."""


@dataclass(frozen=True)
class ActivationTask:
    """A task that makes tiles of the vector `x`, once in each round of `loops`."""

    x: Vector
    loops: Sequence[tuple[str, Count]]
    tiling: MatrixTiling
    shape: MatrixUnitShape
    tiles: Handle

    def rounded_word(
        self, task: TaskBuilder, word: Value, element: Callable[[Value], Value]
    ) -> Value:
        """A word of the vector with each element rounded, as wide as the matrix unit takes them."""

        def one(index: Value) -> Value:
            return element(lane(word, index, self.x.bits))

        return map_lanes(task, self.x.lanes, self.shape.activation_bits, one)


def write_tiles(
    task: TaskBuilder,
    operand: ActivationTask,
    loops: Sequence[tuple[str, Count]],
    take: Take,
    widths: Sequence[int],
    divide: Divide,
) -> None:
    """A pipelined nest that rounds a word a cycle and writes the tiles that are complete.

    The last of `loops` counts weight groups. `take` gives words of `widths` bits; slots after a
    weight group's last block are made from zeros instead.
    """
    shape, tiling, lanes = operand.shape, operand.tiling, operand.x.lanes
    words = tiling.activation_block // lanes
    elements = task.register("elements", ui(shape.inputs * shape.activation_bits))
    scales: Register | None = None
    nest = (*loops, ("slot", tiling.slots_per_group), ("word", words))
    with task.nest(nest) as (*_, group, slot, index):
        parts = task.choose(
            slot < tiling.blocks_per_group,
            lambda: take(group, slot, index),
            lambda: [task.zero_word(width) for width in widths],
        )
        word, scale = divide(parts)
        _shift_in(task, elements, word)
        if scale is not None:
            scales = task.register("scales", ui(shape.inputs // lanes * scale.width))
            _shift_in(task, scales, scale)
        is_last = last(slot % tiling.slots_per_tile, tiling.slots_per_tile)
        with task.when(is_last & last(index, words)):
            known = None if scales is None else scales.get()
            task.write(operand.tiles, _tile(task, operand, elements.get(), known))


def _shift_in(task: TaskBuilder, register: Register, value: Value) -> None:
    """Puts a value above those before it: after the tile's last one all are in their places."""
    kept = register.buffer.element.width.data - value.width
    before = register.get().slice(value.width, kept, signed=False)
    register.set(task.concat([before, value]))


def _tile(
    task: TaskBuilder, operand: ActivationTask, elements: Value, scales: Value | None
) -> Value:
    """Elements, then exponents, then mantissas of the matrix unit's blocks.

    `scales` holds one for each word of the tile: an exponent, above it maybe a mantissa.
    """
    shape, lanes = operand.shape, operand.x.lanes
    width = 0 if scales is None else scales.width * lanes // shape.inputs
    parts = [elements]
    fields = ((0, shape.exponent_bits, 0), (shape.exponent_bits, shape.activation_mantissa_bits, 1))
    for offset, bits, static in fields:
        for block in range(shape.blocks if bits else 0):
            if scales is None or offset >= width:
                parts.append(task.constant(static, ui(bits)))
            else:
                first = block * (shape.block // lanes)
                parts.append(scales.slice(first * width + offset, bits, signed=False))
    return task.concat(parts)
