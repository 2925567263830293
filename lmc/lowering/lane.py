"""A lane of the matrix unit: the multipliers behind one memory port."""

from collections.abc import Sequence

from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle
from lmc.dataflow.implementations import implement
from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.lowering.packing import packed_dot
from lmc.lowering.phases import PhaseOrder
from lmc.memory_layout.tiling import NIBBLE, MatrixUnitShape


def add_lane(
    unit: FlatBuilder,
    shape: MatrixUnitShape,
    order: PhaseOrder,
    number: int,
    tiles: Sequence[Handle],
    weights: Handle,
    scales: Handle,
) -> Handle:
    """Multiplies and accumulates, one weight word a cycle; the sums of its sets of rows.

    `tiles` bring the activations to this lane and to the next one, if there is one.
    """
    rows = unit.stream(f"rows_{number}", ui(shape.rows * order.sum_bits))
    came, *left = tiles
    kinds = [phase.tiling for phase in order.kinds]
    deepest = max(tiling.tiles for tiling in kinds)
    with unit.task(f"lane_{number}") as task:
        lane = _LaneBody(task, shape, order, shape.sets[number])
        held = task.buffer("activation", ui(shape.tile_bits), (deepest,), "lutram")
        with (
            task.loop("token", order.scalars.tokens) as token,
            task.loop("phase", order.count(task, token)) as phase,
        ):
            kind = order.kind(phase)
            count = order.pick(task, kind, [tiling.tiles for tiling in kinds])
            with task.loop("load", count, pipeline=True) as index:
                held[index] = tile = task.read(came)
                for further in left:
                    task.write(further, tile)
            lane.multiply(phase, kind, held, weights, scales, rows)
    return rows


class _LaneBody:
    """The arithmetic of a lane, on one weight word and one tile."""

    def __init__(self, task: TaskBuilder, shape: MatrixUnitShape, order: PhaseOrder, sets: int):
        self.task = task
        self.shape = shape
        self.order = order
        self.sets = sets
        self.sums = si(order.sum_bits)
        self.scales = task.buffer(
            "held_scales", ui(shape.scale_bits * shape.rows), (sets,), "register", {0: COMPLETE}
        )
        self.accumulators = task.buffer(
            "accumulators", self.sums, (sets, shape.rows), "register", {0: COMPLETE, 1: COMPLETE}
        )

    def multiply(
        self,
        phase: Value,
        kind: Value,
        held: Buffer,
        weights: Handle,
        scales: Handle,
        rows: Handle,
    ) -> None:
        """All words of a phase, one each cycle."""
        task, shape, kinds = self.task, self.shape, [one.tiling for one in self.order.kinds]
        planes = self.order.planes(task, phase, kind)
        per_group = self.order.pick(task, kind, [tiling.tiles_per_group for tiling in kinds])
        groups = self.order.pick(task, kind, [tiling.groups for tiling in kinds])
        blocks = self.order.pick(task, kind, [tiling.row_blocks(shape) for tiling in kinds])
        loops = [("block", blocks), ("group", groups), ("tile", per_group), ("plane", planes)]
        if self.sets > 1:
            loops.append(("set", task.to_index(self.sets)))
        with task.nest(loops) as (_, group, tile, plane, *rest):
            rows_set = rest[0] if rest else task.to_index(0)
            begins = (tile.eq(0) & plane.eq(0)).named("begins_group")
            scale = task.choose(
                begins, lambda: [task.read(scales)], lambda: [self.scales[rows_set]]
            )[0].named("row_scales")
            self.scales[rows_set] = scale
            result = self.accumulate(
                task.read(weights),
                held[group * per_group + tile],
                scale,
                rows_set,
                restart=(begins & group.eq(0)).named("begins_row"),
                is_low=((plane + 1) < planes).named("is_low_nibble"),
                is_high=(plane > 0).named("is_high_nibble"),
            )
            ends = plane.eq(planes - 1) & tile.eq(per_group - 1) & group.eq(groups - 1)
            with task.when(ends.named("ends_row")):
                task.write(rows, result)

    def accumulate(
        self,
        word: Value,
        tile: Value,
        scales: Value,
        rows_set: Value,
        *,
        restart: Value,
        is_low: Value,
        is_high: Value,
    ) -> Value:
        """Adds a tile's products to a set of rows; their sums joined."""
        task, shape = self.task, self.shape

        def some_rows(part: Value, joined: Value) -> list[Value]:
            first = part * shape.packed
            for k, product in enumerate(self._dots(word, tile, first, is_low)):
                row = first + k
                widened = product.shl(is_high.select(4, 0), si(product.width + 4))
                term = self._scaled(widened, scales, row)
                before = restart.select(0, self.accumulators[rows_set, row])
                total = task.add(before, term, self.sums).named("row_sum")
                self.accumulators[rows_set, row] = total
                joined = joined.insert(total, row * self.sums.width.data)
            return [joined]

        empty = task.zero_word(shape.rows * self.sums.width.data)
        return task.fold("row", shape.rows // shape.packed, [empty], some_rows, unroll=True)[0]

    def _scaled(self, value: Value, scales: Value, row: Value) -> Value:
        """The value times the scale of a row and weight group."""
        shape, start = self.shape, row * self.shape.scale_bits
        mantissa = scales.slice(start, shape.scale_mantissa_bits, signed=False)
        exponent = scales.slice(
            start + shape.scale_mantissa_bits, shape.scale_exponent_bits, signed=False
        )
        product = value * mantissa.named("mantissa")
        if shape.packed > 1:
            implement(product.ssa, "dsp")
        return product.shl(exponent.named("exponent"), self.sums).named("term")

    def _dots(self, word: Value, tile: Value, first: Value, is_low: Value) -> list[Value]:
        """Σ over a tile's blocks of (Σ weight · activation) · mantissa << exponent, for each of
        the rows from `first` on that share DSPs."""
        task, shape = self.task, self.shape
        most = (1 << NIBBLE) * (1 << (shape.activation_bits - 1)) * shape.block
        bits = most.bit_length() + 1 + shape.activation_mantissa_bits
        bits += (1 << shape.exponent_bits) - 1 + (shape.blocks - 1).bit_length()

        def add_block(block: Value, *before: Value) -> list[Value]:
            sums = self._block_sums(word, tile, first, block, is_low)
            scaled = [self._block_scaled(total, tile, block) for total in sums]
            return [task.add(a, b, a.type) for a, b in zip(before, scaled, strict=True)]

        zeros = [task.constant(0, si(bits)) for _ in range(shape.packed)]
        return task.fold("exponent_block", shape.blocks, zeros, add_block, unroll=True)

    def _block_sums(
        self, word: Value, tile: Value, first: Value, block: Value, is_low: Value
    ) -> list[Value]:
        """Σ weight · activation over a block, for each of the rows that share DSPs."""
        task, shape = self.task, self.shape

        def activation(position: Value) -> Value:
            place = block * shape.block + position
            return tile.slice(place * shape.activation_bits, shape.activation_bits)

        def weight(k: int, position: Value) -> Value:
            place = block * shape.block + position
            offset = ((first + k) * shape.inputs + place) * NIBBLE
            unsigned, signed = (word.slice(offset, NIBBLE, sign) for sign in (False, True))
            return is_low.select(unsigned, signed)

        if shape.packed > 1:
            return packed_dot(
                task, "input", weight, activation, fields=shape.packed, terms=shape.block
            )
        return [task.sum("input", shape.block, lambda i: weight(0, i) * activation(i))]

    def _block_scaled(self, total: Value, tile: Value, block: Value) -> Value:
        """A block's sum times the scale of its activations."""
        shape = self.shape
        exponent = tile.slice(
            block * shape.exponent_bits + shape.exponent_offset(0),
            shape.exponent_bits,
            signed=False,
        )
        if shape.activation_mantissa_bits:
            start = block * shape.activation_mantissa_bits + shape.mantissa_offset(0)
            total = total * tile.slice(start, shape.activation_mantissa_bits, signed=False)
        return total.shl(exponent, si(total.width + (1 << shape.exponent_bits) - 1))
