"""Integer weights with a scale for each group, the scales found by clipping.

A scale is (m << e) · 2^-frac: m of `mantissa` bits, e of `exponent` bits, both unsigned. With
`terms` = 2 it is a sum of two powers of two, m = 2^k + 1 (LightMamba, arXiv 2502.15260).
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lmc.numerics.divisors import power_of_two_divisor

FloatArray = NDArray[np.float32]
Clip = Literal["mse", "none"]

MAX_GROUP = 128
_LEAST_POWER = 32
_RATIOS = tuple(1 - index / 24 for index in range(13))
"""Candidates for the clipped range, in parts of the largest magnitude: 1 down to 1/2."""
_BLOCK_ELEMENTS = 1 << 16
"""Weights worked on at a time, so that the temporaries stay in cache."""


class WeightFormat(NamedTuple):
    """The integers of `!ssm.wint`."""

    bits: int
    group: int
    mantissa: int
    exponent: int
    frac: int
    terms: int = 0


@dataclass(frozen=True)
class QuantizedMatrix:
    """Weights w = q · (m << e) · 2^-frac, a scale for each group of a row.

    q int8 [R, C]; mantissa uint16 and exponent uint8 [R, C / group].
    """

    q: NDArray[np.int8]
    mantissa: NDArray[np.uint16]
    exponent: NDArray[np.uint8]

    @property
    def group(self) -> int:
        """Columns that share a scale."""
        return self.q.shape[1] // self.mantissa.shape[1]

    def scales(self) -> NDArray[np.int64]:
        """The integers m << e, [R, groups]."""
        return self.mantissa.astype(np.int64) << self.exponent.astype(np.int64)

    def take_rows(self, rows: NDArray[np.int64]) -> "QuantizedMatrix":
        """The rows with these indices, with their scales."""
        return QuantizedMatrix(self.q[rows], self.mantissa[rows], self.exponent[rows])

    def real(self, frac: int) -> FloatArray:
        """The real weights, [R, C]."""
        scales = (self.scales() * 2.0**-frac).astype(np.float32)
        grouped = self.q.reshape(*scales.shape, -1) * scales[..., None]
        return grouped.reshape(self.q.shape)


def weight_group(columns: int, limit: int = MAX_GROUP) -> int:
    """Weights of a row that share a scale: at most `limit`, and a divisor of the columns.

    The largest power of two where that is at least 32, so that groups are whole tiles of the matrix
    unit and of heads; otherwise the largest divisor.
    """
    power = power_of_two_divisor(columns, limit)
    if power >= _LEAST_POWER:
        return power
    return next(size for size in range(min(columns, limit), 0, -1) if columns % size == 0)


def largest_scale(weights: FloatArray, bits: int) -> float:
    """The largest scale that any group needs so that its weights fit `bits` bits unclipped."""
    return float(max(weights.max(), -weights.min())) / ((1 << (bits - 1)) - 1)


def choose_frac(max_scale: float, mantissa: int, exponent: int) -> int:
    """The largest frac at which the scale `max_scale` is still representable.

    All-zero weights (`max_scale` = 0) get 0.
    """
    if max_scale <= 0:
        return 0
    top = ((1 << mantissa) - 1) << ((1 << exponent) - 1)
    return math.floor(math.log2(top / max_scale))


def quantize_weights(
    weights: FloatArray,
    fmt: WeightFormat,
    clip: Clip = "mse",
    importance: FloatArray | None = None,
) -> QuantizedMatrix:
    """Quantize weights [R, C], C a multiple of the format's group.

    `mse` takes for each group the clipping with the smallest squared error, of 13 candidates (and
    two scales above the range where scales are powers of two); `none` the smallest scale that
    clips nothing. `importance` [C] weighs the squared errors of the columns. Weights round half up
    and saturate.
    """
    # Most that use this module look at formats alone, and importing numba takes long.
    from lmc.numerics.compiled_clipping import quantize_groups

    rows, columns = weights.shape
    groups = columns // fmt.group
    flat = np.ascontiguousarray(weights, np.float32).reshape(rows * groups, fmt.group)
    weigh = np.ones(fmt.group) if importance is None else importance
    weigh = weigh.astype(np.float32, copy=False).reshape(-1, fmt.group)
    q = np.empty(flat.shape, np.int8)
    mantissa = np.empty(flat.shape[0], np.uint16)
    exponent = np.empty(flat.shape[0], np.uint8)
    best = np.empty(flat.shape[0], np.int64)
    step = max(1, _BLOCK_ELEMENTS // fmt.group)
    for start in range(0, flat.shape[0], step):
        part = slice(start, start + step)
        m, e = _candidates(flat[part], fmt, clip)
        scales = np.ldexp(m, e - fmt.frac)
        quantize_groups(flat[part], scales, weigh, start, 1 << (fmt.bits - 1), q[part], best[part])
        chosen = (best[part], np.arange(m.shape[1]))
        mantissa[part], exponent[part] = m[chosen], e[chosen]
    shape = (rows, groups)
    return QuantizedMatrix(
        q.reshape(rows, columns), mantissa.reshape(shape), exponent.reshape(shape)
    )


def _candidates(weights: FloatArray, fmt: WeightFormat, clip: Clip) -> "_Scales":
    """The scales to choose from, [candidates, N], for groups of weights [N, group]."""
    full = np.abs(weights).max(axis=1) * np.float32(1 / ((1 << (fmt.bits - 1)) - 1))
    if clip == "none":
        return _encode_scales(full[None], fmt, up=True)
    above = (2.0, math.sqrt(2.0)) if fmt.mantissa == 1 else ()
    ratios = np.array([*above, *_RATIOS], np.float32)
    return _encode_scales(full * ratios[:, None], fmt, up=False)


class _Scales(NamedTuple):
    """Mantissas and exponents of scales."""

    mantissa: FloatArray
    exponent: NDArray[np.int32]


def _encode_scales(scale: FloatArray, fmt: WeightFormat, *, up: bool) -> _Scales:
    """The nearest (`up`: the next larger) representable scales, mantissas normalized."""
    if fmt.terms:
        return _encode_two_terms(scale, fmt, up=up)
    highest = (1 << fmt.mantissa) - 1
    e = np.frexp(scale)[1] + (fmt.frac - fmt.mantissa)
    e = np.clip(e, 0, (1 << fmt.exponent) - 1)
    m = np.ldexp(scale, fmt.frac - e)
    m = np.ceil(m) if up else np.floor(m + 0.5)
    carry = (m > highest) & (e < (1 << fmt.exponent) - 1)
    m = np.where(carry, np.float32(1 << (fmt.mantissa - 1)), m)
    return _Scales(np.clip(m, 1, highest).astype(np.float32), e + carry)


def _encode_two_terms(scale: FloatArray, fmt: WeightFormat, *, up: bool) -> _Scales:
    """The same among the sums of two powers of two, each 2^0 to 2^(2^exponent - 1)."""
    shifts = 1 << fmt.exponent
    pairs = [((1 << k) + 1, e) for e in range(shifts) for k in range(shifts - e)]
    known = {m << e: (m, e) for m, e in pairs if m < 1 << fmt.mantissa}
    values = np.array(sorted(known), np.float32)
    wanted = np.ldexp(scale, fmt.frac)
    above = np.clip(np.searchsorted(values, wanted), 1, len(values) - 1)
    closer = values[above] - wanted < wanted - values[above - 1]
    chosen = np.where(closer | up & (wanted > values[above - 1]), above, above - 1)
    parts = np.array([known[int(value)] for value in values], np.float32)
    return _Scales(parts[chosen, 0], parts[chosen, 1].astype(np.int32))
