"""What a value or an op with a matrix is for, read off the promises of the ops around it."""

from enum import Enum

from xdsl.dialects.func import ReturnOp
from xdsl.ir import Operation, SSAValue

from lmc.dialects.ssm import (
    ConvertsFormat,
    KeepsFormat,
    KeepsRole,
    MakesResidualStream,
    MakesTimeStep,
    Normalizes,
    ReadsRow,
    TakesPowerOfTwoScales,
)
from lmc.ir.editing import users


class Role(Enum):
    """The place of an op with a matrix in the model."""

    EMBEDDING = "the embedding: begins the residual stream"
    READER = "in_proj: reads the normalized residual stream"
    WRITER = "out_proj: its result is added to the residual stream"
    HEAD = "the LM head: its result are the logits"
    TIME_STEP = "dt_proj: its result becomes dt"
    INNER = "x_proj: within the mixer"

    @property
    def module(self) -> str:
        """The name of such an op's module, as configurations use it."""
        return _MODULES[self]


_MODULES = {
    Role.EMBEDDING: "embedding",
    Role.READER: "in_proj",
    Role.WRITER: "out_proj",
    Role.HEAD: "lm_head",
    Role.TIME_STEP: "dt_proj",
    Role.INNER: "x_proj",
}


def role_of(op: Operation) -> Role:
    """The role of an op that multiplies its first operand by a matrix, or reads rows of one."""
    if op.has_trait(ReadsRow):
        return Role.EMBEDDING
    result = op.results[0]
    if any(isinstance(user, ReturnOp) for user in users(result)):
        return Role.HEAD
    if reaches_stream(result):
        return Role.WRITER
    if _becomes_time_step(result):
        return Role.TIME_STEP
    producer = op.operands[0].owner
    while isinstance(producer, Operation) and producer.has_trait(ConvertsFormat):
        producer = producer.operands[0].owner
    if isinstance(producer, Operation) and producer.has_trait(Normalizes):
        return Role.READER
    return Role.INNER


def _becomes_time_step(value: SSAValue) -> bool:
    """Whether the whole of a value is made the time step, maybe scaled and with a bias."""
    return any(
        user.has_trait(MakesTimeStep)
        or (_keeps_role(user, value) and _becomes_time_step(user.results[0]))
        for user in users(value)
    )


def reaches_stream(value: SSAValue) -> bool:
    """Whether a value is added to the residual stream, maybe scaled and with a bias."""
    return any(
        user.has_trait(MakesResidualStream)
        or (_keeps_role(user, value) and reaches_stream(user.results[0]))
        for user in users(value)
    )


def _keeps_role(user: Operation, value: SSAValue) -> bool:
    return user.has_trait(KeepsRole) and user.operands[0] is value


def is_normalized(value: SSAValue) -> bool:
    """Whether a norm takes a value or a piece of it."""
    return any(
        user.has_trait(Normalizes)
        or (user.has_trait(KeepsFormat) and any(map(is_normalized, user.results)))
        for user in users(value)
    )


def needs_power_of_two(value: SSAValue) -> bool:
    """Whether an op that takes only power-of-two scales reads a value or a piece of it."""
    for user in users(value):
        takes = user.get_trait(TakesPowerOfTwoScales)
        if takes is not None and takes.takes(user, value):
            return True
        if user.has_trait(KeepsFormat) and any(map(needs_power_of_two, user.results)):
            return True
    return False
