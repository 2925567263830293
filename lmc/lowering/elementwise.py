"""Patterns of ops that work element by element: one pipelined loop over words of a few lanes."""

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import SSAValue

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.lowering.arithmetic import aligned_sum, rescale
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Vector, fixed, lane, map_lanes
from lmc.numerics.run_order import Run

Parameter = tuple[Handle, int]
"""The stream of a weight vector and the bits of one of its elements."""


def _map(
    site: Site,
    name: str,
    operands: Operands,
    parameters: list[Parameter],
    result: SSAValue,
    element: Callable[..., Value],
) -> Vector:
    """A task that computes each element of `result` from those of operands and weight vectors.

    `element` takes one value for each operand, then one for each parameter.
    """
    vectors = [operands.vector(index) for index in range(len(operands.streams))]
    target = site.result(result)
    sources = [(vector.stream, vector.bits) for vector in vectors] + parameters
    with site.task(name) as task, task.nest((*site.loops, ("word", target.words))):
        words = [(task.read(stream), bits) for stream, bits in sources]

        def one(index: Value) -> Value:
            return element(*(lane(word, index, bits) for word, bits in words))

        task.write(target.stream, map_lanes(task, target.lanes, target.bits, one))
    return target


@lowers(ssm.BiasOp)
def lower_bias(op: ssm.BiasOp, operands: Operands, site: Site) -> Vector:
    """x + b, rescaled."""
    source, target = fixed(op.input), fixed(op.result)
    parameter = _vector(site, op.weight)

    def element(x: Value, b: Value) -> Value:
        return rescale(x + b, source.frac.data, source.mul.data, target)

    return _map(site, "bias", operands, [parameter], op.result, element)


@lowers(ssm.ScaleChannelsOp)
def lower_scale_channels(op: ssm.ScaleChannelsOp, operands: Operands, site: Site) -> Vector:
    """x · w, rescaled."""
    source, target = fixed(op.input), fixed(op.result)
    weight = site.weight_format(op.weight)
    frac = source.frac.data + weight.frac.data
    mul = source.mul.data * weight.mul.data

    def element(x: Value, w: Value) -> Value:
        return rescale(x * w, frac, mul, target)

    parameters = [_vector(site, op.weight)]
    return _map(site, "scale_channels", operands, parameters, op.result, element)


@lowers(ssm.MulOp)
def lower_mul(op: ssm.MulOp, operands: Operands, site: Site) -> Vector:
    """lhs · rhs, rescaled."""
    left, right, target = fixed(op.lhs), fixed(op.rhs), fixed(op.result)
    frac, mul = left.frac.data + right.frac.data, left.mul.data * right.mul.data

    def element(x: Value, y: Value) -> Value:
        return rescale(x * y, frac, mul, target)

    return _map(site, "mul", operands, [], op.result, element)


@lowers(ssm.AddOp)
def lower_add(op: ssm.AddOp, operands: Operands, site: Site) -> Vector:
    """lhs + rhs, aligned and rescaled."""
    left, right, target = fixed(op.lhs), fixed(op.rhs), fixed(op.result)

    def element(x: Value, y: Value) -> Value:
        total, frac = aligned_sum(x, left.frac.data, y, right.frac.data)
        return rescale(total, frac, 1, target)

    return _map(site, "add", operands, [], op.result, element)


def requantize_vector(op: ssm.RequantizeOp, operands: Operands, site: Site) -> Vector:
    """x in another format (lmc.lowering.activations registers the pattern of the op)."""
    source, target = fixed(op.input), fixed(op.result)

    def element(x: Value) -> Value:
        return rescale(x, source.frac.data, source.mul.data, target)

    return _map(site, "requantize", operands, [], op.result, element)


@lowers(ssm.SplitOp)
def lower_split(op: ssm.SplitOp, operands: Operands, site: Site) -> list[Vector]:
    """The runs one after the other, each into the stream of its piece."""
    source, order = operands.vector(0), op.runs
    targets = [site.result(piece) for piece in op.pieces]

    def deal(task: TaskBuilder, runs: Sequence[Run]) -> None:
        for run in runs:
            with task.loop("word", run.length // source.lanes, pipeline=True):
                task.write(targets[run.piece].stream, task.read(source.stream))

    with site.task("split") as task, task.nest(site.loops, pipeline=False):
        deal(task, order.prologue)
        if order.repeat:
            with task.loop("repeat", order.repeat):
                deal(task, order.repeated)
    return targets


@lowers(ssm.CausalConv1dStepOp)
def lower_conv(op: ssm.CausalConv1dStepOp, operands: Operands, site: Site) -> tuple[Vector, None]:
    """Channel by channel: the window's dot product, and the window moved on by one."""
    source, target_format = fixed(op.input), fixed(op.result)
    taps = ssm.shape_of(op.state.type)[1] + 1
    x, y, lanes = operands.vector(0), site.result(op.result), site.lanes
    weight, weight_bits = _vector(site, op.weight, lanes * taps)
    bias = _vector(site, op.bias) if op.bias is not None else None
    bits = x.bits
    window_bits = bits * (taps - 1)
    port = site.allocation.conv_state_port
    places = [port] if port is not None else []
    fields = [("", window_bits * lanes)]
    ((old, new),) = site.state(op.state, op.new_state, fields, x.words, places)
    frac = source.frac.data + site.weight_format(op.weight).frac.data
    with site.task("conv1d") as task, task.nest((*site.loops, ("word", x.words))):
        word, window = task.read(x.stream), task.read(old)
        weights = task.read(weight)
        biases = task.read(bias[0]) if bias is not None else None

        def element(index: Value) -> Value:
            newest = lane(word, index, bits)
            total = newest * lane(weights, index * taps + (taps - 1), weight_bits)
            for tap in range(taps - 1):
                past = lane(window, index * (taps - 1) + tap, bits)
                total = total + past * lane(weights, index * taps + tap, weight_bits)
            if bias is not None and biases is not None:
                total = total + lane(biases, index, bias[1])
            return rescale(total, frac, source.mul.data, target_format)

        task.write(y.stream, map_lanes(task, lanes, y.bits, element))

        def moved(index: Value, shifted: Value) -> list[Value]:
            low_bit = index * window_bits
            for tap in range(taps - 2):
                past = lane(window, index * (taps - 1) + (tap + 1), bits)
                shifted = shifted.insert(past, low_bit + tap * bits)
            return [shifted.insert(lane(word, index, bits), low_bit + (taps - 2) * bits)]

        empty = task.zero_word(window_bits * lanes)
        task.write(new, task.fold("moved", lanes, [empty], moved, unroll=True)[0])
    return y, None


def _vector(site: Site, reference: SymbolRefAttr, lanes: int | None = None) -> Parameter:
    bits = site.weight_format(reference).bits.data
    return site.parameter(reference, site.lanes if lanes is None else lanes), bits
