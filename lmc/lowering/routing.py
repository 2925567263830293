"""Into and out of the matrix unit: tiles to all lanes, weights from memory, rows to vectors."""

from lmc.allocation import LanePort
from lmc.dataflow import library
from lmc.dataflow.flat import FlatBuilder
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import RESULT_BITS, MatrixAttr, si, ui
from lmc.lowering.arithmetic import shifted_left
from lmc.lowering.phases import Phase, PhaseOrder, each_phase, planes_of_layer
from lmc.lowering.vectors import lane, map_lanes
from lmc.memory_layout.tiling import MatrixUnitShape

TILE_DEPTH = 4
"""Tiles that are under way to a lane."""
WORD_DEPTH = 16
"""Words that are under way from a lane's prefetch FIFO to the lane."""


def gather(unit: FlatBuilder, shape: MatrixUnitShape, order: PhaseOrder) -> list[Handle]:
    """Tiles of all phases, in the order of the phases; the stream that brings them to each lane.

    They go from lane to lane, so that few wires are as long as the matrix unit is. Tiles that come
    early wait before the first lane.
    """
    tiles = [
        unit.stream(f"activations_{lane}", ui(shape.tile_bits), TILE_DEPTH)
        for lane in range(len(shape.sets))
    ]
    with unit.task("gather") as task:

        def forward(phase: Phase, _layer: Value) -> None:
            with task.loop(f"{phase.label}_tile", phase.tiling.tiles, pipeline=True):
                task.write(tiles[0], task.read(phase.tiles))

        each_phase(task, order, forward)
    return tiles


def read_lane(
    unit: FlatBuilder,
    shape: MatrixUnitShape,
    order: PhaseOrder,
    number: int,
    port: LanePort,
    prefetch: int,
) -> Handle:
    """A lane's image, weights and scales interleaved, burst through once for each token."""
    layered = order.words(shape, number, order.layered)
    final = order.words(shape, number, order.final)
    bank = unit.bank(
        f"weights_{number}",
        layered + final,
        word_bits=shape.word_bits,
        memory=port.memory,
        channel=port.channel,
        layout=[_matrix_layout(phase, shape, number) for phase in order.kinds],
    )
    words = unit.stream(f"lane_words_{number}", ui(shape.word_bits), prefetch)
    with (
        unit.task(f"read_weights_{number}") as task,
        task.loop("token", order.scalars.tokens) as token,
    ):
        if layered:
            task.burst_read(bank, 0, layered, words, "layers")
        if final:
            length = order.scalars.has_logits(task, token).select(
                task.to_index(final), task.to_index(0)
            )
            task.burst_read(bank, layered, length, words, "final")
    return words


def deal_lane(
    unit: FlatBuilder, shape: MatrixUnitShape, order: PhaseOrder, number: int, words: Handle
) -> tuple[Handle, Handle]:
    """A lane's weight words, and its scales: one element for each round, weight group and set.

    A word of scales is followed by the weight words that they belong to.
    """
    per = shape.scales_per_word
    weights = unit.stream(f"weight_words_{number}", words.element_type, WORD_DEPTH)
    scale_words = unit.stream(f"scale_words_{number}", words.element_type, WORD_DEPTH)

    with unit.task(f"deal_{number}") as task:

        def forward(phase: Phase, layer: Value) -> None:
            elements = phase.tiling.scale_elements(shape, number)
            each = planes_of_layer(task, phase, layer) * phase.tiling.tiles_per_group
            runs = ((elements // per, per), (min(elements % per, 1), elements % per))
            for count, length in runs:
                if not count:
                    continue
                loops = ((f"{phase.label}_run", count), ("word", each * length + 1))
                with task.nest(loops) as (_, index):
                    word = task.read(words)
                    is_scales = index.eq(0)
                    with task.when(is_scales):
                        task.write(scale_words, word)
                    with task.when(~is_scales):
                        task.write(weights, word)

        each_phase(task, order, forward)
    return weights, _unpack_scales(unit, shape, order, number, scale_words)


def _unpack_scales(
    unit: FlatBuilder, shape: MatrixUnitShape, order: PhaseOrder, number: int, words: Handle
) -> Handle:
    bits = shape.scale_bits * shape.rows
    scales = unit.stream(f"scales_{number}", ui(bits))

    counts = [phase.tiling.scale_elements(shape, number) for phase in order.kinds]
    sizes = [-(-count // shape.scales_per_word) for count in counts]
    with (
        unit.task(f"deal_scales_{number}") as task,
        task.loop("token", order.scalars.tokens) as token,
        task.loop("phase", order.count(task, token)) as phase,
    ):
        kind = order.kind(phase)
        count, size = order.pick(task, kind, counts), order.pick(task, kind, sizes)
        for index, element in library.unpacked_words(task, words, bits, size):
            with task.when(index < count):
                task.write(scales, element)
    return scales


def _matrix_layout(phase: Phase, shape: MatrixUnitShape, number: int) -> MatrixAttr:
    rows = shape.lane_rows(number)
    return MatrixAttr.of(
        phase.weight,
        first_row=rows.start,
        sets=shape.sets[number],
        round_rows=shape.all_rows,
        rows=shape.rows,
        inputs=shape.inputs,
        block=phase.tiling.activation_block,
        mantissa_bits=shape.scale_mantissa_bits,
        exponent_bits=shape.scale_exponent_bits,
    )


def pass_rows(
    unit: FlatBuilder,
    shape: MatrixUnitShape,
    order: PhaseOrder,
    number: int,
    own: Handle,
    later: Handle,
) -> Handle:
    """A lane's sets of rows, then those of all lanes after it, in each round."""
    passed = unit.stream(f"passed_rows_{number}", own.element_type)
    own_sets, sets = shape.sets[number], sum(shape.sets[number:])
    blocks = [phase.tiling.row_blocks(shape) for phase in order.kinds]
    with (
        unit.task(f"pass_rows_{number}") as task,
        task.loop("token", order.scalars.tokens) as token,
        task.loop("phase", order.count(task, token)) as phase,
    ):
        rounds = order.pick(task, order.kind(phase), blocks)
        with task.nest((("block", rounds), ("set", sets))) as (_, place):
            rows = task.choose(
                place < own_sets, lambda: [task.read(own)], lambda: [task.read(later)]
            )
            task.write(passed, rows[0])
    return passed


def scatter(
    unit: FlatBuilder, shape: MatrixUnitShape, order: PhaseOrder, rows: Handle, lanes: int
) -> None:
    """Rows back to vectors: sets of all lanes in order, as words, dealt out by phase."""
    vectors = unit.stream("row_words", ui(RESULT_BITS * lanes))

    with unit.task("join_rows") as task:
        _join_rows(task, shape, order, rows, vectors, lanes)
    with unit.task("scatter") as task:

        def forward(phase: Phase, _layer: Value) -> None:
            words, bits = phase.tiling.rows // lanes, phase.result_bits
            with task.loop(f"{phase.label}_word", words, pipeline=True):
                word = task.read(vectors)

                def element(index: Value) -> Value:
                    # A sum that 32 bits do not hold saturates after a shift to the left, too.
                    row = lane(word, index, RESULT_BITS)
                    return shifted_left(row, phase.left).rss(0, si(bits))

                task.write(phase.result, map_lanes(task, lanes, bits, element))

        each_phase(task, order, forward)


def _join_rows(
    task: TaskBuilder,
    shape: MatrixUnitShape,
    order: PhaseOrder,
    rows: Handle,
    vectors: Handle,
    lanes: int,
) -> None:
    """A set of rows each cycle, rounded; a word when it is full. Rows past its end go."""
    parts, sets = max(shape.rows // lanes, 1), max(lanes // shape.rows, 1)
    bits, width = RESULT_BITS * shape.rows, RESULT_BITS * lanes
    sum_bits = order.sum_bits
    joined = task.register("rows", ui(bits * sets))
    with (
        task.loop("token", order.scalars.tokens) as token,
        task.loop("phase", order.count(task, token)) as phase,
    ):
        kind = order.kind(phase)
        blocks = [item.tiling.row_blocks(shape) for item in order.kinds]
        words = order.pick(task, kind, [item.tiling.rows // lanes for item in order.kinds])
        shift = order.pick(task, kind, [item.shift for item in order.kinds])
        loops = [("block", order.pick(task, kind, blocks)), ("set", shape.all_sets)]
        with task.nest(loops + [("part", parts)] * (parts > 1)) as (block, number, *rest):
            part = rest[0] if rest else task.to_index(0)

            def taken() -> list[Value]:
                sums = task.read(rows)

                def rounded(row: Value, sums: Value = sums) -> Value:
                    return lane(sums, row, sum_bits).rss(shift, si(RESULT_BITS))

                return [map_lanes(task, shape.rows, RESULT_BITS, rounded)]

            if parts > 1:
                current = task.choose(part.eq(0), taken, lambda: [joined.get()])[0]
            elif sets > 1:
                before = joined.get().slice(bits, bits * (sets - 1), signed=False)
                current = task.concat([before, taken()[0]])
            else:
                current = taken()[0]
            joined.set(current)
            place = block * shape.all_sets + number
            is_full = (place % sets).eq(sets - 1) & ((place // sets) * parts + part < words)
            with task.when(is_full):
                task.write(vectors, current.slice(part * width, width, signed=False))
