"""Hand-made level-2 modules of a tiny Mamba-2 and Mamba, with weights drawn from a seed.

Formats are chosen for coverage: static scales with and without a mantissa, blocks of several
sizes, groups of heads, limits on dt.
"""

import hashlib

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.dialects.func import Func, FuncOp
from xdsl.parser import Parser

from lmc.dialects.ssm import SSM
from lmc.weights import WeightStore

_QUANTIZE = '#ssm.step<quantize, {clip = "mse"}>'

_TABLES = """
  ssm.table @rsqrt function "rsqrt" {elements = 8 : i64, mantissa_shift = 18 : i64}
    : !ssm.fixed<24, 14> to !ssm.pfloat<16, 4>
  ssm.table @rsqrt_half function "rsqrt" {elements = 4 : i64, mantissa_shift = 19 : i64}
    : !ssm.fixed<16, 9> to !ssm.pfloat<16, 10>
  ssm.table @silu function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64,
    slope_frac = 9 : i64} : !ssm.fixed<16, 10> to !ssm.fixed<12, 8>
  ssm.table @silu_m function "silu" {segments = 64 : i64, shift = 9 : i64, low = -16384 : i64,
    slope_frac = 20 : i64} : !ssm.fixed<16, 18, 200> to !ssm.fixed<12, 8>
  ssm.table @softplus function "softplus" {segments = 64 : i64, shift = 9 : i64,
    low = -16384 : i64, slope_frac = 10 : i64} : !ssm.fixed<16, 18, 200> to !ssm.fixed<16, 12>
  ssm.table @exp function "exp" {segments = 64 : i64, shift = 9 : i64, low = -32768 : i64,
    slope_frac = 10 : i64} : !ssm.fixed<18, 12> to !ssm.fixed<16, 15>
"""

MAMBA2 = f"""
builtin.module {{
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [
    #ssm.step<load, {{name = "embedding"}}>, {_QUANTIZE}]
  ssm.weight @in_proj : tensor<34x8x!ssm.wint<4, 8, 8, 3, 14>> layers 2 = [
    #ssm.step<load, {{name = "in_proj.{{layer}}"}}>, {_QUANTIZE}]
  ssm.weight @conv_weight : tensor<24x4x!ssm.fixed<12, 10>> layers 2 = [
    #ssm.step<load, {{name = "conv_weight.{{layer}}"}}>, {_QUANTIZE}]
  ssm.weight @conv_bias : tensor<24x!ssm.fixed<24, 27, 200>> layers 2 = [
    #ssm.step<load, {{name = "conv_bias.{{layer}}"}}>, {_QUANTIZE}]
  ssm.weight @dt_bias : tensor<2x!ssm.fixed<16, 17, 200>> layers 2 = [
    #ssm.step<load, {{name = "dt_bias.{{layer}}"}}>, {_QUANTIZE}]
  ssm.weight @A : tensor<2x!ssm.fixed<12, 8>> layers 2 = [
    #ssm.step<load, {{name = "A.{{layer}}"}}>, #ssm.step<neg_exp>, {_QUANTIZE}]
  ssm.weight @D : tensor<2x!ssm.fixed<10, 7>> layers 2 = [
    #ssm.step<load, {{name = "D.{{layer}}"}}>, {_QUANTIZE}]
  ssm.weight @gated_norm : tensor<8x!ssm.fixed<10, 14, 180>> layers 2 = [
    #ssm.step<load, {{name = "gated_norm.{{layer}}"}}>, {_QUANTIZE}]
  ssm.weight @out_proj : tensor<8x8x!ssm.wint<4, 4, 1, 3, 9>> layers 2 = [
    #ssm.step<load, {{name = "out_proj.{{layer}}"}}>,
    #ssm.step<unrotate_blocks, {{block = 4 : i64}}>, {_QUANTIZE}]
  ssm.weight @lm_head : tensor<16x8x!ssm.wint<8, 8, 8, 3, 14>> = [
    #ssm.step<load, {{name = "embedding"}}>, {_QUANTIZE}]
  {_TABLES}
  func.func @decode_step(%id: tensor<i32>, %conv: tensor<2x24x3x!ssm.fixed<16, 17, 200>>,
      %ssm: tensor<2x2x4x4x!ssm.bfp<8, 2, 14>>) -> (tensor<16x!ssm.fixed<32, 16>>,
      tensor<2x24x3x!ssm.fixed<16, 17, 200>>, tensor<2x2x4x4x!ssm.bfp<8, 2, 14>>) {{
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<24, 14>>
    %h_last, %conv_new, %ssm_new = ssm.layers %embedded, %conv, %ssm count(2) carried(1) {{
    ^layer(%h: tensor<8x!ssm.fixed<24, 14>>, %conv_state: tensor<24x3x!ssm.fixed<16, 17, 200>>,
        %ssm_state: tensor<2x4x4x!ssm.bfp<8, 2, 14>>):
      %u = ssm.rms_norm %h eps(1.0e-05 : f32) table @rsqrt
        : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<16, 19, 150>>
      %u_q = ssm.quantize %u rounding("nearest")
        : (tensor<8x!ssm.fixed<16, 19, 150>>) -> tensor<8x!ssm.bfp<4, 4, 12>>
      %zxbcdt = ssm.linear %u_q, @in_proj
        : (tensor<8x!ssm.bfp<4, 4, 12>>) -> tensor<34x!ssm.fixed<16, 17, 200>>
      %z, %x_in, %dt_in = ssm.split %zxbcdt : (tensor<34x!ssm.fixed<16, 17, 200>>)
        -> (tensor<8x!ssm.fixed<16, 17, 200>>, tensor<24x!ssm.fixed<16, 17, 200>>,
            tensor<2x!ssm.fixed<16, 17, 200>>)
      %conv_out, %conv_state_new = ssm.causal_conv1d_step %x_in, %conv_state, @conv_weight
        bias @conv_bias : (tensor<24x!ssm.fixed<16, 17, 200>>,
          tensor<24x3x!ssm.fixed<16, 17, 200>>)
        -> (tensor<24x!ssm.fixed<16, 18, 200>>, tensor<24x3x!ssm.fixed<16, 17, 200>>)
      %x_act = ssm.silu %conv_out table @silu_m
        : (tensor<24x!ssm.fixed<16, 18, 200>>) -> tensor<24x!ssm.fixed<12, 8>>
      %x, %b, %c = ssm.split %x_act : (tensor<24x!ssm.fixed<12, 8>>)
        -> (tensor<8x!ssm.fixed<12, 8>>, tensor<8x!ssm.fixed<12, 8>>, tensor<8x!ssm.fixed<12, 8>>)
      %dt_biased = ssm.bias %dt_in, @dt_bias
        : (tensor<2x!ssm.fixed<16, 17, 200>>) -> tensor<2x!ssm.fixed<16, 18, 200>>
      %dt = ssm.softplus %dt_biased low(1.0e-02 : f32) high(2.5 : f32) table @softplus
        : (tensor<2x!ssm.fixed<16, 18, 200>>) -> tensor<2x!ssm.fixed<16, 12>>
      %decay = ssm.decay %dt, @A argument !ssm.fixed<18, 12> table @exp
        : (tensor<2x!ssm.fixed<16, 12>>) -> tensor<2x!ssm.fixed<16, 15>>
      %y, %ssm_state_new = ssm.selective_state_update %ssm_state, %decay, %dt, %x, %b, %c, @D
        dtx !ssm.fixed<16, 12> : (tensor<2x4x4x!ssm.bfp<8, 2, 14>>, tensor<2x!ssm.fixed<16, 15>>,
          tensor<2x!ssm.fixed<16, 12>>, tensor<8x!ssm.fixed<12, 8>>, tensor<8x!ssm.fixed<12, 8>>,
          tensor<8x!ssm.fixed<12, 8>>)
        -> (tensor<8x!ssm.fixed<16, 10>>, tensor<2x4x4x!ssm.bfp<8, 2, 14>>)
      %z_narrow = ssm.requantize %z
        : (tensor<8x!ssm.fixed<16, 17, 200>>) -> tensor<8x!ssm.fixed<16, 10>>
      %gate = ssm.silu %z_narrow table @silu
        : (tensor<8x!ssm.fixed<16, 10>>) -> tensor<8x!ssm.fixed<12, 8>>
      %gated = ssm.mul %y, %gate
        : (tensor<8x!ssm.fixed<16, 10>>, tensor<8x!ssm.fixed<12, 8>>) -> tensor<8x!ssm.fixed<16, 9>>
      %reciprocal = ssm.rms_scale %gated eps(1.0e-05 : f32) table @rsqrt_half
        : (tensor<8x!ssm.fixed<16, 9>>) -> tensor<2x!ssm.pfloat<16, 10>>
      %weighted = ssm.scale_channels %gated, @gated_norm
        : (tensor<8x!ssm.fixed<16, 9>>) -> tensor<8x!ssm.fixed<16, 10>>
      %scaled = ssm.scale %weighted, %reciprocal
        : (tensor<8x!ssm.fixed<16, 10>>, tensor<2x!ssm.pfloat<16, 10>>)
        -> tensor<8x!ssm.fixed<16, 11>>
      %rotated = ssm.rotate %scaled block(4)
        : (tensor<8x!ssm.fixed<16, 11>>) -> tensor<8x!ssm.fixed<18, 11>>
      %rotated_q = ssm.quantize %rotated rounding("up")
        : (tensor<8x!ssm.fixed<18, 11>>) -> tensor<8x!ssm.bfp<8, 2, 9>>
      %o = ssm.linear %rotated_q, @out_proj
        : (tensor<8x!ssm.bfp<8, 2, 9>>) -> tensor<8x!ssm.fixed<20, 12>>
      %h_new = ssm.add %h, %o : (tensor<8x!ssm.fixed<24, 14>>, tensor<8x!ssm.fixed<20, 12>>)
        -> tensor<8x!ssm.fixed<24, 14>>
      ssm.yield %h_new, %conv_state_new, %ssm_state_new : tensor<8x!ssm.fixed<24, 14>>,
        tensor<24x3x!ssm.fixed<16, 17, 200>>, tensor<2x4x4x!ssm.bfp<8, 2, 14>>
    }} : (tensor<8x!ssm.fixed<24, 14>>, tensor<2x24x3x!ssm.fixed<16, 17, 200>>,
        tensor<2x2x4x4x!ssm.bfp<8, 2, 14>>)
      -> (tensor<8x!ssm.fixed<24, 14>>, tensor<2x24x3x!ssm.fixed<16, 17, 200>>,
        tensor<2x2x4x4x!ssm.bfp<8, 2, 14>>)
    %f = ssm.rms_norm %h_last eps(1.0e-05 : f32) table @rsqrt
      : (tensor<8x!ssm.fixed<24, 14>>) -> tensor<8x!ssm.fixed<16, 12>>
    %f_q = ssm.quantize %f rounding("up")
      : (tensor<8x!ssm.fixed<16, 12>>) -> tensor<8x!ssm.bfp<8, 8, 12>>
    %logits = ssm.linear %f_q, @lm_head
      : (tensor<8x!ssm.bfp<8, 8, 12>>) -> tensor<16x!ssm.fixed<32, 16>>
    func.return %logits, %conv_new, %ssm_new : tensor<16x!ssm.fixed<32, 16>>,
      tensor<2x24x3x!ssm.fixed<16, 17, 200>>, tensor<2x2x4x4x!ssm.bfp<8, 2, 14>>
  }}
}}
"""

MAMBA1 = f"""
builtin.module {{
  ssm.weight @embedding : tensor<16x8x!ssm.wint<8, 8, 8, 3, 13>> = [
    #ssm.step<load, {{name = "embedding"}}>, {_QUANTIZE}]
  ssm.weight @in_proj : tensor<24x8x!ssm.wint<4, 8, 8, 3, 14>> = [
    #ssm.step<load, {{name = "in_proj"}}>, {_QUANTIZE}]
  ssm.weight @conv_weight : tensor<12x4x!ssm.fixed<12, 10>> = [
    #ssm.step<load, {{name = "conv_weight"}}>, {_QUANTIZE}]
  ssm.weight @x_proj : tensor<10x12x!ssm.wint<8, 12, 8, 3, 14>> = [
    #ssm.step<load, {{name = "x_proj"}}>, {_QUANTIZE}]
  ssm.weight @dt_proj : tensor<12x2x!ssm.wint<8, 2, 8, 3, 14>> = [
    #ssm.step<load, {{name = "dt_proj"}}>, {_QUANTIZE}]
  ssm.weight @A : tensor<12x4x!ssm.fixed<12, 8>> = [
    #ssm.step<load, {{name = "A"}}>, #ssm.step<neg_exp>, {_QUANTIZE}]
  ssm.weight @D : tensor<12x!ssm.fixed<10, 7>> = [
    #ssm.step<load, {{name = "D"}}>, {_QUANTIZE}]
  {_TABLES}
  func.func @decode_step(%id: tensor<i32>, %conv: tensor<12x3x!ssm.fixed<16, 9>>,
      %ssm: tensor<12x4x!ssm.bfp<8, 4, 14>>) -> (tensor<12x!ssm.fixed<24, 12>>,
      tensor<12x3x!ssm.fixed<16, 9>>, tensor<12x4x!ssm.bfp<8, 4, 14>>) {{
    %h = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<8x!ssm.fixed<16, 12>>
    %h_q = ssm.quantize %h rounding("nearest")
      : (tensor<8x!ssm.fixed<16, 12>>) -> tensor<8x!ssm.bfp<8, 8, 12>>
    %xz = ssm.linear %h_q, @in_proj : (tensor<8x!ssm.bfp<8, 8, 12>>) -> tensor<24x!ssm.fixed<16, 9>>
    %x_in, %z = ssm.split %xz : (tensor<24x!ssm.fixed<16, 9>>)
      -> (tensor<12x!ssm.fixed<16, 9>>, tensor<12x!ssm.fixed<16, 9>>)
    %conv_out, %conv_new = ssm.causal_conv1d_step %x_in, %conv, @conv_weight
      : (tensor<12x!ssm.fixed<16, 9>>, tensor<12x3x!ssm.fixed<16, 9>>)
      -> (tensor<12x!ssm.fixed<16, 10>>, tensor<12x3x!ssm.fixed<16, 9>>)
    %x = ssm.silu %conv_out table @silu
      : (tensor<12x!ssm.fixed<16, 10>>) -> tensor<12x!ssm.fixed<12, 8>>
    %x_q = ssm.quantize %x rounding("up")
      : (tensor<12x!ssm.fixed<12, 8>>) -> tensor<12x!ssm.bfp<8, 3, 8>>
    %projected = ssm.linear %x_q, @x_proj
      : (tensor<12x!ssm.bfp<8, 3, 8>>) -> tensor<10x!ssm.fixed<16, 10>>
    %dt_r, %b, %c = ssm.split %projected : (tensor<10x!ssm.fixed<16, 10>>)
      -> (tensor<2x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>, tensor<4x!ssm.fixed<16, 10>>)
    %dt_q = ssm.quantize %dt_r rounding("up")
      : (tensor<2x!ssm.fixed<16, 10>>) -> tensor<2x!ssm.bfp<8, 2, 10>>
    %dt_in = ssm.linear %dt_q, @dt_proj
      : (tensor<2x!ssm.bfp<8, 2, 10>>) -> tensor<12x!ssm.fixed<16, 18, 200>>
    %dt = ssm.softplus %dt_in table @softplus
      : (tensor<12x!ssm.fixed<16, 18, 200>>) -> tensor<12x!ssm.fixed<16, 12>>
    %decay = ssm.decay %dt, @A argument !ssm.fixed<18, 12> table @exp
      : (tensor<12x!ssm.fixed<16, 12>>) -> tensor<12x4x!ssm.fixed<16, 15>>
    %y, %ssm_new = ssm.selective_state_update %ssm, %decay, %dt, %x, %b, %c, @D
      dtx !ssm.fixed<16, 12> : (tensor<12x4x!ssm.bfp<8, 4, 14>>, tensor<12x4x!ssm.fixed<16, 15>>,
        tensor<12x!ssm.fixed<16, 12>>, tensor<12x!ssm.fixed<12, 8>>, tensor<4x!ssm.fixed<16, 10>>,
        tensor<4x!ssm.fixed<16, 10>>)
      -> (tensor<12x!ssm.fixed<24, 12>>, tensor<12x4x!ssm.bfp<8, 4, 14>>)
    %z_narrow = ssm.requantize %z
      : (tensor<12x!ssm.fixed<16, 9>>) -> tensor<12x!ssm.fixed<16, 10>>
    %gate = ssm.silu %z_narrow table @silu
      : (tensor<12x!ssm.fixed<16, 10>>) -> tensor<12x!ssm.fixed<12, 8>>
    %logits = ssm.mul %y, %gate
      : (tensor<12x!ssm.fixed<24, 12>>, tensor<12x!ssm.fixed<12, 8>>)
      -> tensor<12x!ssm.fixed<24, 12>>
    func.return %logits, %conv_new, %ssm_new : tensor<12x!ssm.fixed<24, 12>>,
      tensor<12x3x!ssm.fixed<16, 9>>, tensor<12x4x!ssm.bfp<8, 4, 14>>
  }}
}}
"""


class DrawnWeights:
    """A weight source: every tensor is drawn from its name; shapes are given."""

    description = "drawn weights"
    fingerprint = "0"

    def __init__(self, shapes: dict[str, tuple[int, ...]], spread: float = 1.0) -> None:
        self._shapes = shapes
        self._spread = spread

    def names(self) -> list[str]:
        return list(self._shapes)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._shapes[name]

    def load(self, name: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
        values = np.random.default_rng(seed).standard_normal(self._shapes[name])
        return (self._spread * values).astype(np.float32)


def parse(text: str) -> ModuleOp:
    context = Context()
    for dialect in (Builtin, Func, SSM):
        context.load_dialect(dialect)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


def function_of(module: ModuleOp) -> FuncOp:
    return next(op for op in module.body.block.ops if isinstance(op, FuncOp))


def mamba2(spread: float = 1.0) -> tuple[ModuleOp, WeightStore]:
    shapes = {"embedding": (16, 8)}
    for layer in range(2):
        shapes |= {
            f"in_proj.{layer}": (34, 8),
            f"conv_weight.{layer}": (24, 4),
            f"conv_bias.{layer}": (24,),
            f"dt_bias.{layer}": (2,),
            f"A.{layer}": (2,),
            f"D.{layer}": (2,),
            f"gated_norm.{layer}": (8,),
            f"out_proj.{layer}": (8, 8),
        }
    module = parse(MAMBA2)
    return module, WeightStore(module, DrawnWeights(shapes, spread))


def mamba1(spread: float = 1.0) -> tuple[ModuleOp, WeightStore]:
    shapes = {
        "embedding": (16, 8),
        "in_proj": (24, 8),
        "conv_weight": (12, 4),
        "x_proj": (10, 12),
        "dt_proj": (12, 2),
        "A": (12, 4),
        "D": (12,),
    }
    module = parse(MAMBA1)
    return module, WeightStore(module, DrawnWeights(shapes, spread))
