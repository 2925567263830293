"""Into and out of the matrix unit: tiles to all lanes, weights from memory, rows to vectors."""

from xdsl.dialects.builtin import DictionaryAttr

from lmc.allocation import Place
from lmc.dataflow import library
from lmc.dataflow.builder import Handle, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import si, ui
from lmc.lowering.arithmetic import shifted_left
from lmc.lowering.context import Lowering, lane, map_lanes
from lmc.lowering.images import layout_entry
from lmc.lowering.network import Channel, Network
from lmc.lowering.phases import (
    KERNEL,
    RESULT_BITS,
    Phase,
    Schedule,
    each_phase,
    planes_of_layer,
)
from lmc.memory_layout.tiling import EngineShape

TILE_DEPTH = 4
"""Tiles that are under way to a lane."""
WORD_DEPTH = 16
"""Words that are under way from a lane's prefetch FIFO to the lane."""


def gather(network: Network, shape: EngineShape, schedule: Schedule) -> list[Channel]:
    """Tiles of all phases, in the order of the phases; the channel that brings them to each lane.

    They go from lane to lane, so that few wires are as long as the matrix unit is. Tiles that come
    early wait before the first lane.
    """
    tiles = [
        network.channel(f"activations_{lane}", ui(shape.tile_bits), TILE_DEPTH)
        for lane in range(len(shape.sets))
    ]

    def body(task: TaskBuilder) -> None:
        def forward(phase: Phase, _layer: Value) -> None:
            with task.loop(f"{phase.weight}_tile", phase.tiling.tiles, pipeline=True):
                task.write(tiles[0].handle, task.read(phase.tiles.handle))

        each_phase(task, schedule, forward)

    network.task(KERNEL, "gather", [phase.tiles for phase in schedule.kinds], tiles[:1], body)
    return tiles


def read_lane(low: Lowering, schedule: Schedule, number: int) -> Channel:
    """A lane's image, weights and scales interleaved, burst through once for each token."""
    shape, port = low.engine.shape, low.allocation.lanes[number]
    layered = schedule.words(shape, number, schedule.layered)
    final = schedule.words(shape, number, schedule.final)
    bank = low.network.bank(
        f"weights_{number}",
        layered + final,
        word_bits=shape.word_bits,
        place=Place(memory=port.memory, channel=port.channel),
        layout=[_matrix_layout(phase, shape, number) for phase in schedule.kinds],
    )
    words = low.network.channel(
        f"lane_words_{number}", ui(shape.word_bits), low.allocation.prefetch
    )
    _burst_token(low.network, f"read_weights_{number}", bank, words, layered, final, schedule)
    return words


def deal_lane(
    low: Lowering, schedule: Schedule, number: int, words: Channel
) -> tuple[Channel, Channel]:
    """A lane's weight words, and its scales: one element for each round, weight group and set.

    A word of scales is followed by the weight words that they belong to.
    """
    shape, network = low.engine.shape, low.network
    per = shape.scales_per_word
    weights = network.channel(f"weight_words_{number}", words.element, WORD_DEPTH)
    scale_words = network.channel(f"scale_words_{number}", words.element, WORD_DEPTH)

    def deal(task: TaskBuilder) -> None:
        def forward(phase: Phase, layer: Value) -> None:
            elements = phase.tiling.scale_elements(shape, number)
            each = planes_of_layer(task, phase, layer) * phase.tiling.tiles_per_group
            runs = ((elements // per, per), (min(elements % per, 1), elements % per))
            for count, length in runs:
                if not count:
                    continue
                loops = ((f"{phase.weight}_run", count), ("word", each * length + 1))
                with task.nest(loops) as (_, index):
                    word = task.read(words.handle)
                    is_scales = index.eq(0)
                    with task.when(is_scales):
                        task.write(scale_words.handle, word)
                    with task.when(~is_scales):
                        task.write(weights.handle, word)

        each_phase(task, schedule, forward)

    network.task(KERNEL, f"deal_{number}", [words], [weights, scale_words], deal)
    return weights, _unpack_scales(low, schedule, number, scale_words)


def _unpack_scales(low: Lowering, schedule: Schedule, number: int, words: Channel) -> Channel:
    shape, network = low.engine.shape, low.network
    bits = shape.scale_bits * shape.rows
    scales = network.channel(f"scales_{number}", ui(bits))

    counts = [phase.tiling.scale_elements(shape, number) for phase in schedule.kinds]
    sizes = [-(-count // shape.scales_per_word) for count in counts]

    def unpack(task: TaskBuilder) -> None:
        with (
            task.loop("token", schedule.tokens) as token,
            task.loop("phase", schedule.count(task, token)) as phase,
        ):
            kind = schedule.kind(phase)
            count, size = schedule.pick(task, kind, counts), schedule.pick(task, kind, sizes)
            for index, element in library.unpacked_words(task, words.handle, bits, size):
                with task.when(index < count):
                    task.write(scales.handle, element)

    network.task(KERNEL, f"deal_scales_{number}", [words], [scales], unpack)
    return scales


def _matrix_layout(phase: Phase, shape: EngineShape, number: int) -> DictionaryAttr:
    rows = shape.lane_rows(number)
    return layout_entry(
        "matrix",
        weight=phase.weight,
        first_row=rows.start,
        sets=shape.sets[number],
        round_rows=shape.all_rows,
        rows=shape.rows,
        inputs=shape.inputs,
        block=phase.tiling.activation_block,
        mantissa_bits=shape.scale_mantissa_bits,
        exponent_bits=shape.scale_exponent_bits,
    )


def _burst_token(
    network: Network,
    name: str,
    bank: Handle,
    words: Channel,
    layered: int,
    final: int,
    schedule: Schedule,
) -> None:
    def body(task: TaskBuilder) -> None:
        with task.loop("token", schedule.tokens) as token:
            if layered:
                task.burst_read(bank, 0, layered, words.handle, "layers")
            if final:
                length = schedule.has_logits(task, token).select(
                    task.to_index(final), task.to_index(0)
                )
                task.burst_read(bank, layered, length, words.handle, "final")

    network.task(KERNEL, name, [], [words], body)


def pass_rows(
    network: Network,
    shape: EngineShape,
    schedule: Schedule,
    number: int,
    own: Channel,
    behind: Channel,
) -> Channel:
    """A lane's sets of rows, then those of all lanes behind it, in each round."""
    passed = network.channel(f"passed_rows_{number}", own.element)
    own_sets, sets = shape.sets[number], sum(shape.sets[number:])
    blocks = [phase.tiling.row_blocks(shape) for phase in schedule.kinds]

    def body(task: TaskBuilder) -> None:
        with (
            task.loop("token", schedule.tokens) as token,
            task.loop("phase", schedule.count(task, token)) as phase,
        ):
            rounds = schedule.pick(task, schedule.kind(phase), blocks)
            with task.nest((("block", rounds), ("set", sets))) as (_, place):
                rows = task.choose(
                    place < own_sets,
                    lambda: [task.read(own.handle)],
                    lambda: [task.read(behind.handle)],
                )
                task.write(passed.handle, rows[0])

    network.task(KERNEL, f"pass_rows_{number}", [own, behind], [passed], body)
    return passed


def scatter(low: Lowering, schedule: Schedule, rows: Channel) -> None:
    """Rows back to vectors: sets of all lanes in order, as words, dealt out by phase."""
    network, lanes = low.network, low.lanes
    vectors = network.channel("row_words", ui(RESULT_BITS * lanes))

    def join(task: TaskBuilder) -> None:
        _join_rows(task, low, schedule, rows, vectors)

    def deal(task: TaskBuilder) -> None:
        def forward(phase: Phase, _layer: Value) -> None:
            result = phase.result
            with task.loop(f"{phase.weight}_word", result.words, pipeline=True):
                word = task.read(vectors.handle)

                def element(index: Value) -> Value:
                    # A sum that 32 bits do not hold saturates after a shift to the left, too.
                    row = lane(word, index, RESULT_BITS)
                    return shifted_left(row, phase.rescale.left).rss(0, si(result.bits))

                task.write(result.channel.handle, map_lanes(task, lanes, result.bits, element))

        each_phase(task, schedule, forward)

    network.task(KERNEL, "join_rows", [rows], [vectors], join)
    network.task(
        KERNEL, "scatter", [vectors], [phase.result.channel for phase in schedule.kinds], deal
    )


def _join_rows(
    task: TaskBuilder,
    low: Lowering,
    schedule: Schedule,
    rows: Channel,
    vectors: Channel,
) -> None:
    """A set of rows each cycle, rounded; a word when it is full. Rows behind the matrix go."""
    shape, lanes = low.engine.shape, low.lanes
    parts, sets = max(shape.rows // lanes, 1), max(lanes // shape.rows, 1)
    bits, width = RESULT_BITS * shape.rows, RESULT_BITS * lanes
    sum_bits = schedule.sum_bits
    joined = task.register("rows", ui(bits * sets))
    with (
        task.loop("token", schedule.tokens) as token,
        task.loop("phase", schedule.count(task, token)) as phase,
    ):
        kind = schedule.kind(phase)
        blocks = [item.tiling.row_blocks(shape) for item in schedule.kinds]
        words = schedule.pick(task, kind, [item.tiling.rows // lanes for item in schedule.kinds])
        shift = schedule.pick(task, kind, [item.rescale.shift for item in schedule.kinds])
        loops = [("block", schedule.pick(task, kind, blocks)), ("set", shape.all_sets)]
        with task.nest(loops + [("part", parts)] * (parts > 1)) as (block, number, *rest):
            part = rest[0] if rest else task.to_index(0)

            def taken() -> list[Value]:
                sums = task.read(rows.handle)

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
                task.write(vectors.handle, current.slice(part * width, width, signed=False))
