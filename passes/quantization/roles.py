"""What a value or a linear layer is for, read off the ops around it."""

from enum import Enum

from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue

from lmc.dialects.ssm import (
    AddOp,
    BiasOp,
    DecayOp,
    LinearOp,
    RMSNormOp,
    ScaleOp,
    SelectiveStateUpdateOp,
    SplitOp,
)
from lmc.passes.editing import users


class Role(Enum):
    """The place of a linear layer in the model."""

    READER = "in_proj: reads the normalized residual stream"
    WRITER = "out_proj: its result is added to the residual stream"
    HEAD = "the LM head: its result are the logits"
    INNER = "x_proj or dt_proj: within the mixer"


def role_of(linear: LinearOp) -> Role:
    """The role of a linear layer."""
    if any(isinstance(user, ReturnOp) for user in users(linear.result)):
        return Role.HEAD
    if reaches_stream(linear.result):
        return Role.WRITER
    return Role.READER if isinstance(linear.input.owner, RMSNormOp) else Role.INNER


def reaches_stream(value: SSAValue) -> bool:
    """Whether a value is added to the residual stream, maybe scaled and with a bias."""
    for user in users(value):
        if isinstance(user, AddOp):
            return True
        if isinstance(user, BiasOp | ScaleOp) and reaches_stream(user.result):
            return True
    return False


def needs_power_of_two(value: SSAValue) -> bool:
    """Whether an op that takes only power-of-two scales reads a value or a piece of it."""
    for user in users(value):
        if isinstance(user, AddOp | SelectiveStateUpdateOp | DecayOp):
            return True
        if isinstance(user, SplitOp) and any(map(needs_power_of_two, user.pieces)):
            return True
    return False
