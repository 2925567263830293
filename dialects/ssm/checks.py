"""Checks that the verifiers of several ops share."""

from __future__ import annotations

from xdsl.ir import Attribute, Operation
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.formats import FixedType, format_of


def expect(condition: bool, message: str) -> None:
    """VerifyException with the message unless the condition holds."""
    if not condition:
        raise VerifyException(message)


def expect_plain(op: Operation, **types: Attribute | None) -> None:
    """VerifyException unless those of the named types that are fixed point have mul = 1."""
    for name, value_type in types.items():
        if isinstance(value_type, FixedType) and value_type.mul.data != 1:
            raise VerifyException(
                f"{op.name} takes power-of-two scales (mul 1), but {name} has {value_type}"
            )


def expect_scale(
    op: Operation, role: str, found: Attribute, operand: Attribute, more_frac: int = 0
) -> None:
    """VerifyException unless a fixed-point format has an operand's scale times 2^-more_frac."""
    if not isinstance(found, FixedType) or not isinstance(operand, FixedType):
        return
    wanted = operand.frac.data + more_frac, operand.mul.data
    if (found.frac.data, found.mul.data) != wanted:
        raise VerifyException(
            f"{op.name}: its {role} is {found}, but a frac of {wanted[0]} and a mul of {wanted[1]} "
            f"are needed, the scale of what it is added to"
        )


def expect_exactly_below_line(op: Operation, side: Attribute, **attributes: object) -> None:
    """VerifyException unless the named attributes are there where `side` is no float tensor."""
    is_fixed = isinstance(format_of(side), FixedType)
    for name, attribute in attributes.items():
        if is_fixed != (attribute is not None):
            said = f"an integer {op.name} needs" if is_fixed else f"a float {op.name} has no"
            raise VerifyException(f"{said} {name}")
