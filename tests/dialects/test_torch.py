"""The torch dialect: its text is read and written unchanged."""

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin
from xdsl.dialects.func import Func
from xdsl.dialects.test import Test
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, VerifyException

from lmc.dialects.torch import TORCH, OperatorOp, VTensorType


@pytest.fixture
def context() -> Context:
    context = Context()
    for dialect in (Builtin, Func, Test, TORCH):
        context.load_dialect(dialect)
    return context


@pytest.mark.parametrize(
    "text",
    [
        "!torch.vtensor<[1,256],f32>",
        "!torch.vtensor<[],si64>",
        "!torch.vtensor",
        "!torch.int",
        "!torch.float",
        "!torch.bool",
        "!torch.str",
        "!torch.none",
        "!torch.Device",
        "!torch.list<int>",
        "!torch.list<vtensor>",
        "!torch.list<optional<vtensor<[4,2],f32>>>",
    ],
)
def test_types_are_printed_as_they_are_read(context: Context, text: str) -> None:
    assert str(Parser(context, text).parse_type()) == text


def test_a_tensor_has_its_dimensions(context: Context) -> None:
    tensor = Parser(context, "!torch.vtensor<[1,24,3],f32>").parse_type()
    assert isinstance(tensor, VTensorType)
    assert tensor.dimensions == (1, 24, 3)


def test_an_unknown_type_in_a_list_is_named(context: Context) -> None:
    with pytest.raises(ParseError, match=r"!torch\.quint8 is not a type of the torch dialect"):
        Parser(context, "!torch.list<quint8>").parse_type()


def test_operators_keep_name_attributes_and_types(context: Context) -> None:
    text = """builtin.module {
  func.func @f(%a: !torch.vtensor<[1,4],f32>) -> !torch.vtensor<[1,4],f32> {
    %b = torch.operator "constant.int"() {value = 1 : i64} : () -> !torch.int
    %c, %d = torch.operator "prim.Pair"(%a, %b) {lmc.module = "layers.0"} : \
(!torch.vtensor<[1,4],f32>, !torch.int) -> (!torch.vtensor<[1,4],f32>, !torch.int)
    func.return %c : !torch.vtensor<[1,4],f32>
  }
}"""
    module = Parser(context, text).parse_module()
    module.verify()
    assert str(module) == text
    names = [op.operator.data for op in module.walk() if isinstance(op, OperatorOp)]
    assert names == ["constant.int", "prim.Pair"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('%a = torch.operator "é"() : () -> !torch.int', "is no operator's name"),
        ('%a = torch.operator "constant.int"() {value = 1 : index} : () -> !torch.int', "of that"),
        ('%a = torch.operator "constant.int"() : () -> !torch.int', "constant.int"),
        ('%a = torch.operator "constant.int"() {value = 1 : i64} : () -> !torch.str', "!torch.int"),
        ('%a = torch.operator "constant.none"() {value = 1 : i64} : () -> !torch.none', "no value"),
        ('%a = torch.operator "constant.clay"() : () -> !torch.int', "constants are of int, float"),
        ('%a = torch.operator "aten.rand"() {value = 1 : i64} : () -> !torch.int', "has a value"),
        ('%a = torch.operator "prim.ListUnpack"() : () -> !torch.int', "takes one !torch.list"),
        ('%a = torch.operator "prim.ListConstruct"() : () -> !torch.int', "makes one !torch.list"),
    ],
)
def test_operators_that_are_none_are_refused(context: Context, text: str, message: str) -> None:
    with pytest.raises((VerifyException, ParseError), match=message):
        Parser(context, text).parse_module().verify()
