"""What a value or a linear layer is for, read off the ops around it."""

from enum import Enum

from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue

from lmc.dialects.ssm import (
    AddOp,
    BiasOp,
    DecayOp,
    LinearOp,
    QuantizeOp,
    RequantizeOp,
    RMSNormOp,
    ScaleChannelsOp,
    ScaleOp,
    SelectiveStateUpdateOp,
    SoftplusOp,
    SplitOp,
)
from lmc.ir.editing import users


class Role(Enum):
    """The place of a linear layer in the model."""

    READER = "in_proj: reads the normalized residual stream"
    WRITER = "out_proj: its result is added to the residual stream"
    HEAD = "the LM head: its result are the logits"
    TIME_STEP = "dt_proj: its result becomes dt"
    INNER = "x_proj: within the mixer"

    @property
    def module(self) -> str:
        """The name of such a layer, as configurations use it."""
        return _MODULES[self]


_MODULES = {
    Role.READER: "in_proj",
    Role.WRITER: "out_proj",
    Role.HEAD: "lm_head",
    Role.TIME_STEP: "dt_proj",
    Role.INNER: "x_proj",
}


def role_of(linear: LinearOp) -> Role:
    """The role of a linear layer."""
    if any(isinstance(user, ReturnOp) for user in users(linear.result)):
        return Role.HEAD
    if reaches_stream(linear.result):
        return Role.WRITER
    producer = linear.input.owner
    while isinstance(producer, QuantizeOp | RequantizeOp):
        producer = producer.input.owner
    if isinstance(producer, RMSNormOp | ScaleChannelsOp):
        return Role.READER
    return Role.TIME_STEP if _becomes_time_step(linear.result) else Role.INNER


def _becomes_time_step(value: SSAValue) -> bool:
    """Whether the whole of a value goes through softplus, maybe with a bias."""
    return any(
        isinstance(user, SoftplusOp)
        or (isinstance(user, BiasOp) and _becomes_time_step(user.result))
        for user in users(value)
    )


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
