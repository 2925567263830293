"""The matrix unit: one engine that runs all linear layers of a token, phase after phase.

Weights lie in each port's image in the order in which they are used, over phases and layers, so
that each reader is one burst for a token. A lane multiplies `inputs` activations with `rows` rows
of nibbles in a cycle; 8-bit weights take two passes.
"""

from collections.abc import Sequence

from xdsl.ir import Attribute, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import ui
from lmc.lowering.context import Lowering, fixed
from lmc.lowering.lane import add_lane
from lmc.lowering.patterns import lowers
from lmc.lowering.phases import RESULT_BITS, Phase, Schedule
from lmc.lowering.routing import gather, read_scales, read_weights, scatter
from lmc.lowering.tiling import NIBBLE, EngineShape, MatrixTiling
from lmc.numerics.ranges import linear_width
from lmc.numerics.rounding import rescale_plan

INPUTS = 32
"""Columns that a lane multiplies in a cycle: one activation block of the default preset."""


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
            f"weight groups of {found.group.data} and hold at most {inputs} elements"
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
        activation.mantissa.data,
    )
    low.engine.phases.append(Phase(name, tiling, tiles, result, plan.shift, sum_bits, in_layers))


def finish(low: Lowering) -> None:
    """Builds the engine's tasks, once all phases are known."""
    engine, network = low.engine, low.network
    layered = [phase for phase in engine.phases if phase.in_layers]
    final = [phase for phase in engine.phases if not phase.in_layers]
    schedule = Schedule(layered, final, low.layer_count, low.scalars.tokens, low.scalars.logits)
    lanes = range(engine.shape.ports)
    activations = gather(network, engine.shape, schedule)
    row_streams = [
        network.channel(f"rows_{lane}", ui(engine.shape.rows * RESULT_BITS)) for lane in lanes
    ]
    for number, rows in zip(lanes, row_streams, strict=True):
        weights = read_weights(low, schedule, number)
        scales = read_scales(low, schedule, number)
        add_lane(
            network, engine.shape, schedule, number, activations[number], weights, scales, rows
        )
    scatter(low, schedule, row_streams)


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
        ssm.SCALE_MANTISSA_BITS if any(map(_has_mantissa, activations)) else 0,
    )


def _has_mantissa(activation: Attribute) -> bool:
    return isinstance(activation, ssm.BlockType) and activation.mantissa.data > 1
