"""The matrix unit: one engine that runs all linear layers of a token, phase after phase.

A phase is one matrix-vector product. Weights lie in each port's image in the order in which they
are used, over
phases and layers, so that each reader is one burst for a token. A lane multiplies `inputs`
activations with
`rows` rows of nibbles in a cycle; 8-bit weights take two passes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import DictionaryAttr
from xdsl.ir import SSAValue

from lmc.dataflow import library
from lmc.dataflow.builder import Handle, TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import si, ui
from lmc.lowering.context import Lowering, fixed, lane, map_lanes
from lmc.lowering.engine_parts import Phase
from lmc.lowering.images import WORD_BITS, layout_entry
from lmc.lowering.network import Channel, Network
from lmc.lowering.patterns import lowers
from lmc.lowering.tiling import NIBBLE, EngineShape, MatrixTiling
from lmc.numerics.ranges import linear_width
from lmc.numerics.rounding import rescale_plan

KERNEL = "matrix"
INPUTS = 32
"""Columns that a lane multiplies in a cycle: one activation block of the default preset."""
RESULT_BITS = 32
"""Width of a row's result on its way out of a lane; no linear layer's format is wider."""


def matrix_tiling(op: ssm.LinearOp, weights: dict[str, ssm.WeightOp], inputs: int) -> MatrixTiling:
    """The tiles of a linear layer's matrix.

    Raises:
        LmcError: its formats do not fit the engine.
    """
    weight = weights[op.weight.root_reference.data]
    found, activation = ssm.format_of(weight.type), ssm.format_of(op.input.type)
    if not isinstance(found, ssm.WeightType) or not isinstance(activation, ssm.BlockType):
        raise LmcError(f"linear layer @{weight.sym_name.data} is not quantized: run quantize first")
    rows, columns = weight.type.get_shape()
    block = activation.group.data
    if block > inputs or found.group.data % block:
        raise LmcError(
            f"linear layer @{weight.sym_name.data}: activation groups of {block} must divide "
            f"weight groups of "
            f"{found.group.data} and hold at most {inputs} elements"
        )
    return MatrixTiling(rows, columns, found.bits.data, found.group.data, block, inputs)


def consumer_tiling(low: Lowering, quantized: SSAValue) -> MatrixTiling:
    """The tiling of the linear layer that uses a quantized vector.

    Raises:
        LmcError: something else uses it, or more than one op.
    """
    users = [use.operation for use in quantized.uses]
    if len(users) != 1 or not isinstance(users[0], ssm.LinearOp):
        raise LmcError(
            f"%{quantized.name_hint} is quantized for one linear layer, but {len(users)} ops use it"
        )
    return matrix_tiling(users[0], low.weights, INPUTS)


@lowers(ssm.LinearOp)
def lower_linear(low: Lowering, op: ssm.LinearOp) -> None:
    """One more phase of the engine; what follows is in a kernel of its own."""
    name = op.weight.root_reference.data
    weight = ssm.format_of(low.weights[name].type)
    activation, target = ssm.format_of(op.input.type), fixed(op.result)
    tiling = matrix_tiling(op, low.weights, INPUTS)
    assert isinstance(weight, ssm.WeightType)
    assert isinstance(activation, ssm.BlockType)
    plan = rescale_plan(
        activation.frac.data + weight.frac.data,
        1,
        target.bits.data,
        target.frac.data,
        target.mul.data,
    )
    if plan.multiplier != 1 or plan.left or target.bits.data > RESULT_BITS:
        raise LmcError(
            f"linear layer @{name} can't give {target}: its result is a right shift of the sum, "
            f"at most {RESULT_BITS} bits wide (run rewrite-power-of-two first)"
        )
    tiles = low.engine.tiles_of(op.input)
    low.kernel = f"after_{name}"
    result = low.define(op.result)
    in_layers = low.scope.layers is not None
    sum_bits = linear_width(
        tiling.columns,
        weight.bits.data,
        weight.mantissa.data,
        weight.exponent.data,
        activation.bits.data,
    )
    low.engine.phases.append(Phase(name, tiling, tiles, result, plan.shift, sum_bits, in_layers))


@dataclass(frozen=True)
class _Schedule:
    """Phases of a token: each layer's, then those behind the layers if the token has logits."""

    layered: list[Phase]
    final: list[Phase]
    layers: int
    tokens: Handle
    logits: Handle

    @property
    def kinds(self) -> list[Phase]:
        """All different phases, in the order in which `kind` counts them."""
        return [*self.layered, *self.final]

    def has_logits(self, task: TaskBuilder, token: Value) -> Value:
        """Whether the token is one of the last that have logits."""
        return (token + task.index_of(self.logits)) >= task.index_of(self.tokens)

    def count(self, task: TaskBuilder, token: Value) -> Value:
        """Number of phases of the token."""
        layered = self.layers * len(self.layered)
        return self.has_logits(task, token).select(
            task.to_index(layered + len(self.final)), task.to_index(layered)
        )

    def kind(self, phase: Value) -> Value:
        """Which of `kinds` a phase is."""
        layered = self.layers * len(self.layered)
        if not layered:
            return phase
        return (phase < layered).select(
            phase % len(self.layered), phase - (layered - len(self.layered))
        )

    def pick(self, task: TaskBuilder, kind: Value, numbers: Sequence[int]) -> Value:
        """The number of this kind of phase."""
        chosen = task.to_index(numbers[-1])
        for index in range(len(numbers) - 2, -1, -1):
            if numbers[index] != numbers[-1] or len(set(numbers[index:])) > 1:
                chosen = kind.eq(index).select(task.to_index(numbers[index]), chosen)
        return chosen


def finish(low: Lowering) -> None:
    """Builds the engine's tasks, once all phases are known."""
    engine, network = low.engine, low.network
    layered = [phase for phase in engine.phases if phase.in_layers]
    final = [phase for phase in engine.phases if not phase.in_layers]
    schedule = _Schedule(layered, final, low.layer_count, low.scalars.tokens, low.scalars.logits)
    lanes = range(engine.shape.ports)
    activations = _gather(network, engine.shape, schedule)
    row_streams = [
        network.channel(f"rows_{lane}", ui(engine.shape.rows * RESULT_BITS)) for lane in lanes
    ]
    for number, rows in zip(lanes, row_streams, strict=True):
        weights = _read_weights(low, schedule, number)
        scales = _read_scales(low, schedule, number)
        _lane(network, engine.shape, schedule, number, activations[number], weights, scales, rows)
    _scatter(low, schedule, row_streams)


def _gather(network: Network, shape: EngineShape, schedule: _Schedule) -> list[Channel]:
    """Tiles of all phases, in the order of the phases, a copy for each lane."""
    copies = [network.channel(f"activations_{i}", ui(shape.tile_bits)) for i in range(shape.ports)]

    def body(task: TaskBuilder) -> None:
        def forward(phase: Phase) -> None:
            with task.loop(f"{phase.weight}_tile", phase.tiling.tiles, pipeline=True):
                tile = task.read(phase.tiles.handle)
                for copy in copies:
                    task.write(copy.handle, tile)

        _each_phase(task, schedule, forward)

    network.task(KERNEL, "gather", [phase.tiles for phase in schedule.kinds], copies, body)
    return copies


def _each_phase(task: TaskBuilder, schedule: _Schedule, work: Callable[[Phase], None]) -> None:
    """`work` for each phase of each token, in order."""
    with task.loop("token", schedule.tokens) as token:
        if schedule.layered:
            with task.loop("layer", schedule.layers):
                for phase in schedule.layered:
                    work(phase)
        if schedule.final:
            with task.when(schedule.has_logits(task, token)):
                for phase in schedule.final:
                    work(phase)


def _read_weights(low: Lowering, schedule: _Schedule, number: int) -> Channel:
    """The lane's weight image, burst through once for each token."""
    shape = low.engine.shape
    layered = sum(phase.tiling.words(shape) for phase in schedule.layered) * schedule.layers
    final = sum(phase.tiling.words(shape) for phase in schedule.final)
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


def _read_scales(low: Lowering, schedule: _Schedule, number: int) -> Channel:
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
    schedule: _Schedule,
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


def _lane(
    network: Network,
    shape: EngineShape,
    schedule: _Schedule,
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
            planes = pick([tiling.planes for tiling in kinds])
            shift = pick([item.shift for item in schedule.kinds])
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

    def __init__(self, task: TaskBuilder, shape: EngineShape, schedule: _Schedule):
        self.task = task
        self.shape = shape
        self.sums = si(max(phase.sum_bits for phase in schedule.kinds))
        self.scale = task.register("scale", ui(shape.scale_bits * shape.rows))
        self.accumulators = task.buffer(
            "accumulators", self.sums, (shape.rows,), "register", {0: 0}
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
        """Σ over a tile's blocks of (Σ weight · activation) << exponent."""
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
            return total.shl(exponent, si(total.width + (1 << shape.exponent_bits) - 1))

        return task.sum("exponent_block", shape.inputs // shape.block, block_sum)


def _scatter(low: Lowering, schedule: _Schedule, row_streams: list[Channel]) -> None:
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
                    return lane(word, index, RESULT_BITS).rss(0, si(result.bits))

                task.write(result.channel.handle, map_lanes(task, lanes, result.bits, element))

        _each_phase(task, schedule, forward)

    network.task(KERNEL, "join_rows", row_streams, [vectors], join)
    network.task(
        KERNEL, "scatter", [vectors], [phase.result.channel for phase in schedule.kinds], deal
    )


def engine_shape(
    ops: Sequence[ssm.LinearOp], weights: dict[str, ssm.WeightOp], ports: int, port_bits: int
) -> EngineShape:
    """The engine for that many memory ports, wide enough for the formats of all linear layers.

    Raises:
        LmcError: a layer is not quantized, or a port is narrower than one row of inputs.
    """
    rows = port_bits // (INPUTS * NIBBLE)
    if rows < 1:
        raise LmcError(f"a memory port of {port_bits} bits is narrower than {INPUTS} 4-bit weights")
    tilings = [matrix_tiling(op, weights, INPUTS) for op in ops]
    scales = [ssm.format_of(weights[op.weight.root_reference.data].type) for op in ops]
    activations = [ssm.format_of(op.input.type) for op in ops]
    return EngineShape(
        ports,
        rows,
        INPUTS,
        min(tiling.slot for tiling in tilings),
        max(item.bits.data for item in activations if isinstance(item, ssm.BlockType)),
        max(item.mantissa.data for item in scales if isinstance(item, ssm.WeightType)),
        max(item.exponent.data for item in scales if isinstance(item, ssm.WeightType)),
    )
