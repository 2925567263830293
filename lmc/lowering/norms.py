"""Patterns of normalization: reductions over a vector before anything comes out."""

from xdsl.dialects.builtin import FloatAttr

from lmc.dataflow.task import Buffer, TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.dialects.dataflow import ui
from lmc.lowering.arithmetic import ACCUMULATOR, rescale
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.tables import load_copies
from lmc.lowering.vectors import Operands, Vector, fixed, lane, map_lanes
from lmc.numerics.tables import norm_epsilon

_INDEX_BITS = 12


def _sum_of_squares(task: TaskBuilder, x: Vector, words: int, keep: Buffer | None = None) -> Value:
    """Σ x² over the next `words` words of a stream, which `keep` holds on to."""
    total = task.register("squares", ACCUMULATOR)
    with task.loop("square", words, pipeline=True) as index:
        word = task.read(x.stream)
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
    half = (((operand.bitlen() - _INDEX_BITS).max(0) + 1) >> 1).cast(ui(5)).named("shift")
    index = (operand >> (half << 1)).index()
    return table[0, index], half


@lowers(ssm.RMSNormOp)
def lower_rms_norm(op: ssm.RMSNormOp, operands: Operands, site: Site) -> Vector:
    """The vector is kept while its squares are summed, then scaled."""
    assert op.table is not None
    source, target = fixed(op.input), fixed(op.result)
    x, (table, entries) = operands.vector(0), site.table(op.table)
    y = site.result(op.result)
    frac = table.option("mantissa_shift")
    with site.task("rms_norm") as task:
        buffer = load_copies(task, table, entries, 1)
        keep = task.buffer("vector", ui(x.bits * x.lanes), (x.words,))
        with task.nest(site.loops, pipeline=False):
            total = _sum_of_squares(task, x, x.words, keep)
            entry, shift = _reciprocal_root(task, total, source, op.eps, x.length, buffer)
            mantissa = entry.slice(0, _mantissa_bits(table), signed=False).named("mantissa")
            with task.loop("scale", x.words, pipeline=True) as index:
                word = keep[index]

                def element(index: Value) -> Value:
                    product = lane(word, index, x.bits) * mantissa
                    return rescale(product, frac, source.mul.data, target, shift)

                task.write(y.stream, map_lanes(task, y.lanes, y.bits, element))
    return y


def _mantissa_bits(table: ssm.TableOp) -> int:
    assert isinstance(table.output, ssm.PseudoFloatType)
    return table.output.bits.data


@lowers(ssm.RMSScaleOp)
def lower_rms_scale(op: ssm.RMSScaleOp, operands: Operands, site: Site) -> Vector:
    """One pseudo-float for each norm group."""
    assert op.table is not None
    source = fixed(op.input)
    x, (table, entries) = operands.vector(0), site.table(op.table)
    y = site.result(op.result, 1)
    group, bits = x.length // y.length, _mantissa_bits(table)
    with site.task("rms_scale") as task:
        buffer = load_copies(task, table, entries, 1)
        with task.nest((*site.loops, ("group", y.length)), pipeline=False):
            total = _sum_of_squares(task, x, group // x.lanes)
            entry, shift = _reciprocal_root(task, total, source, op.eps, group, buffer)
            mantissa = entry.slice(0, bits, signed=False).named("mantissa")
            word = task.zero_word(y.bits).insert(mantissa, 0).insert(shift, bits)
            task.write(y.stream, word)
    return y


@lowers(ssm.ScaleOp)
def lower_scale(op: ssm.ScaleOp, operands: Operands, site: Site) -> Vector:
    """Each group of the vector times its pseudo-float."""
    source, target = fixed(op.input), fixed(op.result)
    factor = ssm.format_of(op.factor.type)
    assert isinstance(factor, ssm.PseudoFloatType)
    x, scales, y = operands.vector(0), operands.vector(1), site.result(op.result)
    bits, frac = factor.bits.data, source.frac.data + factor.frac.data
    words = x.words // scales.length
    with (
        site.task("scale") as task,
        task.nest((*site.loops, ("group", scales.length)), pipeline=False),
    ):
        scale = task.read(scales.stream)
        mantissa = scale.slice(0, bits, signed=False).named("mantissa")
        shift = scale.slice(bits, 5, signed=False).named("shift")
        with task.loop("word", words, pipeline=True):
            word = task.read(x.stream)

            def element(index: Value) -> Value:
                product = lane(word, index, x.bits) * mantissa
                return rescale(product, frac, source.mul.data, target, shift)

            task.write(y.stream, map_lanes(task, y.lanes, y.bits, element))
    return y
