"""Integer arithmetic of `docs/number-formats.md`, in words of the loop-nest builder."""

from xdsl.dialects.builtin import IntegerType

from lmc.dataflow.values import Operand, Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import si, ui
from lmc.numerics.rounding import rescale_plan

ACCUMULATOR = si(63)
"""The widest accumulator; `lmc.numerics.ranges` has checked that no sum exceeds it."""


def rescale(
    value: Value, frac: int, mul: int, target: ssm.FixedType, extra_shift: Value | None = None
) -> Value:
    """`rescale(value, (frac, mul) -> target)`; `extra_shift` is found at run time."""
    plan = rescale_plan(frac, mul, target.bits.data, target.frac.data, target.mul.data)
    if plan.multiplier != 1:
        value = value * plan.multiplier
    result_type = si(target.bits.data)
    if extra_shift is None:
        return shifted_left(value, plan.left).rss(plan.shift, result_type)
    if plan.left:
        return _late_rescale(value, extra_shift, plan.left, result_type)
    amount = (extra_shift + plan.shift).cast(ui(6))
    return value.rss(amount, result_type)


def _late_rescale(value: Value, extra: Value, left: int, result_type: IntegerType) -> Value:
    """A run-time right shift by `extra` after a constant left shift."""
    return shifted_left(value, left).rss(extra.cast(ui(6)), result_type)


def shifted_left(value: Value, amount: int) -> Value:
    """value · 2^amount, exact."""
    return value.shl(amount, _wider(value, amount)) if amount else value


def _wider(value: Value, amount: int) -> IntegerType:
    width = value.width + amount
    if width > ACCUMULATOR.width.data:
        raise LmcError(
            f"an intermediate value needs {width} bits, more than {ACCUMULATOR.width.data}"
        )
    return si(width) if value.type == si(value.width) else ui(width)


def aligned_sum(left: Value, left_frac: int, right: Value, right_frac: int) -> tuple[Value, int]:
    """The exact sum of two values of different scales, and its number of fraction bits."""
    frac = max(left_frac, right_frac)
    return shifted_left(left, frac - left_frac) + shifted_left(right, frac - right_frac), frac


def clamp(value: Value, low: Operand, high: int, type_: IntegerType) -> Value:
    """value limited to [low, high], in `type_`."""
    return value.max(low).min(high).cast(type_)
