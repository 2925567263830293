"""A linear layer whose scales stand for float ones: summed in float64, which is not exact.

It shows what a format of scales costs; no hardware computes this, and lowering refuses it.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np

from lmc.interpreter.registry import Kernel
from lmc.interpreter.values import BlockValue, IntArray, Value
from lmc.numerics.block import expand_blocks
from lmc.numerics.rounding import FixedFormat
from lmc.weights import WeightStore


def study_linear(name: str, frac: int, result: FixedFormat, weights: WeightStore) -> Kernel:
    """The kernel for the weight `name`, sums being in units of 2^-frac."""
    limit = 1 << (result.bits - 1)
    unit = 2.0 ** (result.frac - frac) / result.mul

    def kernel(values: Sequence[Value], layer: int | None) -> tuple[Value, ...]:
        x = values[0]
        if isinstance(x, BlockValue):
            operand = expand_blocks(x.q, x.e, x.m).astype(np.float64)
        else:
            operand = cast("IntArray", x).astype(np.float64)
        matrix = weights.matrix(name, layer)
        scales = matrix.scales()[..., None].astype(np.float64)
        real = (matrix.q.reshape(*scales.shape[:2], -1) * scales).reshape(matrix.q.shape)
        total = (operand.reshape(-1, operand.shape[-1]) @ real.T).reshape(*operand.shape[:-1], -1)
        return (np.clip(np.floor(total * unit + 0.5), -limit, limit - 1).astype(np.int64),)

    return kernel
