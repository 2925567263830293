"""One change to a module that has every ssm op: each is refused with a sentence that says where."""

from pathlib import Path

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser
from xdsl.rewriter import Rewriter

from lmc.diagnostics import LmcError
from lmc.dialects.ssm.recipes import declared_steps
from lmc.dialects.ssm.step_kinds import INTEGER_STEPS
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module, verify
from lmc.weights.recipes import _MEANINGS

FILE = Path(__file__).parents[1] / "filecheck" / "dialects" / "ssm.mlir"
TEXT = "\n".join(
    line for line in FILE.read_text().splitlines() if not line.lstrip().startswith("//")
)
CONTEXT = make_context(load_registry())


def changed(place, old, new):
    """The module with `old` replaced, once, after the text `place`, which is there once."""
    assert TEXT.count(place) == 1, place
    at = TEXT.index(place)
    assert old in TEXT[at:], old
    return TEXT[:at] + TEXT[at:].replace(old, new, 1)


def test_the_module_itself_verifies():
    parse_module(CONTEXT, TEXT, "ssm")


EMBEDDING, LAYERS = "%h0 = ssm.embedding", "%h1, %conv_new, %ssm_new ="
NORM, LINEAR, SPLIT = "%u = ssm.rms_norm %h, ", "%l = ssm.linear %u", "%a, %dt_in, %dt_low ="
CONV, BARE = "%conv_out, %cs_new =", "%conv_bare, %cs_bare ="
UPDATE, GATED = "%y, %ss_new =", "%g = ssm.gated_norm"
INTEGER_UPDATE = "%y, %state_new ="

MUTANTS = [
    # (op that the sentence names, where, what, by what it is replaced, part of the sentence)
    ("ssm.embedding", EMBEDDING, "tensor<i32>", "tensor<i64>", "Expected attribute i32"),
    ("ssm.embedding", EMBEDDING, "@embedding", "@lost", "@lost is not in the module"),
    ("ssm.embedding", EMBEDDING, "tensor<8xf32>", "tensor<8x1xf32>", "a tensor of shape"),
    ("ssm.layers", LAYERS, "count(2)", "count(0)", "0"),
    ("ssm.layers", LAYERS, "count(2)", "count(3)", "has 2 layers, not 3"),
    ("ssm.layers", LAYERS, "carried(1)", "carried(0)", "0"),
    ("ssm.layers", LAYERS, "carried(1)", "carried(2)", "carries vectors"),
    ("ssm.layers", LAYERS, "carried(1)", "carried(1) classes [1, 0]", "classes of its layers"),
    ("ssm.rms_norm", NORM, "@norm", "@d", "weight @d has shape [2], but [8] is needed"),
    ("ssm.rms_norm", NORM, "@norm", "@rsqrt", "is an ssm.table"),
    ("ssm.rms_norm", NORM, "1.0e-05", "-1.0e-05", "a positive number"),
    ("ssm.rms_norm", NORM, "1.0e-05 : f32", "1 : i64", "a positive number"),
    ("ssm.rms_norm", NORM, "f32) :", "f32) table @rsqrt :", "a float one has no table"),
    (
        "ssm.rms_norm",
        NORM,
        "%u = ssm.rms_norm %h, ",
        "%u = ssm.rms_norm %u, ",
        "reads %u, which is made later",
    ),
    ("ssm.linear", LINEAR, "@in_proj_float", "@in_proj", "but f32 is needed"),
    ("ssm.linear", LINEAR, "tensor<12xf32>", "tensor<12x!ssm.fixed<8, 1>>", "do not mix"),
    ("ssm.linear", LINEAR, "tensor<12xf32>", "tensor<12xf64>", "f32 or !ssm.fixed here, not f64"),
    ("ssm.split", SPLIT, "tensor<2xf32>)", "tensor<2x!ssm.fixed<8, 1>>)", "do not mix"),
    ("ssm.split", SPLIT, ":", "order <0: 7, 1: 3, 2: 2> :", "[7, 3, 2], not [8, 2, 2]"),
    ("ssm.causal_conv1d_step", CONV, "@conv_weight", "@in_proj_float", "[8, 4] is needed"),
    ("ssm.causal_conv1d_step", CONV, "@conv_bias", "@dt_bias", "bias @dt_bias has shape [2]"),
    ("ssm.causal_conv1d_step", CONV, "tensor<8x3xf32>", "tensor<8x2xf32>", "state taps"),
    ("ssm.causal_conv1d_step", BARE, "tensor<8xf32>", "tensor<7xf32>", "channels"),
    ("ssm.silu", "%x = ssm.silu %conv_out", "(tensor<8xf32>)", "(tensor<7xf32>)", "equal shapes"),
    ("ssm.silu", "%x = ssm.silu %conv_out", ":", "{lmc.modul = 1 : i64} :", "did you mean 'lmc."),
    ("ssm.silu", "%x = ssm.silu %conv_out", ":", "{note = 1 : i64} :", "attribute 'note'"),
    ("ssm.bias", "%dt_biased = ssm.bias", "@dt_bias", "@norm", "shape [8], but [2] is needed"),
    ("ssm.softplus", "%dt = ssm.softplus %dt_biased", "0.5", "0.005", "which is empty"),
    ("ssm.softplus", "%dt = ssm.softplus %dt_biased", "0.5 : f32", '"x"', "a finite number"),
    ("ssm.decay", "%decay = ssm.decay %dt, @a :", "@a", "@norm", "[2] is needed"),
    (
        "ssm.decay",
        "%decay = ssm.decay %dt, @a :",
        ":",
        "argument !ssm.fixed<8, 1> :",
        "no argument",
    ),
    ("ssm.selective_state_update", UPDATE, "@d", "@norm", "[2] is needed"),
    ("ssm.selective_state_update", UPDATE, "tensor<2x4x4xf32>", "tensor<2x4x5xf32>", "states"),
    ("ssm.selective_state_update", UPDATE, "@d", '@d dtx "hello"', 'not "hello"'),
    ("ssm.gated_norm", GATED, "norm_group(4)", "norm_group(3)", "groups of 3 do not divide 8"),
    ("ssm.gated_norm", GATED, "@norm", "@a", "[8] is needed"),
    ("ssm.gated_norm", GATED, "1.0e-05", "0.0", "a positive number"),
    ("ssm.mul", "%m = ssm.mul", "(tensor<8xf32>", "(tensor<9xf32>", "equal shapes"),
    ("ssm.scale_channels", "%w = ssm.scale_channels", "@norm", "@d", "[8] is needed"),
    ("ssm.rotate", "%r = ssm.rotate", "block(4)", "block(6)", "no Hadamard matrix of order 6"),
    ("ssm.rotate", "%r = ssm.rotate", "block(4)", "block(16)", "does not divide 8"),
    ("ssm.add", "%h_new = ssm.add", "tensor<8xf32>)", "tensor<8x!ssm.fixed<8, 1>>)", "do not mix"),
    # Below the quantization line
    ("ssm.rms_norm", "%u = ssm.rms_norm %h eps", "table @rsqrt", "", "needs a table of rsqrt"),
    ("ssm.rms_norm", "%u = ssm.rms_norm %h eps", "@rsqrt", "@silu", "one of silu, but rsqrt"),
    ("ssm.rms_norm", "%u = ssm.rms_norm %h eps", "%h eps", "%h, @d_0 eps", "has no weight"),
    ("ssm.quantize", "%q = ssm.quantize", '"nearest"', '"down"', "one of up, nearest"),
    ("ssm.quantize", "%q = ssm.quantize", ":", "table @reciprocal :", "mantissa of 8 bits"),
    ("ssm.quantize", "%m = ssm.quantize", "table @reciprocal", "", "mantissa of 8 bits"),
    ("ssm.quantize", "%m = ssm.quantize", "@reciprocal", "@silu", "reciprocal is needed"),
    ("ssm.quantize", "%m = ssm.quantize", '"nearest"', '"up"', "rounded to the nearest"),
    ("ssm.linear", "%l = ssm.linear %q", "@in_proj_0", "@in_proj", "read outside of ssm.layers"),
    ("ssm.linear", "%l = ssm.linear %q", "@in_proj_0", "@in_proj_float", "!ssm.wint is needed"),
    ("ssm.requantize", "%r = ssm.requantize", "!ssm.fixed<12, 8>", "f32", "!ssm.fixed is needed"),
    ("ssm.silu", "%x = ssm.silu %h table", "<16, 11, 130>", "<16, 12>", "but the result is"),
    ("ssm.softplus", "%dt = ssm.softplus %h", "@softplus", "@silu", "softplus is needed"),
    (
        "ssm.decay",
        "%decay = ssm.decay %dt, @a_0",
        "argument !ssm.fixed<18, 12>",
        "",
        "needs argument",
    ),
    ("ssm.decay", "%decay = ssm.decay %dt, @a_0", "<18, 12>", "<18, 13>", "these are of"),
    ("ssm.decay", "%decay = ssm.decay %dt, @a_0", "@a_0", "@d_0", "[8, 4] is needed"),
    ("ssm.selective_state_update", INTEGER_UPDATE, "dtx !ssm.fixed<16, 12>", "", "needs dtx"),
    ("ssm.selective_state_update", INTEGER_UPDATE, "12>\n", "12, 200>\n", "dtx has"),
    ("ssm.scale", "%z = ssm.scale", "!ssm.pfloat<16, 8>", "f32", "do not mix"),
    # Weights and tables
    (
        "ssm.weight @embedding",
        "ssm.weight @embedding :",
        "}>]",
        "}>, #ssm.step<loda>]",
        "did you mean 'load'?",
    ),
    ("ssm.weight @embedding", "ssm.weight @embedding :", "{name", "{nmae", "did you mean 'name'?"),
    (
        "ssm.weight @embedding",
        "ssm.weight @embedding :",
        '"backbone.embedding.weight"',
        "3 : i64",
        "a string",
    ),
    (
        "ssm.weight @embedding",
        "ssm.weight @embedding :",
        ".embedding.",
        ".{layer}.",
        "has no layers",
    ),
    ("ssm.weight", "@in_proj :", "layers 2", "layers 0", "expected integer >= 1, got 0"),
    ("ssm.weight @in_proj", "@in_proj :", "<4, 8,", "<4, 3,", "groups of 3 do not divide"),
    ("ssm.weight @in_proj", "@in_proj :", "neg_exp", "neg_exp, {layers = array<i64: 2>}", "[2]"),
    ("ssm.weight @in_proj", "@in_proj :", '"mse"', '"most"', "one of mse, none"),
    (
        "ssm.weight @in_proj",
        "@in_proj :",
        ', {clip = "mse"}',
        ", {bits = [4, 4, 4]}",
        "do not fit 2",
    ),
    ("ssm.weight @in_proj", "@in_proj :", ', {clip = "mse"}', ", {bits = [4, 5]}", "at most 4"),
    ("ssm.weight @in_proj", "@in_proj :", "quantize, {clip", "artifact, {clip", "option 'clip'"),
    (
        "ssm.weight @in_proj",
        "@in_proj :",
        '{name = "norm.{layer}"}',
        "{}",
        "has one of the options",
    ),
    (
        "ssm.weight @norm",
        "ssm.weight @norm :",
        "tensor<8xf32>",
        "tensor<8xf64>",
        "elements are f32",
    ),
    (
        "ssm.weight @norm",
        "ssm.weight @norm :",
        "}>]",
        "}>, #ssm.step<quantize>]",
        "elements are f32",
    ),
    (
        "ssm.weight @in_proj_0",
        "ssm.weight @in_proj_0 :",
        ", #ssm.step<quantize>",
        "",
        "quantize or artifact",
    ),
    ("ssm.weight @d_0", "@d_0 :", "quantize", "quantize, {bits = [8]}", "quantize without bits"),
    ("ssm.table @silu", "@silu function", '"silu"', '"tanh"', "a function, one of silu"),
    ("ssm.table @silu", "@silu function", "shift = 5", "shfit = 5", "did you mean 'shift'?"),
    ("ssm.table @silu", "@silu function", "shift = 5 : i64, ", "", "lacks its option 'shift'"),
    ("ssm.table @silu", "@silu function", "1024", "0", "cannot be 0"),
    ("ssm.table @exp", "@exp function", "shift = 9", "shift = 9223372036854775807", "cannot be 9"),
    ("ssm.table @exp", "@exp function", "-32768", "-32767", "exp ends at 0"),
    ("ssm.table @rsqrt", "@rsqrt function", "= 18", "= 17", "a frac of 7, not"),
    ("ssm.table @reciprocal", "@reciprocal function", "<9, 0>", "<8, 0>", "reciprocals go from"),
]


@pytest.mark.parametrize(("op", "place", "old", "new", "message"), MUTANTS)
def test_a_changed_op_is_refused(op, place, old, new, message):
    with pytest.raises(LmcError) as error:
        parse_module(CONTEXT, changed(place, old, new), "ssm")
    sentence = str(error.value)
    assert message in sentence
    assert op in sentence


RETYPED = [
    # (op, function, value, the type that it gets, part of the sentence)
    ("ssm.embedding", "float", "h0", "tensor<9xf32>", "[any, 9] is needed"),
    ("ssm.linear", "float", "l", "tensor<13xf32>", "[13, 8] is needed"),
    ("ssm.split", "float", "dt_low", "tensor<3xf32>", "do not make up 12"),
    ("ssm.split", "float", "c", "tensor<8xf32>", "do not make up 8"),
    ("ssm.decay", "float", "decay", "tensor<3xf32>", "equal shapes"),
    ("ssm.rms_scale", "float", "s", "tensor<3xf32>", "3 groups do not divide 8"),
    ("ssm.rotate", "float", "r", "tensor<4xf32>", "equal shapes"),
    ("ssm.selective_state_update", "float", "ss_new", "tensor<2x4x4xf64>", "f32 or !ssm.bfp"),
    ("ssm.layers", "float", "conv", "tensor<3x8x3xf32>", "3 layers, not 2"),
    ("ssm.quantize", "integer", "q", "tensor<8x!ssm.bfp<4, 3, 12>>", "groups of 3"),
    ("ssm.quantize", "integer", "q", "tensor<8x!ssm.bfp<4, 8, 15>>", "at most 14"),
    ("ssm.rms_scale", "integer", "p", "tensor<1x!ssm.pfloat<16, 9>>", "but the result is"),
    ("ssm.requantize", "integer", "r", "tensor<9x!ssm.fixed<8, 4>>", "equal shapes"),
    ("ssm.rms_scale", "integer", "p", "tensor<1xf32>", "do not mix"),
    ("ssm.softplus", "integer", "dt", "tensor<8x!ssm.fixed<16, 12, 200>>", "but the result is"),
    ("ssm.selective_state_update", "integer", "state", "tensor<8x4x!ssm.bfp<8, 3, 14>>", "state"),
    ("ssm.selective_state_update", "integer", "y", "tensor<8xf32>", "do not mix"),
]


@pytest.mark.parametrize(("op", "function", "value", "wanted", "message"), RETYPED)
def test_a_changed_type_is_refused(op, function, value, wanted, message):
    module = parse_module(CONTEXT, TEXT, "ssm")
    (scope,) = (
        one for one in module.body.ops if isinstance(one, FuncOp) and one.sym_name.data == function
    )
    values = [result for one in scope.walk() for result in one.results] + list(scope.args)
    (found,) = (one for one in values if one.name_hint == value)
    Rewriter.replace_value_with_new_type(found, Parser(CONTEXT, wanted).parse_type())
    scope.update_function_type()
    with pytest.raises(LmcError) as error:
        verify(module, "changed")
    assert message in str(error.value)
    assert op in str(error.value)


def test_every_kind_of_step_is_computed_or_makes_integers():
    assert set(declared_steps()) - set(INTEGER_STEPS) == set(_MEANINGS)
