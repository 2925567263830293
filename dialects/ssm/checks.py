"""What several ops share: a trait, and checks of their verifiers."""

from __future__ import annotations

from xdsl.ir import Operation, SSAValue
from xdsl.traits import OpTrait
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.formats import (
    shape_of,
)


class ChannelWise(OpTrait):
    """Row i of each result is made of row i of the operands and of the weights, a state included.

    So channels may be in any order, if it is the same for all of them.
    """


def expect(condition: bool, message: str) -> None:
    """VerifyException with the message unless the condition holds."""
    if not condition:
        raise VerifyException(message)


def same_shape(op: Operation, *values: SSAValue) -> None:
    """VerifyException unless all values have one shape."""
    shapes = {shape_of(value.type) for value in values}
    expect(len(shapes) == 1, f"{op.name} needs equal shapes, found {sorted(shapes)}")
