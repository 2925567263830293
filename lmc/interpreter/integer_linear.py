"""Integer linear and embedding."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from lmc.dialects import ssm
from lmc.dialects.ssm import is_for_study, shape_of
from lmc.interpreter.common import check_ids, symbol
from lmc.interpreter.exact_product import exact_product
from lmc.interpreter.formats import activation_format, fixed_format, matrix_format
from lmc.interpreter.registry import Kernel, register
from lmc.interpreter.study_linear import study_linear
from lmc.interpreter.values import BlockValue, IntArray, Value
from lmc.numerics.block import STUDY_MANTISSA_BITS, expand_blocks
from lmc.numerics.ranges import largest_of_width, linear_width, rescale_width
from lmc.numerics.rounding import rescale_plan
from lmc.weights import WeightStore


@register(ssm.EmbeddingOp, integer=True)
def embedding(op: ssm.EmbeddingOp, weights: WeightStore) -> Kernel:
    """Rows of integer weights, rescaled to the residual's format."""
    name = symbol(op.weight)
    wanted = fixed_format(op.result.type)
    plan = rescale_plan(matrix_format(weights, name).frac, 1, *wanted)

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        matrix = weights.matrix(name, layer)
        ids = check_ids(cast("IntArray", values[0]), matrix.q.shape[0])
        scales = matrix.mantissa[ids].astype(np.int64) << matrix.exponent[ids].astype(np.int64)
        rows = matrix.q[ids].reshape(*scales.shape, -1) * scales[..., None]
        return (plan.apply(rows.reshape(*ids.shape, -1)),)

    return kernel


@register(ssm.LinearOp, integer=True)
def linear(op: ssm.LinearOp, weights: WeightStore) -> Kernel:
    """Σ_G (m_G << e_G) · Σ_i w_i · (m_x(i) · x_i << e_x(i)), rounded once."""
    name = symbol(op.weight)
    weight, operand = matrix_format(weights, name), activation_format(op.input.type)
    frac, columns = operand.frac.data + weight.frac, shape_of(op.input.type)[0]
    if weight.mantissa == STUDY_MANTISSA_BITS or is_for_study(operand):
        return study_linear(name, frac, fixed_format(op.result.type), weights)
    width = linear_width(columns, weight.bits, weight.mantissa, weight.exponent, operand.largest)
    plan = rescale_plan(frac, 1, *fixed_format(op.result.type))
    rescale_width(largest_of_width(width), plan, f"the result of {op.name}")

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        value = cast("BlockValue | IntArray", values[0])
        x = expand_blocks(value.q, value.e, value.m) if isinstance(value, BlockValue) else value
        matrix = weights.matrix(name, layer)
        result = exact_product(x.reshape(-1, columns), matrix, weight.bits, plan)
        return (result.reshape(*x.shape[:-1], -1),)

    return kernel
