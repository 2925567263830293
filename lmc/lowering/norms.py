"""Patterns of normalization: reductions over a vector before anything comes out."""

from xdsl.dialects.builtin import FloatAttr

from lmc.dataflow.builder import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import ui
from lmc.lowering.arithmetic import ACCUMULATOR, rescale
from lmc.lowering.context import Lowering, Vector, fixed, lane, map_lanes
from lmc.lowering.patterns import lowers
from lmc.lowering.tables import load_copies
from lmc.numerics.tables import norm_epsilon

_INDEX_BITS = 12


def _sum_of_squares(task: TaskBuilder, x: Vector, words: int, keep: Buffer | None = None) -> Value:
    """Σ x² over the next `words` words of a stream, which `keep` holds on to."""
    total = task.register("squares", ACCUMULATOR)
    with task.loop("square", words, pipeline=True) as index:
        word = task.read(x.channel.handle)
        if keep is not None:
            keep[index] = word

        def square(index: Value) -> Value:
            element = lane(word, index, x.bits)
            return element * element

        before = index.eq(0).select(0, total.get())
        total.set(task.add(before, task.sum("lane", x.lanes, square), ACCUMULATOR))
    return total.get()


def _reciprocal_root(
    task: TaskBuilder,
    total: Value,
    source: ssm.FixedType,
    eps: FloatAttr,
    length: int,
    table: Buffer,
) -> tuple[Value, Value]:
    """Mantissa and right shift of 1 / sqrt(mean + eps) for a sum of `length` squares."""
    epsilon = norm_epsilon(eps.value.data, length, source.frac.data, source.mul.data)
    operand = task.add(total, epsilon, ACCUMULATOR).cast(ui(62))
    half = (((operand.bitlen() - _INDEX_BITS).max(0) + 1) >> 1).cast(ui(5))
    index = (operand >> (half << 1)).index()
    return table[0, index], half


@lowers(ssm.RMSNormOp)
def lower_rms_norm(low: Lowering, op: ssm.RMSNormOp) -> None:
    """The vector is kept while its squares are summed, then scaled."""
    assert op.table is not None
    source, target = fixed(op.input), fixed(op.result)
    table, entries = low.table(op.table)
    x, scope = low.use(op.input), low.scope
    y = low.define(op.result)
    frac = table.option("mantissa_shift")

    def body(task: TaskBuilder) -> None:
        buffer = load_copies(task, table, entries, 1)
        keep = task.buffer("vector", ui(x.bits * x.lanes), (x.words,))
        with task.nest(scope.loops, pipeline=False):
            total = _sum_of_squares(task, x, x.words, keep)
            entry, shift = _reciprocal_root(task, total, source, op.eps, x.length, buffer)
            mantissa = entry.slice(0, _mantissa_bits(table), signed=False)
            with task.loop("scale", x.words, pipeline=True) as index:
                word = keep[index]

                def element(index: Value) -> Value:
                    product = lane(word, index, x.bits) * mantissa
                    return rescale(product, frac, source.mul.data, target, shift)

                task.write(y.channel.handle, map_lanes(task, y.lanes, y.bits, element))

    low.task(op, "rms_norm", [x.channel, entries], [y.channel], body)


def _mantissa_bits(table: ssm.TableOp) -> int:
    assert isinstance(table.output, ssm.PseudoFloatType)
    return table.output.bits.data


@lowers(ssm.RMSScaleOp)
def lower_rms_scale(low: Lowering, op: ssm.RMSScaleOp) -> None:
    """One pseudo-float for each norm group."""
    assert op.table is not None
    source = fixed(op.input)
    table, entries = low.table(op.table)
    x, scope = low.use(op.input), low.scope
    y = low.define(op.result, 1)
    group = x.length // y.length

    def body(task: TaskBuilder) -> None:
        buffer = load_copies(task, table, entries, 1)
        bits = _mantissa_bits(table)
        with task.nest((*scope.loops, ("group", y.length)), pipeline=False):
            total = _sum_of_squares(task, x, group // x.lanes)
            entry, shift = _reciprocal_root(task, total, source, op.eps, group, buffer)
            mantissa = entry.slice(0, bits, signed=False)
            word = task.zero_word(y.bits).insert(mantissa, 0).insert(shift, bits)
            task.write(y.channel.handle, word)

    low.task(op, "rms_scale", [x.channel, entries], [y.channel], body)


@lowers(ssm.ScaleOp)
def lower_scale(low: Lowering, op: ssm.ScaleOp) -> None:
    """Each group of the vector times its pseudo-float."""
    source, target = fixed(op.input), fixed(op.result)
    factor = ssm.format_of(op.factor.type)
    assert isinstance(factor, ssm.PseudoFloatType)
    x, scales, scope = low.use(op.input), low.use(op.factor), low.scope
    y = low.define(op.result)
    bits, frac = factor.bits.data, source.frac.data + factor.frac.data
    words = x.words // scales.length

    def body(task: TaskBuilder) -> None:
        with task.nest((*scope.loops, ("group", scales.length)), pipeline=False):
            scale = task.read(scales.channel.handle)
            mantissa = scale.slice(0, bits, signed=False)
            shift = scale.slice(bits, 5, signed=False)
            with task.loop("word", words, pipeline=True):
                word = task.read(x.channel.handle)

                def element(index: Value) -> Value:
                    product = lane(word, index, x.bits) * mantissa
                    return rescale(product, frac, source.mul.data, target, shift)

                task.write(y.channel.handle, map_lanes(task, y.lanes, y.bits, element))

    low.task(op, "scale", [x.channel, scales.channel], [y.channel], body)
