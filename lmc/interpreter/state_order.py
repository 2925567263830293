"""States of a module whose channels were put into another order than the model's."""

from collections.abc import Sequence

import numpy as np
from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp
from xdsl.dialects.func import FuncOp

from lmc.dialects.ssm import RunOrderAttr
from lmc.interpreter.values import Value, from_parts, parts
from lmc.ir.attributes import STATE_ORDER


def in_model_order(module: ModuleOp, states: Sequence[Value]) -> tuple[Value, ...]:
    """States [B, ...] of a module's function with their channels as the model has them."""
    (function,) = (op for op in module.body.block.ops if isinstance(op, FuncOp))
    attributes = function.arg_attrs
    if attributes is None:
        return tuple(states)
    return tuple(
        _restored(state, own.data.get(STATE_ORDER))
        # The first argument is the token.
        for state, own in zip(states, list(attributes)[1:], strict=True)
    )


def _restored(state: Value, entry: object) -> Value:
    if not isinstance(entry, DictionaryAttr):
        return state
    axis, order = entry.data["axis"], entry.data["order"]
    assert isinstance(axis, IntegerAttr)
    assert isinstance(order, RunOrderAttr)
    places = order.data.places()
    moved = [np.take(array, places, axis=axis.value.data + 1) for array in parts(state)]
    return from_parts(state, moved)
