"""One change to a module beyond its ops: attributes, the decode step, the configuration."""

import pytest

from lmc.diagnostics import LmcError
from lmc.ir.config_attribute import config_to_attribute
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.models.config import Mamba1Config

CONFIG = Mamba1Config(
    vocab_size=10,
    padded_vocab_size=12,
    d_model=4,
    n_layers=2,
    d_inner=8,
    d_state=2,
    d_conv=3,
    dt_rank=1,
)
ATTRIBUTES = f"""lmc.model = "small", lmc.config = {config_to_attribute(CONFIG)},
  lmc.passes = ["roll-layers"], lmc.computation_order = {{norm = "as it was"}},
  lmc.optimized_weights = {{tokens = 8 : i64, norm = 50 : i64}},
  lmc.power_of_two = {{multiplications_before = 7 : i64, multiplications_after = 2 : i64,
    values = {{h = array<i64: 3, 2>, u = array<i64: 4, 0>}}, remaining = {{scale = 2 : i64}}}}"""
STATES = "tensor<2x8x2xf32>, tensor<2x8x2xf32>"
TEXT = f"""builtin.module attributes {{{ATTRIBUTES}}} {{
  ssm.weight @embedding : tensor<12x4xf32> = [
    #ssm.step<load, {{name = "backbone.embedding.weight"}}>]
  ssm.weight @norm : tensor<4xf32> layers 2 = [
    #ssm.step<load, {{name = "backbone.layers.{{layer}}.norm.weight"}}>]
  ssm.weight @in_proj : tensor<16x4xf32> layers 2 = [
    #ssm.step<load, {{name = "backbone.layers.{{layer}}.mixer.in_proj.weight"}}>,
    #ssm.step<scale_columns, {{name = "backbone.layers.{{layer}}.norm.weight"}}>]
  func.func @decode_step(%id: tensor<i32>,
      %conv: tensor<2x8x2xf32>
        {{lmc.state_order = {{axis = 1 : i64, order = #ssm.order<1: 4, 0: 4>}}}},
      %ssm: tensor<2x8x2xf32>) -> (tensor<12xf32>, {STATES}) {{
    %h = ssm.embedding %id, @embedding {{lmc.module = "e"}} : (tensor<i32>) -> tensor<4xf32>
    %last, %conv_new, %ssm_new = ssm.layers %h, %conv, %ssm count(2) carried(1) {{
    ^layer(%x: tensor<4xf32>, %c: tensor<8x2xf32>, %s: tensor<8x2xf32>):
      %u = ssm.rms_norm %x, @norm eps(1.0e-05 : f32) {{mine.note = "any"}}
        : (tensor<4xf32>) -> tensor<4xf32>
      %w = ssm.linear %u, @in_proj : (tensor<4xf32>) -> tensor<16xf32>
      %h_new = ssm.add %x, %u : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      ssm.yield %h_new, %c, %s : tensor<4xf32>, tensor<8x2xf32>, tensor<8x2xf32>
    }} : (tensor<4xf32>, {STATES}) -> (tensor<4xf32>, {STATES})
    %logits = ssm.linear %last, @embedding : (tensor<4xf32>) -> tensor<12xf32>
    func.return %logits, %conv_new, %ssm_new : tensor<12xf32>, {STATES}
  }}
}}"""


def parsed(text):
    return parse_module(make_context(load_registry()), text, "m")


def test_the_module_itself_verifies_with_a_plugins_attribute():
    assert "mine.note" in str(parsed(TEXT))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # Attributes
        ("lmc.model", "lmc.modle", "lmc.modle, which lmc does not know; did you mean 'lmc.model'?"),
        ('lmc.module = "e"', 'lmc.modul = "e"', "ssm.embedding %h has the attribute lmc.modul"),
        ('lmc.module = "e"', "lmc.module = 1 : i64", "ssm.embedding %h: lmc.module: "),
        ('lmc.module = "e"', "lmc.ii = 0", "lmc.ii, which lmc does not know"),
        ("mine.note", "lmc.note", "ssm.rms_norm %u has the attribute lmc.note"),
        ("mine.note", "note", "ssm.rms_norm has the attribute 'note', which it does not take"),
        ('"small"', "3 : i64", "builtin.module: lmc.model: a string"),
        ('["roll-layers"]', '"roll-layers"', "lmc.passes: a list of pipeline texts"),
        ('{norm = "as it was"}', '{norn = "x"}', "lmc.computation_order is of a weight @norn"),
        ("norm = 50 : i64", "nrm = 50 : i64", "lmc.optimized_weights is of a weight @nrm"),
        ("multiplications_after = 2", "multiplications_after = 3", "the counts they are of"),
        ("{scale = 2 : i64}", "{scale = 1 : i64}", "the counts they are of"),
        ("array<i64: 4, 0>", "array<i64: 4>", "the counts they are of"),
        ("lmc.state_order", "lmc.state_ordre", "did you mean 'lmc.state_order'?"),
        ("axis = 1", "axis = 2", "argument 1: lmc.state_order puts 8 channels along axis 2"),
        ("1: 4, 0: 4", "1: 4, 0: 3", "puts 7 channels along axis 1 of tensor<2x8x2xf32>"),
        ("axis = 1 : i64, ", "", "lmc.state_order: {axis"),
        # Symbols and order
        ("@in_proj :", "@norm :", "ssm.weight @norm: the module has this symbol twice"),
        ("ssm.rms_norm %x", "ssm.rms_norm %h_new", "ssm.rms_norm %u reads %h_new, which is made l"),
        (
            "ssm.layers %h,",
            "ssm.layers %last,",
            "ssm.layers %last reads %last, which is made later",
        ),
        # The decode step
        (
            "tensor<12xf32>, tensor<2x8x2xf32>, tensor<2x8x2xf32>) {",
            "tensor<12xf32>) {",
            "type says 1",
        ),
        # The configuration
        ("n_layers = 2", "n_layers = 9223372036854775807", "it can be 65536 at most"),
        ("n_layers = 2 : i64", "n_layers = 3 : i64", "the states have the shapes [3, 8, 2]"),
        ("d_conv = 3 : i64", "d_conv = 4 : i64", "the states have the shapes [2, 8, 3]"),
        ("vocab_size = 12 : i64", "vocab_size = 13 : i64", "has shape [13, 4], but [12, 4] is"),
        ("d_model = 4 : i64", "d_model = 5 : i64", "has shape [12, 5], but [12, 4] is needed"),
        ("d_model = 4 : i64", "d_model = 4 : i32", "lmc.config"),
        ("d_model = 4 : i64", "d_model = 4.0 : f64", "d_model is of type"),
        ("tie_embeddings = true", "tie_embeddings = 1 : i64", "tie_embeddings is of type"),
        ("dt_rank = 1", "dtrank = 1", "does not describe a model"),
        ('arch = "mamba1"', 'arch = "mamba3"', "must name an arch"),
        (
            '"backbone.embedding.weight"',
            '"hello"',
            "@embedding: by lmc.config there is no tensor h",
        ),
        ("in_proj.weight", "in_proj.bias", "no tensor backbone.layers.0.mixer.in_proj.bias"),
        (
            'scale_columns, {name = "backbone.layers.{layer}.norm.weight"',
            'scale_columns, {name = "backbone.layers.{layer}.mixer.D"',
            "the tensor backbone.layers.0.mixer.D has shape [8], but [4] is needed",
        ),
    ],
)
def test_a_changed_module_is_refused(old, new, message):
    assert TEXT.count(old) >= 1
    with pytest.raises(LmcError) as error:
        parsed(TEXT.replace(old, new, 1))
    assert message in str(error.value)


def test_layers_of_one_class_have_weights_of_one_width():
    text = """
      ssm.weight @w : tensor<4x4x!ssm.wint<8, 4, 8, 3, 9>> layers 3 = [
        #ssm.step<load, {name = "w"}>, #ssm.step<quantize, {bits = array<i64: 4, 8, 4>}>]
      func.func @f(%h: tensor<4x!ssm.fixed<8, 4>>) {
        %last = ssm.layers %h count(3) carried(1) CLASSES {
        ^layer(%x: tensor<4x!ssm.fixed<8, 4>>):
          %y = ssm.linear %x, @w : (tensor<4x!ssm.fixed<8, 4>>) -> tensor<4x!ssm.fixed<8, 4>>
          ssm.yield %y : tensor<4x!ssm.fixed<8, 4>>
        } : (tensor<4x!ssm.fixed<8, 4>>) -> tensor<4x!ssm.fixed<8, 4>>
        func.return
      }"""
    parsed(text.replace("CLASSES", "classes [0, 1, 0]"))
    for classes in ("", "classes [0, 1, 1]"):
        with pytest.raises(
            LmcError, match=r"@w has . bits in layer ., but . in another one of the"
        ):
            parsed(text.replace("CLASSES", classes))
