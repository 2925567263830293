"""What operands and results of arithmetic have to be."""

from xdsl.dialects.builtin import IndexType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.dataflow.ranges import constant_value
from lmc.dialects.dataflow.types import (
    MAX_ARITHMETIC_WIDTH,
    Range,
    data_type,
    smallest_type,
    type_range,
)

MAX_SHIFT = 63
"""The largest shift amount an operand type may be able to express."""


def verify_arithmetic(type_: Attribute) -> None:
    """VerifyException when a value of this type is too wide to compute with."""
    if data_type(type_).width.data > MAX_ARITHMETIC_WIDTH:
        raise VerifyException(
            f"arithmetic is on at most {MAX_ARITHMETIC_WIDTH} bits, got {type_}: cut the word first"
        )


def verify_amount(amount: SSAValue) -> None:
    """VerifyException when an amount's type, or it itself, is a negative shift or one over 63."""
    known = constant_value(amount)
    if known is not None and not 0 <= known <= MAX_SHIFT:
        raise VerifyException(f"a shift amount is 0 to {MAX_SHIFT}, got {known}")
    if isinstance(amount.type, IndexType):
        return
    values = type_range(amount.type)
    if values.low < 0 or values.high > MAX_SHIFT:
        raise VerifyException(f"a shift amount is an index or ui1 to ui6, got {amount.type}")


def verify_fits(op: Operation, needed: Range, exact: bool) -> None:
    """VerifyException when the result type does not hold `needed` and nobody vouches for it."""
    verify_arithmetic(op.results[0].type)
    if exact or type_range(op.results[0].type).contains(needed):
        return
    raise VerifyException(
        f"the result needs {smallest_type(needed)}, which {op.results[0].type} does not hold: "
        "widen it, or mark the op exact if a derived range says that it fits"
    )
