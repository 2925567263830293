"""Patterns of what makes a linear layer's activations: a vector becomes tiles for the matrix unit.

Elements are rounded by a scale that is static (`ssm.requantize`) or that of their block
(`ssm.quantize`). A block that fits into a tile is rounded once it is there; the words of a larger
one are kept until its largest magnitude is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from xdsl.ir import SSAValue

from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value, last
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.ir.groups import uses_of
from lmc.lowering.arithmetic import rescale
from lmc.lowering.block_scales import BlockArithmetic, BlockScale
from lmc.lowering.elementwise import requantize_vector
from lmc.lowering.largest import largest
from lmc.lowering.linear import consumer_tiling
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.tables import load_copies
from lmc.lowering.tile_words import ActivationTask, write_tiles
from lmc.lowering.vectors import Operands, Tiles, Vector, fixed, lane, name_of
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape


@lowers(ssm.RequantizeOp)
def lower_requantize(op: ssm.RequantizeOp, operands: Operands, site: Site) -> Vector | Tiles:
    """Tiles of one static scale if a linear layer is the only user, else a vector."""
    users = [use.operation for use in uses_of(op.result)]
    if len(users) != 1 or not isinstance(users[0], ssm.LinearOp):
        return requantize_vector(op, operands, site)
    source, target = fixed(op.input), fixed(op.result)
    operand = _operand_task(site, operands, op.result)
    with site.task("requantize") as task:

        def take(*_place: Value) -> list[Value]:
            return [task.read(operand.x.stream)]

        def divide(parts: Sequence[Value]) -> tuple[Value, None]:
            def element(value: Value) -> Value:
                return rescale(value, source.frac.data, source.mul.data, target)

            return operand.rounded_word(task, parts[0], element), None

        loops = (*operand.loops, ("group", operand.tiling.groups))
        write_tiles(task, operand, loops, take, [operand.x.bits * operand.x.lanes], divide)
    return Tiles(operand.tiles)


@lowers(ssm.QuantizeOp)
def lower_quantize(op: ssm.QuantizeOp, operands: Operands, site: Site) -> Tiles:
    """Tiles of blocks whose scales are found at run time."""
    target = ssm.format_of(op.result.type)
    assert isinstance(target, ssm.BlockType)
    operand = _operand_task(site, operands, op.result)
    table = site.table(op.table) if op.table is not None else None
    is_small = operand.tiling.activation_block == target.group.data
    with site.task("quantize") as task:
        copies = operand.tiling.slots_per_tile if is_small else 1
        reciprocals = load_copies(task, *table, copies) if table is not None else None
        make = _small_blocks if is_small else _large_blocks
        make(task, operand, BlockArithmetic(task, op, reciprocals))
    return Tiles(operand.tiles)


def _operand_task(site: Site, operands: Operands, quantized: SSAValue) -> ActivationTask:
    """What the task that quantizes a vector works with; its tiles are those of `quantized`."""
    tiling = consumer_tiling(site.step, quantized)
    name = f"{name_of(quantized, 'tiles')}_tiles"
    element = ssm.format_of(quantized.type)
    carries = site.carried(element, site.shape.inputs, tiling.tiles)
    tiles = site.builder.stream(name, ui(site.shape.tile_bits), carries=carries)
    return ActivationTask(operands.vector(0), site.loops, tiling, site.shape, tiles)


def _small_blocks(task: TaskBuilder, operand: ActivationTask, arithmetic: BlockArithmetic) -> None:
    """Fills a tile's lanes word by word, then rounds all its elements at once."""
    x, tiling, shape = operand.x, operand.tiling, operand.shape
    words = tiling.activation_block // x.lanes
    lanes = task.buffer("lanes", si(x.bits), (shape.inputs,), "register", {0: COMPLETE})
    loops = (("group", tiling.groups), ("slot", tiling.slots_per_group), ("word", words))
    with task.nest((*operand.loops, *loops)) as (*_, slot, word_index):
        is_real = slot < tiling.blocks_per_group
        word = task.choose(
            is_real,
            lambda: [task.read(x.stream)],
            lambda: [task.zero_word(x.bits * x.lanes)],
        )[0]
        place = (slot % tiling.slots_per_tile) * tiling.slot
        with task.loop("lane", x.lanes, unroll=True) as index:
            lanes[place + word_index * x.lanes + index] = lane(word, index, x.bits)
        is_last = last(slot % tiling.slots_per_tile, tiling.slots_per_tile)
        with task.when(is_last & last(word_index, words)):
            tile = _TileOfBlocks(task, lanes, tiling, shape, arithmetic).tile()
            task.write(operand.tiles, tile)


@dataclass(frozen=True)
class _TileOfBlocks:
    """One tile of complete blocks."""

    task: TaskBuilder
    lanes: Buffer
    tiling: MatrixTiling
    shape: MatrixUnitShape
    arithmetic: BlockArithmetic

    def tile(self) -> Value:
        """Elements first, then exponents, then mantissas of the matrix unit's blocks."""
        shape, tiling = self.shape, self.tiling
        tile = self.task.zero_word(shape.tile_bits)
        for slot in range(tiling.slots_per_tile):
            start = slot * tiling.slot
            scale = self.arithmetic.scale(self._top(start), slot)
            tile = self._round(tile, start, scale)
            for number in range(start // shape.block, (start + tiling.slot) // shape.block):
                tile = tile.insert(scale.exponent, shape.exponent_offset(number))
                if shape.activation_mantissa_bits:
                    mantissa = scale.mantissa or self.task.constant(1, ui(ssm.SCALE_MANTISSA_BITS))
                    tile = tile.insert(mantissa, shape.mantissa_offset(number))
        return tile

    def _top(self, start: int) -> Value:
        """The largest magnitude of a block."""
        elements = self.tiling.activation_block
        return largest(
            self.task,
            "top",
            elements,
            lambda index: abs(self.lanes[index + start]),
            self.arithmetic.zero.type,
        )

    def _round(self, tile: Value, start: int, scale: BlockScale) -> Value:
        """Puts a block's rounded elements into the tile."""
        width = self.shape.activation_bits

        def rounded(index: Value, word: Value) -> list[Value]:
            element = self.arithmetic.rounded(self.lanes[index + start], scale).widen(si(width))
            return [word.insert(element, (index + start) * width)]

        elements = self.tiling.activation_block
        return self.task.fold("round", elements, [tile], rounded, unroll=True)[0]


def _large_blocks(task: TaskBuilder, operand: ActivationTask, arithmetic: BlockArithmetic) -> None:
    """Takes in whole blocks, as many as end together with a weight group; then emits tiles."""
    x, tiling = operand.x, operand.tiling
    block = arithmetic.target.group.data
    span = lcm(block, tiling.weight_group)
    blocks, pieces = span // block, block // tiling.activation_block
    words = tiling.activation_block // x.lanes
    kept = task.buffer("kept", ui(x.bits * x.lanes), (span // x.lanes,))
    scales = task.buffer(
        "block_scales", ui(arithmetic.packed_bits), (blocks,), "register", {0: COMPLETE}
    )

    def take(group: Value, slot: Value, index: Value) -> list[Value]:
        piece = group * tiling.blocks_per_group + slot
        number = piece // pieces if blocks > 1 else 0
        return [kept[piece * words + index], scales[number]]

    def divide(parts: Sequence[Value]) -> tuple[Value, Value]:
        scale = arithmetic.unpacked(parts[1])
        word = operand.rounded_word(task, parts[0], lambda x: arithmetic.rounded(x, scale))
        known = [scale.exponent] if scale.mantissa is None else [scale.exponent, scale.mantissa]
        return word, task.concat(known)

    with task.nest((*operand.loops, ("span", tiling.columns // span)), pipeline=False):
        with task.loop("block", blocks) as number:
            top = _take_in(task, operand, arithmetic, kept, number)
            scales[number] = arithmetic.packed(arithmetic.scale(top, 0))
        loops = (("group", span // tiling.weight_group),)
        widths = [x.bits * x.lanes, arithmetic.packed_bits]
        write_tiles(task, operand, loops, take, widths, divide)


def _take_in(
    task: TaskBuilder,
    operand: ActivationTask,
    arithmetic: BlockArithmetic,
    kept: Buffer,
    number: Value,
) -> Value:
    """Keeps the words of a block; its largest magnitude."""
    x, words = operand.x, arithmetic.target.group.data // operand.x.lanes
    top = task.register("top", arithmetic.zero.type)
    with task.loop("take_in", words, pipeline=True) as index:
        word = task.read(x.stream)
        kept[number * words + index] = word
        found = largest(
            task,
            "lanes_top",
            x.lanes,
            lambda position: abs(lane(word, position, x.bits)),
            arithmetic.zero.type,
        )
        before = index.eq(0).select(arithmetic.zero, top.get())
        top.set(before.max(found))
    return top.get()
