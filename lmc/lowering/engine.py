"""The matrix unit: one engine that runs all linear layers of a token, phase after phase.

Weights lie in each port's image in the order in which they are used, over phases and layers, so
that each reader is one burst for a token. A lane multiplies `inputs` activations with `rows` rows
of nibbles in a cycle; 8-bit weights take two passes.
"""

from collections.abc import Mapping, Sequence
from math import gcd

from xdsl.ir import Attribute, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import si
from lmc.lowering.context import Lowering, fixed
from lmc.lowering.lane import add_lane
from lmc.lowering.network import Channel
from lmc.lowering.packing import most_terms
from lmc.lowering.patterns import lowers
from lmc.lowering.phases import RESULT_BITS, Phase, Schedule
from lmc.lowering.routing import deal_lane, gather, pass_rows, read_lane, scatter
from lmc.memory_layout.tiling import NIBBLE, EngineShape, MatrixTiling, planes_of
from lmc.numerics.ranges import linear_width
from lmc.numerics.rounding import rescale_plan
from lmc.weights.store import layer_widths

INPUTS = 32
"""Columns that a lane multiplies in a cycle: one activation block of the default preset."""
STATIC_BITS = 8
"""Width of the widest static operand that the multipliers are built for."""


def matrix_tiling(
    op: ssm.LinearOp, weights: Mapping[str, ssm.WeightOp], inputs: int
) -> MatrixTiling:
    """The tiles of a linear layer's matrix.

    Raises:
        LmcError: its formats do not fit the engine.
    """
    weight = weights[op.weight.root_reference.data]
    found, operand = ssm.format_of(weight.type), _operand_format(op)
    layer = f"linear layer @{weight.sym_name.data}"
    if not isinstance(found, ssm.WeightType) or operand is None:
        raise LmcError(f"{layer} is not quantized: run quantize first")
    if ssm.is_for_study(found) or ssm.is_for_study(operand):
        raise LmcError(f"{layer}: float scales are for study and have no hardware; choose others")
    rows, columns = weight.type.get_shape()
    block = _activation_block(layer, operand, found.group.data, columns, inputs)
    return MatrixTiling(rows, columns, found.group.data, block, inputs)


def _operand_format(op: ssm.LinearOp) -> ssm.FixedType | ssm.BlockType | None:
    """The integer format of a linear layer's operand; None where it has no such format."""
    found = ssm.format_of(op.input.type)
    return found if isinstance(found, ssm.FixedType | ssm.BlockType) else None


def _activation_block(
    layer: str, operand: ssm.FixedType | ssm.BlockType, group: int, columns: int, inputs: int
) -> int:
    """Elements that the engine takes with one scale, within weight groups of `group`.

    A block of the operand where it fits, else a power of two that divides what shares a scale.
    """
    if isinstance(operand, ssm.FixedType):
        if operand.bits.data > STATIC_BITS:
            raise LmcError(
                f"{layer}: its static operand has {operand.bits.data} bits, and at most "
                f"{STATIC_BITS} can be lowered"
            )
        shared = group
    else:
        shared = operand.group.data
        if columns % shared:
            raise LmcError(
                f"{layer}: activation groups of {shared} do not divide its {columns} columns"
            )
        if shared <= inputs and group % shared == 0:
            return shared
        shared = gcd(group, shared)
    return min(shared & -shared, inputs)


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
    operand, target = _operand_format(op), fixed(op.result)
    tiling = matrix_tiling(op, low.weights, INPUTS)
    assert isinstance(weight, ssm.WeightType)
    assert operand is not None
    plan = rescale_plan(
        operand.frac.data + weight.frac.data,
        1,
        target.bits.data,
        target.frac.data,
        target.mul.data,
    )
    if plan.multiplier != 1 or target.bits.data > RESULT_BITS:
        raise LmcError(
            f"linear layer @{name} can't give {target}: its result is the sum after a shift, "
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
        operand.largest,
    )
    planes = tuple(map(planes_of, layer_widths(low.weights[name])))
    low.engine.phases.append(Phase(name, tiling, tiles, result, plan, sum_bits, in_layers, planes))


def finish(low: Lowering) -> None:
    """Builds the engine's tasks, once all phases are known."""
    engine, network = low.engine, low.network
    layered = [phase for phase in engine.phases if phase.in_layers]
    final = [phase for phase in engine.phases if not phase.in_layers]
    schedule = Schedule(layered, final, low.layer_count, low.scalars.tokens, low.scalars.logits)
    shape = engine.shape
    tiles = gather(network, shape, schedule)
    rows: list[Channel] = []
    for number in range(len(shape.sets)):
        words = read_lane(low, schedule, number)
        weights, scales = deal_lane(low, schedule, number, words)
        rows.append(
            add_lane(network, shape, schedule, number, tiles[number : number + 2], weights, scales)
        )
    chain = rows.pop()
    for number, own in reversed(list(enumerate(rows))):
        chain = pass_rows(network, shape, schedule, number, own, chain)
    scatter(low, schedule, chain)


def engine_shape(
    ops: Sequence[ssm.LinearOp],
    weights: Mapping[str, ssm.WeightOp],
    port_bits: int,
    sets: tuple[int, ...] = (1,),
    *,
    in_dsps: bool = False,
) -> EngineShape:
    """The engine with words of `port_bits` bits and these sets of rows in its lanes.

    It is wide enough for the formats of all linear layers; `in_dsps`: DSPs multiply.

    Raises:
        LmcError: a layer is not quantized, or a port is narrower than one row of inputs.
    """
    rows = port_bits // (INPUTS * NIBBLE)
    if rows < 1:
        raise LmcError(f"a memory port of {port_bits} bits is narrower than {INPUTS} 4-bit weights")
    tilings = [matrix_tiling(op, weights, INPUTS) for op in ops]
    scales = [ssm.format_of(weights[op.weight.root_reference.data].type) for op in ops]
    operands = [operand for op in ops if (operand := _operand_format(op)) is not None]
    block = min(tiling.slot for tiling in tilings)
    activation_bits = max(operand.bits.data for operand in operands)
    return EngineShape(
        sets,
        rows,
        INPUTS,
        block,
        activation_bits,
        max(item.mantissa.data for item in scales if isinstance(item, ssm.WeightType)),
        max(item.exponent.data for item in scales if isinstance(item, ssm.WeightType)),
        ssm.SCALE_MANTISSA_BITS if any(map(_has_mantissa, operands)) else 0,
        packed=_packed_rows(rows, activation_bits, block) if in_dsps else 1,
    )


def _packed_rows(rows: int, activation_bits: int, block: int) -> int:
    """Rows whose weights share a DSP: two, if there are pairs and the sum of a block fits."""
    weight, activation = si(NIBBLE + 1), si(activation_bits)
    return 2 if rows % 2 == 0 and most_terms(weight, activation, fields=2) >= block else 1


def _has_mantissa(operand: Attribute) -> bool:
    return isinstance(operand, ssm.BlockType) and operand.mantissa.data > 1
