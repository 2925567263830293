"""Hand-made level-1 modules: a rolled Mamba-2 with every option, a Mamba that is not rolled."""

from lmc.models.config import Mamba1Config, Mamba2Config

MAMBA2_CONFIG = Mamba2Config(
    vocab_size=10,
    padded_vocab_size=12,
    d_model=12,
    n_layers=3,
    d_inner=24,
    d_state=4,
    d_conv=4,
    use_bias=True,
    tie_embeddings=False,
    n_heads=4,
    head_dim=6,
    n_groups=2,
    norm_group_size=12,
    dt_limit=(0.02, 0.05),
)
MAMBA1_CONFIG = Mamba1Config(
    vocab_size=10,
    padded_vocab_size=10,
    d_model=6,
    n_layers=2,
    d_inner=12,
    d_state=4,
    d_conv=3,
    dt_rank=2,
    conv_bias=False,
)


def _weight(symbol: str, shape: str, name: str, steps: str = "", layers: int = 0) -> str:
    rolled = f" layers {layers}" if layers else ""
    return (
        f"ssm.weight @{symbol} : tensor<{shape}xf32>{rolled} = "
        f'[#ssm.step<load, {{name = "{name}"}}>{steps}]\n'
    )


def _reshape(channels: int, taps: int) -> str:
    return f", #ssm.step<reshape, {{shape = [{channels} : i64, {taps} : i64]}}>"


def _rolled(symbol: str, shape: str, name: str, steps: str = "") -> str:
    return _weight(symbol, shape, f"backbone.layers.{{layer}}.{name}", steps, 3)


MAMBA2 = f"""
builtin.module {{
{_weight("embedding", "12x12", "backbone.embedding.weight")}
{_weight("norm_f", "12", "backbone.norm_f.weight")}
{_weight("lm_head", "12x12", "lm_head.weight")}
{_rolled("norm", "12", "norm.weight")}
{_rolled("in_proj", "68x12", "mixer.in_proj.weight")}
{_rolled("in_proj_bias", "68", "mixer.in_proj.bias")}
{_rolled("conv_weight", "40x4", "mixer.conv1d.weight", _reshape(40, 4))}
{_rolled("conv_bias", "40", "mixer.conv1d.bias")}
{_rolled("dt_bias", "4", "mixer.dt_bias")}
{_rolled("A", "4", "mixer.A_log", ", #ssm.step<neg_exp>")}
{_rolled("D", "4", "mixer.D")}
{_rolled("gated_norm", "24", "mixer.norm.weight")}
{_rolled("out_proj", "12x24", "mixer.out_proj.weight")}
{_rolled("out_proj_bias", "12", "mixer.out_proj.bias")}
  func.func @decode_step(%id: tensor<i32>, %conv: tensor<3x40x3xf32>, %ssm: tensor<3x4x6x4xf32>)
      -> (tensor<12xf32>, tensor<3x40x3xf32>, tensor<3x4x6x4xf32>) {{
    %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<12xf32>
    %h_last, %conv_new, %ssm_new = ssm.layers %embedded, %conv, %ssm count(3) carried(1) {{
    ^layer(%h: tensor<12xf32>, %conv_state: tensor<40x3xf32>, %ssm_state: tensor<4x6x4xf32>):
      %u = ssm.rms_norm %h, @norm eps(1.0e-05 : f32) : (tensor<12xf32>) -> tensor<12xf32>
      %zxbcdt_raw = ssm.linear %u, @in_proj : (tensor<12xf32>) -> tensor<68xf32>
      %zxbcdt = ssm.bias %zxbcdt_raw, @in_proj_bias : (tensor<68xf32>) -> tensor<68xf32>
      %z, %xbc, %dt_in = ssm.split %zxbcdt
        : (tensor<68xf32>) -> (tensor<24xf32>, tensor<40xf32>, tensor<4xf32>)
      %conv_out, %conv_state_new = ssm.causal_conv1d_step %xbc, %conv_state, @conv_weight
        bias @conv_bias : (tensor<40xf32>, tensor<40x3xf32>) -> (tensor<40xf32>, tensor<40x3xf32>)
      %act = ssm.silu %conv_out : (tensor<40xf32>) -> tensor<40xf32>
      %x, %b, %c = ssm.split %act
        : (tensor<40xf32>) -> (tensor<24xf32>, tensor<8xf32>, tensor<8xf32>)
      %dt_biased = ssm.bias %dt_in, @dt_bias : (tensor<4xf32>) -> tensor<4xf32>
      %dt = ssm.softplus %dt_biased low(2.0e-02 : f32) high(5.0e-02 : f32)
        : (tensor<4xf32>) -> tensor<4xf32>
      %decay = ssm.decay %dt, @A : (tensor<4xf32>) -> tensor<4xf32>
      %y, %ssm_state_new = ssm.selective_state_update %ssm_state, %decay, %dt, %x, %b, %c, @D
        : (tensor<4x6x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<24xf32>, tensor<8xf32>,
           tensor<8xf32>) -> (tensor<24xf32>, tensor<4x6x4xf32>)
      %g = ssm.gated_norm %y, %z, @gated_norm eps(1.0e-05 : f32) norm_group(12)
        : (tensor<24xf32>, tensor<24xf32>) -> tensor<24xf32>
      %o_raw = ssm.linear %g, @out_proj : (tensor<24xf32>) -> tensor<12xf32>
      %o = ssm.bias %o_raw, @out_proj_bias : (tensor<12xf32>) -> tensor<12xf32>
      %h_new = ssm.add %h, %o : (tensor<12xf32>, tensor<12xf32>) -> tensor<12xf32>
      ssm.yield %h_new, %conv_state_new, %ssm_state_new
        : tensor<12xf32>, tensor<40x3xf32>, tensor<4x6x4xf32>
    }} : (tensor<12xf32>, tensor<3x40x3xf32>, tensor<3x4x6x4xf32>)
      -> (tensor<12xf32>, tensor<3x40x3xf32>, tensor<3x4x6x4xf32>)
    %f = ssm.rms_norm %h_last, @norm_f eps(1.0e-05 : f32) : (tensor<12xf32>) -> tensor<12xf32>
    %logits = ssm.linear %f, @lm_head : (tensor<12xf32>) -> tensor<12xf32>
    func.return %logits, %conv_new, %ssm_new
      : tensor<12xf32>, tensor<3x40x3xf32>, tensor<3x4x6x4xf32>
  }}
}}
"""


def _mamba1_weights(layer: int) -> str:
    prefix = f"backbone.layers.{layer}"
    return (
        _weight(f"norm{layer}", "6", f"{prefix}.norm.weight")
        + _weight(f"in_proj{layer}", "24x6", f"{prefix}.mixer.in_proj.weight")
        + _weight(f"conv{layer}", "12x3", f"{prefix}.mixer.conv1d.weight", _reshape(12, 3))
        + _weight(f"x_proj{layer}", "10x12", f"{prefix}.mixer.x_proj.weight")
        + _weight(f"dt_proj{layer}", "12x2", f"{prefix}.mixer.dt_proj.weight")
        + _weight(f"dt_bias{layer}", "12", f"{prefix}.mixer.dt_proj.bias")
        + _weight(f"A{layer}", "12x4", f"{prefix}.mixer.A_log", ", #ssm.step<neg_exp>")
        + _weight(f"D{layer}", "12", f"{prefix}.mixer.D")
        + _weight(f"out_proj{layer}", "6x12", f"{prefix}.mixer.out_proj.weight")
    )


def _mamba1_layer(layer: int) -> str:
    i = layer
    v, s = "tensor<12xf32>", "tensor<12x4xf32>"
    return f"""
    %u{i} = ssm.rms_norm %h{i}, @norm{i} eps(1.0e-05 : f32) : (tensor<6xf32>) -> tensor<6xf32>
    %xz{i} = ssm.linear %u{i}, @in_proj{i} : (tensor<6xf32>) -> tensor<24xf32>
    %x_in{i}, %z{i} = ssm.split %xz{i} : (tensor<24xf32>) -> ({v}, {v})
    %conv_out{i}, %conv_new{i} = ssm.causal_conv1d_step %x_in{i}, %conv{i}, @conv{i}
      : ({v}, tensor<12x2xf32>) -> ({v}, tensor<12x2xf32>)
    %x{i} = ssm.silu %conv_out{i} : ({v}) -> {v}
    %dbc{i} = ssm.linear %x{i}, @x_proj{i} : ({v}) -> tensor<10xf32>
    %dt_r{i}, %b{i}, %c{i} = ssm.split %dbc{i}
      : (tensor<10xf32>) -> (tensor<2xf32>, tensor<4xf32>, tensor<4xf32>)
    %dt_in{i} = ssm.linear %dt_r{i}, @dt_proj{i} : (tensor<2xf32>) -> {v}
    %dt_biased{i} = ssm.bias %dt_in{i}, @dt_bias{i} : ({v}) -> {v}
    %dt{i} = ssm.softplus %dt_biased{i} : ({v}) -> {v}
    %decay{i} = ssm.decay %dt{i}, @A{i} : ({v}) -> {s}
    %y{i}, %ssm_new{i} = ssm.selective_state_update
      %ssm{i}, %decay{i}, %dt{i}, %x{i}, %b{i}, %c{i}, @D{i}
      : ({s}, {s}, {v}, {v}, tensor<4xf32>, tensor<4xf32>) -> ({v}, {s})
    %gate{i} = ssm.silu %z{i} : ({v}) -> {v}
    %g{i} = ssm.mul %y{i}, %gate{i} : ({v}, {v}) -> {v}
    %o{i} = ssm.linear %g{i}, @out_proj{i} : ({v}) -> tensor<6xf32>
    %h{i + 1} = ssm.add %h{i}, %o{i} : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
"""


_STATES = "tensor<12x2xf32>, tensor<12x4xf32>"
MAMBA1 = f"""
builtin.module {{
{_weight("embedding", "10x6", "backbone.embedding.weight")}
{_weight("norm_f", "6", "backbone.norm_f.weight")}
{_weight("lm_head", "10x6", "lm_head.weight")}
{_mamba1_weights(0)}{_mamba1_weights(1)}
  func.func @decode_step(%id: tensor<i32>, %conv0: tensor<12x2xf32>, %ssm0: tensor<12x4xf32>,
      %conv1: tensor<12x2xf32>, %ssm1: tensor<12x4xf32>)
      -> (tensor<10xf32>, {_STATES}, {_STATES}) {{
    %h0 = ssm.embedding %id, @embedding : (tensor<i32>) -> tensor<6xf32>
    {_mamba1_layer(0)}{_mamba1_layer(1)}
    %f = ssm.rms_norm %h2, @norm_f eps(1.0e-05 : f32) : (tensor<6xf32>) -> tensor<6xf32>
    %logits = ssm.linear %f, @lm_head : (tensor<6xf32>) -> tensor<10xf32>
    func.return %logits, %conv_new0, %ssm_new0, %conv_new1, %ssm_new1
      : tensor<10xf32>, {_STATES}, {_STATES}
  }}
}}
"""
