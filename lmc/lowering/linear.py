"""Linear layers as matrix-vector products, and the matrix unit that is wide enough for all of them.

A lane of the unit multiplies `inputs` activations with `rows` rows of nibbles in a cycle; 8-bit
weights take two passes.
"""

from collections.abc import Mapping, Sequence
from math import gcd

from xdsl.dialects.builtin import DenseArrayBase, StringAttr, i64
from xdsl.ir import Attribute, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import RESULT_BITS, MatrixVectorOp, StreamType, integers, si, ui
from lmc.ir.editing import symbol
from lmc.ir.groups import uses_of
from lmc.lowering.origin import origin_of
from lmc.lowering.packing import most_terms
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.step import DecodeStep
from lmc.lowering.vectors import Operands, Vector, fixed, name_of, vector_size
from lmc.memory_layout.tiling import NIBBLE, MatrixTiling, MatrixUnitShape, planes_of
from lmc.numerics.divisors import power_of_two_divisor
from lmc.numerics.ranges import linear_width
from lmc.numerics.rounding import Rescale, rescale_plan
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
        LmcError: its formats do not fit the matrix unit.
    """
    weight = weights[symbol(op.weight)]
    found, operand = ssm.format_of(weight.type), _activation_format(op)
    layer = f"linear layer @{weight.sym_name.data}"
    if not isinstance(found, ssm.WeightType) or operand is None:
        raise LmcError(f"{layer} is not quantized: run quantize first")
    if ssm.is_for_study(found) or ssm.is_for_study(operand):
        raise LmcError(f"{layer}: float scales are for study and have no hardware; choose others")
    rows, columns = weight.type.get_shape()
    block = _activation_block(layer, operand, found.group.data, columns, inputs)
    return MatrixTiling(rows, columns, found.group.data, block, inputs)


def _activation_format(op: ssm.LinearOp) -> ssm.FixedType | ssm.BlockType | None:
    """The integer format of a linear layer's operand; None where it has no such format."""
    found = ssm.format_of(op.input.type)
    return found if isinstance(found, ssm.FixedType | ssm.BlockType) else None


def _activation_block(
    layer: str, operand: ssm.FixedType | ssm.BlockType, group: int, columns: int, inputs: int
) -> int:
    """Elements that the matrix unit takes with one scale, within weight groups of `group`.

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
    return power_of_two_divisor(shared, inputs)


def consumer_tiling(step: DecodeStep, quantized: SSAValue) -> MatrixTiling:
    """The tiling of the linear layer that uses a quantized vector.

    Raises:
        LmcError: something else uses it, or more than one op.
    """
    users = [use.operation for use in uses_of(quantized)]
    if len(users) != 1 or not isinstance(users[0], ssm.LinearOp):
        raise LmcError(
            f"%{quantized.name_hint} is quantized for one linear layer, but {len(users)} ops use it"
        )
    return matrix_tiling(users[0], step.weights, INPUTS)


@lowers(ssm.LinearOp)
def lower_linear(op: ssm.LinearOp, operands: Operands, site: Site) -> Vector:
    """A matrix-vector product, which the matrix unit does."""
    name = symbol(op.weight)
    weight = site.step.weights[name]
    tiling = matrix_tiling(op, site.step.weights, INPUTS)
    plan = _plan(op, weight)
    length, bits = vector_size(op.result)
    planes = tuple(map(planes_of, layer_widths(weight)))
    numbers = {
        "rows": tiling.rows,
        "columns": tiling.columns,
        "weight_group": tiling.weight_group,
        "block": tiling.activation_block,
        "sum_bits": _sum_bits(op, weight),
        "shift": plan.shift,
        "left": plan.left,
        "lanes": site.lanes,
    }
    if site.layers is not None:
        numbers["layers"] = site.step.layer_count
    result, element = name_of(op.result), ssm.format_of(op.result.type)
    product = MatrixVectorOp.create(
        operands=[operands.tiles(0).stream.ssa],
        properties=integers(**numbers)
        | {
            "sym_name": StringAttr(result),
            "weight": op.weight,
            "planes": DenseArrayBase.from_list(i64, planes),
            "origin": origin_of(op, site.step.weights),
            "carries": site.carried(element, site.lanes, length // site.lanes),
        },
        result_types=[StreamType(ui(bits * site.lanes))],
        location=op.location,
    )
    return Vector(site.builder.declare(result, product), length, bits, site.lanes, element)


def _plan(op: ssm.LinearOp, weight: ssm.WeightOp) -> Rescale:
    """How a row's sum becomes a result.

    Raises:
        LmcError: not by a shift, or it has more bits than the unit gives.
    """
    stored, operand, target = ssm.format_of(weight.type), _activation_format(op), fixed(op.result)
    assert isinstance(stored, ssm.WeightType)
    assert operand is not None
    plan = rescale_plan(
        operand.frac.data + stored.frac.data,
        1,
        target.bits.data,
        target.frac.data,
        target.mul.data,
    )
    if plan.multiplier != 1 or target.bits.data > RESULT_BITS:
        raise LmcError(
            f"linear layer @{weight.sym_name.data} can't give {target}: its result is the sum "
            f"after a shift, at most {RESULT_BITS} bits wide (run rewrite-power-of-two first)"
        )
    return plan


def _sum_bits(op: ssm.LinearOp, weight: ssm.WeightOp) -> int:
    """Width of a row's sum."""
    stored, operand = ssm.format_of(weight.type), _activation_format(op)
    assert isinstance(stored, ssm.WeightType)
    assert operand is not None
    return linear_width(
        weight.type.get_shape()[1],
        stored.bits.data,
        stored.mantissa.data,
        stored.exponent.data,
        operand.largest,
    )


def matrix_unit_shape(
    ops: Sequence[ssm.LinearOp],
    weights: Mapping[str, ssm.WeightOp],
    port_bits: int,
    sets: tuple[int, ...] = (1,),
    *,
    in_dsps: bool = False,
) -> MatrixUnitShape:
    """The matrix unit with words of `port_bits` bits and these sets of rows in its lanes.

    It is wide enough for the formats of all linear layers; `in_dsps`: DSPs multiply.

    Raises:
        LmcError: a layer is not quantized, or a port is narrower than one row of inputs.
    """
    rows = port_bits // (INPUTS * NIBBLE)
    if rows < 1:
        raise LmcError(f"a memory port of {port_bits} bits is narrower than {INPUTS} 4-bit weights")
    tilings = [matrix_tiling(op, weights, INPUTS) for op in ops]
    scales = [ssm.format_of(weights[symbol(op.weight)].type) for op in ops]
    operands = [operand for op in ops if (operand := _activation_format(op)) is not None]
    block = min(tiling.slot for tiling in tilings)
    activation_bits = max(operand.bits.data for operand in operands)
    return MatrixUnitShape(
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
