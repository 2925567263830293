"""The pattern of `ssm.quantize`: a vector becomes tiles, laid out as the engine reads them."""

import math

from lmc.dataflow.builder import Buffer, TaskBuilder, last
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.lowering.context import Lowering, fixed, lane
from lmc.lowering.engine import consumer_tiling
from lmc.lowering.patterns import lowers
from lmc.lowering.tiling import EngineShape, MatrixTiling


@lowers(ssm.QuantizeOp)
def lower_quantize(low: Lowering, op: ssm.QuantizeOp) -> None:
    """Fills a tile's lanes word by word, then rounds all its elements at once."""
    target = ssm.format_of(op.result.type)
    assert isinstance(target, ssm.BlockType)
    tiling, shape = consumer_tiling(low, op.result), low.engine.shape
    x, scope = low.use(op.input), low.scope
    source = fixed(op.input)
    tiles = low.network.channel(f"{op.result.name_hint or 'tiles'}_tiles", ui(shape.tile_bits))
    low.engine.bind_tiles(op.result, tiles)
    emin = source.frac.data - target.frac.data
    words = target.group.data // x.lanes

    def body(task: TaskBuilder) -> None:
        lanes = task.buffer("lanes", si(x.bits), (shape.inputs,), "register", {0: COMPLETE})
        loops = (("group", tiling.groups), ("slot", tiling.slots_per_group), ("word", words))
        with task.nest((*scope.loops, *loops)) as (*_, slot, word_index):
            is_real = slot < tiling.blocks_per_group
            word = task.choose(
                is_real,
                lambda: [task.read(x.channel.handle)],
                lambda: [task.zero_word(x.bits * x.lanes)],
            )[0]
            place = (slot % tiling.slots_per_tile) * tiling.slot
            with task.loop("lane", x.lanes, unroll=True) as index:
                lanes[place + word_index * x.lanes + index] = lane(word, index, x.bits)
            is_last = last(slot % tiling.slots_per_tile, tiling.slots_per_tile)
            with task.when(is_last & last(word_index, words)):
                tile = _quantized_tile(task, lanes, tiling, shape, op, emin)
                task.write(tiles.handle, tile)

    low.task(op, "quantize", [x.channel], [tiles], body)


def _quantized_tile(
    task: TaskBuilder,
    lanes: Buffer,
    tiling: MatrixTiling,
    shape: EngineShape,
    op: ssm.QuantizeOp,
    emin: int,
) -> Value:
    """One tile: elements first, then the exponent of each of the engine's blocks."""
    source, target = fixed(op.input), ssm.format_of(op.result.type)
    assert isinstance(target, ssm.BlockType)
    group, width = target.group.data, target.bits.data
    tile = task.zero_word(shape.tile_bits)
    mul = source.mul.data
    for slot in range(tiling.slots_per_tile):
        start = slot * tiling.slot

        def magnitude(index: Value, top: Value, start: int = start) -> list[Value]:
            return [top.max(abs(lanes[index + start]))]

        zero = task.constant(0, ui(source.bits.data))
        top = task.fold("top", group, [zero], magnitude, unroll=True)[0]
        exponent = _exponent(top * mul if mul != 1 else top, op.rounding.data, width, emin)

        def rounded(
            index: Value, word: Value, start: int = start, exponent: Value = exponent
        ) -> list[Value]:
            value = lanes[index + start]
            shifted = (value * mul if mul != 1 else value).rss(exponent + emin, si(width))
            return [
                word.insert(
                    shifted.widen(si(shape.activation_bits)),
                    (index + start) * shape.activation_bits,
                )
            ]

        tile = task.fold("round", group, [tile], rounded, unroll=True)[0]
        for block in range(tiling.slot // shape.block):
            number = start // shape.block + block
            tile = tile.insert(exponent, shape.exponent_offset(number))
    return tile


def _exponent(top: Value, rounding: str, width: int, emin: int) -> Value:
    """A block's shared exponent from its largest magnitude (docs/number-formats.md, quantize)."""
    if rounding == "up":
        raw = top.bitlen() - (width - 1 + emin)
    else:
        factor = math.floor(2**16 * math.sqrt(2) / (2 ** (width - 1) - 1) + 0.5)
        raw = ((top * factor) >> 16).bitlen() - (1 + emin)
    return raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS))
