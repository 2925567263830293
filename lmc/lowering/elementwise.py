"""Patterns of ops that work element by element: one pipelined loop over words of a few lanes."""

from collections.abc import Callable, Sequence

from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.builder import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects import ssm
from lmc.lowering.arithmetic import aligned_sum, rescale
from lmc.lowering.context import Lowering, fixed, lane, map_lanes
from lmc.lowering.network import Channel
from lmc.lowering.patterns import lowers
from lmc.numerics.run_order import Run


def _map(
    low: Lowering,
    op: Operation,
    name: str,
    operands: list[SSAValue],
    parameters: list[tuple[Channel, int]],
    result: SSAValue,
    element: Callable[..., Value],
) -> None:
    """A task that computes each element of `result` from those of operands and weight vectors.

    `parameters` are (stream, bits of an element); `element` takes one value for each operand,
    then one for each parameter.
    """
    vectors = [low.use(operand) for operand in operands]
    target = low.define(result)
    sources = [(vector.channel, vector.bits) for vector in vectors] + parameters

    def body(task: TaskBuilder) -> None:
        with task.nest((*low_scope.loops, ("word", target.words))):
            words = [(task.read(channel.handle), bits) for channel, bits in sources]

            def one(index: Value) -> Value:
                return element(*(lane(word, index, bits) for word, bits in words))

            task.write(target.channel.handle, map_lanes(task, target.lanes, target.bits, one))

    low_scope = low.scope
    low.task(op, name, [channel for channel, _ in sources], [target.channel], body)


@lowers(ssm.BiasOp)
def lower_bias(low: Lowering, op: ssm.BiasOp) -> None:
    """x + b, rescaled."""
    source, target = fixed(op.input), fixed(op.result)
    parameter = _vector(low, op.weight)

    def element(x: Value, b: Value) -> Value:
        return rescale(x + b, source.frac.data, source.mul.data, target)

    _map(low, op, "bias", [op.input], [parameter], op.result, element)


@lowers(ssm.ScaleChannelsOp)
def lower_scale_channels(low: Lowering, op: ssm.ScaleChannelsOp) -> None:
    """x · w, rescaled."""
    source, target = fixed(op.input), fixed(op.result)
    weight = low.weight_format(op.weight)
    frac = source.frac.data + weight.frac.data
    mul = source.mul.data * weight.mul.data

    def element(x: Value, w: Value) -> Value:
        return rescale(x * w, frac, mul, target)

    _map(low, op, "scale_channels", [op.input], [_vector(low, op.weight)], op.result, element)


@lowers(ssm.MulOp)
def lower_mul(low: Lowering, op: ssm.MulOp) -> None:
    """lhs · rhs, rescaled."""
    left, right, target = fixed(op.lhs), fixed(op.rhs), fixed(op.result)
    frac, mul = left.frac.data + right.frac.data, left.mul.data * right.mul.data

    def element(x: Value, y: Value) -> Value:
        return rescale(x * y, frac, mul, target)

    _map(low, op, "mul", [op.lhs, op.rhs], [], op.result, element)


@lowers(ssm.AddOp)
def lower_add(low: Lowering, op: ssm.AddOp) -> None:
    """lhs + rhs, aligned and rescaled."""
    left, right, target = fixed(op.lhs), fixed(op.rhs), fixed(op.result)

    def element(x: Value, y: Value) -> Value:
        total, frac = aligned_sum(x, left.frac.data, y, right.frac.data)
        return rescale(total, frac, 1, target)

    _map(low, op, "add", [op.lhs, op.rhs], [], op.result, element)


def requantize_vector(low: Lowering, op: ssm.RequantizeOp) -> None:
    """x in another format (lmc.lowering.operands registers the pattern of the op)."""
    source, target = fixed(op.input), fixed(op.result)

    def element(x: Value) -> Value:
        return rescale(x, source.frac.data, source.mul.data, target)

    _map(low, op, "requantize", [op.input], [], op.result, element)


@lowers(ssm.SplitOp)
def lower_split(low: Lowering, op: ssm.SplitOp) -> None:
    """The runs one after the other, each into the stream of its piece."""
    source, scope, order = low.use(op.input), low.scope, op.runs
    targets = [low.define(piece) for piece in op.pieces]

    def deal(task: TaskBuilder, runs: Sequence[Run]) -> None:
        for run in runs:
            with task.loop("word", run.length // source.lanes, pipeline=True):
                task.write(targets[run.piece].channel.handle, task.read(source.channel.handle))

    def body(task: TaskBuilder) -> None:
        with task.nest(scope.loops, pipeline=False):
            deal(task, order.prologue)
            if order.repeat:
                with task.loop("repeat", order.repeat):
                    deal(task, order.repeated)

    low.task(op, "split", [source.channel], [target.channel for target in targets], body)


@lowers(ssm.CausalConv1dStepOp)
def lower_conv(low: Lowering, op: ssm.CausalConv1dStepOp) -> None:
    """Channel by channel: the window's dot product, and the window moved on by one."""
    source, target_format = fixed(op.input), fixed(op.result)
    taps = ssm.shape_of(op.state.type)[1] + 1
    x, scope, lanes = low.use(op.input), low.scope, low.lanes
    y = low.define(op.result)
    weight, weight_bits = _vector(low, op.weight, lanes * taps)
    bias = _vector(low, op.bias) if op.bias is not None else None
    bits = x.bits
    window_bits = bits * (taps - 1)
    port = low.allocation.conv_state_port
    places = [port] if port is not None else []
    fields = [("", window_bits * lanes)]
    ((old, new),) = low.state(op.state, op.new_state, fields, x.words, places)
    frac = source.frac.data + low.weight_format(op.weight).frac.data

    def body(task: TaskBuilder) -> None:
        with task.nest((*scope.loops, ("word", x.words))):
            word, window = task.read(x.channel.handle), task.read(old.handle)
            weights = task.read(weight.handle)
            biases = task.read(bias[0].handle) if bias is not None else None

            def element(index: Value) -> Value:
                newest = lane(word, index, bits)
                total = newest * lane(weights, index * taps + (taps - 1), weight_bits)
                for tap in range(taps - 1):
                    past = lane(window, index * (taps - 1) + tap, bits)
                    total = total + past * lane(weights, index * taps + tap, weight_bits)
                if bias is not None and biases is not None:
                    total = total + lane(biases, index, bias[1])
                return rescale(total, frac, source.mul.data, target_format)

            task.write(y.channel.handle, map_lanes(task, lanes, y.bits, element))

            def moved(index: Value, shifted: Value) -> list[Value]:
                low_bit = index * window_bits
                for tap in range(taps - 2):
                    past = lane(window, index * (taps - 1) + (tap + 1), bits)
                    shifted = shifted.insert(past, low_bit + tap * bits)
                return [shifted.insert(lane(word, index, bits), low_bit + (taps - 2) * bits)]

            empty = task.zero_word(window_bits * lanes)
            task.write(new.handle, task.fold("moved", lanes, [empty], moved, unroll=True)[0])

    reads = [x.channel, old, weight, *([bias[0]] if bias is not None else [])]
    low.task(op, "conv1d", reads, [y.channel, new], body)


def _vector(low: Lowering, symbol: SymbolRefAttr, lanes: int | None = None) -> tuple[Channel, int]:
    """The stream of a weight vector and the bits of one of its elements."""
    bits = low.weight_format(symbol).bits.data
    return low.parameter(symbol, low.lanes if lanes is None else lanes), bits
