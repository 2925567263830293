"""config.json of the state-spaces checkpoints (mamba_ssm) → `ModelConfig`.

The keys are the arguments of mamba_ssm's MambaConfig and, in `ssm_cfg`, of its Mamba and Mamba2;
the library itself refuses any other.
"""

import math
from typing import Any, cast

from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig
from lmc.models.config_fields import Fields
from lmc.models.config_transformers import GATE_FIRST, norm_group_size
from lmc.models.other_families import PURE, other_family

FORM = "mamba_ssm's form of configuration"
_INITIAL_VALUES = ("dt_min", "dt_max", "dt_init_floor")
_INITIAL_MAMBA1 = ("dt_init", "dt_scale")
_INITIAL_MAMBA2 = ("conv_init", "A_init_range")


def is_state_spaces(fields: Fields) -> bool:
    """Whether a config.json is mamba_ssm's: it has no model_type, and names of its own."""
    return not fields.has("model_type") and fields.has("d_model") and fields.has("n_layer")


def read_state_spaces(fields: Fields) -> ModelConfig:
    """Read a config.json for which `is_state_spaces` holds; raises LmcError by key."""
    for key in ("attn_layer_idx", "attn_cfg", "d_intermediate"):
        fields.absent(key, PURE)
    fields.only("rms_norm", (True,), "lmc compiles RMS norms, not layer norms")
    fields.harmless(["fused_add_norm"])  # a kernel for the same sum and norm
    ssm = _ssm_fields(fields)
    layer = ssm.get("layer") or "Mamba1"
    family = other_family(str(layer).lower())
    if family is not None:
        raise family.error(f"ssm_cfg: layer {layer!r}")
    if layer not in ("Mamba1", "Mamba2"):
        raise ssm.error(f"layer {layer!r} is not supported; lmc compiles 'Mamba1' and 'Mamba2'")
    ssm.harmless(_INITIAL_VALUES)
    common = _common(fields, ssm, mamba2=layer == "Mamba2")
    config = _mamba2(fields, ssm, common) if layer == "Mamba2" else _mamba1(ssm, common)
    ssm.finish(f"{FORM}, of layer {layer!r}")
    fields.finish(FORM)
    return config


def _ssm_fields(fields: Fields) -> Fields:
    ssm = fields.get("ssm_cfg") or {}
    if not isinstance(ssm, dict):
        raise fields.error(f"ssm_cfg is {ssm!r}, not a JSON object")
    return Fields(cast("dict[str, object]", ssm), "ssm_cfg: ")


def _common(fields: Fields, ssm: Fields, *, mamba2: bool) -> dict[str, Any]:
    # mamba_ssm has no key for the norms' epsilon: it is 1e-5, the default of `ModelConfig`.
    vocab_size = fields.size("vocab_size")
    multiple = fields.size("pad_vocab_size_multiple", 8)
    return {
        "vocab_size": vocab_size,
        "padded_vocab_size": math.ceil(vocab_size / multiple) * multiple,
        "d_model": fields.size("d_model"),
        "n_layers": fields.size("n_layer"),
        "d_state": ssm.size("d_state", 128 if mamba2 else 16),
        "d_conv": ssm.size("d_conv", 4),
        "tie_embeddings": fields.flag("tie_embeddings", True),
        "use_bias": ssm.flag("bias", False),
        "conv_bias": ssm.flag("conv_bias", True),
        "residual_in_fp32": fields.flag("residual_in_fp32", True),
    }


def _mamba1(ssm: Fields, common: dict[str, Any]) -> ModelConfig:
    ssm.harmless((*_INITIAL_MAMBA1, "use_fast_path"))
    d_model = common["d_model"]
    rank = ssm.size_or_auto("dt_rank", math.ceil(d_model / 16))
    return Mamba1Config(d_inner=int(ssm.number("expand", 2) * d_model), dt_rank=rank, **common)


def _mamba2(fields: Fields, ssm: Fields, common: dict[str, Any]) -> ModelConfig:
    ssm.harmless((*_INITIAL_MAMBA2, "chunk_size", "use_mem_eff_path", "sequence_parallel"))
    ssm.absent("process_group", "the weights of a whole model are wanted, not of one process")
    d_inner = ssm.product("expand", 2, "d_model", common["d_model"])
    if ssm.get("d_ssm") not in (None, d_inner):
        raise ssm.error(f"d_ssm {ssm.get('d_ssm')!r} is not supported; {PURE}")
    ssm.only("rmsnorm", (True,), "lmc compiles Mamba-2 with its gated norm")
    ssm.only("norm_before_gate", (False,), GATE_FIRST)
    ssm.only("D_has_hdim", (False,), "lmc compiles one D for each head")
    ssm.only("activation", ("silu", "swish"))  # an argument of the first releases
    head_dim, groups = ssm.size("headdim", 64), ssm.size("ngroups", 1)
    return Mamba2Config(
        d_inner=d_inner,
        n_heads=max(1, d_inner // head_dim),
        head_dim=head_dim,
        n_groups=groups,
        norm_group_size=norm_group_size(fields, d_inner // groups),
        dt_limit=ssm.limits("dt_limit"),
        **common,
    )
