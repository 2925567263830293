import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, TensorType, f32
from xdsl.dialects.func import Func
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, VerifyException

from lmc.dialects.ssm import (
    SSM,
    BlockType,
    FixedType,
    PseudoFloatType,
    RecipeStepAttr,
    RunOrderAttr,
    TableOp,
    WeightOp,
    WeightType,
    format_of,
    shape_of,
)
from lmc.numerics.run_order import Run, RunOrder


def context():
    result = Context()
    for dialect in (Builtin, Func, SSM):
        result.load_dialect(dialect)
    return result


def parse_type(text):
    return Parser(context(), text).parse_attribute()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!ssm.fixed<16, 12>", FixedType.of(16, 12)),
        ("!ssm.fixed<16, -3, 200>", FixedType.of(16, -3, 200)),
        ("!ssm.bfp<8, 32, 14>", BlockType.of(8, 32, 14)),
        ("!ssm.pfloat<16, -2>", PseudoFloatType.of(16, -2)),
        ("!ssm.wint<4, 128, 8, 3, 21>", WeightType.of(4, 128, 8, 3, 21)),
        ("#ssm.step<neg_exp>", RecipeStepAttr.of("neg_exp")),
        ("#ssm.order<1: 3, 0: 8>", RunOrderAttr.of(RunOrder((Run(1, 3), Run(0, 8))))),
        (
            "#ssm.order<2: 3, 4 x (1: 2, 0: 8)>",
            RunOrderAttr.of(RunOrder((Run(2, 3),), 4, (Run(1, 2), Run(0, 8)))),
        ),
    ],
)
def test_attributes_print_as_they_parse(text, expected):
    assert parse_type(text) == expected
    assert str(expected) == text


def test_the_default_mantissa_is_not_printed():
    assert str(parse_type("!ssm.fixed<16, 12, 1>")) == "!ssm.fixed<16, 12>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!ssm.fixed<16>", "takes 3 integers, found 1"),
        ("!ssm.bfp<8, 32>", "takes 4 integers, found 2"),
        ("!ssm.bfp<8, 32, 0, 4>", "8 mantissa bits, 1, or for study 16, not 4"),
        ("!ssm.pfloat<16, 1, 2>", "takes 2 integers, found 3"),
        ("!ssm.fixed<1, 0>", "2 to 63 bits, not 1"),
        ("!ssm.fixed<64, 0>", "2 to 63 bits, not 64"),
        ("!ssm.fixed<16, 0, 256>", "mantissa is 1, or 128 to 255, not 256"),
        ("!ssm.fixed<16, 0, 3>", "mantissa is 1, or 128 to 255, not 3"),
        ("!ssm.fixed<16, 129>", "-128 to 128 fraction bits, not 129"),
        ("!ssm.pfloat<0, 1>", "1 to 32 bits, not 0"),
        ("!ssm.wint<4, 0, 8, 3, 0>", "a group of weights holds at least one"),
        ("!ssm.wint<4, 8, 8, -1, 0>", "at most 4 exponent bits"),
        ("!ssm.bfp<17, 8, 0>", "2 to 16 bits, not 17"),
        ("!ssm.bfp<8, 0, 0>", "at least one element"),
        ("!ssm.wint<9, 8, 8, 3, 0>", "2 to 8 bits, not 9"),
        ("!ssm.wint<4, 8, 13, 3, 0>", "1 to 12 mantissa bits"),
        ("!ssm.wint<4, 8, 8, 5, 0>", "at most 4 exponent bits"),
        ("#ssm.order<1: 3, 1: 8>", "runs of one or more elements of pieces 0, 1, ..."),
        ("#ssm.order<1: 3, 0: 0>", "runs of one or more elements"),
        ("#ssm.order<1: 3, 2 x ()>", "runs of one or more elements"),
        ("#ssm.order<1: 3, 0 x (0: 4)>", "runs of one or more elements"),
        ("#ssm.order<1: -3>", "Expected integer literal"),
        ("#ssm.order<2 x (0: 4, 1: 4), 0: 8>", "expected"),
    ],
)
def test_formats_that_cannot_be_are_refused(text, message):
    with pytest.raises((ParseError, VerifyException), match=message):
        parse_type(text)


def test_shape_and_format_of_tensors():
    tensor = TensorType(FixedType.of(8, 4), [3, 4])
    assert shape_of(tensor) == (3, 4)
    assert format_of(tensor) == FixedType.of(8, 4)
    with pytest.raises(VerifyException, match="expected a tensor"):
        shape_of(f32)


def test_a_recipe_is_extended_in_place():
    weight = WeightOp("w", TensorType(f32, [4]), [RecipeStepAttr.of("load")], layers=2)
    quantized = TensorType(FixedType.of(8, 4), [4])
    weight.with_steps(RecipeStepAttr.of("neg_exp"), RecipeStepAttr.of("quantize"))
    assert [step.kind.data for step in weight.recipe] == ["load", "neg_exp", "quantize"]
    assert weight.type == TensorType(f32, [4])
    weight.with_steps(weight_type=quantized)
    assert weight.type == quantized
    assert weight.layers is not None
    assert weight.layers.value.data == 2


def test_options_of_a_table_are_integers():
    table = TableOp("t", "silu", {"shift": 3, "low": -512}, FixedType.of(16, 8), FixedType.of(8, 4))
    assert (table.option("shift"), table.option("low")) == (3, -512)
    with pytest.raises(KeyError):
        table.option("segments")
