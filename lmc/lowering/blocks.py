"""The pattern of `ssm.quantize`: a vector becomes tiles, laid out as the engine reads them."""

from dataclasses import dataclass

from lmc.dataflow.builder import Buffer, TaskBuilder, last
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.lowering.context import Lowering, fixed, lane
from lmc.lowering.engine import consumer_tiling
from lmc.lowering.patterns import lowers
from lmc.lowering.tables import load_copies
from lmc.lowering.tiling import EngineShape, MatrixTiling
from lmc.numerics.block import RECIPROCAL_SHIFT, nearest_multiplier, ratio_multiplier


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
    has_mantissa = target.mantissa.data > 1
    emin = source.frac.data - target.frac.data + (ssm.SCALE_MANTISSA_BITS if has_mantissa else 0)
    table = low.table(op.table) if op.table is not None else None
    words = target.group.data // x.lanes

    def body(task: TaskBuilder) -> None:
        slots = tiling.slots_per_tile
        reciprocals = load_copies(task, *table, slots) if table is not None else None
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
                quantizer = _Quantizer(task, lanes, tiling, shape, op, target, emin, reciprocals)
                task.write(tiles.handle, quantizer.tile())

    reads = [x.channel] if table is None else [x.channel, table[1]]
    low.task(op, "quantize", reads, [tiles], body)


@dataclass(frozen=True)
class _Scale:
    """How a block is divided by its scale: a product first if it has a mantissa, then a shift."""

    exponent: Value
    mantissa: Value | None
    reciprocal: Value | None
    shift: Value


@dataclass(frozen=True)
class _Quantizer:
    """The arithmetic of one tile."""

    task: TaskBuilder
    lanes: Buffer
    tiling: MatrixTiling
    shape: EngineShape
    op: ssm.QuantizeOp
    target: ssm.BlockType
    emin: int
    reciprocals: Buffer | None

    def tile(self) -> Value:
        """One tile: elements first, then exponents, then mantissas of the engine's blocks."""
        shape, tiling = self.shape, self.tiling
        tile = self.task.zero_word(shape.tile_bits)
        for slot in range(tiling.slots_per_tile):
            start = slot * tiling.slot
            scale = self._scale(self._top(start), slot)
            tile = self._round(tile, start, scale)
            for number in range(start // shape.block, (start + tiling.slot) // shape.block):
                tile = tile.insert(scale.exponent, shape.exponent_offset(number))
                if shape.activation_mantissa_bits:
                    mantissa = scale.mantissa or self.task.constant(1, ui(ssm.SCALE_MANTISSA_BITS))
                    tile = tile.insert(mantissa, shape.mantissa_offset(number))
        return tile

    def _scaled(self, value: Value) -> Value:
        """The value times the mantissa of its static scale."""
        mul = fixed(self.op.input).mul.data
        return value if mul == 1 else value * mul

    def _top(self, start: int) -> Value:
        """The largest magnitude of a block."""

        def larger(index: Value, top: Value) -> list[Value]:
            return [top.max(abs(self.lanes[index + start]))]

        zero = self.task.constant(0, ui(fixed(self.op.input).bits.data))
        group = self.target.group.data
        return self._scaled(self.task.fold("top", group, [zero], larger, unroll=True)[0])

    def _scale(self, top: Value, slot: int) -> _Scale:
        """A block's scale from its largest magnitude (docs/number-formats.md, quantize)."""
        width, emin = self.target.bits.data, self.emin
        if self.reciprocals is not None:
            return self._scale_with_mantissa(top, slot, self.reciprocals)
        if self.op.rounding.data == "up":
            raw = top.bitlen() - (width - 1 + emin)
        else:
            raw = ((top * nearest_multiplier(width)) >> 16).bitlen() - (1 + emin)
        exponent = raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS))
        return _Scale(exponent, None, None, exponent + emin)

    def _scale_with_mantissa(self, top: Value, slot: int, reciprocals: Buffer) -> _Scale:
        bits, emin = ssm.SCALE_MANTISSA_BITS, self.emin
        ratio = ((top << bits) * ratio_multiplier(self.target.bits.data)) >> 16
        raw = ratio.bitlen() - (bits + emin)
        exponent = raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS))
        rounded = ratio.rss(exponent + emin, si(ratio.width + 1))
        mantissa = rounded.max(1).min((1 << bits) - 1).cast(ui(bits))
        reciprocal = reciprocals[slot, mantissa.index()].slice(
            0, RECIPROCAL_SHIFT + 1, signed=False
        )
        shift = exponent + (emin + RECIPROCAL_SHIFT - bits)
        return _Scale(exponent, mantissa, reciprocal, shift)

    def _round(self, tile: Value, start: int, scale: _Scale) -> Value:
        """Puts a block's rounded elements into the tile."""
        width = self.shape.activation_bits

        def rounded(index: Value, word: Value) -> list[Value]:
            value = self._scaled(self.lanes[index + start])
            if scale.reciprocal is not None:
                value = value * scale.reciprocal
            element = value.rss(scale.shift, si(self.target.bits.data)).widen(si(width))
            return [word.insert(element, (index + start) * width)]

        return self.task.fold("round", self.target.group.data, [tile], rounded, unroll=True)[0]
