"""What an op's definition asks of an operand, a result, a property or a parameter, in words."""

from functools import singledispatch
from typing import Any

from xdsl.dialects import builtin
from xdsl.ir import Attribute, TypeAttribute
from xdsl.irdl import (
    AnyAttr,
    AnyOf,
    AtLeast,
    AttrConstraint,
    BaseAttr,
    EqAttrConstraint,
    MessageConstraint,
    ParamAttrConstraint,
    RangeConstraint,
    RangeLengthConstraint,
    RangeOf,
    VarConstraint,
)

from lmc.dialects.ssm.constraints import Activation, Tensor, Value, names_of

Constraint = AttrConstraint | RangeConstraint

BUILTIN = {
    builtin.DenseArrayBase: "an array of integers",
    builtin.DictionaryAttr: "a dictionary",
    builtin.IndexType: "`index`",
    builtin.IntAttr: "an integer",
    builtin.IntegerAttr: "an integer",
    builtin.IntegerType: "an integer type",
    builtin.MemRefType: "a `memref`",
    builtin.StringAttr: "a string",
    builtin.SymbolRefAttr: "a symbol",
    builtin.TensorType: "a `tensor`",
    builtin.UnitAttr: "there or not",
}


def code_of(kind: type[Attribute]) -> str:
    """How the name of an attribute or a type is written in the IR."""
    return f"`{'!' if issubclass(kind, TypeAttribute) else '#'}{kind.name}`"


def kind_words(kind: type[Attribute]) -> str:
    """A class of attributes: a builtin one, one with a name, or what several are derived from."""
    if kind in BUILTIN:
        return BUILTIN[kind]
    return code_of(kind) if "name" in vars(kind) else f"any `{kind.__name__}`"


@singledispatch
def words(constraint: Constraint) -> str:
    """A constraint in words; raises TypeError for one of a kind that has none here."""
    raise TypeError(f"add words for {type(constraint).__name__} to {__file__}: {constraint}")


@words.register
def _(constraint: RangeLengthConstraint) -> str:
    return words(constraint.constraint)


@words.register
def _(constraint: RangeOf) -> str:
    return words(constraint.constr)


@words.register
def _(_constraint: AnyAttr) -> str:
    return "anything"


@words.register
def _(constraint: BaseAttr) -> str:
    return kind_words(constraint.attr)


@words.register
def _(constraint: EqAttrConstraint) -> str:
    return f"`{constraint.attr}`"


@words.register
def _(constraint: AnyOf) -> str:
    return " or ".join(words(one) for one in constraint.attr_constrs)


@words.register
def _(constraint: VarConstraint) -> str:
    if isinstance(constraint.constraint, AnyAttr):
        return f"{constraint.name}, one type"
    return f"{constraint.name}, {words(constraint.constraint)}"


@words.register
def _(constraint: MessageConstraint) -> str:
    return words(constraint.constr)


@words.register
def _(_constraint: builtin.SymbolNameConstraint) -> str:
    return "the name of a symbol"


@words.register
def _(constraint: builtin.ArrayOfConstraint) -> str:
    return f"an array, each {words(constraint.elem_range_constraint)}"


@words.register
def _(constraint: builtin.IntAttrConstraint) -> str:
    bound = constraint.int_constraint
    if not isinstance(bound, AtLeast):
        raise TypeError(f"add words for {type(bound).__name__} to {__file__}")
    return f"an integer, at least {bound.bound}"


@words.register(ParamAttrConstraint)
def _(constraint: ParamAttrConstraint[Any]) -> str:
    if constraint.base_attr is builtin.IntegerAttr:
        value, kind = constraint.param_constrs
        # The number as such may be any.
        number = "an integer" if isinstance(value, AnyAttr) else words(value)
        return f"{number}, {words(kind).removesuffix(', an integer type')}"
    return kind_words(constraint.base_attr)


@words.register
def _(constraint: Value) -> str:
    return constraint.wanted.rstrip(",")


@words.register
def _(constraint: Activation) -> str:
    return f"f32 or {names_of(constraint.below)}"


@words.register
def _(constraint: Tensor) -> str:
    shapes = [f"[{', '.join(name or 'any' for name in shape)}]" for shape in constraint.shapes]
    shape = " or ".join(shapes) if shapes != ["[]"] else "without dimensions"
    return f"a tensor {shape} of {words(constraint.element)}"
