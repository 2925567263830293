"""What an op promises, said by the op: traits that passes and analyses ask for.

An op of a plugin has them in the same way as one of this dialect. Promises that need the machinery
of another package (number formats, widths, cost, demand) are rules registered there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from typing_extensions import override
from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Operation, SSAValue
from xdsl.traits import OpTrait

from lmc.dialects.ssm.formats import shape_of

# How elements go through an op


class ChannelWise(OpTrait):
    """Row i of each result is made of row i of the operands and of the weights, a state included.

    So channels may be in any order, if it is the same for all of them.
    """


class Tiled(OpTrait, ABC):
    """Nothing comes out of the op before it has taken in a tile. Without it, one element will do.

    An op asks for it with one of the traits below, or with one of its own.
    """

    @abstractmethod
    def tile(self, op: Operation) -> tuple[int, ...]:
        """Elements of the first operand that come in before the first result goes out."""

    def takes_whole(self, op: Operation) -> bool:
        """Whether the tile is all of the first operand."""
        return self.tile(op) == shape_of(op.operands[0].type)


class TakesWhole(Tiled):
    """The tile is the first operand, as for a norm or a linear layer."""

    @override
    def tile(self, op: Operation) -> tuple[int, ...]:
        return shape_of(op.operands[0].type)


@dataclass(frozen=True)
class TakesTiles(Tiled):
    """The tile has `size(op)` elements of the first operand."""

    size: Callable[[Any], int]

    @override
    def tile(self, op: Operation) -> tuple[int, ...]:
        return (self.size(op),)


@dataclass(frozen=True)
class HasState(OpTrait):
    """The op has a state: it enters as one operand and leaves as one result, of the same type."""

    operand: str = "state"
    result: str = "new_state"

    def state(self, op: Operation) -> SSAValue:
        """The state as it enters."""
        return getattr(op, self.operand)


@dataclass(frozen=True)
class TakesRowsOfState(Tiled):
    """The tile is a row of the state, its last dimension; vectors are taken in as they come."""

    operand: str = "state"

    @override
    def tile(self, op: Operation) -> tuple[int, ...]:
        *channels, states = shape_of(getattr(op, self.operand).type)
        return (*(1 for _ in channels), states)

    @override
    def takes_whole(self, op: Operation) -> bool:
        return False


@dataclass(frozen=True, init=False)
class HoldsOperands(OpTrait):
    """The op keeps the named operands itself, as long as it needs them."""

    names: tuple[str, ...]

    def __init__(self, *names: str):
        object.__setattr__(self, "names", names)

    def holds(self, op: Operation, value: SSAValue) -> bool:
        """Whether a value is one of these operands."""
        return any(getattr(op, name) is value for name in self.names)


@dataclass(frozen=True)
class WorksByHead(OpTrait):
    """The op goes through the heads of its state and wants its operands in that order.

    `whole` are names of operands that have to be there before the first head, in the order in
    which they are wanted, those wanted together in one tuple; `by_head` are those whose elements
    come head by head. The state has a dimension of heads if it has three dimensions.
    """

    whole: tuple[tuple[str, ...], ...]
    by_head: tuple[str, ...]
    state: str = "state"

    def ranks(self, op: Operation) -> dict[SSAValue, int]:
        """When each of these operands is wanted: 0 first, the largest number by head."""
        groups = (*self.whole, self.by_head)
        pairs = [(getattr(op, name), n) for n, names in enumerate(groups) for name in names]
        # An operand with two uses is wanted at the first of them.
        return dict(reversed(pairs))

    def heads(self, op: Operation) -> int:
        """Heads of the state, 1 if it has none."""
        shape = shape_of(getattr(op, self.state).type)
        return shape[0] if len(shape) == 3 else 1


@dataclass(frozen=True)
class ReadsRow(OpTrait):
    """For each token the op reads one row of a matrix, as an embedding does."""

    matrix: str = "weight"

    def reference(self, op: Operation) -> SymbolRefAttr:
        """The matrix that rows are read of."""
        return getattr(op, self.matrix)


# Number formats


@dataclass(frozen=True, init=False)
class TakesPowerOfTwoScales(OpTrait):
    """The named operands, or all where none is named, have scales that are powers of two.

    `quantize` gives them such formats.
    """

    names: tuple[str, ...]

    def __init__(self, *names: str):
        object.__setattr__(self, "names", names)

    def takes(self, op: Operation, value: SSAValue) -> bool:
        """Whether the op reads a value as one of these operands."""
        operands = [getattr(op, name) for name in self.names] if self.names else op.operands
        return any(operand is value for operand in operands)


class KeepsFormat(OpTrait):
    """Elements move and stay as they are: results have the first operand's number format."""


class ConvertsFormat(OpTrait):
    """The result is the first operand in another number format, and nothing else."""


# Roles of values in a model


class MakesResidualStream(OpTrait):
    """The result is the residual stream; operands are added to it."""


class MakesTimeStep(OpTrait):
    """The result is the time step of the state update, made of the first operand."""


class Normalizes(OpTrait):
    """The result is normalized: a norm, or the scale that is left of one."""


class KeepsRole(OpTrait):
    """The result is the first operand with a bias or a scale: it is for the same purpose."""
