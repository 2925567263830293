"""Runs a traced module (level 0) in PyTorch, operator by operator, a token at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.torch import OperatorOp
from lmc.frontend.operator_check import check_operators
from lmc.frontend.operators import constant_value, find_operator
from lmc.ir.attributes import PARAMETER

TracedListener = Callable[[OperatorOp, Sequence[object]], None]
"""Sees each operator and its results, for one token."""


def run_traced(
    module: ModuleOp,
    ids: Sequence[int],
    parameters: Mapping[str, Tensor],
    states: Sequence[Tensor],
    listener: TracedListener,
) -> Tensor:
    """Run the decode step for each id, from the given states, on a PyTorch module's parameters.

    Returns the logits, [T, V]. Raises LmcError naming a parameter that is not there, where
    arguments are not a token, the states and parameters, and as `check_operators`.
    """
    function = module.body.block.first_op
    if not isinstance(function, FuncOp):
        raise LmcError("a traced module holds one function, its decode step")
    check_operators(module)
    fixed: dict[SSAValue, object] = {}
    inputs: list[SSAValue] = []
    for argument, tags in zip(function.args, function.arg_attrs or (), strict=True):
        name = tags.data.get(PARAMETER)
        if not isinstance(name, StringAttr):
            inputs.append(argument)
        elif name.data in parameters:
            fixed[argument] = parameters[name.data]
        else:
            raise LmcError(f"the PyTorch module has no parameter {name.data}, which its trace has")
    if len(inputs) != 1 + len(states):
        raise LmcError(
            f"func.func @{function.sym_name.data}: {len(inputs)} arguments have no {PARAMETER}, "
            f"but a token and {len(states)} states are what it is called with: trace the model anew"
        )
    device, logits = states[0].device, list[Tensor]()
    for token in ids:
        values = fixed | dict(
            zip(inputs, [torch.tensor([token], device=device), *states], strict=True)
        )
        output, *states = _run_once(function, values, listener)
        logits.append(output[0])
    return torch.stack(logits)


def _run_once(
    function: FuncOp, values: dict[SSAValue, Any], listener: TracedListener
) -> list[Tensor]:
    for op in function.body.block.ops:
        operands = [values[operand] for operand in op.operands]
        if isinstance(op, ReturnOp):
            return operands
        assert isinstance(op, OperatorOp), "the importer makes no others"
        results = _results(op, operands)
        values.update(zip(op.results, results, strict=True))
        listener(op, results)
    raise LmcError("the traced function does not return")


def _results(op: OperatorOp, operands: list[Any]) -> list[Any]:
    name = op.operator.data
    if name.startswith("constant."):
        return [constant_value(op)]
    if name == "prim.ListConstruct":
        return [operands]
    if name == "prim.ListUnpack":
        return list(operands[0])
    operator = find_operator(op)
    # The trace has all arguments in a row; PyTorch takes the last ones of some by name alone.
    arguments = list(zip(operator._schema.arguments, operands, strict=True))
    plain = [value for argument, value in arguments if not argument.kwarg_only]
    named = {argument.name: value for argument, value in arguments if argument.kwarg_only}
    made = operator(*plain, **named)
    return [_packed(one) for one in made] if len(op.results) > 1 else [_packed(made)]


def _packed(value: Any) -> Any:
    """A tensor, or a list of them, with its elements in a row.

    The trace's values have no strides: copies that only made a tensor contiguous are not in it.
    """
    if isinstance(value, Tensor):
        return value.contiguous()
    return [_packed(one) for one in value] if isinstance(value, list | tuple) else value
