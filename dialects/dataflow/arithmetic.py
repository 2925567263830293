"""Integer operations: all of them pure, all with an explicit result type.

Semantics: operands are mathematical integers (the sign is part of the type), the result is the
mathematical result. It always fits its type: either because the operands' types say so (add: one
bit more than the wider operand, mul: the sum of widths; worked out on ranges), or because the op is
marked `exact`, by which its maker vouches for a range it has derived. Only `cast` wraps and only
`round_shift_saturate` saturates. Arithmetic reads and makes at most 63 bits; wider values are
words, which are only cut, joined and moved (words.py). Shifts are in shifts.py.
"""

from typing import ClassVar

from xdsl.dialects.builtin import I1, IntegerAttr, IntegerType, StringAttr, UnitAttr, i1
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    VarConstraint,
    base,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.checks import (
    verify_arithmetic,
    verify_fits,
)
from lmc.dialects.dataflow.logic import (
    Logic,
    carry,
    choice_by_comparison,
    magnitude,
    partial_products,
    priority,
)
from lmc.dialects.dataflow.ranges import (
    absolute,
    constant_value,
    extremes,
    folded,
    operand_range,
)
from lmc.dialects.dataflow.traits import Named, Reducible, Statement
from lmc.dialects.dataflow.types import (
    Range,
    data_type,
    is_signed,
)

COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
"""The predicates of `dataflow.cmp`."""

OPPOSITES = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
"""The predicate that holds where another one does not."""

PRODUCT_KINDS = ("dsp", "fabric")
"""What a product can be made of."""


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """An integer known at compile time: `dataflow.constant 5 : si8`."""

    T: ClassVar = VarConstraint("T", base(IntegerType))

    name = "dataflow.constant"
    value = prop_def(IntegerAttr.constr(T))
    result = result_def(T)
    traits = traits_def(Pure(), ConstantLike(), Statement(), Named("constant"))
    assembly_format = "$value attr-dict"

    def __init__(self, value: int, type_: IntegerType):
        super().__init__(properties={"value": IntegerAttr(value, type_)}, result_types=[type_])

    def verify_(self) -> None:
        """VerifyException when the type is not that of a data value."""
        data_type(self.result.type)


class _Binary(IRDLOperation, Reducible):
    """Two operands of any data types, one result that holds the exact value."""

    lhs = operand_def(IntegerType)
    rhs = operand_def(IntegerType)
    exact = opt_prop_def(UnitAttr)
    result = result_def(IntegerType)
    traits = traits_def(Pure(), Statement())
    assembly_format = (
        "$lhs `,` $rhs (`exact` $exact^)? attr-dict "
        "`:` type($lhs) `,` type($rhs) `->` type($result)"
    )

    def __init__(self, lhs: SSAValue, rhs: SSAValue, type_: IntegerType, exact: bool = False):
        super().__init__(
            operands=[lhs, rhs],
            properties={"exact": UnitAttr()} if exact else {},
            result_types=[type_],
        )

    @staticmethod
    def combine(lhs: Range, rhs: Range) -> Range:
        """The range of the result for operands in these ranges."""
        raise NotImplementedError

    def verify_(self) -> None:
        """VerifyException when an operand is a word or the result may not fit."""
        verify_arithmetic(self.lhs.type)
        verify_arithmetic(self.rhs.type)
        verify_fits(self, self._needed, self.exact is not None)

    @property
    def _needed(self) -> Range:
        """The range of the exact result."""
        return self.combine(operand_range(self.lhs), operand_range(self.rhs))

    def reduced(self) -> SSAValue | int | None:
        """The number, where the operands leave only one, or the operand that the other leaves."""
        known = folded(self._needed, self.result.type)
        return self._neutral() if known is None else known

    def _neutral(self) -> SSAValue | None:
        """The operand that the other one leaves as it is."""
        raise NotImplementedError


@irdl_op_definition
class AddOp(_Binary):
    """lhs + rhs."""

    name = "dataflow.add"
    traits = traits_def(Named("sum"), Logic(carry))

    @staticmethod
    def combine(lhs: Range, rhs: Range) -> Range:
        """Sums of the ends."""
        return Range(lhs.low + rhs.low, lhs.high + rhs.high)

    def _neutral(self) -> SSAValue | None:
        return _beside(self.lhs, self.rhs, 0)


@irdl_op_definition
class SubOp(_Binary):
    """lhs - rhs."""

    name = "dataflow.sub"
    traits = traits_def(Named("difference"), Logic(carry))

    @staticmethod
    def combine(lhs: Range, rhs: Range) -> Range:
        """Differences of opposite ends."""
        return Range(lhs.low - rhs.high, lhs.high - rhs.low)

    def _neutral(self) -> SSAValue | None:
        return self.lhs if constant_value(self.rhs) == 0 else None


@irdl_op_definition
class MulOp(_Binary):
    """lhs * rhs; `impl` says what the product is made of: `dsp`, or `fabric` (LUTs)."""

    name = "dataflow.mul"
    traits = traits_def(Named("product"), Logic(partial_products))
    impl = opt_prop_def(StringAttr)
    assembly_format = (
        "$lhs `,` $rhs (`exact` $exact^)? (`impl` $impl^)? attr-dict "
        "`:` type($lhs) `,` type($rhs) `->` type($result)"
    )

    @staticmethod
    def combine(lhs: Range, rhs: Range) -> Range:
        """Extremes of the four products of ends."""
        return extremes([a * b for a in (lhs.low, lhs.high) for b in (rhs.low, rhs.high)])

    def _neutral(self) -> SSAValue | None:
        return _beside(self.lhs, self.rhs, 1)

    def verify_(self) -> None:
        """VerifyException when the implementation is unknown, or as for the others."""
        super().verify_()
        if self.impl is not None and self.impl.data not in PRODUCT_KINDS:
            raise VerifyException(
                f"a product is made of {' or '.join(PRODUCT_KINDS)}, not of {self.impl.data}"
            )


@irdl_op_definition
class MinOp(_Binary):
    """The smaller of two values."""

    name = "dataflow.min"
    traits = traits_def(Named("smallest"), Logic(choice_by_comparison))

    @staticmethod
    def combine(lhs: Range, rhs: Range) -> Range:
        """Minima of like ends."""
        return Range(min(lhs.low, rhs.low), min(lhs.high, rhs.high))

    def _neutral(self) -> SSAValue | None:
        return _below(self.lhs, self.rhs)


@irdl_op_definition
class MaxOp(_Binary):
    """The larger of two values."""

    name = "dataflow.max"
    traits = traits_def(Named("largest"), Logic(choice_by_comparison))

    @staticmethod
    def combine(lhs: Range, rhs: Range) -> Range:
        """Maxima of like ends."""
        return Range(max(lhs.low, rhs.low), max(lhs.high, rhs.high))

    def _neutral(self) -> SSAValue | None:
        smaller = _below(self.lhs, self.rhs)
        return None if smaller is None else self.rhs if smaller is self.lhs else self.lhs


def _beside(lhs: SSAValue, rhs: SSAValue, neutral: int) -> SSAValue | None:
    """The operand beside the neutral number."""
    if constant_value(rhs) == neutral:
        return lhs
    return rhs if constant_value(lhs) == neutral else None


def _below(lhs: SSAValue, rhs: SSAValue) -> SSAValue | None:
    """The operand that is never larger than the other; None where that can't be told."""
    left, right = operand_range(lhs), operand_range(rhs)
    if left.high <= right.low:
        return lhs
    return rhs if right.high <= left.low else None


def compared(predicate: str, lhs: Range, rhs: Range) -> int | None:
    """Whether a comparison holds (1) or not (0), where the ranges of its operands tell."""
    if predicate in ("ne", "ge", "gt"):
        opposite = compared(OPPOSITES[predicate], lhs, rhs)
        return None if opposite is None else 1 - opposite
    if predicate == "eq":
        if lhs.high < rhs.low or rhs.high < lhs.low:
            return 0
        return 1 if lhs.low == lhs.high == rhs.low == rhs.high else None
    slack = 0 if predicate == "lt" else 1
    if lhs.high < rhs.low + slack:
        return 1
    return 0 if lhs.low >= rhs.high + slack else None


class _Unary(IRDLOperation, Reducible):
    """One operand, one result that holds the exact value."""

    operand = operand_def(IntegerType)
    exact = opt_prop_def(UnitAttr)
    result = result_def(IntegerType)
    traits = traits_def(Pure(), Statement())
    assembly_format = "$operand (`exact` $exact^)? attr-dict `:` type($operand) `->` type($result)"

    def __init__(self, operand: SSAValue, type_: IntegerType, exact: bool = False):
        super().__init__(
            operands=[operand],
            properties={"exact": UnitAttr()} if exact else {},
            result_types=[type_],
        )

    @staticmethod
    def transform(operand: Range) -> Range:
        """The range of the result for an operand in this range."""
        raise NotImplementedError

    def verify_(self) -> None:
        """VerifyException when the operand is a word or the result may not fit."""
        verify_arithmetic(self.operand.type)
        verify_fits(self, self.transform(operand_range(self.operand)), self.exact is not None)

    def reduced(self) -> SSAValue | int | None:
        """The number, where the operand leaves only one."""
        return folded(self.transform(operand_range(self.operand)), self.result.type)


@irdl_op_definition
class NegOp(_Unary):
    """The negated value, -x."""

    name = "dataflow.neg"
    traits = traits_def(Named("negated"), Logic(carry))

    @staticmethod
    def transform(operand: Range) -> Range:
        """The mirrored range."""
        return Range(-operand.high, -operand.low)


@irdl_op_definition
class AbsOp(_Unary):
    """The magnitude of a value, |x|."""

    name = "dataflow.abs"
    traits = traits_def(Named("magnitude"), Logic(magnitude))

    @staticmethod
    def transform(operand: Range) -> Range:
        """From 0, or the nearer end, to the farther end."""
        return absolute(operand)

    def reduced(self) -> SSAValue | int | None:
        """Also the operand, where it is never negative."""
        return self.operand if operand_range(self.operand).low >= 0 else super().reduced()


@irdl_op_definition
class BitLengthOp(_Unary):
    """The number of bits of a non-negative value: 0 → 0, 1 → 1, 255 → 8."""

    name = "dataflow.bitlen"
    traits = traits_def(Named("bit_count"), Logic(priority))

    @staticmethod
    def transform(operand: Range) -> Range:
        """Bit lengths of the ends."""
        return Range(max(operand.low, 0).bit_length(), max(operand.high, 0).bit_length())

    def verify_(self) -> None:
        """VerifyException when the operand is signed, a word, or the result may not fit."""
        if is_signed(data_type(self.operand.type)):
            raise VerifyException(f"bitlen is of an unsigned value, got {self.operand.type}")
        super().verify_()


@irdl_op_definition
class CmpOp(IRDLOperation, Reducible):
    """A comparison by mathematical value, whatever the operands' signs and widths: i1."""

    name = "dataflow.cmp"
    predicate = prop_def(StringAttr)
    lhs = operand_def(IntegerType)
    rhs = operand_def(IntegerType)
    result = result_def(I1)
    traits = traits_def(Pure(), Statement(), Named("condition"), Logic(carry))
    assembly_format = "$predicate $lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs)"

    def __init__(self, predicate: str, lhs: SSAValue, rhs: SSAValue):
        super().__init__(
            operands=[lhs, rhs],
            properties={"predicate": StringAttr(predicate)},
            result_types=[i1],
        )

    def verify_(self) -> None:
        """VerifyException when the predicate is unknown or an operand is a word."""
        if self.predicate.data not in COMPARISONS:
            raise VerifyException(
                f"unknown predicate {self.predicate.data}: one of {', '.join(COMPARISONS)}"
            )
        verify_arithmetic(self.lhs.type)
        verify_arithmetic(self.rhs.type)

    def reduced(self) -> SSAValue | int | None:
        """0 or 1, where the operands' ranges tell."""
        return compared(self.predicate.data, operand_range(self.lhs), operand_range(self.rhs))


ARITHMETIC_OPS: list[type[Operation]] = [
    ConstantOp,
    AddOp,
    SubOp,
    MulOp,
    NegOp,
    AbsOp,
    MinOp,
    MaxOp,
    CmpOp,
    BitLengthOp,
]
"""The arithmetic ops of the dialect, shifts apart."""
