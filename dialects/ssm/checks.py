"""Checks that the verifiers of several ops share."""

from __future__ import annotations

from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.formats import (
    shape_of,
)


def expect(condition: bool, message: str) -> None:
    """VerifyException with the message unless the condition holds."""
    if not condition:
        raise VerifyException(message)


def same_shape(op: Operation, *values: SSAValue) -> None:
    """VerifyException unless all values have one shape."""
    shapes = {shape_of(value.type) for value in values}
    expect(len(shapes) == 1, f"{op.name} needs equal shapes, found {sorted(shapes)}")
