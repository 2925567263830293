"""PyTorch's operators and constants by what level 0 calls them."""

import torch
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, StringAttr, i1

from lmc.dialects.torch import OperatorOp
from lmc.ir.editing import refuse


def find_operator(op: OperatorOp) -> torch._ops.OpOverload:
    """PyTorch's operator of a name as torch-mlir writes it: `aten.add.Tensor`, `aten.silu`.

    Raises LmcError if PyTorch has none of the name.
    """
    namespace, _, rest = op.operator.data.partition(".")
    name, _, overload = rest.partition(".")
    packet = getattr(getattr(torch.ops, namespace), name, None)
    found = None if packet is None else getattr(packet, overload or "default", None)
    if not isinstance(found, torch._ops.OpOverload):
        raise refuse(op, f"PyTorch has no operator {op.operator.data}, which the traced model has")
    return found


def constant_value(op: OperatorOp) -> bool | int | float | str | None:
    """The value of a constant; a device is its name."""
    value = op.attributes.get("value")
    if isinstance(value, IntegerAttr):
        return bool(value.value.data) if value.type == i1 else value.value.data
    if isinstance(value, FloatAttr):
        return value.value.data
    return value.data if isinstance(value, StringAttr) else None
