"""Passes on linear layers whose operands are static, or blocks of a whole vector."""

import pytest
from small_models import apply

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import LinearOp, format_of
from lmc.ir.editing import ops_of
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module

MODULE = """
ssm.weight @w : tensor<4x{columns}x!ssm.wint<8, {group}, 12, 4, 10>> = [
  #ssm.step<load, {{name = "w"}}>, #ssm.step<quantize, {{clip = "mse"}}>]
func.func @decode_step(%x: tensor<{columns}x!ssm.fixed<24, 20, 200>>) {{
  %s = ssm.requantize %x : (tensor<{columns}x!ssm.fixed<24, 20, 200>>)
    -> tensor<{columns}x!ssm.fixed<{bits}, 4>>
  %a = ssm.linear %s, @w : (tensor<{columns}x!ssm.fixed<{bits}, 4>>) -> tensor<4x!ssm.fixed<32, 9>>
  %b = ssm.quantize %x rounding("up") : (tensor<{columns}x!ssm.fixed<24, 20, 200>>)
    -> tensor<{columns}x!ssm.bfp<2, {columns}, 12>>
  %c = ssm.linear %b, @w
    : (tensor<{columns}x!ssm.bfp<2, {columns}, 12>>) -> tensor<4x!ssm.fixed<32, 9>>
  func.return
}}
"""


def rewritten(columns: int, bits: int):
    text = MODULE.format(columns=columns, group=columns // 2, bits=bits)
    module = parse_module(make_context(load_registry()), text, "operands")
    return module, apply(module, "rewrite-power-of-two")


def test_power_of_two_scales_of_operands_stay() -> None:
    module, after = rewritten(24, 8)
    before = [format_of(op.input.type) for op in ops_of(module, LinearOp)]
    assert [format_of(op.input.type) for op in ops_of(after, LinearOp)] == before


def test_sums_over_static_operands_are_checked() -> None:
    """The operand's bits count, and no window of exponents."""
    rewritten(2048, 16)
    with pytest.raises(LmcError, match="accumulator of a linear would need 65 bits"):
        rewritten(32768, 16)
