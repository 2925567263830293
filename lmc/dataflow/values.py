"""Values of a task under construction: Python operators that append ops.

A `Value` is an index (loop counter, address), a condition (i1) or data (siN, uiN). Operators on
data choose the narrowest result type that holds every result for the operands' types. A plain `int`
may stand for either kind of operand.
"""

from typing import TYPE_CHECKING

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerType
from xdsl.ir import SSAValue

from lmc.dialects.dataflow import (
    AbsOp,
    AddOp,
    BitLengthOp,
    CastOp,
    CmpOp,
    InsertOp,
    MaxOp,
    MinOp,
    MulOp,
    NegOp,
    Range,
    RoundShiftSaturateOp,
    SelectOp,
    ShlOp,
    ShrOp,
    SliceOp,
    SubOp,
    operand_range,
    si,
    smallest_type,
    type_range,
    ui,
)

if TYPE_CHECKING:
    from lmc.dataflow.emitter import Emitter

BinaryOp = type[AddOp] | type[SubOp] | type[MulOp] | type[MinOp] | type[MaxOp]

IndexOp = (
    type[arith.AddiOp]
    | type[arith.SubiOp]
    | type[arith.MuliOp]
    | type[arith.DivUIOp]
    | type[arith.RemUIOp]
)

_SIGNED_PREDICATES = {"eq": "eq", "ne": "ne", "lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge"}


class Value:
    """One SSA value of a task, with operators. `Operand` is what the operators take beside it."""

    def __init__(self, task: "Emitter", ssa: SSAValue):
        self.task = task
        self.ssa = ssa

    @property
    def is_index(self) -> bool:
        """Whether this is a counter or an address."""
        return isinstance(self.ssa.type, IndexType)

    @property
    def type(self) -> IntegerType:
        """The data type (or i1); TypeError for an index."""
        if not isinstance(self.ssa.type, IntegerType):
            raise TypeError(f"{self.ssa.type} is not a data type")
        return self.ssa.type

    @property
    def width(self) -> int:
        """Bits of the data type."""
        return self.type.width.data

    def named(self, name: str) -> "Value":
        """This value, with a name for printed text and C++."""
        self.ssa.name_hint = name
        return self

    # Arithmetic

    def __add__(self, other: "Operand") -> "Value":
        """The sum: of indices, or of data in a type that holds it."""
        if self.is_index:
            return self if _is_int(other, 0) else self._index(arith.AddiOp, other)
        return self.task.binary(AddOp, self, other)

    def __sub__(self, other: "Operand") -> "Value":
        """The difference: of indices, or of data in a type that holds it."""
        if self.is_index:
            return self if _is_int(other, 0) else self._index(arith.SubiOp, other)
        return self.task.binary(SubOp, self, other)

    def __mul__(self, other: "Operand") -> "Value":
        """The product: of indices, or of data in a type that holds it."""
        if self.is_index:
            return self if _is_int(other, 1) else self._index(arith.MuliOp, other)
        return self.task.binary(MulOp, self, other)

    def __floordiv__(self, other: "Operand") -> "Value":
        """Of indices only, which are never negative."""
        return self if _is_int(other, 1) else self._index(arith.DivUIOp, other)

    def __mod__(self, other: "Operand") -> "Value":
        """Of indices only, which are never negative."""
        return self._index(arith.RemUIOp, other)

    def __radd__(self, other: int) -> "Value":
        return self + other

    def __rmul__(self, other: int) -> "Value":
        return self * other

    def __rsub__(self, other: int) -> "Value":
        return self.task.like(other, self) - self

    def __neg__(self) -> "Value":
        """The negative of data."""
        values = operand_range(self.ssa)
        type_ = smallest_type(Range(-values.high, -values.low))
        return self.task.emit(NegOp(self.ssa, type_))

    def __abs__(self) -> "Value":
        """The magnitude of data."""
        return self.task.emit(
            AbsOp(self.ssa, smallest_type(AbsOp.transform(operand_range(self.ssa))))
        )

    def __rshift__(self, amount: "Operand") -> "Value":
        """floor(x / 2**amount), of the same type."""
        return self.task.emit(ShrOp(self.ssa, self.task.amount(amount).ssa, self.type))

    def __lshift__(self, amount: int) -> "Value":
        """x * 2**amount for a constant amount; `shl` takes a run-time one and a result type."""
        values = operand_range(self.ssa)
        type_ = smallest_type(Range(values.low << amount, values.high << amount))
        return self.shl(amount, self.like_sign(type_))

    def shl(self, amount: "Operand", type_: IntegerType) -> "Value":
        """x * 2**amount in `type_`, exact where the operand types alone don't show that it fits."""
        shift = self.task.amount(amount)
        values, amounts = operand_range(self.ssa), operand_range(shift.ssa)
        most = min(amounts.high, 63)
        fits = type_range(type_).contains(
            Range(min(values.low << most, values.low), values.high << most)
        )
        return self.task.emit(ShlOp(self.ssa, shift.ssa, type_, exact=not fits))

    def rss(self, amount: "Operand", type_: IntegerType) -> "Value":
        """Round half up by a right shift of `amount` >= 0 bits, then saturate to `type_`."""
        return self.task.emit(RoundShiftSaturateOp(self.ssa, self.task.amount(amount).ssa, type_))

    def bitlen(self) -> "Value":
        """The number of bits of this unsigned value."""
        type_ = smallest_type(BitLengthOp.transform(operand_range(self.ssa)))
        return self.task.emit(BitLengthOp(self.ssa, type_))

    def min(self, other: "Operand") -> "Value":
        """The smaller value."""
        if self.is_index:
            other_value = self.task.like(other, self)
            return (self <= other_value).select(self, other_value)
        return self.task.binary(MinOp, self, other)

    def max(self, other: "Operand") -> "Value":
        """The larger value."""
        if self.is_index:
            other_value = self.task.like(other, self)
            return (self >= other_value).select(self, other_value)
        return self.task.binary(MaxOp, self, other)

    # Comparison and conditions

    def compare(self, predicate: str, other: "Operand") -> "Value":
        """The comparison `predicate` (eq, ne, lt, le, gt, ge) as a condition."""
        right = self.task.like(other, self)
        if self.is_index:
            return self.task.emit(arith.CmpiOp(self.ssa, right.ssa, _SIGNED_PREDICATES[predicate]))
        return self.task.emit(CmpOp(predicate, self.ssa, right.ssa))

    def eq(self, other: "Operand") -> "Value":
        """Equal."""
        return self.compare("eq", other)

    def ne(self, other: "Operand") -> "Value":
        """Not equal."""
        return self.compare("ne", other)

    def __lt__(self, other: "Operand") -> "Value":
        """Less."""
        return self.compare("lt", other)

    def __le__(self, other: "Operand") -> "Value":
        """Less or equal."""
        return self.compare("le", other)

    def __gt__(self, other: "Operand") -> "Value":
        """Greater."""
        return self.compare("gt", other)

    def __ge__(self, other: "Operand") -> "Value":
        """Greater or equal."""
        return self.compare("ge", other)

    def __and__(self, other: "Value") -> "Value":
        """Both conditions."""
        return self.task.emit(arith.AndIOp(self.ssa, other.ssa))

    def __or__(self, other: "Value") -> "Value":
        """Either condition."""
        return self.task.emit(arith.OrIOp(self.ssa, other.ssa))

    def __invert__(self) -> "Value":
        """The opposite condition."""
        return self.task.emit(arith.XOrIOp(self.ssa, self.task.true().ssa))

    def select(self, if_true: "Operand", if_false: "Operand") -> "Value":
        """This condition's choice of indices (two ints are indices), or of data, widened to fit."""
        left, right = self.task.common(if_true, if_false)
        if left.is_index:
            return self.task.emit(arith.SelectOp(self.ssa, left.ssa, right.ssa))
        return self.task.emit(SelectOp(self.ssa, left.ssa, right.ssa))

    # Bits

    def cast(self, type_: IntegerType) -> "Value":
        """This value in another type; bits that don't fit are cut off (wrap)."""
        return self if self.ssa.type == type_ else self.task.emit(CastOp(self.ssa, type_))

    def widen(self, type_: IntegerType) -> "Value":
        """This value in a type that holds all its values; TypeError when it does not."""
        if self.ssa.type == type_:
            return self
        if not type_range(type_).contains(operand_range(self.ssa)):
            raise TypeError(f"{type_} does not hold every {self.ssa.type}")
        return self.cast(type_)

    def index(self) -> "Value":
        """This value as an index."""
        return self if self.is_index else self.task.emit(CastOp(self.ssa, IndexType()))

    def slice(self, start: "Operand", width: int, signed: bool = True) -> "Value":
        """`width` bits from bit `start` on, as siN or uiN."""
        type_ = si(width) if signed else ui(width)
        return self.task.emit(SliceOp(self.ssa, self.task.to_index(start).ssa, type_))

    def insert(self, value: "Value", start: "Operand") -> "Value":
        """This word with the value's bits at bit `start`."""
        return self.task.emit(InsertOp(value.ssa, self.ssa, self.task.to_index(start).ssa))

    def like_sign(self, type_: IntegerType) -> IntegerType:
        """`type_`, made signed (one bit wider where it was not) when this value is signed."""
        own = type_range(self.type)
        if own.low >= 0 or type_range(type_).low < 0:
            return type_
        return si(type_.width.data + 1)

    def _index(self, op: "IndexOp", other: "Operand") -> "Value":
        if not self.is_index:
            raise TypeError(f"this operator is for indices, not for {self.ssa.type}")
        return self.task.emit(op(self.ssa, self.task.to_index(other).ssa))


Operand = Value | int


def last(counter: Value, count: Operand) -> Value:
    """The condition that a loop of `count` iterations is in its last one."""
    return counter.eq(count - 1)


def _is_int(value: Operand, number: int) -> bool:
    return isinstance(value, int) and value == number
