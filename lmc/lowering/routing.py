"""Into and out of the matrix unit: tiles to all lanes, weights from memory, rows to vectors."""

from xdsl.dialects.builtin import DictionaryAttr

from lmc.dataflow import library
from lmc.dataflow.builder import Handle, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow import si, ui
from lmc.lowering.arithmetic import shifted_left
from lmc.lowering.context import Lowering, lane, map_lanes
from lmc.lowering.images import WORD_BITS, layout_entry
from lmc.lowering.network import Channel, Network
from lmc.lowering.phases import KERNEL, RESULT_BITS, Phase, Schedule, each_phase
from lmc.lowering.tiling import EngineShape


def gather(network: Network, shape: EngineShape, schedule: Schedule) -> list[Channel]:
    """Tiles of all phases, in the order of the phases, a copy for each lane."""
    copies = [network.channel(f"activations_{i}", ui(shape.tile_bits)) for i in range(shape.ports)]

    def body(task: TaskBuilder) -> None:
        def forward(phase: Phase) -> None:
            with task.loop(f"{phase.weight}_tile", phase.tiling.tiles, pipeline=True):
                tile = task.read(phase.tiles.handle)
                for copy in copies:
                    task.write(copy.handle, tile)

        each_phase(task, schedule, forward)

    network.task(KERNEL, "gather", [phase.tiles for phase in schedule.kinds], copies, body)
    return copies


def read_weights(low: Lowering, schedule: Schedule, number: int) -> Channel:
    """The lane's weight image, burst through once for each token."""
    shape = low.engine.shape
    layered = schedule.words(shape, schedule.layered)
    final = schedule.words(shape, schedule.final)
    layout = [_matrix_layout("matrix", phase, shape, number) for phase in schedule.kinds]
    bank = low.network.bank(
        f"weights_{number}",
        layered + final,
        word_bits=shape.word_bits,
        memory=low.memory,
        layout=layout,
    )
    words = low.network.channel(f"weight_words_{number}", ui(shape.word_bits))
    _burst_token(low.network, f"read_weights_{number}", bank, words, layered, final, schedule)
    return words


def read_scales(low: Lowering, schedule: Schedule, number: int) -> Channel:
    """The scales of the lane's rows: one element for each round of rows and weight group."""
    shape, network = low.engine.shape, low.network
    bits = shape.scale_bits * shape.rows

    def count(phases: list[Phase]) -> int:
        return sum(phase.tiling.row_blocks(shape) * phase.tiling.groups for phase in phases)

    layered, final = count(schedule.layered) * schedule.layers, count(schedule.final)
    layout = [_matrix_layout("scales", phase, shape, number) for phase in schedule.kinds]
    sizes = [library.words_for(n, WORD_BITS, bits) if n else 0 for n in (layered, final)]
    bank = network.bank(f"scales_{number}", sum(sizes), memory=low.memory, layout=layout)
    words = network.channel(f"scale_words_{number}", ui(WORD_BITS))
    scales = network.channel(f"scales_{number}", ui(bits))
    _burst_token(network, f"read_scales_{number}", bank, words, sizes[0], sizes[1], schedule)

    def body(task: TaskBuilder) -> None:
        def deal(elements: int) -> None:
            for index, element in library.unpacked(task, words.handle, bits, elements):
                with task.when(index < elements):
                    task.write(scales.handle, element)

        with task.loop("token", schedule.tokens) as token:
            if layered:
                deal(layered)
            if final:
                with task.when(schedule.has_logits(task, token)):
                    deal(final)

    network.task(KERNEL, f"deal_scales_{number}", [words], [scales], body)
    return scales


def _matrix_layout(kind: str, phase: Phase, shape: EngineShape, number: int) -> DictionaryAttr:
    tiling = phase.tiling
    return layout_entry(
        kind,
        weight=phase.weight,
        lane=number,
        lanes=shape.ports,
        rows=shape.rows,
        inputs=shape.inputs,
        block=tiling.activation_block,
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


def scatter(low: Lowering, schedule: Schedule, row_streams: list[Channel]) -> None:
    """Rows back to vectors: lanes joined, cut into words of the vectors, dealt out by phase."""
    network, shape = low.network, low.engine.shape
    lanes = low.lanes
    rounds = shape.all_rows // lanes
    vectors = network.channel("row_words", ui(RESULT_BITS * lanes))

    def join(task: TaskBuilder) -> None:
        joined = task.register("rows", ui(RESULT_BITS * shape.all_rows))
        with (
            task.loop("token", schedule.tokens) as token,
            task.loop("phase", schedule.count(task, token)) as phase,
        ):
            kind = schedule.kind(phase)
            blocks = [item.tiling.row_blocks(shape) for item in schedule.kinds]
            words = schedule.pick(
                task, kind, [item.tiling.rows // lanes for item in schedule.kinds]
            )
            loops = (("block", schedule.pick(task, kind, blocks)), ("part", rounds))
            with task.nest(loops) as (block, part):
                current = task.choose(
                    part.eq(0),
                    lambda: [task.concat([task.read(rows.handle) for rows in row_streams])],
                    lambda: [joined.get()],
                )[0]
                joined.set(current)
                with task.when((block * rounds + part) < words):
                    width = RESULT_BITS * lanes
                    task.write(vectors.handle, current.slice(part * width, width, signed=False))

    def deal(task: TaskBuilder) -> None:
        def forward(phase: Phase) -> None:
            result = phase.result
            with task.loop(f"{phase.weight}_word", result.words, pipeline=True):
                word = task.read(vectors.handle)

                def element(index: Value) -> Value:
                    # A sum that 32 bits do not hold saturates after a shift to the left, too.
                    row = lane(word, index, RESULT_BITS)
                    return shifted_left(row, phase.rescale.left).rss(0, si(result.bits))

                task.write(result.channel.handle, map_lanes(task, lanes, result.bits, element))

        each_phase(task, schedule, forward)

    network.task(KERNEL, "join_rows", row_streams, [vectors], join)
    network.task(
        KERNEL, "scatter", [vectors], [phase.result.channel for phase in schedule.kinds], deal
    )
