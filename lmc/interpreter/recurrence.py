"""The integer recurrence of a selective state update, token after token.

Operands lie as `StateLayout` says: state [B, G, N, R] holding q << e, decays [T, B, G, 1 or N, R],
dtx [T, B, G, 1, R], B [T, B, G, N, 1], C [T, B, G, 1, N]. Both forms give the same bits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lmc.interpreter.formats import BlockFormat
from lmc.interpreter.values import IntArray
from lmc.numerics.block import MAX_EXPONENT, group_exponents
from lmc.numerics.ranges import largest, state_width
from lmc.numerics.rounding import FixedFormat, rss

_EXACT_BITS = 53
_EXACT_SINGLE_BITS = 24


@dataclass(frozen=True)
class Recurrence:
    """The constants of decay · state + dtx · B and of its rounding to blocks."""

    state: BlockFormat
    keep_shift: int
    """Left shift of decay · state to the larger frac."""
    add_shift: int
    """Left shift of dtx · B to the larger frac."""
    unit_shift: int
    """Right shift from the larger frac to the state's unit."""
    exact_in_float: bool
    """Whether float64 holds every sum, from the formats."""

    @property
    def rounded_bits(self) -> int:
        """Width of the new state before it becomes blocks."""
        return self.state.bits + 16


class Operands(NamedTuple):
    """What the recurrence takes for each token, first axis T."""

    decays: IntArray
    dtx: IntArray
    b: IntArray
    c: IntArray


class ScanResult(NamedTuple):
    """Σ C · state of each token [T, B, G, 1, R]; the last state as q << e and e, int64."""

    read: IntArray
    state: IntArray
    exponents: IntArray


Scan = Callable[[Recurrence, IntArray, Operands], ScanResult]


def recurrence(
    size: int,
    state: BlockFormat,
    decay: FixedFormat,
    dtx: FixedFormat,
    b: FixedFormat,
    c: FixedFormat,
) -> Recurrence:
    """The constants for these formats, of `size` state elements for each channel.

    Raises LmcError if a sum would need more than 63 bits.
    """
    kept, added = decay.frac + state.frac, dtx.frac + b.frac
    frac = max(kept, added)
    width = state_width(
        (decay.bits, decay.frac), (state.bits, state.frac), (dtx.bits, dtx.frac), (b.bits, b.frac)
    )
    read = size * (largest(state.bits) << MAX_EXPONENT) * largest(c.bits)
    unit_shift = frac - state.frac
    exact = max(width, read.bit_length() + 1, unit_shift + 1) < _EXACT_BITS
    return Recurrence(state, frac - kept, frac - added, unit_shift, exact)


def scan(rule: Recurrence, state: IntArray, operands: Operands) -> ScanResult:
    """Walk through the tokens from a state [B, G, N, R] of q << e."""
    return (scan_floats if rule.exact_in_float else scan_integers)(rule, state, operands)


def scan_integers(rule: Recurrence, state: IntArray, operands: Operands) -> ScanResult:
    """The recurrence in int64, as `docs/number-formats.md` states it."""
    bits, group = rule.state.bits, rule.state.group
    batch, groups, size, channels = state.shape
    grouped_shape = (batch, groups, size // group, group, channels)
    exponents = np.zeros((batch, groups, size // group, channels), np.int64)
    read = np.empty(operands.dtx.shape, np.int64)
    for token, (decays, dtx, b, c) in enumerate(zip(*operands, strict=True)):
        total = ((decays * state) << rule.keep_shift) + ((dtx * b) << rule.add_shift)
        v = rss(total, rule.unit_shift, rule.rounded_bits).reshape(grouped_shape)
        exponents = group_exponents(np.abs(v).max(axis=3), bits, 0, "up")
        shifts = exponents[:, :, :, None]
        state = (rss(v, shifts, bits) << shifts).reshape(state.shape)
        read[token] = c @ state
    return ScanResult(read, state, exponents)


def scan_floats(rule: Recurrence, state: IntArray, operands: Operands) -> ScanResult:
    """The recurrence in floating point that holds every integer and half exactly; much faster.

    Scaling by powers of two is exact, so a rounding shift is floor(x · 2^-s + 1/2).
    """
    decays = np.ldexp(operands.decays.astype(np.float64), rule.keep_shift - rule.unit_shift)
    dtx = np.ldexp(operands.dtx.astype(np.float64), rule.add_shift - rule.unit_shift)
    b, c = operands.b.astype(np.float64), operands.c.astype(np.float64)
    rounding = _FloatRounding(rule, state.shape)
    current = state.astype(np.float64)
    total, term = np.empty_like(current), np.empty_like(current)
    read = np.empty(dtx.shape)
    bound = float(largest(rule.rounded_bits))
    exponents = rounding.exponents
    for token in range(len(dtx)):
        np.multiply(current, decays[token], out=total)
        np.multiply(dtx[token], b[token], out=term)
        total += term
        total += 0.5
        np.floor(total, out=total)
        np.clip(total, -bound, bound - 1, out=total)
        exponents = rounding.to_blocks(total, current)
        np.matmul(c[token], current, out=read[token])
    return ScanResult(read.astype(np.int64), current.astype(np.int64), exponents.astype(np.int64))


class _FloatRounding:
    """The rule `up` on floats, with its buffers."""

    def __init__(self, rule: Recurrence, shape: tuple[int, ...]) -> None:
        batch, groups, size, channels = shape
        group = rule.state.group
        self.exponents = np.zeros((batch, groups, size // group, channels), np.int32)
        self._bits = rule.state.bits
        # A rounded state and half a unit of any of its groups fit single precision up to 24 bits.
        single = rule.rounded_bits <= _EXACT_SINGLE_BITS
        dtype = np.float32 if single else np.float64
        self._v: NDArray[np.floating] = np.empty(
            (batch, groups, size // group, group, channels), dtype
        )
        self._magnitude = np.empty_like(self._v)
        self._one = dtype(1)

    def to_blocks(self, v: NDArray[np.float64], out: NDArray[np.float64]) -> NDArray[np.int32]:
        """Integers v [B, G, N, R] to q << e in `out`; returns the exponents [B, G, N/g, R]."""
        rounded = self._v
        rounded[...] = v.reshape(rounded.shape)
        np.abs(rounded, out=self._magnitude)
        top = np.frexp(self._magnitude.max(axis=3))[1]
        exponents = np.clip(top - (self._bits - 1), 0, MAX_EXPONENT)
        rounded *= np.ldexp(self._one, -exponents)[:, :, :, None]
        rounded += 0.5
        np.floor(rounded, out=rounded)
        limit = float(largest(self._bits))
        np.clip(rounded, -limit, limit - 1, out=rounded)
        units = np.ldexp(self._one, exponents)[:, :, :, None]
        np.multiply(rounded, units, out=out.reshape(rounded.shape))
        return exponents
