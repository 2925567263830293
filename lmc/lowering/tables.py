"""Patterns of functions that are looked up: silu, softplus, and the decay's exp."""

import math

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import COMPLETE, TABLE_BASE_BITS, TABLE_SLOPE_BITS, si, table_entries, ui
from lmc.lowering.arithmetic import rescale
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Vector, fixed, lane, map_lanes


def load_copies(task: TaskBuilder, table: ssm.TableOp, source: Handle, copies: int) -> Buffer:
    """Fills `copies` equal buffers at launch, one for each look-up of a cycle."""
    entries = table_entries(table)
    buffer = task.buffer("table", source.element_type, (copies, entries), "bram", {0: COMPLETE})
    with task.loop("load_table", entries, pipeline=True) as index:
        entry = task.read(source)
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
    op: ssm.SiluOp | ssm.SoftplusOp,
    operands: Operands,
    site: Site,
    name: str,
    limits: tuple[int, int] | None,
) -> Vector:
    assert op.table is not None
    x, (table, entries) = operands.vector(0), site.table(op.table)
    y = site.result(op.result)
    with site.task(name) as task:
        buffer = load_copies(task, table, entries, x.lanes)
        with task.nest((*site.loops, ("word", x.words))):
            word = task.read(x.stream)

            def element(index: Value) -> Value:
                value = look_up(buffer, index, lane(word, index, x.bits), table, y.bits)
                return value if limits is None else value.max(limits[0]).min(limits[1])

            task.write(y.stream, map_lanes(task, y.lanes, y.bits, element))
    return y


@lowers(ssm.SiluOp)
def lower_silu(op: ssm.SiluOp, operands: Operands, site: Site) -> Vector:
    """A table look-up in each lane."""
    return _lower_function(op, operands, site, "silu", None)


@lowers(ssm.SoftplusOp)
def lower_softplus(op: ssm.SoftplusOp, operands: Operands, site: Site) -> Vector:
    """A table look-up in each lane, clamped to the time step's limits."""
    target = fixed(op.result)
    most = (1 << (target.bits.data - 1)) - 1
    limits = (-most - 1, most)
    if op.low is not None:
        limits = (_units(op.low.value.data, target), limits[1])
    if op.high is not None and math.isfinite(op.high.value.data):
        limits = (limits[0], min(_units(op.high.value.data, target), most))
    used = None if limits == (-most - 1, most) else limits
    return _lower_function(op, operands, site, "softplus", used)


def _units(value: float, target: ssm.FixedType) -> int:
    return math.floor(value * 2.0**target.frac.data / target.mul.data + 0.5)


@lowers(ssm.DecayOp)
def lower_decay(op: ssm.DecayOp, operands: Operands, site: Site) -> Vector:
    """exp(dt · A): for each word of A's elements, one dt (Mamba-1) or a word of them (Mamba-2)."""
    assert op.table is not None
    assert isinstance(op.argument, ssm.FixedType)
    argument = op.argument
    table, entries = site.table(op.table)
    shape = ssm.shape_of(op.result.type)
    by_channel = len(shape) == 2
    lanes = site.state_lanes if by_channel else site.lanes
    dt = site.resize(operands.vector(0), 1 if by_channel else lanes)
    weight, weight_bits = site.parameter(op.weight, lanes), site.weight_format(op.weight).bits.data
    target = site.result(op.result, lanes)
    source, factor = fixed(op.dt), site.weight_format(op.weight)
    frac, mul = source.frac.data + factor.frac.data, source.mul.data * factor.mul.data
    inner = shape[1] // lanes if by_channel else 1
    with site.task("decay") as task:
        buffer = load_copies(task, table, entries, lanes)
        held = task.register("dt", ui(dt.bits * dt.lanes))
        with task.nest((*site.loops, ("word", dt.words), ("part", inner))) as (*_, part):
            times = task.choose(part.eq(0), lambda: [task.read(dt.stream)], lambda: [held.get()])[0]
            held.set(times)
            word = task.read(weight)

            def element(index: Value) -> Value:
                time = lane(times, 0 if by_channel else index, dt.bits)
                product = time * lane(word, index, weight_bits)
                exponent = rescale(product, frac, mul, argument)
                return look_up(buffer, index, exponent, table, target.bits)

            task.write(target.stream, map_lanes(task, lanes, target.bits, element))
    return target
