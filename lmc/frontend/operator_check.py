"""Whether the operators of a traced module are PyTorch's: what they take, and what comes of it.

    torch.operator "aten.linear"(%x, %w) : (!torch.vtensor<[1,64],f32>, !torch.vtensor<[8,32],f32>)
      -> !torch.vtensor<[1,8],f32>

is refused twice: the schema of aten.linear has a bias, which is none here, and PyTorch cannot
multiply 64 by 32. The result's type is found by running the operator on tensors of PyTorch's
`meta` device, which have a shape and no elements. What was seen once is not run again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch_mlir.extras.fx_importer import (
    TORCH_DTYPE_TO_INT,
    TORCH_DTYPE_TO_MLIR_TYPE_ASM,
    TORCH_LAYOUT_TO_INT,
    TORCH_MEMORY_FORMAT_TO_INT,
)
from xdsl.dialects.builtin import ModuleOp, NoneAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, SSAValue

from lmc.diagnostics import LmcError
from lmc.dialects.torch import (
    BoolType,
    DeviceType,
    FloatType,
    IntType,
    ListType,
    NoneType,
    OperatorOp,
    OptionalType,
    StrType,
    VTensorType,
)
from lmc.frontend.operators import constant_value, find_operator
from lmc.ir.editing import refuse

_DTYPES = {text: dtype for dtype, text in TORCH_DTYPE_TO_MLIR_TYPE_ASM.items()}
_KINDS: dict[str, tuple[type[Attribute], ...]] = {
    "TensorType": (VTensorType,),
    "IntType": (IntType,),
    "FloatType": (FloatType,),
    "NumberType": (IntType, FloatType, BoolType),
    "BoolType": (BoolType,),
    "StringType": (StrType,),
    "DeviceObjType": (DeviceType,),
}
"""PyTorch's name of a type in a schema → the types of level 0 that it is."""
_CODES = {
    "ScalarType": set(TORCH_DTYPE_TO_INT.values()),
    "Layout": set(TORCH_LAYOUT_TO_INT.values()),
    "MemoryFormat": set(TORCH_MEMORY_FORMAT_TO_INT.values()),
}
"""Arguments that are integers at level 0 and stand for something else."""


@dataclass(frozen=True)
class _TensorOf:
    """A tensor without its elements."""

    shape: tuple[int, ...]
    dtype: torch.dtype


@dataclass(frozen=True)
class _Device:
    name: str


_Known = _TensorOf | _Device | bool | int | float | str | None | tuple["_Known", ...]
"""What is known of a value before anything is run: a constant's is all."""


def check_operators(module: ModuleOp) -> None:
    """Check all operators of a traced module.

    Raises LmcError naming the first operator that PyTorch does not have, whose operands are not
    those of its schema, that PyTorch refuses to run, or that makes something else than it says.
    """
    for function in module.body.block.ops:
        if isinstance(function, FuncOp):
            for block in function.body.blocks:
                _check_block(block)


def _check_block(block: Block) -> None:
    known: dict[SSAValue, _Known] = {argument: _of_type(argument.type) for argument in block.args}
    for op in block.ops:
        if isinstance(op, OperatorOp):
            _check(op, known)
        elif not isinstance(op, ReturnOp):
            raise refuse(op, "a trace has torch operators alone")


def _check(op: OperatorOp, known: dict[SSAValue, _Known]) -> None:
    name = op.operator.data
    operands = tuple(known[operand] for operand in op.operands)
    if name.startswith("constant."):
        value = constant_value(op)
        is_device = isinstance(op.results[0].type, DeviceType)
        known[op.results[0]] = _Device(str(value)) if is_device else value
        return
    if name == "prim.ListConstruct":
        known[op.results[0]] = operands
        return
    if name == "prim.ListUnpack":
        made = operands[0]
    else:
        try:
            made = _run(op, tuple(operand.type for operand in op.operands), operands)
        except _RefusedError as error:
            raise refuse(op, f"{name} {error}") from error
    # One result is the whole, several are its parts.
    parts = made if name == "prim.ListUnpack" or len(op.results) != 1 else (made,)
    types = [result.type for result in op.results]
    if not isinstance(parts, tuple) or not _are(parts, types):
        raise refuse(op, f"{name} makes {_text(made)} of its operands, not {_listed(types)}")
    known.update(zip(op.results, parts, strict=True))


def _run(op: OperatorOp, types: tuple[Attribute, ...], operands: tuple[_Known, ...]) -> _Known:
    operator = find_operator(op)
    _check_schema(operator, types)
    try:
        return _results(operator, tuple(map(_Exact, operands)))
    except _RefusedError:
        raise
    except Exception as error:  # whatever PyTorch's own code for the operator raises
        lines = str(error).splitlines() or [type(error).__name__]
        raise _RefusedError(f"cannot be run by PyTorch: {lines[0]}") from error


class _RefusedError(Exception):
    """Why an operator cannot be what it says; the sentence goes on from the operator's name."""


# What an operator takes


@lru_cache(maxsize=4096)
def _check_schema(operator: torch._ops.OpOverload, types: tuple[Attribute, ...]) -> None:
    arguments = operator._schema.arguments
    if operator._schema.is_mutable:
        raise _RefusedError("writes in place, but values of a trace have no storage")
    if len(types) != len(arguments):
        listed = ", ".join(f"{argument.name}: {argument.type}" for argument in arguments)
        raise _RefusedError(f"takes ({listed}), not {len(types)} operands")
    for argument, given in zip(arguments, types, strict=True):
        if not _takes(argument.type, given):
            raise _RefusedError(f"takes a {argument.type} as {argument.name}, not {given}")


def _takes(wanted: Any, given: Attribute) -> bool:
    """Whether an argument of a PyTorch type can be a value of level 0."""
    kind = wanted.kind()
    if kind == "OptionalType":
        inner = given.element if isinstance(given, OptionalType) else given
        return isinstance(given, NoneType) or _takes(wanted.getElementType(), inner)
    if kind == "ListType":
        return isinstance(given, ListType) and _takes(wanted.getElementType(), given.element)
    return isinstance(given, _KINDS.get(kind, ()))


# What comes of it


class _Exact:
    """A key that tells 1, 1.0 and True apart, which are equal in Python."""

    def __init__(self, value: _Known):
        self.value = value
        self._key = _typed(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Exact) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _typed(value: _Known) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return (tuple, *map(_typed, value))
    return (type(value), repr(value))


@lru_cache(maxsize=4096)
def _results(operator: torch._ops.OpOverload, operands: tuple[_Exact, ...]) -> _Known:
    plain: list[object] = []
    named: dict[str, object] = {}
    for argument, operand in zip(operator._schema.arguments, operands, strict=True):
        value = _given(argument, operand.value)
        if argument.kwarg_only:
            named[argument.name] = value
        else:
            plain.append(value)
    with torch.no_grad():
        return _known_of(operator(*plain, **named))


def _given(argument: Any, value: _Known) -> object:
    """The value as PyTorch takes it: on no device but `meta`."""
    kind = str(argument.real_type)
    for name, codes in _CODES.items():
        if name in kind and value is not None and value not in codes:
            raise _RefusedError(f"takes a {name} as {argument.name}, which {value} is not")
    if "Device" in kind:
        if isinstance(value, _Device):
            torch.device(value.name)  # raises if there is no such device
        return torch.device("meta")
    return _materialized(value)


def _materialized(value: _Known) -> object:
    if isinstance(value, _TensorOf):
        return torch.empty(value.shape, dtype=value.dtype, device="meta")
    return [_materialized(one) for one in value] if isinstance(value, tuple) else value


def _known_of(made: object) -> _Known:
    if isinstance(made, Tensor):
        return _TensorOf(tuple(made.shape), made.dtype)
    if isinstance(made, list | tuple):
        return tuple(map(_known_of, made))
    raise _RefusedError(f"makes {type(made).__name__}, but values of a trace are tensors")


def _of_type(kind: Attribute) -> _Known:
    """What is known of an argument of the function."""
    if isinstance(kind, VTensorType) and str(kind.element_type) in _DTYPES:
        return _TensorOf(kind.dimensions, _DTYPES[str(kind.element_type)])
    raise LmcError(f"func.func: a traced function has an argument of type {kind}, not a tensor")


def _are(parts: Sequence[_Known], types: Sequence[Attribute]) -> bool:
    return len(parts) == len(types) and all(map(_is, parts, types))


def _is(part: _Known, kind: Attribute) -> bool:
    if isinstance(part, tuple):
        return kind == ListType(_ANY_TENSOR) and all(isinstance(one, _TensorOf) for one in part)
    return (
        isinstance(part, _TensorOf)
        and isinstance(kind, VTensorType)
        and kind.element_type != _ANY_TENSOR.element_type
        and part == _of_type(kind)
    )


_ANY_TENSOR = VTensorType(NoneAttr(), NoneAttr())


def _text(made: _Known) -> str:
    """Types as level 0 writes them."""
    if isinstance(made, _TensorOf):
        shape = ",".join(map(str, made.shape))
        return f"!torch.vtensor<[{shape}],{TORCH_DTYPE_TO_MLIR_TYPE_ASM.get(made.dtype)}>"
    return f"({', '.join(map(_text, made))})" if isinstance(made, tuple) else str(made)


def _listed(types: Sequence[Attribute]) -> str:
    return str(types[0]) if len(types) == 1 else f"({', '.join(map(str, types))})"
