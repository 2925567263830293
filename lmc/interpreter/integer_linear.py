"""Integer linear and embedding: exact sums by floating-point matrix products below 2^53."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lmc.dialects import ssm
from lmc.dialects.ssm import is_for_study, shape_of
from lmc.interpreter.common import check_ids, symbol
from lmc.interpreter.formats import activation_format, fixed_format, matrix_format
from lmc.interpreter.registry import Kernel, register
from lmc.interpreter.study_linear import study_linear
from lmc.interpreter.values import BlockValue, IntArray, Value
from lmc.numerics.block import STUDY_MANTISSA_BITS, expand_blocks
from lmc.numerics.ranges import largest_of_width, linear_width, rescale_width
from lmc.numerics.rounding import rescale_plan
from lmc.numerics.weight_quantization import QuantizedMatrix
from lmc.weights import WeightStore

_EXACT_BITS = 53
"""Sums of integers are exact in float64 while no partial sum exceeds 2^53, in any order."""
_BLOCK_WEIGHTS = 1 << 17
"""Weights that are converted to float64 at a time: 1 MiB, which stays in cache."""


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
        total = exact_product(x.reshape(-1, columns), matrix, weight.bits)
        return (plan.apply(total.reshape(*x.shape[:-1], -1)),)

    return kernel


def exact_product(
    x: NDArray[np.int32] | IntArray, matrix: QuantizedMatrix, weight_bits: int
) -> IntArray:
    """x [M, C] times the integer weights' transpose, scales included: int64 [M, R], exact.

    Where a sum could exceed 2^53, x is cut into pieces of few enough bits for each piece's product
    to be exact in float64.
    """
    scales = matrix.scales()
    largest_weight = int(scales.max()) << (weight_bits - 1)
    piece_bits = _EXACT_BITS - (largest_weight * matrix.q.shape[1]).bit_length()
    x_bits = int(np.abs(x.astype(np.int64)).max()).bit_length()
    if x_bits <= piece_bits:
        return _float_product(x.astype(np.float64), matrix.q, scales).astype(np.int64)
    total = np.zeros((x.shape[0], matrix.q.shape[0]), np.int64)
    for shift in range(0, x_bits + 1, piece_bits):
        piece = x >> shift
        # The top piece carries the sign, those below are non-negative.
        if shift + piece_bits <= x_bits:
            piece = piece & ((1 << piece_bits) - 1)
        product = _float_product(piece.astype(np.float64), matrix.q, scales)
        total += product.astype(np.int64) << shift
    return total


def _float_product(
    x: NDArray[np.float64], q: NDArray[np.int8], scales: IntArray
) -> NDArray[np.float64]:
    rows, columns = q.shape
    total = np.empty((x.shape[0], rows))
    step = max(1, _BLOCK_WEIGHTS // columns)
    for start in range(0, rows, step):
        part = slice(start, start + step)
        scaled = q[part].reshape(*scales[part].shape, -1) * scales[part, :, None].astype(np.float64)
        np.matmul(x, scaled.reshape(-1, columns).T, out=total[:, part])
    return total
