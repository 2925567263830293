"""The pattern of the selective state update: one block of the state a cycle."""

from dataclasses import dataclass

from lmc.dataflow.builder import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.lowering.arithmetic import ACCUMULATOR, rescale, shifted_left
from lmc.lowering.context import Lowering, Vector, fixed, lane
from lmc.lowering.network import Channel
from lmc.lowering.patterns import lowers


@dataclass(frozen=True)
class _Shape:
    """The state: rows of `blocks` blocks of `lanes` elements; a head's rows share dt and decay."""

    heads: int
    rows_per_head: int
    blocks: int
    lanes: int
    heads_per_group: int

    @property
    def groups(self) -> int:
        """Groups of heads, each with its own B and C."""
        return self.heads // self.heads_per_group


@dataclass(frozen=True)
class _Streams:
    decay: Vector
    dt: Vector
    x: Vector
    b: Vector
    c: Vector
    d: Channel
    old: Channel
    new: Channel
    y: Vector


@lowers(ssm.SelectiveStateUpdateOp)
def lower_state_update(low: Lowering, op: ssm.SelectiveStateUpdateOp) -> None:
    """Rows of all heads, block by block; B and C of a group of heads are held in buffers."""
    state = ssm.format_of(op.state.type)
    if not isinstance(state, ssm.BlockType):
        raise LmcError(f"the SSM state is {state}, not block floating point: run quantize first")
    dims = ssm.shape_of(op.state.type)
    lanes = state.group.data
    by_channel = len(dims) == 2
    groups = ssm.shape_of(op.b.type)[0] // dims[-1]
    shape = _Shape(
        dims[0], 1 if by_channel else dims[1], dims[-1] // lanes, lanes, dims[0] // groups
    )
    element_bits = lanes * state.bits.data + ssm.EXPONENT_BITS
    rows = shape.heads * shape.rows_per_head
    old, new = low.state(op.state, op.new_state, element_bits, rows * shape.blocks)
    decay = low.use(op.decay)
    result = low.vector(f"{op.result.name_hint or 'y'}_rows", rows, fixed(op.result).bits.data, 1)
    streams = _Streams(
        decay if by_channel else low.resize(decay, 1),
        low.resize(low.use(op.dt), 1),
        low.resize(low.use(op.x), 1),
        low.use(op.b),
        low.use(op.c),
        low.parameter(op.d, 1),
        old,
        new,
        result,
    )
    scope, d_frac = low.scope, low.weight_format(op.d).frac.data

    def body(task: TaskBuilder) -> None:
        unit = _Unit(task, op, shape, streams, state, d_frac)
        with task.nest((*scope.loops, ("group", shape.groups)), pipeline=False):
            unit.load_vectors()
            loops = (
                ("head", shape.heads_per_group),
                ("row", shape.rows_per_head),
                ("block", shape.blocks),
            )
            with task.nest(loops) as (_, row, block):
                unit.step(row, block, by_channel)

    reads = [v.channel for v in (streams.decay, streams.dt, streams.x, streams.b, streams.c)]
    low.task(op, "state_update", [*reads, streams.d, old], [new, result.channel], body)
    low.bind(op.result, low.resize(result, low.lanes))


class _Unit:
    """The arithmetic of one block of the state."""

    def __init__(
        self,
        task: TaskBuilder,
        op: ssm.SelectiveStateUpdateOp,
        shape: _Shape,
        streams: _Streams,
        state: ssm.BlockType,
        d_frac: int,
    ):
        self.task, self.op, self.shape, self.streams, self.state = task, op, shape, streams, state
        self.d_frac = d_frac
        size = shape.blocks * shape.lanes
        self.b = self._vector_buffer("b", streams.b, size)
        self.c = self._vector_buffer("c", streams.c, size)
        self.dt = task.register("dt", ui(streams.dt.bits))
        self.decay = task.register("decay", ui(streams.decay.bits))
        self.x = task.register("x", ui(streams.x.bits))
        self.d = task.register("d", streams.d.element)
        self.total = task.register("total", ACCUMULATOR)

    def _vector_buffer(self, name: str, vector: Vector, size: int) -> Buffer:
        factor = max(self.shape.lanes, vector.lanes)
        return self.task.buffer(name, si(vector.bits), (size,), "lutram", {0: min(factor, size)})

    def load_vectors(self) -> None:
        """Takes B and C of the next group of heads."""
        for name, buffer, vector in (("b", self.b, self.streams.b), ("c", self.c, self.streams.c)):
            words = self.shape.blocks * self.shape.lanes // vector.lanes
            with self.task.loop(f"load_{name}", words, pipeline=True) as index:
                word = self.task.read(vector.channel.handle)
                with self.task.loop("lane", vector.lanes, unroll=True) as position:
                    buffer[index * vector.lanes + position] = lane(word, position, vector.bits)

    def _held(self, register_name: str, source: Channel, condition: Value) -> Value:
        register = getattr(self, register_name)
        value = self.task.choose(
            condition, lambda: [self.task.read(source.handle)], lambda: [register.get()]
        )[0]
        register.set(value)
        return value

    def step(self, row: Value, block: Value, by_channel: bool) -> None:
        """One block: new values, their exponent, their part of the output."""
        task, streams = self.task, self.streams
        begins_row = block.eq(0)
        begins_head = begins_row & row.eq(0)
        dt = self._held("dt", streams.dt.channel, begins_head).slice(0, streams.dt.bits)
        if by_channel:
            decay = task.read(streams.decay.channel.handle)
        else:
            decay = self._held("decay", streams.decay.channel, begins_head)
        x = self._held("x", streams.x.channel, begins_row).slice(0, streams.x.bits)
        d = self._held("d", streams.d, begins_head).slice(0, streams.d.element.width.data)
        assert isinstance(self.op.dtx, ssm.FixedType)
        dtx = rescale(
            dt * x, fixed(self.op.dt).frac.data + fixed(self.op.x).frac.data, 1, self.op.dtx
        )
        old = task.read(streams.old.handle)
        values = self._new_values(old, decay, dtx, block, by_channel)
        quantized, exponent = self._quantize(values)
        self._write_state(quantized, exponent)
        self._output(quantized, exponent, block, x, d)

    def _new_values(
        self, old: Value, decay: Value, dtx: Value, block: Value, by_channel: bool
    ) -> Buffer:
        """decay · state + dtx · B in the state's unit, for each lane."""
        task, op, state = self.task, self.op, self.state
        width, lanes = state.bits.data, self.shape.lanes
        assert isinstance(op.dtx, ssm.FixedType)
        left_frac = fixed(op.decay).frac.data + state.frac.data
        right_frac = op.dtx.frac.data + fixed(op.b).frac.data
        frac = max(left_frac, right_frac)
        exponent = old.slice(lanes * width, ssm.EXPONENT_BITS, signed=False)
        wide = si(width + ssm.MAX_EXPONENT + 1)
        values = task.buffer("values", wide, (lanes,), "register", {0: COMPLETE})
        bits = self.streams.decay.bits
        with task.loop("lane", lanes, unroll=True) as index:
            kept = lane(old, index, width).shl(exponent, wide)
            factor = lane(decay, index, bits) if by_channel else decay.slice(0, bits)
            left = shifted_left(factor * kept, frac - left_frac)
            right = shifted_left(dtx * self.b[block * lanes + index], frac - right_frac)
            values[index] = (left + right).rss(frac - state.frac.data, wide)
        return values

    def _quantize(self, values: Buffer) -> tuple[Buffer, Value]:
        """The lanes' integers, and the exponent they share."""
        task, width, lanes = self.task, self.state.bits.data, self.shape.lanes

        def magnitude(index: Value, top: Value) -> list[Value]:
            return [top.max(abs(values[index]))]

        zero = task.constant(0, ui(width + ssm.MAX_EXPONENT + 1))
        top = task.fold("top", lanes, [zero], magnitude, unroll=True)[0]
        raw = top.bitlen() - (width - 1)
        exponent = raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS))
        quantized = task.buffer("quantized", si(width), (lanes,), "register", {0: COMPLETE})
        with task.loop("round", lanes, unroll=True) as index:
            quantized[index] = values[index].rss(exponent, si(width))
        return quantized, exponent

    def _write_state(self, quantized: Buffer, exponent: Value) -> None:
        task, width, lanes = self.task, self.state.bits.data, self.shape.lanes
        word = task.zero_word(lanes * width + ssm.EXPONENT_BITS).insert(exponent, lanes * width)

        def place(index: Value, word: Value) -> list[Value]:
            return [word.insert(quantized[index], index * width)]

        task.write(
            self.streams.new.handle, task.fold("place", lanes, [word], place, unroll=True)[0]
        )

    def _output(self, quantized: Buffer, exponent: Value, block: Value, x: Value, d: Value) -> None:
        """Adds the block's part of Σ C · state; with the last block, D · x joins and y goes out."""
        task, op, lanes = self.task, self.op, self.shape.lanes

        def product(index: Value) -> Value:
            return quantized[index] * self.c[block * lanes + index]

        part = task.sum("output", lanes, product)
        shifted = part.shl(exponent, si(part.width + ssm.MAX_EXPONENT))
        total = task.add(block.eq(0).select(0, self.total.get()), shifted, ACCUMULATOR)
        self.total.set(total)
        with task.when(block.eq(self.shape.blocks - 1)):
            left_frac = self.state.frac.data + fixed(op.c).frac.data
            weight_frac = self.d_frac + fixed(op.x).frac.data
            frac = max(left_frac, weight_frac)
            left = total.shl(frac - left_frac, ACCUMULATOR)
            right = (d * x).shl(frac - weight_frac, ACCUMULATOR)
            result = rescale(task.add(left, right, ACCUMULATOR), frac, 1, fixed(op.result))
            word = result.cast(ui(self.streams.y.bits))
            task.write(self.streams.y.channel.handle, word)
