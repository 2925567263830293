"""The integer recurrence of a selective state update, token after token.

Operands lie as `StateLayout` says: decays [T, B, G, 1 or N, R], dtx [T, B, G, 1, R],
B [T, B, G, N, 1], C [T, B, G, 1, N]; the state is blocks, q [B, G, R, N], e [B, G, R, N / group].
Both forms give the same bits.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lmc.interpreter.formats import BlockFormat
from lmc.interpreter.values import BlockValue, IntArray
from lmc.numerics.block import MAX_EXPONENT, expand_blocks, group_exponents
from lmc.numerics.ranges import largest, state_width
from lmc.numerics.rounding import FixedFormat, rss

_EXACT_BITS = 53
_WORTH_COMPILING = 1 << 20
"""State elements times tokens from which on compiled loops are loaded."""


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
    """Σ C · state of each token [T, B, G, 1, R]; the last state."""

    read: IntArray
    state: BlockValue


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
    exact = max(width, read.bit_length() + 1, unit_shift + 1) < _EXACT_BITS and decay.bits <= 32
    return Recurrence(state, frac - kept, frac - added, unit_shift, exact)


def scan(rule: Recurrence, state: BlockValue, operands: Operands) -> ScanResult:
    """Walk through the tokens from a state, the faster way."""
    many = state.q.size * len(operands.dtx) >= _WORTH_COMPILING
    return (scan_compiled if rule.exact_in_float and many else scan_integers)(rule, state, operands)


def scan_integers(rule: Recurrence, state: BlockValue, operands: Operands) -> ScanResult:
    """The recurrence in int64, as `docs/number-formats.md` states it."""
    bits, group = rule.state.bits, rule.state.group
    values = expand_blocks(state.q, state.e).astype(np.int64).swapaxes(-1, -2)
    batch, groups, size, channels = values.shape
    grouped_shape = (batch, groups, size // group, group, channels)
    exponents = np.zeros((batch, groups, size // group, channels), np.int64)
    q = np.zeros(grouped_shape, np.int64)
    read = np.empty(operands.dtx.shape, np.int64)
    for token, (decays, dtx, b, c) in enumerate(zip(*operands, strict=True)):
        total = ((decays * values) << rule.keep_shift) + ((dtx * b) << rule.add_shift)
        v = rss(total, rule.unit_shift, rule.rounded_bits).reshape(grouped_shape)
        exponents = group_exponents(np.abs(v).max(axis=3), bits, 0, "up")
        shifts = exponents[:, :, :, None]
        q = rss(v, shifts, bits)
        values = (q << shifts).reshape(values.shape)
        read[token] = c @ values
    last = (q.reshape(values.shape), exponents)
    narrow = [np.ascontiguousarray(part.swapaxes(-1, -2), np.int32) for part in last]
    return ScanResult(read, BlockValue(narrow[0], narrow[1]))


def scan_compiled(rule: Recurrence, state: BlockValue, operands: Operands) -> ScanResult:
    """The same in compiled loops, for rules that are exact in floating point."""
    # Importing numba takes longer than a few tokens do.
    from lmc.interpreter.compiled_recurrence import scan_loops

    new = BlockValue(state.q.copy(), state.e.copy())
    read = scan_loops(
        new.q,
        new.e,
        _scaled(operands.decays, rule.keep_shift - rule.unit_shift),
        _scaled(operands.dtx, rule.add_shift - rule.unit_shift),
        np.ascontiguousarray(operands.b, np.float64),
        np.ascontiguousarray(operands.c, np.float64),
        (rule.state.bits, rule.state.group, rule.rounded_bits),
    )
    return ScanResult(read, new)


def _scaled(values: IntArray, shift: int) -> NDArray[np.float64]:
    return np.multiply(values, 2.0**shift, dtype=np.float64)
