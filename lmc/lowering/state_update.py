"""The pattern of the selective state update: a few blocks of the state a cycle."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import IntegerType

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, si, ui
from lmc.lowering.arithmetic import ACCUMULATOR, rescale, shifted_left
from lmc.lowering.largest import largest
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Vector, fixed, lane, name_of
from lmc.memory_layout.words import WORD_BITS


@dataclass(frozen=True)
class _Shape:
    """The state: rows of `blocks` blocks of `lanes` elements; a head's rows share dt and decay.

    `at_once` blocks are updated in a cycle; a bank holds `per_bank` of them.
    """

    heads: int
    rows_per_head: int
    blocks: int
    lanes: int
    heads_per_group: int
    at_once: int
    per_bank: int

    @property
    def steps(self) -> int:
        """Cycles that a row takes."""
        return self.blocks // self.at_once

    @property
    def groups(self) -> int:
        """Groups of heads, each with its own B and C."""
        return self.heads // self.heads_per_group


@dataclass(frozen=True)
class _Part:
    """One bank's blocks of a step: their elements, and their exponents."""

    values: Handle
    exponents: Handle


@dataclass(frozen=True)
class _Streams:
    decay: Vector
    dt: Vector
    x: Vector
    b: Vector
    c: Vector
    d: Handle
    old: Sequence[_Part]
    new: Sequence[_Part]
    y: Vector


@lowers(ssm.SelectiveStateUpdateOp)
def lower_state_update(
    op: ssm.SelectiveStateUpdateOp, operands: Operands, site: Site
) -> tuple[Vector, None]:
    """Rows of all heads, a few blocks at a time; B and C of a group of heads are in buffers."""
    state = ssm.format_of(op.state.type)
    if not isinstance(state, ssm.BlockType):
        raise LmcError(f"the SSM state is {state}, not block floating point: run quantize first")
    shape = _state_shape(site, op, state)
    by_channel = len(ssm.shape_of(op.state.type)) == 2
    rows = shape.heads * shape.rows_per_head
    old, new = _state_parts(site, op, shape, state)
    decay, dt, x, b, c = (operands.vector(index) for index in range(1, 6))
    target = fixed(op.result)
    name = f"{name_of(op.result, 'y')}_rows"
    result = site.vector(name, rows, target.bits.data, 1, element=target)
    streams = _Streams(
        decay if by_channel else site.resize(decay, 1),
        site.resize(dt, 1),
        site.resize(x, 1),
        b,
        c,
        site.parameter(op.d, 1),
        old,
        new,
        result,
    )
    with site.task("state_update") as task:
        unit = _Unit(task, op, shape, streams, state, site.weight_format(op.d).frac.data)
        with task.nest((*site.loops, ("group", shape.groups)), pipeline=False):
            unit.load_vectors()
            loops = [("head", shape.heads_per_group), ("row", shape.rows_per_head)]
            if shape.steps > 1:
                loops.append(("step", shape.steps))
            with task.nest(loops) as (_, row, *step):
                unit.step(row, step[0] if step else task.to_index(0), by_channel)
    return site.resize(result, site.lanes), None


def _state_shape(site: Site, op: ssm.SelectiveStateUpdateOp, state: ssm.BlockType) -> _Shape:
    dims, lanes = ssm.shape_of(op.state.type), state.group.data
    blocks, allocation = dims[-1] // lanes, site.allocation
    at_once = site.state_blocks(dims, state)
    groups = ssm.shape_of(op.b.type)[0] // dims[-1]
    banks = max(len(allocation.state_ports), 1)
    if at_once % banks:
        raise LmcError(
            f"the SSM state has {len(allocation.state_ports)} ports, which do not divide the "
            f"{at_once} blocks of a row that are updated in a cycle: allocate fewer"
        )
    if at_once // banks * lanes * state.bits.data > WORD_BITS:
        raise LmcError(
            f"{at_once // banks} blocks of the SSM state with {lanes} x {state.bits.data} bits "
            f"exceed a word of {WORD_BITS} bits: update fewer in a cycle, or allocate more ports"
        )
    rows_per_head = 1 if len(dims) == 2 else dims[1]
    return _Shape(
        dims[0], rows_per_head, blocks, lanes, dims[0] // groups, at_once, at_once // banks
    )


def _state_parts(
    site: Site, op: ssm.SelectiveStateUpdateOp, shape: _Shape, state: ssm.BlockType
) -> tuple[Sequence[_Part], Sequence[_Part]]:
    """Streams of the old and the new state, a part for each bank.

    Elements and exponents have banks of their own: so both fill memory words.
    """
    count = shape.heads * shape.rows_per_head * shape.steps
    banks = shape.at_once // shape.per_bank
    fields: list[tuple[str, int]] = []
    for bank in range(banks):
        suffix = f"_{bank}" if banks > 1 else ""
        fields.append((suffix, shape.per_bank * shape.lanes * state.bits.data))
        fields.append((f"{suffix}_exponents", shape.per_bank * ssm.EXPONENT_BITS))
    places = [place for place in site.allocation.state_ports for _ in range(2)]
    ends = site.state(op.state, op.new_state, fields, count, places)
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    old = [_Part(values[0], exponents[0]) for values, exponents in pairs]
    return old, [_Part(values[1], exponents[1]) for values, exponents in pairs]


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
        self.d = task.register("d", streams.d.element_type)
        self.total = task.register("total", ACCUMULATOR)

    def _vector_buffer(self, name: str, vector: Vector, size: int) -> Buffer:
        factor = max(self.shape.lanes * self.shape.at_once, vector.lanes)
        return self.task.buffer(name, si(vector.bits), (size,), "lutram", {0: min(factor, size)})

    def load_vectors(self) -> None:
        """Takes B and C of the next group of heads."""
        for name, buffer, vector in (("b", self.b, self.streams.b), ("c", self.c, self.streams.c)):
            words = self.shape.blocks * self.shape.lanes // vector.lanes
            with self.task.loop(f"load_{name}", words, pipeline=True) as index:
                word = self.task.read(vector.stream)
                with self.task.loop("lane", vector.lanes, unroll=True) as position:
                    buffer[index * vector.lanes + position] = lane(word, position, vector.bits)

    def _held(self, register_name: str, source: Handle, condition: Value) -> Value:
        register = getattr(self, register_name)
        value = self.task.choose(
            condition, lambda: [self.task.read(source)], lambda: [register.get()]
        )[0]
        register.set(value)
        return value

    def step(self, row: Value, step: Value, by_channel: bool) -> None:
        """A few blocks: new values, their exponents, their part of the output."""
        task, streams = self.task, self.streams
        begins_row = step.eq(0)
        begins_head = begins_row & row.eq(0)
        dt = self._held("dt", streams.dt.stream, begins_head).slice(0, streams.dt.bits)
        if by_channel:
            decay = task.read(streams.decay.stream)
        else:
            decay = self._held("decay", streams.decay.stream, begins_head)
        x = self._held("x", streams.x.stream, begins_row).slice(0, streams.x.bits)
        d = self._held("d", streams.d, begins_head).slice(0, streams.d.element_type.width.data)
        assert isinstance(self.op.dtx, ssm.FixedType)
        dtx = rescale(
            dt * x, fixed(self.op.dt).frac.data + fixed(self.op.x).frac.data, 1, self.op.dtx
        )
        old_values = task.concat([task.read(part.values) for part in streams.old])
        old_exponents = task.concat([task.read(part.exponents) for part in streams.old])
        place = step * (self.shape.at_once * self.shape.lanes)
        sizes = (self.shape.at_once, self.shape.lanes)
        blocks = _Blocks(
            task.buffer("values", self._wide, sizes, "register", {0: COMPLETE, 1: COMPLETE}),
            task.buffer(
                "quantized",
                si(self.state.bits.data),
                sizes,
                "register",
                {0: COMPLETE, 1: COMPLETE},
            ),
        )

        def one_block(index: Value, exponents: Value, part: Value) -> list[Value]:
            exponent = old_exponents.slice(
                index * ssm.EXPONENT_BITS, ssm.EXPONENT_BITS, signed=False
            )
            old = _Old(old_values, exponent, decay)
            self._new_values(old, dtx, index, place, blocks.values, by_channel)
            found = self._quantize(blocks, index)
            output = self._output(blocks.quantized, found, index, place)
            return [
                exponents.insert(found, index * ssm.EXPONENT_BITS),
                task.add(part, output, ACCUMULATOR),
            ]

        none = task.zero_word(self.shape.at_once * ssm.EXPONENT_BITS)
        start = [none, task.constant(0, ACCUMULATOR)]
        exponents, part = task.fold("block", self.shape.at_once, start, one_block, unroll=True)
        self._write_state(blocks.quantized, exponents)
        self._write_output(part, step, x, d)

    @property
    def _wide(self) -> IntegerType:
        """The type of a new value before it is rounded to its block's exponent."""
        return si(self.state.bits.data + ssm.MAX_EXPONENT + 1)

    def _new_values(
        self, old: "_Old", dtx: Value, block: Value, place: Value, values: Buffer, by_channel: bool
    ) -> None:
        """decay · state + dtx · B in the state's unit, for each lane of a block."""
        task, op, state = self.task, self.op, self.state
        width, lanes, wide = state.bits.data, self.shape.lanes, self._wide
        assert isinstance(op.dtx, ssm.FixedType)
        left_frac = fixed(op.decay).frac.data + state.frac.data
        right_frac = op.dtx.frac.data + fixed(op.b).frac.data
        frac = max(left_frac, right_frac)
        bits = self.streams.decay.bits
        with task.loop("lane", lanes, unroll=True) as index:
            position = block * lanes + index
            kept = lane(old.values, position, width).shl(old.exponent, wide)
            factor = lane(old.decay, position, bits) if by_channel else old.decay.slice(0, bits)
            left = shifted_left(factor * kept, frac - left_frac)
            right = shifted_left(dtx * self.b[place + position], frac - right_frac)
            values[block, index] = (left + right).rss(frac - state.frac.data, wide)

    def _quantize(self, blocks: "_Blocks", block: Value) -> Value:
        """A block's integers; the exponent that they share."""
        task, width, lanes = self.task, self.state.bits.data, self.shape.lanes
        top = largest(
            task,
            "top",
            lanes,
            lambda index: abs(blocks.values[block, index]),
            ui(width + ssm.MAX_EXPONENT + 1),
            [(block, self.shape.at_once)],
        )
        raw = top.bitlen() - (width - 1)
        exponent = raw.max(0).min(ssm.MAX_EXPONENT).cast(ui(ssm.EXPONENT_BITS))
        with task.loop("round", lanes, unroll=True) as index:
            blocks.quantized[block, index] = blocks.values[block, index].rss(exponent, si(width))
        return exponent

    def _write_state(self, quantized: Buffer, exponents: Value) -> None:
        task, width, shape = self.task, self.state.bits.data, self.shape
        for number, part in enumerate(self.streams.new):
            first = number * shape.per_bank

            def place(block: Value, word: Value, first: int = first) -> list[Value]:
                def one(index: Value, word: Value) -> list[Value]:
                    start = (block * shape.lanes + index) * width
                    return [word.insert(quantized[block + first, index], start)]

                return [task.fold("place", shape.lanes, [word], one, unroll=True)[0]]

            empty = task.zero_word(shape.per_bank * shape.lanes * width)
            word = task.fold("place_block", shape.per_bank, [empty], place, unroll=True)[0]
            task.write(part.values, word)
            bits = shape.per_bank * ssm.EXPONENT_BITS
            task.write(part.exponents, exponents.slice(number * bits, bits, signed=False))

    def _output(self, quantized: Buffer, exponent: Value, block: Value, place: Value) -> Value:
        """A block's part of Σ C · state."""
        task, lanes = self.task, self.shape.lanes

        def product(index: Value) -> Value:
            return quantized[block, index] * self.c[place + block * lanes + index]

        part = task.sum("output", lanes, product)
        return part.shl(exponent, si(part.width + ssm.MAX_EXPONENT))

    def _write_output(self, part: Value, step: Value, x: Value, d: Value) -> None:
        """Adds a part of a row's output; with the last one, D · x joins and y goes out."""
        task, op = self.task, self.op
        total = task.add(step.eq(0).select(0, self.total.get()), part, ACCUMULATOR)
        self.total.set(total)
        with task.when(step.eq(self.shape.steps - 1)):
            left_frac = self.state.frac.data + fixed(op.c).frac.data
            weight_frac = self.d_frac + fixed(op.x).frac.data
            frac = max(left_frac, weight_frac)
            left = total.shl(frac - left_frac, ACCUMULATOR)
            right = (d * x).shl(frac - weight_frac, ACCUMULATOR)
            result = rescale(task.add(left, right, ACCUMULATOR), frac, 1, fixed(op.result))
            word = result.cast(ui(self.streams.y.bits))
            task.write(self.streams.y.stream, word)


@dataclass(frozen=True)
class _Blocks:
    """The blocks of a step: [blocks, lanes] before and after rounding."""

    values: Buffer
    quantized: Buffer


@dataclass(frozen=True)
class _Old:
    """What a block was: the step's elements, the block's exponent, the factors it is kept with."""

    values: Value
    exponent: Value
    decay: Value
