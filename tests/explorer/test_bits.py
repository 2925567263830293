"""Bits of weights and activations, against modules that are parsed and counted op by op."""

from math import prod
from pathlib import Path

import pytest

from lmc.analysis.cost import token_cost
from lmc.design.folder import Design, open_design
from lmc.design.modules import design_module
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import LinearOp, WeightOp
from lmc.explorer import Exploration
from lmc.explorer.bits import Bits, find_bits
from lmc.explorer.ops import scan
from lmc.ir.levels import DATAFLOW, MODEL, QUANTIZED, SCHEDULED, TRACED
from lmc.models.config import parameter_count
from lmc.terminal.costs import bits_sentences, short_bits

MIXED = """
builtin.module {
  ssm.weight @in_proj : tensor<8x64x!ssm.wint<8, 32, 8, 3, 18>> layers 2 = [RECIPE]
  ssm.weight @bias : tensor<8x!ssm.fixed<16, 14>> = [#ssm.step<load, {name = "b"}>]
  func.func @decode_step(%x: tensor<64x!ssm.bfp<4, 32, 14>>) {
    %q = plugin.made %x : (tensor<64x!ssm.bfp<4, 32, 14>>) -> tensor<64x!ssm.bfp<5, 32, 14>>
    %y = ssm.linear %x, @in_proj : (tensor<64x!ssm.bfp<4, 32, 14>>) -> tensor<8x!ssm.fixed<32, 20>>
    %z = ssm.linear %q, @in_proj : (tensor<64x!ssm.bfp<5, 32, 14>>) -> tensor<8x!ssm.fixed<32, 20>>
  }
}
"""


RECIPE = (
    '#ssm.step<load, {name = "a.{layer}"}>',
    '#ssm.step<quantize, {clip = "mse", bits = array<i64: 4, 8>}>',
    "#ssm.step<of_a_plugin, {x = 1 : i64}>",
)
MIXED = MIXED.strip().replace("RECIPE", ", ".join(RECIPE)) + "\n"


def bits_at(exploration: Exploration, level: int) -> Bits:
    """Of the last step of a level; those of the level's other steps are the same or fewer."""
    bits = [step.bits for step in exploration.steps if step.level == level][-1]
    assert bits is not None
    return bits


def test_widths_of_layers_and_of_plugins_are_counted() -> None:
    bits = find_bits(scan(MIXED, "x.mlir"), "x.mlir")
    assert bits is not None
    assert bits.weights == {4: 512, 8: 512, 16: 8}
    # 8 rows of two groups with 8 + 3 bits of scale, in two layers.
    assert bits.stored_bits == 512 * 4 + 512 * 8 + 8 * 16 + 2 * 16 * 11
    assert bits.activations == (4, 5)


@pytest.mark.parametrize("level", [MODEL, QUANTIZED, SCHEDULED, DATAFLOW])
def test_weights_are_those_of_the_module(
    exploration: Exploration, mamba2_design: Path, level: int
) -> None:
    module = design_module(open_design(mamba2_design), level)
    weights = [op for op in module.ops if isinstance(op, WeightOp)]
    bits = bits_at(exploration, level)
    assert sum(bits.weights.values()) == sum(
        prod(op.type.get_shape()) * op.layer_count for op in weights
    )
    linear = {op.input.type for op in module.walk() if isinstance(op, LinearOp)}
    if level in (QUANTIZED, SCHEDULED):
        cost = token_cost(module)
        assert {width for _, width in cost.products} == set(bits.activations)
        assert {width for width, _ in cost.products} <= set(bits.weights)
        assert 4 < bits.of_a_weight < 8
    if level == MODEL:
        assert linear
        assert (bits.activations, bits.of_a_weight) == ((32,), 32)


def test_the_trace_has_the_parameters_and_level_4_the_widths_of_level_3(
    exploration: Exploration, mamba2_design: Path
) -> None:
    from lmc.ir.config_attribute import config_of_module

    config = config_of_module(design_module(Design(mamba2_design), MODEL))
    traced = bits_at(exploration, TRACED)
    tied = config.padded_vocab_size * config.d_model
    assert config.tie_embeddings, "the trace has the table of both, under two names"
    assert traced.weights == {32: parameter_count(config) + tied}
    assert traced.activations == (32,)
    scheduled = bits_at(exploration, SCHEDULED)
    for step in exploration.steps:
        if step.level == DATAFLOW:
            assert step.bits == scheduled


def test_text_that_lmc_does_not_print_is_refused() -> None:
    text = MIXED.replace(" = [#ssm.step<load", "[#ssm.step<load", 1)
    with pytest.raises(LmcError, match=r"x\.mlir is not IR as lmc prints it"):
        find_bits(scan(text, "x.mlir"), "x.mlir")


def test_a_module_without_weights_has_none() -> None:
    text = "builtin.module {\n  func.func @f() {\n    func.return\n  }\n}\n"
    assert find_bits(scan(text, "x.mlir"), "x.mlir") is None
    assert bits_sentences(None, None) == []
    assert short_bits(None) == ""


def test_sentences_say_what_changed(exploration: Exploration) -> None:
    number = next(n for n, step in enumerate(exploration.steps) if step.level == QUANTIZED)
    bits, before = (exploration.steps[n].bits for n in (number, number - 1))
    assert bits is not None
    weights, activations = bits_sentences(bits, before)
    assert "bits each with scales (before: 32); 4 bits: " in weights
    assert activations == "Activations of linear layers: 8 bits (before: 32)"
    assert "before" not in "".join(bits_sentences(bits, bits))
    assert short_bits(bits).endswith("/8")
