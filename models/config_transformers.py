"""config.json of transformers' Mamba, Mamba2 and FalconMamba → `ModelConfig`.

Keys mean what the classes of transformers make of them (5.23; older releases where they differ).
Keys of other libraries, which transformers keeps in the file and does not read, must agree.
"""

import math
from typing import Any, cast

from lmc.models import config_harmless as harmless
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig
from lmc.models.config_fields import Fields
from lmc.models.other_families import PURE

FORM = "transformers' form of configuration"
MODEL_TYPES = ("mamba", "mamba2", "falcon_mamba")
_NORMS = (
    "of transformers' models, Falcon-Mamba has norms of B, C and dt and the others have none; set "
    "model_type to what the model is and remove the key"
)
_QUANTIZED = (
    "lmc quantizes models itself and wants their float weights: save the model in float16, "
    "bfloat16 or float32 (a bitsandbytes model after `model.dequantize()`) and remove the key"
)
_OWN_CODE = (
    "the model is computed by code of its own; if that is a copy of transformers' classes, "
    "remove the key"
)
# Releases whose Mamba2Config had the key (true unless told otherwise) and gated before the norm
# whatever it said; published configurations, Codestral Mamba's among them, carry it on.
_NORM_BEFORE_GATE_UNREAD = "4.44."
_CLASSES = {
    f"{family}{kind}"
    for family in ("Mamba", "Mamba2", "FalconMamba")
    for kind in ("ForCausalLM", "Model", "LMHeadModel")
}
GATE_FIRST = (
    "lmc gates before the norm, as transformers' Mamba2 does; set it to false if the model was "
    "trained so"
)


def read_transformers(fields: Fields) -> ModelConfig:
    """Read a config.json whose `model_type` is one of `MODEL_TYPES`; raises LmcError by key."""
    model_type = fields.get("model_type")
    refuse_what_no_mamba_has(fields)
    fields.harmless((*harmless.OF_TRANSFORMERS, *harmless.INITIAL_VALUES, *harmless.KERNELS))
    fields.only("hidden_act", ("silu", "swish"))
    common = _common(fields, mamba2=model_type == "mamba2")
    eps = _eps_of_projections(fields, falcon=model_type == "falcon_mamba")
    config = _mamba2(fields, common) if model_type == "mamba2" else _mamba1(fields, common, eps)
    _check_state_spaces_keys(fields, config)
    fields.finish(FORM)
    return config


def refuse_what_no_mamba_has(fields: Fields) -> None:
    """Refuse other layers, other tasks, quantized weights and code of the model's own."""
    quantization = fields.get("quantization_config")
    if isinstance(quantization, dict):
        method = cast("dict[str, object]", quantization).get("quant_method", "an unknown method")
        raise fields.error(f"quantization_config says {method}; {_QUANTIZED}")
    for key in ("quantization_config", "quantization"):
        fields.absent(key, _QUANTIZED)
    fields.absent("auto_map", _OWN_CODE)
    fields.absent("per_layer_config", "lmc compiles layers that are all alike")
    for key in ("attn_layer_idx", "attn_cfg", "attn", "d_intermediate", "is_encoder_decoder"):
        fields.absent(key, PURE)
    layers = fields.get("layer_types")
    for layer in cast("list[object]", layers) if isinstance(layers, list) else []:
        if layer not in ("linear_attention", "mamba"):
            raise fields.error(f"layer_types names {layer!r}; {PURE}")
    names = fields.get("architectures")
    for name in cast("list[object]", names) if isinstance(names, list) else []:
        if name not in _CLASSES:
            raise fields.error(
                f"architectures names {name!r}, which lmc does not know; it compiles "
                f"MambaForCausalLM, Mamba2ForCausalLM and FalconMambaForCausalLM"
            )


def norm_group_size(fields: Fields, default: int) -> int:
    """Channels that the gated norm's root mean square is taken over.

    Libraries do not write it down: `default` is what their classes do. Some releases normalize over
    the full width; a model trained so says it with the key `norm_group_size`.
    """
    return fields.size("norm_group_size", max(1, default))


def _common(fields: Fields, *, mamba2: bool) -> dict[str, Any]:
    """Keyword arguments common to both configurations."""
    vocab_size = fields.size("vocab_size")
    fields.agrees("tie_embeddings", "tie_word_embeddings", tied(fields, not mamba2))
    eps = fields.number("layer_norm_epsilon", 1e-5)
    fields.agrees("norm_eps", "layer_norm_epsilon", eps)
    return {
        "vocab_size": vocab_size,
        "padded_vocab_size": vocab_size,
        "d_model": fields.size("hidden_size"),
        "n_layers": fields.size("num_hidden_layers"),
        "d_state": fields.size("state_size", 128 if mamba2 else 16),
        "d_conv": fields.size("conv_kernel", 4),
        "eps": eps,
        "tie_embeddings": tied(fields, not mamba2),
        "use_bias": fields.flag("use_bias", False),
        "conv_bias": fields.flag("use_conv_bias", True),
        "residual_in_fp32": fields.flag("residual_in_fp32", True),
    }


def tied(fields: Fields, default: bool) -> bool:
    """Whether the LM head uses the embedding's tensor."""
    return fields.flag("tie_word_embeddings", default)


def _mamba1(fields: Fields, common: dict[str, Any], projection_eps: float | None) -> ModelConfig:
    d_model = common["d_model"]
    d_inner = fields.size("intermediate_size", int(fields.number("expand", 2) * d_model))
    rank = fields.size_or_auto("time_step_rank", math.ceil(d_model / 16))
    fields.agrees("dt_rank", "time_step_rank", rank)
    for key in ("time_step_limit", "dt_limit"):
        if fields.limits(key) != (0.0, math.inf):
            raise fields.error(f"{key} is a key of Mamba-2; a Mamba has no limits of dt, remove it")
    return Mamba1Config(d_inner=d_inner, dt_rank=rank, projection_eps=projection_eps, **common)


def _mamba2(fields: Fields, common: dict[str, Any]) -> ModelConfig:
    d_inner = fields.product("expand", 2, "hidden_size", common["d_model"])
    fields.agrees("intermediate_size", "expand times hidden_size", d_inner)
    fields.harmless(["time_step_rank"])  # Mamba-2 has no low-rank projection of dt
    groups = fields.size("n_groups", 8)
    limit = fields.limits("time_step_limit")
    fields.agrees("dt_limit", "time_step_limit", limit)
    fields.only("rmsnorm", (True,), "lmc compiles Mamba-2 with its gated norm")
    fields.only("D_has_hdim", (False,), "lmc compiles one D for each head")
    _check_norm_before_gate(fields)
    return Mamba2Config(
        d_inner=d_inner,
        n_heads=fields.size("num_heads", 128),
        head_dim=fields.size("head_dim", 64),
        n_groups=groups,
        norm_group_size=norm_group_size(fields, d_inner // groups),
        dt_limit=limit,
        **common,
    )


def _check_norm_before_gate(fields: Fields) -> None:
    release = fields.get("transformers_version")
    unread = isinstance(release, str) and release.startswith(_NORM_BEFORE_GATE_UNREAD)
    fields.only("norm_before_gate", (False, True) if unread else (False,), GATE_FIRST)


def _eps_of_projections(fields: Fields, *, falcon: bool) -> float | None:
    """Epsilon of Falcon-Mamba's norms of B, C and dt; mlx-lm has a key that says they are there."""
    fields.only("use_bcdt_rms", (falcon,), _NORMS)
    if falcon:
        return fields.number("mixer_rms_eps", 1e-6)
    fields.harmless(["mixer_rms_eps"])  # the epsilon of norms that are not there
    return None


def _check_state_spaces_keys(fields: Fields, config: ModelConfig) -> None:
    """Keys of mamba_ssm that stay in a configuration when a checkpoint is converted."""
    fields.only("rms_norm", (True,), "lmc compiles RMS norms")
    fields.agrees("d_model", "hidden_size", config.d_model)
    fields.agrees("n_layer", "num_hidden_layers", config.n_layers)
    fields.agrees("d_inner", "intermediate_size", config.d_inner)
    fields.agrees("d_state", "state_size", config.d_state)
    fields.agrees("d_conv", "conv_kernel", config.d_conv)
    fields.harmless(["pad_vocab_size_multiple"])  # vocab_size counts the padding rows already
    ssm = fields.get("ssm_cfg")
    if not ssm:
        return
    if not isinstance(ssm, dict):
        raise fields.error(f"ssm_cfg is {ssm!r}, not a JSON object")
    inner = Fields(cast("dict[str, object]", ssm), "ssm_cfg: ")
    inner.harmless((*harmless.INITIAL_VALUES, *harmless.KERNELS))
    inner.agrees("layer", "model_type", config.arch.capitalize())
    inner.agrees("d_state", "state_size", config.d_state)
    inner.agrees("d_conv", "conv_kernel", config.d_conv)
    inner.agrees("expand", "expand", config.d_inner / config.d_model)
    if isinstance(config, Mamba2Config):
        inner.agrees("headdim", "head_dim", config.head_dim)
        inner.agrees("ngroups", "n_groups", config.n_groups)
    inner.finish(FORM)
