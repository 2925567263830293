"""LUTs and DSPs of single ops of a task."""

from collections.abc import Callable, Mapping
from math import prod

from xdsl.dialects import arith, memref, scf
from xdsl.ir import Operation, SSAValue

from lmc.dataflow.addresses import is_static
from lmc.dataflow.delays import LUT_MULTIPLIER_BITS, product_kind
from lmc.dataflow.implementations import DspSize
from lmc.dataflow.resources import operators
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.memories import buffer_kind
from lmc.dataflow.resources.unrolling import bits_of, choices, stride
from lmc.dataflow.timing import buffer_of, buffer_shape
from lmc.dialects import dataflow
from lmc.dialects.dataflow import COMPLETE, constant_value, is_signed

HANDSHAKE = 2
"""LUTs of the valid and ready logic of a stream access (planning figure)."""


def op_resources(op: Operation, size: DspSize) -> Resources:
    """What one copy of an op takes, its registers left out. Wires and constants take nothing."""
    if isinstance(op, dataflow.MulOp):
        return _product(op, size)
    if isinstance(op, arith.MuliOp):
        return _index_product(op, size)
    luts = _LUTS.get(type(op))
    static = bool(op.results) and all(is_static(result) for result in op.results)
    return Resources(lut=luts(op)) if luts is not None and not static else Resources()


def low_zeros(value: SSAValue) -> int:
    """Low bits of a value that are always zero, since it has been shifted left."""
    op = value.owner
    known = constant_value(value)
    if known:
        return (known & -known).bit_length() - 1
    if isinstance(op, dataflow.CastOp):
        return low_zeros(op.operand)
    if not isinstance(op, dataflow.ShlOp):
        return 0
    return (constant_value(op.amount) or 0) + low_zeros(op.operand)


def _sum(op: Operation) -> float:
    # Low bits that one operand has alone are wires.
    wires = max(low_zeros(operand) for operand in op.operands)
    wide = max(bits_of(operand) for operand in op.operands)
    return operators.adder(max(0, min(bits_of(op.results[0]), wide) - wires))


def _unary(op: Operation) -> float:
    return operators.adder(bits_of(op.operands[0]))


def _extreme(op: Operation) -> float:
    return operators.extreme(bits_of(op.results[0]))


def _compare(op: Operation) -> float:
    if isinstance(op, dataflow.CmpOp):
        predicate = op.predicate.data
    else:
        assert isinstance(op, arith.CmpiOp)
        predicate = ("eq", "ne", *["other"] * 8)[op.predicate.value.data]
    bits = max(bits_of(operand) for operand in op.operands)
    return operators.comparator(bits, predicate in ("eq", "ne"))


def _choice(op: Operation) -> float:
    shared = _same_bits(op.operands[1], op.operands[2])
    return operators.multiplexer(2, bits_of(op.results[0]) - shared)


def _same_bits(left: SSAValue, right: SSAValue) -> int:
    """Low bits that two values have in common: slices at one place of a word differ above it."""
    left, right = _uncast(left), _uncast(right)
    a, b = left.owner, right.owner
    if not isinstance(a, dataflow.SliceOp) or not isinstance(b, dataflow.SliceOp):
        return 0
    same = a.word is b.word and a.offset is b.offset
    return min(bits_of(left), bits_of(right)) if same else 0


def _uncast(value: SSAValue) -> SSAValue:
    return _uncast(value.owner.operand) if isinstance(value.owner, dataflow.CastOp) else value


def _branches(op: Operation) -> float:
    return sum(operators.multiplexer(2, bits_of(result)) for result in op.results)


def _gate(_op: Operation) -> float:
    return 1


def _shift(op: Operation) -> float:
    assert isinstance(op, dataflow.ShlOp | dataflow.ShrOp)
    if is_static(op.amount):
        return 0
    bits = max(bits_of(op.operand), bits_of(op.result))
    return operators.shifter(bits, _amounts(op.amount))


def _rounded_shift(op: Operation) -> float:
    assert isinstance(op, dataflow.RoundShiftSaturateOp)
    bits, result = bits_of(op.operand), bits_of(op.result)
    known = constant_value(op.amount)
    amounts = 1 if is_static(op.amount) else _amounts(op.amount)
    return operators.rounded_shift(bits, amounts, known or 0, result)


def _amounts(amount: SSAValue) -> int:
    return min(1 << bits_of(amount), dataflow.MAX_SHIFT + 1)


def _bit_length(op: Operation) -> float:
    return operators.bit_length(bits_of(op.operands[0]))


def _slice(op: Operation) -> float:
    assert isinstance(op, dataflow.SliceOp)
    bits = bits_of(op.result)
    return operators.multiplexer(choices(op.offset, bits_of(op.word)), bits)


def _insert(op: Operation) -> float:
    assert isinstance(op, dataflow.InsertOp)
    places = choices(op.offset, bits_of(op.word))
    # Each bit of the word is its own or one of the value's: a LUT, and the decoded place.
    return bits_of(op.word) + places if places > 1 else 0


def _load(op: Operation) -> float:
    """The choice of a register, or of a bank, where the address decides it."""
    assert isinstance(op, memref.LoadOp)
    inputs = _banks_to_choose(buffer_of(op.memref), op.indices)
    return operators.multiplexer(inputs, bits_of(op.res))


def _store(op: Operation) -> float:
    """The decoded address of a register or bank."""
    assert isinstance(op, memref.StoreOp)
    inputs = _banks_to_choose(buffer_of(op.memref), op.indices)
    return inputs if inputs > 1 else 0


def _banks_to_choose(buffer: dataflow.BufferOp, indices: "tuple[SSAValue, ...]") -> int:
    factors, shape = dict(buffer.partitions), buffer_shape(buffer)
    counts: list[int] = []
    for dim, (index, size) in enumerate(zip(indices, shape, strict=True)):
        factor = factors.get(dim, 1)
        if buffer_kind(buffer) == "register" or factor == COMPLETE:
            factor = size
        step = stride(index)
        counts.append(1 if step % factor == 0 else factor)
    return prod(counts)


def _divide(op: Operation) -> float:
    assert isinstance(op, arith.DivUIOp | arith.RemUIOp)
    divisor = constant_value(op.rhs)
    if divisor is not None and divisor & (divisor - 1) == 0:
        return 0
    return operators.divider(bits_of(op.lhs))


def _access(_op: Operation) -> float:
    return HANDSHAKE


_LUTS: Mapping[type[Operation], Callable[[Operation], float]] = {
    dataflow.AddOp: _sum,
    dataflow.SubOp: _sum,
    dataflow.NegOp: _unary,
    dataflow.AbsOp: _unary,
    dataflow.MinOp: _extreme,
    dataflow.MaxOp: _extreme,
    dataflow.ShlOp: _shift,
    dataflow.ShrOp: _shift,
    dataflow.RoundShiftSaturateOp: _rounded_shift,
    dataflow.CmpOp: _compare,
    dataflow.BitLengthOp: _bit_length,
    dataflow.SelectOp: _choice,
    dataflow.SliceOp: _slice,
    dataflow.InsertOp: _insert,
    dataflow.ReadOp: _access,
    dataflow.WriteOp: _access,
    memref.LoadOp: _load,
    memref.StoreOp: _store,
    scf.IfOp: _branches,
    arith.AddiOp: _sum,
    arith.SubiOp: _sum,
    arith.CmpiOp: _compare,
    arith.SelectOp: _choice,
    arith.DivUIOp: _divide,
    arith.RemUIOp: _divide,
    arith.AndIOp: _gate,
    arith.OrIOp: _gate,
    arith.XOrIOp: _gate,
}


# Products


def _product(op: dataflow.MulOp, size: DspSize) -> Resources:
    kind = product_kind(op)
    if kind == "constant":
        constant = next(c for c in map(constant_value, op.operands) if c is not None)
        return Resources(lut=operators.constant_product(constant, bits_of(op.result)))
    if kind == "fabric":
        return Resources(lut=operators.product(*map(bits_of, op.operands)))
    return operators.dsp_product(_signed_bits(op.lhs), _signed_bits(op.rhs), size)


def _signed_bits(value: SSAValue) -> int:
    return bits_of(value) + (not is_signed(dataflow.data_type(value.type)))


def _index_product(op: arith.MuliOp, size: DspSize) -> Resources:
    if is_static(op.result):
        return Resources()
    constant = next((c for c in map(constant_value, op.operands) if c is not None), None)
    if constant is not None:
        return Resources(lut=operators.constant_product(constant, bits_of(op.result)))
    left, right = (bits_of(value) for value in op.operands)
    if min(left, right) <= LUT_MULTIPLIER_BITS:
        return Resources(lut=operators.product(left, right))
    return operators.dsp_product(left + 1, right + 1, size)
