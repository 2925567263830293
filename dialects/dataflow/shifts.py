"""Shifts, with and without rounding: pure, as in arithmetic.py."""

from xdsl.dialects.builtin import IndexType, IntegerType, UnitAttr
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure

from lmc.dialects.dataflow.checks import (
    MAX_SHIFT,
    verify_amount,
    verify_arithmetic,
    verify_fits,
)
from lmc.dialects.dataflow.logic import Logic, rounded_shift, shift
from lmc.dialects.dataflow.ranges import constant_value, extremes, operand_range
from lmc.dialects.dataflow.traits import Named, Reducible, Statement
from lmc.dialects.dataflow.types import Range, type_range


class _Shift(IRDLOperation, Reducible):
    """A value and an amount of 0 to 63: `%x, %n : si16, ui4 -> si31`."""

    operand = operand_def(IntegerType)
    amount = operand_def(IntegerType | IndexType)
    exact = opt_prop_def(UnitAttr)
    result = result_def(IntegerType)
    traits = traits_def(Pure(), Statement())
    assembly_format = (
        "$operand `,` $amount (`exact` $exact^)? attr-dict "
        "`:` type($operand) `,` type($amount) `->` type($result)"
    )

    def __init__(
        self, operand: SSAValue, amount: SSAValue, type_: IntegerType, exact: bool = False
    ):
        super().__init__(
            operands=[operand, amount],
            properties={"exact": UnitAttr()} if exact else {},
            result_types=[type_],
        )

    def amounts(self) -> Range:
        """The amounts that can occur."""
        amount = operand_range(self.amount)
        return Range(amount.low, min(amount.high, MAX_SHIFT))

    def reduced(self) -> SSAValue | int | None:
        """The operand, where it is shifted by 0."""
        return self.operand if constant_value(self.amount) == 0 else None


@irdl_op_definition
class ShlOp(_Shift):
    """x * 2**amount."""

    name = "dataflow.shl"
    traits = traits_def(Named("shifted"), Logic(shift))

    def verify_(self) -> None:
        """VerifyException when an operand is unfit or the result may not fit."""
        verify_arithmetic(self.operand.type)
        verify_amount(self.amount)
        value, amount = operand_range(self.operand), self.amounts()
        ends = [v << s for v in (value.low, value.high) for s in (amount.low, amount.high)]
        verify_fits(self, extremes(ends), self.exact is not None)


@irdl_op_definition
class ShrOp(_Shift):
    """floor(x / 2**amount): arithmetic for a signed operand."""

    name = "dataflow.shr"
    traits = traits_def(Named("shifted"), Logic(shift))

    def verify_(self) -> None:
        """VerifyException when an operand is unfit or the result may not fit."""
        verify_arithmetic(self.operand.type)
        verify_amount(self.amount)
        value, amount = operand_range(self.operand), self.amounts()
        ends = [v >> s for v in (value.low, value.high) for s in (amount.low, amount.high)]
        verify_fits(self, extremes(ends), self.exact is not None)


@irdl_op_definition
class RoundShiftSaturateOp(IRDLOperation, Reducible):
    """floor((x + 2**(amount-1)) / 2**amount), x itself for amount 0; then saturated to the result.

    Rounding is half up. The amount is 0 to 63; the sum with the half never overflows.
    """

    name = "dataflow.round_shift_saturate"
    operand = operand_def(IntegerType)
    amount = operand_def(IntegerType | IndexType)
    result = result_def(IntegerType)
    traits = traits_def(Pure(), Statement(), Named("rounded"), Logic(rounded_shift))
    assembly_format = (
        "$operand `,` $amount attr-dict `:` type($operand) `,` type($amount) `->` type($result)"
    )

    def __init__(self, operand: SSAValue, amount: SSAValue, type_: IntegerType):
        super().__init__(operands=[operand, amount], result_types=[type_])

    def verify_(self) -> None:
        """VerifyException when a type is too wide or the amount's type is unfit."""
        verify_arithmetic(self.operand.type)
        verify_arithmetic(self.result.type)
        verify_amount(self.amount)

    def reduced(self) -> SSAValue | int | None:
        """The operand, where it is shifted by 0 and never saturates."""
        fits = type_range(self.result.type).contains(operand_range(self.operand))
        return self.operand if fits and constant_value(self.amount) == 0 else None


SHIFT_OPS: list[type[Operation]] = [ShlOp, ShrOp, RoundShiftSaturateOp]
"""The shifts of the dialect."""
