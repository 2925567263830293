"""What the float and the integer implementations share: shapes, splits, windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import SymbolRefAttr

from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.ssm import shape_of
from lmc.interpreter.registry import Kernel
from lmc.interpreter.values import BlockValue, IntArray, Value
from lmc.weights import WeightStore

_ScalarT = TypeVar("_ScalarT", bound=np.generic)


def symbol(reference: SymbolRefAttr) -> str:
    """The name of a symbol reference."""
    return reference.root_reference.data


def check_ids(ids: IntArray, vocabulary: int) -> IntArray:
    """The ids themselves; raises LmcError if one lies outside of the vocabulary."""
    if ids.size and not (ids.min() >= 0 and ids.max() < vocabulary):
        raise LmcError(
            f"token ids go from {ids.min()} to {ids.max()}, the model's from 0 to {vocabulary - 1}"
        )
    return ids


def split(op: ssm.SplitOp, _weights: WeightStore) -> Kernel:
    """Pieces of the last axis, of floats or integers."""
    lengths = [shape_of(piece.type)[0] for piece in op.pieces]
    ends = np.cumsum(lengths)[:-1].tolist()
    places = None if op.runs.is_consecutive else op.runs.places()

    def kernel(values: Sequence[Value], _layer: int | None) -> tuple[Value, ...]:
        array = values[0]
        if not isinstance(array, np.ndarray):
            raise LmcError("ssm.split of block floating point is not supported; split before it")
        if places is not None:
            array = np.take(array, places, axis=-1)
        return tuple(cast("list[Value]", np.split(array, ends, axis=-1)))

    return kernel


def convolution_window(
    x: NDArray[_ScalarT], state: NDArray[_ScalarT]
) -> tuple[NDArray[_ScalarT], NDArray[_ScalarT]]:
    """Inputs x [T, B, C] after a state [B, C, K-1]: all of them [T+K-1, B, C], the new state."""
    window = np.concatenate([np.moveaxis(state, -1, 0), x])
    new_state = window[len(x) :]
    return window, np.ascontiguousarray(np.moveaxis(new_state, 0, -1))


@dataclass(frozen=True)
class StateLayout:
    """How the state update's operands lie in memory while tokens are walked through.

    G groups of heads share B and C; R channels belong to a group; N is the state size. The state is
    held as [B, G, N, R]: channels run innermost, so that every operation has long inner loops.
    """

    groups: int
    channels_per_group: int
    size: int
    state_shape: tuple[int, ...]
    heads: int
    decay_by_state: bool
    """Mamba-1: a decay for each channel and state index; Mamba-2: one for each head."""

    def by_channel(self, values: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """Values of heads [..., H] repeated for their channels [..., C]."""
        channels = self.groups * self.channels_per_group
        return values if self.heads == channels else np.repeat(values, channels // self.heads, -1)

    def channels(self, values: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """[T, B, C] → [T, B, G, 1, R]."""
        return values.reshape(*values.shape[:2], self.groups, 1, self.channels_per_group)

    def decays(self, values: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """[T, B, H] or [T, B, C, N] → [T, B, G, 1 or N, R]."""
        if not self.decay_by_state:
            return self.channels(self.by_channel(values))
        return np.ascontiguousarray(values.swapaxes(-1, -2))[:, :, None]

    def columns(self, values: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """B: [T, B, G·N] → [T, B, G, N, 1]."""
        return values.reshape(*values.shape[:2], self.groups, self.size, 1)

    def rows(self, values: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """C: [T, B, G·N] → [T, B, G, 1, N]."""
        return values.reshape(*values.shape[:2], self.groups, 1, self.size)

    def state_in(self, state: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """[B, *state shape] → [B, G, N, R]."""
        size = state.shape[-1]
        grouped = state.reshape(-1, self.groups, self.channels_per_group, size)
        return np.ascontiguousarray(grouped.swapaxes(-1, -2))

    def state_out(self, state: NDArray[_ScalarT]) -> NDArray[_ScalarT]:
        """The inverse of `state_in`."""
        shape = (state.shape[0], *self.state_shape[:-1], state.shape[-2])
        return np.ascontiguousarray(state.swapaxes(-1, -2)).reshape(shape)

    def blocks_in(self, state: BlockValue) -> BlockValue:
        """q and e [B, *state shape] → [B, G, R, N] and [B, G, R, N / group]."""
        shape = (-1, self.groups, self.channels_per_group)
        q, e = (part.reshape(*shape, part.shape[-1]) for part in (state.q, state.e))
        return BlockValue(q, e)

    def blocks_out(self, state: BlockValue) -> BlockValue:
        """The inverse of `blocks_in`."""
        shape = (-1, *self.state_shape[:-1])
        q, e = (part.reshape(*shape, part.shape[-1]) for part in (state.q, state.e))
        return BlockValue(q, e)


def state_layout(op: ssm.SelectiveStateUpdateOp) -> StateLayout:
    """The layout of a state update; raises LmcError if its operands do not fit together."""
    shape = shape_of(op.state.type)
    channels, size = shape_of(op.x.type)[0], shape[-1]
    groups = shape_of(op.b.type)[0] // size
    decay = shape_of(op.decay.type)
    by_state = len(decay) == 2
    if shape_of(op.dt.type)[0] != shape[0] or decay[0] != shape[0] or channels % groups:
        raise LmcError(f"{op.name}: dt, decay and B do not fit a state of shape {list(shape)}")
    if by_state and (groups != 1 or decay != shape):
        raise LmcError(f"{op.name}: a decay of shape {list(decay)} does not fit the state")
    return StateLayout(groups, channels // groups, size, shape, shape[0], by_state)
