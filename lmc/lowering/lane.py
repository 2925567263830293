"""A lane of the matrix unit: the multipliers behind one memory port."""

from lmc.dataflow.builder import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.lowering.network import Channel, Network
from lmc.lowering.phases import KERNEL, RESULT_BITS, Schedule
from lmc.lowering.tiling import EngineShape


def add_lane(
    network: Network,
    shape: EngineShape,
    schedule: Schedule,
    number: int,
    activations: Channel,
    weights: Channel,
    scales: Channel,
    rows: Channel,
) -> None:
    """Multiplies and accumulates: one weight word a cycle."""
    kinds = [phase.tiling for phase in schedule.kinds]
    deepest = max(tiling.tiles for tiling in kinds)

    def body(task: TaskBuilder) -> None:
        lane_body = _LaneBody(task, shape, schedule)
        held = task.buffer("activation", ui(shape.tile_bits), (deepest,), "lutram")
        with (
            task.loop("token", schedule.tokens) as token,
            task.loop("phase", schedule.count(task, token)) as phase,
        ):
            kind = schedule.kind(phase)

            def pick(numbers: list[int]) -> Value:
                return schedule.pick(task, kind, numbers)

            per_group = pick([tiling.tiles_per_group for tiling in kinds])
            groups = pick([tiling.groups for tiling in kinds])
            planes = schedule.planes(task, phase, kind)
            shift = pick([item.rescale.shift for item in schedule.kinds])
            with task.loop("load", pick([tiling.tiles for tiling in kinds]), pipeline=True) as tile:
                held[tile] = task.read(activations.handle)
            loops = (
                ("block", pick([tiling.row_blocks(shape) for tiling in kinds])),
                ("group", groups),
                ("tile", per_group),
                ("plane", planes),
            )
            with task.nest(loops) as (_, group, tile, plane):
                begins = tile.eq(0) & plane.eq(0)
                scale = task.choose(
                    begins, lambda: [task.read(scales.handle)], lambda: [lane_body.scale.get()]
                )[0]
                lane_body.scale.set(scale)
                word = task.read(weights.handle)
                result = lane_body.accumulate(
                    word,
                    held[group * per_group + tile],
                    scale,
                    restart=begins & group.eq(0),
                    is_low=(plane + 1) < planes,
                    is_high=plane > 0,
                    shift=shift,
                )
                ends = plane.eq(planes - 1) & tile.eq(per_group - 1) & group.eq(groups - 1)
                with task.when(ends):
                    task.write(rows.handle, result)

    network.task(KERNEL, f"lane_{number}", [activations, weights, scales], [rows], body)


class _LaneBody:
    """The arithmetic of a lane, on one weight word and one tile."""

    def __init__(self, task: TaskBuilder, shape: EngineShape, schedule: Schedule):
        self.task = task
        self.shape = shape
        self.sums = si(max(phase.sum_bits for phase in schedule.kinds))
        self.scale = task.register("scale", ui(shape.scale_bits * shape.rows))
        self.accumulators = task.buffer(
            "accumulators", self.sums, (shape.rows,), "register", {0: COMPLETE}
        )

    def accumulate(
        self,
        word: Value,
        tile: Value,
        scales: Value,
        *,
        restart: Value,
        is_low: Value,
        is_high: Value,
        shift: Value,
    ) -> Value:
        """Adds a tile's products to all rows; the rows' sums, rounded to 32 bits and joined."""
        task, shape = self.task, self.shape

        def one_row(row: Value, joined: Value) -> list[Value]:
            product = self._dot(word, tile, row, is_low)
            widened = product.shl(is_high.select(4, 0), si(product.width + 4))
            start = row * shape.scale_bits
            mantissa = scales.slice(start, shape.scale_mantissa_bits, signed=False)
            exponent = scales.slice(
                start + shape.scale_mantissa_bits, shape.scale_exponent_bits, signed=False
            )
            term = (widened * mantissa).shl(exponent, self.sums)
            before = restart.select(0, self.accumulators[row])
            total = task.add(before, term, self.sums)
            self.accumulators[row] = total
            return [joined.insert(total.rss(shift, si(RESULT_BITS)), row * RESULT_BITS)]

        empty = task.zero_word(shape.rows * RESULT_BITS)
        return task.fold("row", shape.rows, [empty], one_row, unroll=True)[0]

    def _dot(self, word: Value, tile: Value, row: Value, is_low: Value) -> Value:
        """Σ over a tile's blocks of (Σ weight · activation) · mantissa << exponent."""
        task, shape = self.task, self.shape

        def block_sum(block: Value) -> Value:
            def product(position: Value) -> Value:
                place = block * shape.block + position
                offset = (row * shape.inputs + place) * 4
                nibble = is_low.select(word.slice(offset, 4, signed=False), word.slice(offset, 4))
                return nibble * tile.slice(place * shape.activation_bits, shape.activation_bits)

            total = task.sum("input", shape.block, product)
            exponent = tile.slice(
                block * shape.exponent_bits + shape.exponent_offset(0),
                shape.exponent_bits,
                signed=False,
            )
            if shape.activation_mantissa_bits:
                start = block * shape.activation_mantissa_bits + shape.mantissa_offset(0)
                total = total * tile.slice(start, shape.activation_mantissa_bits, signed=False)
            return total.shl(exponent, si(total.width + (1 << shape.exponent_bits) - 1))

        return task.sum("exponent_block", shape.blocks, block_sum)
