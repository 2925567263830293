"""Patterns of functions that are looked up: silu, softplus, and the decay's exp."""

import math

from lmc.dataflow.builder import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, TABLE_BASE_BITS, TABLE_SLOPE_BITS, si, table_entries, ui
from lmc.lowering.arithmetic import rescale
from lmc.lowering.context import Lowering, fixed, lane, map_lanes
from lmc.lowering.network import Channel
from lmc.lowering.patterns import lowers


def load_copies(task: TaskBuilder, table: ssm.TableOp, source: Channel, copies: int) -> Buffer:
    """Fills `copies` equal buffers at launch, one for each look-up of a cycle."""
    entries = table_entries(table)
    buffer = task.buffer("table", source.element, (copies, entries), "bram", {0: COMPLETE})
    with task.loop("load_table", entries, pipeline=True) as index:
        entry = task.read(source.handle)
        with task.loop("copy", copies, unroll=True) as copy:
            buffer[copy, index] = entry
    return buffer


def look_up(buffer: Buffer, copy: Value, x: Value, table: ssm.TableOp, bits: int) -> Value:
    """The piecewise linear function of x, as si`bits`."""
    shift, slope_frac = table.option("shift"), table.option("slope_frac")
    offset = x - table.option("low")
    segment = (offset >> shift).max(0).min(table.option("segments") - 1)
    rest = offset - (segment << shift)
    entry = buffer[copy, segment.index()]
    base = entry.slice(0, TABLE_BASE_BITS)
    slope = entry.slice(TABLE_BASE_BITS, TABLE_SLOPE_BITS)
    return ((base << slope_frac) + slope * rest).rss(slope_frac, si(bits))


def _lower_function(
    low: Lowering, op: ssm.SiluOp | ssm.SoftplusOp, name: str, limits: tuple[int, int] | None
) -> None:
    assert op.table is not None
    table, entries = low.table(op.table)
    x, scope = low.use(op.input), low.scope
    y = low.define(op.result)

    def body(task: TaskBuilder) -> None:
        buffer = load_copies(task, table, entries, x.lanes)
        with task.nest((*scope.loops, ("word", x.words))):
            word = task.read(x.channel.handle)

            def element(index: Value) -> Value:
                value = look_up(buffer, index, lane(word, index, x.bits), table, y.bits)
                return value if limits is None else value.max(limits[0]).min(limits[1])

            task.write(y.channel.handle, map_lanes(task, y.lanes, y.bits, element))

    low.task(op, name, [x.channel, entries], [y.channel], body)


@lowers(ssm.SiluOp)
def lower_silu(low: Lowering, op: ssm.SiluOp) -> None:
    """A table look-up in each lane."""
    _lower_function(low, op, "silu", None)


@lowers(ssm.SoftplusOp)
def lower_softplus(low: Lowering, op: ssm.SoftplusOp) -> None:
    """A table look-up in each lane, clamped to the time step's limits."""
    target = fixed(op.result)
    most = (1 << (target.bits.data - 1)) - 1
    limits = (-most - 1, most)
    if op.low is not None:
        limits = (_units(op.low.value.data, target), limits[1])
    if op.high is not None and math.isfinite(op.high.value.data):
        limits = (limits[0], min(_units(op.high.value.data, target), most))
    _lower_function(low, op, "softplus", None if limits == (-most - 1, most) else limits)


def _units(value: float, target: ssm.FixedType) -> int:
    return math.floor(value * 2.0**target.frac.data / target.mul.data + 0.5)


@lowers(ssm.DecayOp)
def lower_decay(low: Lowering, op: ssm.DecayOp) -> None:
    """exp(dt · A): for each word of A's elements, one dt (Mamba-1) or a word of them (Mamba-2)."""
    assert op.table is not None
    assert isinstance(op.argument, ssm.FixedType)
    argument = op.argument
    table, entries = low.table(op.table)
    shape = ssm.shape_of(op.result.type)
    by_channel = len(shape) == 2
    lanes = low.state_lanes if by_channel else low.lanes
    dt = low.resize(low.use(op.dt), 1 if by_channel else lanes)
    weight_bits = low.weight_format(op.weight).bits.data
    weight, scope = low.parameter(op.weight, lanes), low.scope
    target = low.define(op.result, lanes)
    source, factor = fixed(op.dt), low.weight_format(op.weight)
    frac, mul = source.frac.data + factor.frac.data, source.mul.data * factor.mul.data
    inner = shape[1] // lanes if by_channel else 1

    def body(task: TaskBuilder) -> None:
        buffer = load_copies(task, table, entries, lanes)
        held = task.register("dt", ui(dt.bits * dt.lanes))
        with task.nest((*scope.loops, ("word", dt.words), ("part", inner))) as (*_, part):
            times = task.choose(
                part.eq(0), lambda: [task.read(dt.channel.handle)], lambda: [held.get()]
            )[0]
            held.set(times)
            word = task.read(weight.handle)

            def element(index: Value) -> Value:
                time = lane(times, 0 if by_channel else index, dt.bits)
                product = time * lane(word, index, weight_bits)
                exponent = rescale(product, frac, mul, argument)
                return look_up(buffer, index, exponent, table, target.bits)

            task.write(target.channel.handle, map_lanes(task, lanes, target.bits, element))

    low.task(op, "decay", [dt.channel, weight, entries], [target.channel], body)
