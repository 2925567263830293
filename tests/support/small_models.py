"""Rolled level-1 modules of small Mamba and Mamba-2 models with random weights, for pass tests."""

import json
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from lmc.driver.pipeline import Pipeline
from lmc.ir.config_attribute import config_to_attribute
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, parse_module
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig
from lmc.models.config_parsing import load_config

MAMBA2 = {
    "model_type": "mamba2",
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "vocab_size": 32,
    "state_size": 16,
    "num_heads": 4,
    "head_dim": 12,
    "n_groups": 1,
    "conv_kernel": 4,
    "expand": 2,
    "use_bias": True,
    "use_conv_bias": True,
    "tie_word_embeddings": True,
}
MAMBA1 = {
    "model_type": "mamba",
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "vocab_size": 32,
    "state_size": 8,
    "time_step_rank": 4,
    "conv_kernel": 4,
    "expand": 2,
    "intermediate_size": 48,
    "use_bias": False,
    "use_conv_bias": True,
    "tie_word_embeddings": False,
}

FALCON = {**MAMBA1, "model_type": "falcon_mamba", "mixer_rms_eps": 1e-4}


def write_config(folder: Path, config: dict[str, object]) -> ModelConfig:
    """Put a config.json into a folder, which then names a model for random weights."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return load_config(folder / "config.json")


def level1(reference: str, config: ModelConfig) -> ModuleOp:
    """The module that raising and rolling make of a model; `reference` says where weights are."""
    text = _mamba1(config) if isinstance(config, Mamba1Config) else _mamba2(config)
    attributes = (
        f'{{lmc.model = "small", lmc.weights = "{reference}",'
        f" lmc.config = {config_to_attribute(config)}}}"
    )
    module_text = f"builtin.module attributes {attributes} {{{text}}}"
    return parse_module(make_context(load_registry()), module_text, "small model")


def apply(module: ModuleOp, pipeline: str) -> ModuleOp:
    """A copy of the module after passes; the given one stays as it is."""
    registry = load_registry()
    changed = module.clone()
    Pipeline.parse(registry, pipeline).run(make_context(registry), changed)
    return changed


def _weight(
    name: str, shape: tuple[int, ...], source: str, layers: int = 0, extra: str = ""
) -> str:
    dims = "x".join(map(str, shape))
    rolled = f" layers {layers}" if layers else ""
    prefix = "backbone.layers.{layer}." if layers else ""
    return (
        f"ssm.weight @{name} : tensor<{dims}xf32>{rolled} = "
        f'[#ssm.step<load, {{name = "{prefix}{source}"}}>{extra}]\n'
    )


def _reshape(*shape: int) -> str:
    return f", #ssm.step<reshape, {{shape = [{', '.join(f'{size} : i64' for size in shape)}]}}>"


def _outer_weights(config: ModelConfig, rows: int) -> str:
    d, n = config.d_model, config.n_layers
    text = _weight("embedding", (config.padded_vocab_size, d), "backbone.embedding.weight")
    text += _weight("norm", (d,), "norm.weight", n)
    text += _weight("in_proj", (rows, d), "mixer.in_proj.weight", n)
    shape = (config.conv_dim, config.d_conv)
    text += _weight("conv_weight", shape, "mixer.conv1d.weight", n, _reshape(*shape))
    text += _weight("conv_bias", (config.conv_dim,), "mixer.conv1d.bias", n)
    text += _weight("out_proj", (d, config.d_inner), "mixer.out_proj.weight", n)
    text += _weight("norm_f", (d,), "backbone.norm_f.weight")
    return text + _weight("lm_head", (config.padded_vocab_size, d), "lm_head.weight")


def _function(config: ModelConfig, state: str, body: str) -> str:
    d, n, v = config.d_model, config.n_layers, config.padded_vocab_size
    conv = f"{config.conv_dim}x{config.d_conv - 1}xf32"
    h, cs, ss = f"tensor<{d}xf32>", f"tensor<{n}x{conv}>", f"tensor<{n}x{state}xf32>"
    return f"""
    func.func @decode_step(%id: tensor<i32>, %conv: {cs}, %ssm: {ss})
        -> (tensor<{v}xf32>, {cs}, {ss}) {{
      %embedded = ssm.embedding %id, @embedding : (tensor<i32>) -> {h}
      %h_last, %conv_new, %ssm_new = ssm.layers %embedded, %conv, %ssm count({n}) carried(1) {{
      ^layer(%h: {h}, %conv_state: tensor<{conv}>, %ssm_state: tensor<{state}xf32>):
        %u = ssm.rms_norm %h, @norm eps(1.0e-05 : f32) : ({h}) -> {h}
        {body}
        %h_new = ssm.add %h, %o : ({h}, {h}) -> {h}
        ssm.yield %h_new, %conv_state_new, %ssm_state_new
          : {h}, tensor<{conv}>, tensor<{state}xf32>
      }} : ({h}, {cs}, {ss}) -> ({h}, {cs}, {ss})
      %f = ssm.rms_norm %h_last, @norm_f eps(1.0e-05 : f32) : ({h}) -> {h}
      %logits = ssm.linear %f, @lm_head : ({h}) -> tensor<{v}xf32>
      func.return %logits, %conv_new, %ssm_new : tensor<{v}xf32>, {cs}, {ss}
    }}
"""


def _conv(config: ModelConfig) -> str:
    x = f"tensor<{config.conv_dim}xf32>"
    state = f"tensor<{config.conv_dim}x{config.d_conv - 1}xf32>"
    return (
        f"%conv_out, %conv_state_new = ssm.causal_conv1d_step %x_in, %conv_state, @conv_weight"
        f" bias @conv_bias : ({x}, {state}) -> ({x}, {state})\n"
        f"%x_act = ssm.silu %conv_out : ({x}) -> {x}\n"
    )


def _mamba2(config: Mamba2Config) -> str:
    d, n, inner, heads = config.d_model, config.n_layers, config.d_inner, config.n_heads
    bc = config.n_groups * config.d_state
    rows = inner + config.conv_dim + heads
    eps = "eps(1.0e-05 : f32)"
    state = f"{heads}x{config.head_dim}x{config.d_state}"
    t = {k: f"tensor<{v}xf32>" for k, v in {"r": rows, "i": inner, "h": heads, "b": bc}.items()}
    xbc, hd, s = f"tensor<{config.conv_dim}xf32>", f"tensor<{d}xf32>", f"tensor<{state}xf32>"
    weights = _outer_weights(config, rows)
    if config.use_bias:
        weights += _weight("in_proj_bias", (rows,), "mixer.in_proj.bias", n)
        weights += _weight("out_proj_bias", (d,), "mixer.out_proj.bias", n)
    weights += _weight("dt_bias", (heads,), "mixer.dt_bias", n)
    weights += _weight("A", (heads,), "mixer.A_log", n, ", #ssm.step<neg_exp>")
    weights += _weight("D", (heads,), "mixer.D", n)
    weights += _weight("gated_norm", (inner,), "mixer.norm.weight", n)
    raw = "%zxbcdt_raw" if config.use_bias else "%zxbcdt"
    body = f"{raw} = ssm.linear %u, @in_proj : ({hd}) -> {t['r']}\n"
    if config.use_bias:
        body += f"%zxbcdt = ssm.bias %zxbcdt_raw, @in_proj_bias : ({t['r']}) -> {t['r']}\n"
    body += f"%z, %x_in, %dt_in = ssm.split %zxbcdt : ({t['r']}) -> ({t['i']}, {xbc}, {t['h']})\n"
    body += _conv(config)
    norm_group = f"norm_group({config.norm_group_size})"
    out = "%o_raw" if config.use_bias else "%o"
    body += f"""
        %x, %b, %c = ssm.split %x_act : ({xbc}) -> ({t["i"]}, {t["b"]}, {t["b"]})
        %dt_biased = ssm.bias %dt_in, @dt_bias : ({t["h"]}) -> {t["h"]}
        %dt = ssm.softplus %dt_biased : ({t["h"]}) -> {t["h"]}
        %decay = ssm.decay %dt, @A : ({t["h"]}) -> {t["h"]}
        %y, %ssm_state_new = ssm.selective_state_update %ssm_state, %decay, %dt, %x, %b, %c, @D
          : ({s}, {t["h"]}, {t["h"]}, {t["i"]}, {t["b"]}, {t["b"]}) -> ({t["i"]}, {s})
        %g = ssm.gated_norm %y, %z, @gated_norm {eps} {norm_group}
          : ({t["i"]}, {t["i"]}) -> {t["i"]}
        {out} = ssm.linear %g, @out_proj : ({t["i"]}) -> {hd}
"""
    if config.use_bias:
        body += f"%o = ssm.bias %o_raw, @out_proj_bias : ({hd}) -> {hd}\n"
    return weights + _function(config, state, body)


def _projections(config: Mamba1Config) -> str:
    """What x_proj gives in pieces, each through a norm if the model is a Falcon-Mamba."""
    rank, size, eps = config.dt_rank, config.d_state, config.projection_eps
    r, b = f"tensor<{rank}xf32>", f"tensor<{size}xf32>"
    types = f"(tensor<{rank + 2 * size}xf32>) -> ({r}, {b}, {b})"
    if eps is None:
        return f"%dt_r, %b, %c = ssm.split %projected : {types}"
    norms = [
        f"%{name} = ssm.rms_norm %{name}_raw eps({eps:e} : f64) : ({kind}) -> {kind}"
        for name, kind in (("dt_r", r), ("b", b), ("c", b))
    ]
    split = f"%dt_r_raw, %b_raw, %c_raw = ssm.split %projected : {types}"
    return "\n".join([split, *norms])


def _mamba1(config: Mamba1Config) -> str:
    n, inner, rank, size = config.n_layers, config.d_inner, config.dt_rank, config.d_state
    hd, i = f"tensor<{config.d_model}xf32>", f"tensor<{inner}xf32>"
    r, b, s = f"tensor<{rank}xf32>", f"tensor<{size}xf32>", f"tensor<{inner}x{size}xf32>"
    projected = f"tensor<{rank + 2 * size}xf32>"
    weights = _outer_weights(config, 2 * inner)
    weights += _weight("x_proj", (rank + 2 * size, inner), "mixer.x_proj.weight", n)
    weights += _weight("dt_proj", (inner, rank), "mixer.dt_proj.weight", n)
    weights += _weight("dt_bias", (inner,), "mixer.dt_proj.bias", n)
    weights += _weight("A", (inner, size), "mixer.A_log", n, ", #ssm.step<neg_exp>")
    weights += _weight("D", (inner,), "mixer.D", n)
    body = f"""
        %xz = ssm.linear %u, @in_proj : ({hd}) -> tensor<{2 * inner}xf32>
        %x_in, %z = ssm.split %xz : (tensor<{2 * inner}xf32>) -> ({i}, {i})
        {_conv(config)}
        %projected = ssm.linear %x_act, @x_proj : ({i}) -> {projected}
        {_projections(config)}
        %dt_in = ssm.linear %dt_r, @dt_proj : ({r}) -> {i}
        %dt_biased = ssm.bias %dt_in, @dt_bias : ({i}) -> {i}
        %dt = ssm.softplus %dt_biased : ({i}) -> {i}
        %decay = ssm.decay %dt, @A : ({i}) -> {s}
        %y, %ssm_state_new = ssm.selective_state_update %ssm_state, %decay, %dt, %x_act, %b, %c, @D
          : ({s}, {s}, {i}, {i}, {b}, {b}) -> ({i}, {s})
        %gate = ssm.silu %z : ({i}) -> {i}
        %g = ssm.mul %y, %gate : ({i}, {i}) -> {i}
        %o = ssm.linear %g, @out_proj : ({i}) -> {hd}
"""
    return weights + _function(config, f"{inner}x{size}", body)
