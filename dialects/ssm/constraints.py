"""Constraints on types and attributes of `ssm` ops, with sentences that say what is wanted.

Variables of one op: a dimension's name stands for one length in all operands and results, and all
activations of an op are on one side of the quantization line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from typing_extensions import TypeVar, override
from xdsl.dialects.builtin import (
    FlatSymbolRefAttrConstr,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    NoneAttr,
    StringAttr,
    TensorType,
    i32,
    i64,
)
from xdsl.ir import Attribute, AttributeCovT, ParametrizedAttribute
from xdsl.irdl import (
    AtLeast,
    AttrConstraint,
    EqAttrConstraint,
    IntConstraint,
    VerificationContext,
)
from xdsl.utils.exceptions import VerifyException

from lmc.dialects.ssm.formats import BlockType, FixedType, PseudoFloatType

_SIDE = "side of the quantization line"
_FLOAT, _INTEGER = StringAttr("float"), StringAttr("integer")


@dataclass(frozen=True)
class Value(AttrConstraint[AttributeCovT]):
    """An attribute for which `holds` is true; `wanted` says in a sentence which those are."""

    wanted: str
    holds: Callable[[Attribute], bool]

    @override
    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not self.holds(attr):
            raise VerifyException(f"{self.wanted} is needed, not {attr}")

    @override
    def mapping_type_vars(
        self, type_var_mapping: Mapping[TypeVar, AttrConstraint | IntConstraint]
    ) -> Value[AttributeCovT]:
        return self


@dataclass(frozen=True)
class Activation(AttrConstraint[Attribute]):
    """The elements of an activation or a state: f32, or below the line one of some formats."""

    below: tuple[type[ParametrizedAttribute], ...]

    @override
    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not isinstance(attr, (Float32Type, *self.below)):
            raise VerifyException(f"elements are f32 or {names_of(self.below)} here, not {attr}")
        side = _FLOAT if isinstance(attr, Float32Type) else _INTEGER
        known = constraint_context.get_variable(_SIDE)
        if known is not None and known != side:
            raise VerifyException(
                f"float and integer values do not mix: {attr} is not {names_of(self._of(known))}"
            )
        constraint_context.set_attr_variable(_SIDE, side)

    def _of(self, side: Attribute) -> tuple[type[Attribute], ...]:
        return (Float32Type,) if side == _FLOAT else self.below

    @override
    def mapping_type_vars(
        self, type_var_mapping: Mapping[TypeVar, AttrConstraint | IntConstraint]
    ) -> Activation:
        return self


@dataclass(frozen=True)
class Tensor(AttrConstraint[TensorType]):
    """A tensor without encoding that has one of some shapes.

    Its dimensions are named; one that is None has a length of its own.
    """

    element: AttrConstraint
    shapes: tuple[tuple[str | None, ...], ...]

    @override
    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if not isinstance(attr, TensorType) or not isinstance(attr.encoding, NoneAttr):
            raise VerifyException(f"a tensor{self._shapes()} is needed, found {attr}")
        sizes = attr.get_shape()
        names = next((shape for shape in self.shapes if len(shape) == len(sizes)), None)
        if names is None or min(sizes, default=1) < 1:
            raise VerifyException(f"a tensor{self._shapes()} is needed, found {attr}")
        for name, size in zip(names, sizes, strict=True):
            if name is None:
                continue
            known = constraint_context.get_int_variable(name)
            if known is not None and known != size:
                raise VerifyException(
                    f"needs equal shapes: {attr} has {name} = {size}, not {known}"
                )
            constraint_context.set_int_variable(name, size)
        self.element.verify(attr.element_type, constraint_context)

    def _shapes(self) -> str:
        listed = " or ".join(
            f"[{', '.join(name or 'any' for name in shape)}]" for shape in self.shapes
        )
        return f" of shape {listed}" if listed != "[]" else " without dimensions"

    @override
    def mapping_type_vars(
        self, type_var_mapping: Mapping[TypeVar, AttrConstraint | IntConstraint]
    ) -> Tensor:
        return self


def names_of(kinds: tuple[type[Attribute], ...]) -> str:
    """Formats as a sentence lists them: "!ssm.fixed or !ssm.bfp"."""
    return " or ".join("f32" if kind is Float32Type else f"!{kind.name}" for kind in kinds)


def vector(length: str, *below: type[ParametrizedAttribute]) -> Tensor:
    """A vector of f32, or of one of the formats `below`, fixed point by default."""
    return Tensor(Activation(below or (FixedType,)), ((length,),))


TOKEN_ID = Tensor(EqAttrConstraint(i32), ((),))
CONV_STATE = Tensor(Activation((FixedType,)), (("channels", "state taps"),))
SSM_STATE = Tensor(
    Activation((BlockType,)), (("channels", "states"), ("heads", "head channels", "states"))
)
DECAY = Tensor(Activation((FixedType,)), (("channels or heads",), ("channels or heads", "states")))
FACTOR = vector("groups", PseudoFloatType)


def one_of(what: str, values: Sequence[str]) -> Value[StringAttr]:
    """A string out of a closed set."""
    return Value(
        f"{what}, one of {', '.join(values)},",
        lambda attr: isinstance(attr, StringAttr) and attr.data in values,
    )


def _is_real(attr: Attribute) -> bool:
    if not isinstance(attr, FloatAttr) or not isinstance(attr.type, Float32Type | Float64Type):
        return False
    return math.isfinite(attr.value.data)


def _is_integer(attr: Attribute) -> bool:
    return isinstance(attr, IntegerAttr) and attr.type == i64


SYMBOL = FlatSymbolRefAttrConstr
COUNT = IntegerAttr.constr(i64, value=AtLeast(1))
REAL: Value[FloatAttr] = Value("a finite number of type f32 or f64", _is_real)
EPSILON: Value[FloatAttr] = Value(
    "a positive number of type f32 or f64",
    lambda attr: _is_real(attr) and cast("FloatAttr", attr).value.data > 0,
)
INTEGER: Value[IntegerAttr] = Value("an i64 integer", _is_integer)
NUMBER: Value[FloatAttr | IntegerAttr] = Value(
    "a number", lambda attr: _is_real(attr) or _is_integer(attr)
)
FIXED_FORMAT: Value[FixedType] = Value(
    "a format !ssm.fixed", lambda attr: isinstance(attr, FixedType)
)
BLOCK_FORMAT: Value[BlockType] = Value(
    "a format !ssm.bfp", lambda attr: isinstance(attr, BlockType)
)
