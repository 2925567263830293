"""config.json of flash-linear-attention's Mamba and Mamba2 → `ModelConfig`.

`model_type` is that of transformers, the keys are not. Releases from April 2026 on say `dt_limit`,
`rmsnorm`, `norm_before_gate` and take the gated norm's root mean square over each group; those
before say `time_step_limit`, `rms_norm` (which they do not read) and take it over all channels.
"""

import math
from typing import Any

from lmc.models import config_harmless as harmless
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig
from lmc.models.config_fields import Fields
from lmc.models.config_transformers import (
    GATE_FIRST,
    norm_group_size,
    refuse_what_no_mamba_has,
    tied,
)

FORM = "flash-linear-attention's form of configuration"


def is_fla(fields: Fields) -> bool:
    """Whether a config.json with transformers' `model_type` is flash-linear-attention's.

    Its classes write how the loss is computed into every file; no other library's do.
    """
    return fields.has(*harmless.TRAINING)


def read_fla(fields: Fields) -> ModelConfig:
    """Read a config.json for which `is_fla` holds; raises LmcError by key."""
    model_type = fields.get("model_type")
    if model_type not in ("mamba", "mamba2"):
        raise fields.error(
            f"model_type {model_type!r} of flash-linear-attention is not supported; lmc compiles "
            f"its 'mamba' and 'mamba2'"
        )
    refuse_what_no_mamba_has(fields)
    fields.harmless((*harmless.OF_TRANSFORMERS, *harmless.INITIAL_VALUES))
    fields.harmless((*harmless.KERNELS, *harmless.TRAINING))
    fields.only("hidden_act", ("silu", "swish"))
    read = _mamba2 if model_type == "mamba2" else _mamba1
    config = read(fields, _common(fields))
    fields.finish(FORM)
    return config


def _common(fields: Fields) -> dict[str, Any]:
    # Defaults have changed from release to release, and every release writes these keys.
    vocab_size = fields.size("vocab_size")
    eps = fields.number("layer_norm_epsilon" if _first_releases(fields) else "norm_eps", 1e-5)
    fields.agrees("layer_norm_epsilon", "norm_eps", eps)
    return {
        "vocab_size": vocab_size,
        "padded_vocab_size": vocab_size,
        "d_model": fields.size("hidden_size"),
        "n_layers": fields.size("num_hidden_layers"),
        "d_state": fields.size("state_size"),
        "d_conv": fields.size("conv_kernel", 4),
        "eps": eps,
        "tie_embeddings": tied(fields, default=False),
        "use_bias": fields.flag("use_bias", False),
        "conv_bias": fields.flag("use_conv_bias", True),
        "residual_in_fp32": fields.flag("residual_in_fp32", True),
    }


def _first_releases(fields: Fields) -> bool:
    """The epsilon had transformers' name in the first releases."""
    return fields.has("layer_norm_epsilon") and not fields.has("norm_eps")


def _mamba1(fields: Fields, common: dict[str, Any]) -> ModelConfig:
    width = int(fields.number("expand", 2) * common["d_model"])
    key = "time_step_rank" if fields.has("time_step_rank") else "dt_rank"
    rank = fields.size_or_auto(key, math.ceil(common["d_model"] / 16))
    fields.agrees("dt_rank", key, rank)
    d_inner = fields.size("intermediate_size", width)
    return Mamba1Config(d_inner=d_inner, dt_rank=rank, **common)


def _mamba2(fields: Fields, common: dict[str, Any]) -> ModelConfig:
    d_inner = int(fields.number("expand", 2) * common["d_model"])
    fields.agrees("intermediate_size", "expand times hidden_size", d_inner)
    fields.harmless(["time_step_rank"])  # Mamba-2 has no low-rank projection of dt
    head_dim = fields.size("head_dim")
    groups = fields.size("n_groups")
    key = "time_step_limit" if fields.has("time_step_limit") else "dt_limit"
    limit = fields.limits(key)
    fields.agrees("dt_limit", key, limit)
    _check_mixer(fields)
    return Mamba2Config(
        d_inner=d_inner,
        n_heads=fields.size("num_heads", max(1, d_inner // head_dim)),
        head_dim=head_dim,
        n_groups=groups,
        norm_group_size=norm_group_size(fields, _norm_width(fields, d_inner, groups)),
        dt_limit=limit,
        **common,
    )


def _check_mixer(fields: Fields) -> None:
    fields.only("rmsnorm", (True,), "lmc compiles Mamba-2 with its gated norm")
    fields.only("rms_norm", (True,), "lmc compiles Mamba-2 with its gated norm")
    fields.only("D_has_hdim", (False,), "lmc compiles one D for each head")
    fields.only("norm_before_gate", (False,), GATE_FIRST)


def _norm_width(fields: Fields, d_inner: int, groups: int) -> int:
    newer, older = fields.has("dt_limit", "rmsnorm"), fields.has("time_step_limit", "rms_norm")
    if groups > 1 and newer == older and not fields.has("norm_group_size"):
        raise fields.error(
            f"n_groups is {groups}, but nothing tells which release of flash-linear-attention "
            f"wrote this; add norm_group_size, {d_inner // groups} if the gated norm has groups "
            f"(releases from April 2026 on) or {d_inner} if not"
        )
    return d_inner if older else d_inner // groups
