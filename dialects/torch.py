"""The `torch` dialect of level 0: the traced PyTorch program, as torch-mlir imports it.

Types are structured; operators are one generic op that carries the operator's name. Level 0 is
read, not computed with, so operators need no definitions of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    FloatAttr,
    IntAttr,
    IntegerAttr,
    LocationAttr,
    NoneAttr,
    StringAttr,
    i1,
    i64,
)
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, SSAValue, TypeAttribute
from xdsl.irdl import (
    AttrConstraint,
    BaseAttr,
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    prop_def,
    var_operand_def,
    var_result_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

_PREFIX = "!torch."


@irdl_attr_definition
class VTensorType(ParametrizedAttribute, TypeAttribute):
    """`!torch.vtensor<[1,256],f32>`: an immutable tensor; integers are signed (`si64`).

    Without parameters (`!torch.vtensor`), shape and element type are not known: pieces in a list.
    """

    name = "torch.vtensor"
    shape: ArrayAttr[IntAttr] | NoneAttr
    element_type: Attribute

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        """Parse `<[1,256],f32>` or nothing."""
        if parser.parse_optional_punctuation("<") is None:
            return [NoneAttr(), NoneAttr()]
        shape = parser.parse_comma_separated_list(
            parser.Delimiter.SQUARE,
            lambda: IntAttr(parser.parse_integer(allow_boolean=False, allow_negative=False)),
        )
        parser.parse_punctuation(",")
        element_type = parser.parse_type()
        parser.parse_punctuation(">")
        return [ArrayAttr(shape), element_type]

    def print_parameters(self, printer: Printer) -> None:
        """Print `<[1,256],f32>` or nothing."""
        if isinstance(self.shape, NoneAttr):
            return
        printer.print_string(f"<[{','.join(map(str, self.dimensions))}],")
        printer.print_attribute(self.element_type)
        printer.print_string(">")

    @property
    def dimensions(self) -> tuple[int, ...]:
        """The shape as integers; () where it is not known."""
        return () if isinstance(self.shape, NoneAttr) else tuple(n.data for n in self.shape)


class _Nested(ParametrizedAttribute, TypeAttribute):
    """A type around another torch type, which is written without its `!torch.`."""

    element: Attribute

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return [_parse_element(parser)]

    def print_parameters(self, printer: Printer) -> None:
        printer.print_string(f"<{str(self.element).removeprefix(_PREFIX)}>")


@irdl_attr_definition
class ListType(_Nested):
    """`!torch.list<int>`: a Python list of such elements."""

    name = "torch.list"
    element: Attribute


@irdl_attr_definition
class OptionalType(_Nested):
    """`!torch.optional<int>`: such a value, or None."""

    name = "torch.optional"
    element: Attribute


@irdl_attr_definition
class IntType(ParametrizedAttribute, TypeAttribute):
    """`!torch.int`: a Python int."""

    name = "torch.int"


@irdl_attr_definition
class FloatType(ParametrizedAttribute, TypeAttribute):
    """`!torch.float`: a Python float."""

    name = "torch.float"


@irdl_attr_definition
class BoolType(ParametrizedAttribute, TypeAttribute):
    """`!torch.bool`: a Python bool."""

    name = "torch.bool"


@irdl_attr_definition
class StrType(ParametrizedAttribute, TypeAttribute):
    """`!torch.str`: a Python string."""

    name = "torch.str"


@irdl_attr_definition
class NoneType(ParametrizedAttribute, TypeAttribute):
    """`!torch.none`: the Python value None."""

    name = "torch.none"


@irdl_attr_definition
class DeviceType(ParametrizedAttribute, TypeAttribute):
    """`!torch.Device`: a torch.device."""

    name = "torch.Device"


@irdl_op_definition
class OperatorOp(IRDLOperation):
    """A PyTorch operator, constant or list, by torch-mlir's name without its leading `torch.`.

        %2 = torch.operator "aten.mul.Tensor"(%0, %1) {lmc.module = "backbone.layers.0.norm"}
          : (!torch.vtensor<[1,256],f32>, !torch.vtensor<[1,1],f32>) -> !torch.vtensor<[1,256],f32>

    `lmc.module` is the path of the innermost module whose forward ran the operator; constants have
    none. A constant's value is the attribute `value`.
    """

    name = "torch.operator"
    operator = prop_def(StringAttr)
    arguments = var_operand_def(Attribute)
    results_ = var_result_def(Attribute)
    assembly_format = (
        "$operator `(` $arguments `)` attr-dict `:` functional-type(operands, results)"
    )

    def __init__(
        self,
        operator: str,
        arguments: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        attributes: Mapping[str, Attribute],
        location: LocationAttr,
    ):
        super().__init__(
            operands=[arguments],
            result_types=[result_types],
            properties={"operator": StringAttr(operator)},
            attributes=attributes,
        )
        self.location = location

    def verify_(self) -> None:
        """VerifyException for a name that is none, and constants and lists of other types.

        What an operator of PyTorch takes is PyTorch's to say.
        """
        name = self.operator.data
        if not _OPERATOR.fullmatch(name):
            raise VerifyException(f"{self.name}: {name!r} is no operator's name, as in aten.silu")
        kinds = [result.type for result in self.results_]
        if name.startswith("constant."):
            self._verify_constant(name.removeprefix("constant."), kinds)
            return
        if "value" in self.attributes:
            raise VerifyException(f'{self.name} "{name}" has a value, which constants have')
        if name == "prim.ListConstruct":
            self._verify_list(kinds)
        if name == "prim.ListUnpack":
            given = [argument.type for argument in self.arguments]
            if [type(kind) for kind in given] != [ListType] or not kinds:
                raise VerifyException(f'{self.name} "{name}" takes one !torch.list<...> apart')

    def _verify_list(self, results: Sequence[Attribute]) -> None:
        """One result, a list of what the operands are."""
        made = results[0] if len(results) == 1 else None
        if not isinstance(made, ListType):
            raise VerifyException(f'{self.name} "prim.ListConstruct" makes one !torch.list<...>')
        for argument in self.arguments:
            if not _is_element(made.element, argument.type):
                raise VerifyException(
                    f'{self.name} "prim.ListConstruct" makes {made} of a {argument.type}'
                )

    def _verify_constant(self, kind: str, results: Sequence[Attribute]) -> None:
        """No operands, one result of the constant's type, and a value that is one of it."""
        wanted = _CONSTANTS.get(kind)
        if wanted is None:
            raise VerifyException(
                f'{self.name} "constant.{kind}": constants are of {", ".join(_CONSTANTS)}'
            )
        type_, value = wanted
        given = self.attributes.get("value")
        fits = value is None if given is None else value is not None and value.verifies(given)
        if self.arguments or list(results) != [type_] or not fits:
            raise VerifyException(
                f'{self.name} "constant.{kind}" is a {type_} without operands, with '
                + ("no value" if value is None else "a value of that type")
                + f", not {given}"
            )


_OPERATOR = re.compile(r"[A-Za-z]\w*(?:\.\w+)+", re.ASCII)
_CONSTANTS: Mapping[str, tuple[Attribute, AttrConstraint | None]] = {
    "int": (IntType(), IntegerAttr.constr(i64)),
    "float": (FloatType(), BaseAttr(FloatAttr)),
    "bool": (BoolType(), IntegerAttr.constr(i1)),
    "str": (StrType(), BaseAttr(StringAttr)),
    "device": (DeviceType(), BaseAttr(StringAttr)),
    "none": (NoneType(), None),
}
"""What comes after `constant.` → its type and what its value is."""

_TYPES: tuple[type[ParametrizedAttribute], ...] = (
    BoolType,
    DeviceType,
    FloatType,
    IntType,
    ListType,
    NoneType,
    OptionalType,
    StrType,
    VTensorType,
)
_BY_KEYWORD = {kind.name.removeprefix("torch."): kind for kind in _TYPES}

TORCH = Dialect("torch", [OperatorOp], list(_TYPES))


def _is_element(kind: Attribute, given: Attribute) -> bool:
    """Whether a list of `kind` may have an element of the type `given`."""
    if isinstance(kind, OptionalType):
        return isinstance(given, NoneType) or _is_element(kind.element, given)
    if isinstance(kind, VTensorType) and isinstance(kind.shape, NoneAttr):
        return isinstance(given, VTensorType)
    return kind == given


def _parse_element(parser: AttrParser) -> Attribute:
    keyword = parser.parse_identifier("a torch type")
    kind = _BY_KEYWORD.get(keyword)
    if kind is None:
        parser.raise_error(f"!torch.{keyword} is not a type of the torch dialect")
    return kind.new(kind.parse_parameters(parser))
