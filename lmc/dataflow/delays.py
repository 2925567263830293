"""How long operators take: planning figures for 16 nm and 7 nm AMD devices of speed grade -2.

They are of the size of what HLS tools report for UltraScale+ and are not taken from one: for
initiation intervals and latencies to plan with, not for timing closure.
"""

from dataclasses import dataclass, replace
from math import ceil, log2
from typing import Literal

from xdsl.dialects import arith
from xdsl.ir import Operation

from lmc.dataflow.addresses import is_static
from lmc.dataflow.implementations import in_cascade
from lmc.dialects import dataflow
from lmc.dialects.dataflow.logic import INDEX_BITS, bits_of, logic_levels

USABLE = 0.73
"""The share of a clock period that logic may fill; the rest is for clock uncertainty and routes."""

LUT_MULTIPLIER_BITS = 10
"""The narrower operand of a product made of LUTs has at most this many bits, if nothing is said."""

DSP_PRODUCT = ((18, 27, 3), (27, 35, 4), (64, 64, 6))
"""(narrower bits, wider bits, cycles) of products made of DSPs, the first that fits counts."""

MEMORY_CYCLES = {"register": 0, "lutram": 1, "bram": 2, "uram": 3, "auto": 2}
"""Cycles from address to data, by the kind of buffer."""


@dataclass(frozen=True)
class Delay:
    """Full clock cycles (an operator with registers inside), then nanoseconds of logic.

    `levels` are the LUTs that this logic is estimated to have one after the other.
    """

    cycles: int
    nanoseconds: float
    levels: float = 0


FREE = Delay(0, 0.0)


def operator_delay(op: Operation) -> Delay:
    """The delay of a pure op; wires are free, and what is constant once loops are unrolled."""
    delay = _delay(op)
    if delay.cycles or not delay.nanoseconds:
        return delay
    return replace(delay, levels=logic_levels(op, is_static(op.operands[-1])))


def _delay(op: Operation) -> Delay:
    if op.results and is_static(op.results[0]):
        return FREE
    bits = max((bits_of(value) for value in [*op.operands, *op.results]), default=1)
    if isinstance(op, dataflow.MulOp):
        return _product(op)
    if isinstance(op, _SHIFTS):
        shift = 0.0 if is_static(op.operands[1]) else 0.25 * ceil(log2(max(bits, 2)))
        rounding = _carry(bits) + 0.6 if isinstance(op, dataflow.RoundShiftSaturateOp) else 0.0
        return Delay(0, shift + rounding)
    if isinstance(op, dataflow.AbsOp | dataflow.MinOp | dataflow.MaxOp):
        return Delay(0, _carry(bits) + 0.3)
    if isinstance(op, dataflow.BitLengthOp):
        return Delay(0, 0.3 * ceil(log2(max(bits, 2))))
    if isinstance(op, _CARRIES):
        return Delay(0, _carry(bits))
    if isinstance(op, arith.MuliOp):
        return Delay(0, 1.5)
    if isinstance(op, arith.DivUIOp | arith.RemUIOp):
        return _division(op)
    if isinstance(op, dataflow.SliceOp | dataflow.InsertOp):
        return _word_access(op)
    return Delay(0, 0.3) if isinstance(op, _GATES) else FREE


def load_delay(kind: str) -> Delay:
    """From the address to the data of a buffer of this kind; choosing a register takes a mux."""
    return Delay(MEMORY_CYCLES[kind], 0.3, 1)


_SHIFTS = (dataflow.ShlOp, dataflow.ShrOp, dataflow.RoundShiftSaturateOp)
_CARRIES = (
    dataflow.AddOp,
    dataflow.SubOp,
    dataflow.NegOp,
    dataflow.CmpOp,
    arith.AddiOp,
    arith.SubiOp,
    arith.CmpiOp,
)
_GATES = (dataflow.SelectOp, arith.SelectOp, arith.AndIOp, arith.OrIOp, arith.XOrIOp)


def _carry(bits: int) -> float:
    return 0.55 + 0.015 * min(bits, 64)


def product_kind(op: dataflow.MulOp) -> Literal["constant", "fabric", "dsp"]:
    """What a product is made of: as its attribute says, else as tools would choose."""
    if any(dataflow.constant_value(value) is not None for value in op.operands):
        return "constant"
    if op.impl is not None:
        return "dsp" if op.impl.data == "dsp" else "fabric"
    if in_cascade(op):
        return "dsp"
    narrow = min(bits_of(value) for value in op.operands)
    return "fabric" if narrow <= LUT_MULTIPLIER_BITS else "dsp"


def _product(op: dataflow.MulOp) -> Delay:
    kind = product_kind(op)
    if kind == "constant":
        return Delay(0, 2 * _carry(bits_of(op.result)))
    narrow, wide = sorted(bits_of(value) for value in op.operands)
    if kind == "fabric":
        return Delay(0, 0.9 + 0.1 * narrow)
    return Delay(next(c for n, w, c in DSP_PRODUCT if narrow <= n and wide <= w), 0.0)


def _division(op: arith.DivUIOp | arith.RemUIOp) -> Delay:
    divisor = dataflow.constant_value(op.rhs)
    if divisor is not None and divisor & (divisor - 1) == 0:
        return FREE
    return Delay(INDEX_BITS, 0.0)


def _word_access(op: dataflow.SliceOp | dataflow.InsertOp) -> Delay:
    if is_static(op.offset):
        return FREE
    return Delay(0, 0.25 * ceil(log2(max(bits_of(op.word), 2))))
