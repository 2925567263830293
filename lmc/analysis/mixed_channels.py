"""What lies between a linear layer and the pieces of its result: values in which pieces are mixed.

A linear layer's rows can be permuted only if all that reads them, down to the ops that cut them
into pieces, works on each channel alone. This is found from uses and the trait
`lmc.dialects.ssm.ChannelWise`, whatever the model.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ModuleOp, SymbolRefAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import BlockArgument, Operation, SSAValue

from lmc.dialects.ssm import ChannelWise, LayersOp, LinearOp, SplitOp, WeightOp, shape_of
from lmc.ir.editing import describe, symbol, symbol_users, users, weights_of


class MixedError(Exception):
    """Why channels have to stay where they are."""


@dataclass(frozen=True)
class State:
    """A state of a channel-wise op: an argument of the function, and its axis of channels."""

    function: FuncOp
    argument: int
    axis: int


@dataclass(frozen=True)
class Segment:
    """Values in which the same pieces are mixed, and what works on them.

    `pieces` are those of the whole linear layer, by number, in the order of the model; `parts`
    says for each result of `split` which of them it holds.
    """

    split: SplitOp
    pieces: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    weights: tuple[WeightOp, ...]
    states: tuple[State, ...]


@dataclass
class MixedChannels:
    """A linear layer, the segments after it, and the pieces they end in, in the model's order."""

    linear: LinearOp
    weight: WeightOp
    segments: list[Segment] = field(default_factory=list[Segment])
    pieces: list[SSAValue] = field(default_factory=list[SSAValue])
    is_ordered: bool = False
    """Whether a split among them has an order, so that rows are not in the model's."""

    @property
    def lengths(self) -> list[int]:
        """Channels of each piece."""
        return [shape_of(piece.type)[0] for piece in self.pieces]


def mixed_channels(module: ModuleOp, linear: LinearOp) -> MixedChannels | None:
    """The pieces of a linear layer's result; None if it is not cut into pieces.

    Raises MixedError, naming an op, if rows cannot change places.
    """
    if not _leads_to_split(linear.result):
        _refuse_obstacle(linear.result)
        return None
    found = MixedChannels(linear, _own_weight(module, linear, linear.weight))
    _follow(module, found, linear.result)
    return found


def _leads_to_split(value: SSAValue) -> bool:
    """Whether a value is cut into pieces, by itself or after channel-wise ops."""
    for user in users(value):
        if isinstance(user, SplitOp):
            return True
        if user.has_trait(ChannelWise) and any(map(_leads_to_split, _like(value, user))):
            return True
    return False


def _refuse_obstacle(value: SSAValue) -> None:
    """Raises MixedError for an op between a value and its pieces that is not channel-wise."""
    for user in users(value):
        if user.has_trait(ChannelWise):
            for result in _like(value, user):
                _refuse_obstacle(result)
        elif any(map(_leads_to_split, _like(value, user))):
            raise MixedError(f"{describe(user)} does not work on each channel alone")


def _follow(module: ModuleOp, found: MixedChannels, value: SSAValue) -> tuple[int, ...]:
    """Add the segment that begins with a value; the numbers of the pieces that it holds."""
    weights: list[WeightOp] = []
    states: list[State] = []
    user = _only_user(value)
    while not isinstance(user, SplitOp):
        weights += [_own_weight(module, user, name) for name in _symbols(module, user)]
        states += [_state(user, operand) for operand in user.operands if operand is not value]
        results = _like(value, user)
        if len(results) != 1:
            raise MixedError(f"{describe(user)} has {len(results)} results of its operand's shape")
        value = results[0]
        user = _only_user(value)
    found.is_ordered = found.is_ordered or user.order is not None
    parts = tuple(_part(module, found, piece) for piece in user.pieces)
    pieces = tuple(number for part in parts for number in part)
    found.segments.append(Segment(user, pieces, parts, tuple(weights), tuple(states)))
    return pieces


def _part(module: ModuleOp, found: MixedChannels, piece: SSAValue) -> tuple[int, ...]:
    if _leads_to_split(piece):
        return _follow(module, found, piece)
    found.pieces.append(piece)
    return (len(found.pieces) - 1,)


def _only_user(value: SSAValue) -> Operation:
    """Of mixed channels: two users would have to agree on an order."""
    found = users(value)
    if len(found) != 1:
        names = ", ".join(map(describe, found))
        raise MixedError(f"channels that are still mixed have several users: {names}")
    return found[0]


def _like(value: SSAValue, op: Operation) -> list[SSAValue]:
    """The results of an op that are vectors like its operand."""
    return [x for x in op.results if shape_of(x.type) == shape_of(value.type)]


def _symbols(module: ModuleOp, op: Operation) -> Iterator[SymbolRefAttr]:
    """The references of an op to weights."""
    known = weights_of(module)
    for value in op.properties.values():
        if isinstance(value, SymbolRefAttr) and symbol(value) in known:
            yield value


def _own_weight(module: ModuleOp, op: Operation, reference: SymbolRefAttr) -> WeightOp:
    name = symbol(reference)
    others = [other for other in symbol_users(module, name) if other is not op]
    if others:
        raise MixedError(f"@{name} is also read by {describe(others[0])}")
    return weights_of(module)[name]


def _state(op: Operation, operand: SSAValue) -> State:
    """The state that enters an op as `operand` and leaves with a result of it.

    Its channels can change places, since nothing else reads it and it is zero at first.
    """
    refused = MixedError(f"{describe(op)} joins mixed channels with those of another value")
    block = op.parent
    if not isinstance(operand, BlockArgument) or operand.block is not block or block is None:
        raise refused
    last, axis, argument = block.last_op, 0, operand
    layers = block.parent_op()
    if last is None or last.operands[operand.index].owner is not op or users(operand) != [op]:
        raise refused
    if isinstance(layers, LayersOp):
        outer = layers.inputs[operand.index]
        if not isinstance(outer, BlockArgument) or users(outer) != [layers]:
            raise refused
        axis, argument = 1, outer
    function = argument.block.parent_op()
    if not isinstance(function, FuncOp):
        raise refused
    return State(function, argument.index, axis)
