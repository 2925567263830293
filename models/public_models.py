"""Published models that have a short name: where they are, and how they are configured."""

from collections.abc import Mapping
from dataclasses import dataclass

from lmc.models.config import ModelConfig
from lmc.models.config_parsing import parse_config


@dataclass(frozen=True)
class PublicModel:
    """A checkpoint on the hub."""

    hub_id: str
    tokenizer: str
    """Hub id of the tokenizer that it was trained with; its own folder's counts if it has one."""
    config: Mapping[str, object]
    """What lmc needs of its published configuration."""


# name: (d_model, layers), of the checkpoints that go with arXiv 2312.00752 and 2405.21060.
_STATE_SPACES = {
    "mamba-130m": (768, 24),
    "mamba-370m": (1024, 48),
    "mamba-790m": (1536, 48),
    "mamba-1.4b": (2048, 48),
    "mamba-2.8b": (2560, 64),
    "mamba2-130m": (768, 24),
    "mamba2-370m": (1024, 48),
    "mamba2-780m": (1536, 48),
    "mamba2-1.3b": (2048, 48),
    "mamba2-2.7b": (2560, 64),
}


def _state_spaces(name: str, d_model: int, n_layer: int) -> PublicModel:
    mamba2 = name.startswith("mamba2-")
    values: dict[str, object] = {
        "d_model": d_model,
        "n_layer": n_layer,
        "vocab_size": 50277,
        "ssm_cfg": {"layer": "Mamba2"} if mamba2 else {},
        "rms_norm": True,
        "residual_in_fp32": True,
        "fused_add_norm": True,
        "pad_vocab_size_multiple": 16 if mamba2 else 8,
        "tie_embeddings": True,
    }
    return PublicModel(f"state-spaces/{name}", "EleutherAI/gpt-neox-20b", values)


_FALCON_MAMBA = "tiiuae/falcon-mamba-7b"
_CODESTRAL_MAMBA = "mistralai/Mamba-Codestral-7B-v0.1"
# arXiv 2410.05355. `expand` is 16 in the published file too; `intermediate_size` counts.
_FALCON_MAMBA_CONFIG: dict[str, object] = {
    "model_type": "falcon_mamba",
    "hidden_size": 4096,
    "intermediate_size": 8192,
    "expand": 16,
    "num_hidden_layers": 64,
    "state_size": 16,
    "time_step_rank": 256,
    "conv_kernel": 4,
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": False,
    "vocab_size": 65024,
}
_CODESTRAL_MAMBA_CONFIG: dict[str, object] = {
    "model_type": "mamba2",
    "hidden_size": 4096,
    "intermediate_size": 8192,
    "expand": 2,
    "num_hidden_layers": 64,
    "state_size": 128,
    "num_heads": 128,
    "head_dim": 64,
    "n_groups": 8,
    "conv_kernel": 4,
    "layer_norm_epsilon": 1e-5,
    "tie_word_embeddings": False,
    "vocab_size": 32768,
}

PUBLIC_MODELS: Mapping[str, PublicModel] = {
    **{name: _state_spaces(name, *size) for name, size in _STATE_SPACES.items()},
    "falcon-mamba-7b": PublicModel(_FALCON_MAMBA, _FALCON_MAMBA, _FALCON_MAMBA_CONFIG),
    "codestral-mamba-7b": PublicModel(_CODESTRAL_MAMBA, _CODESTRAL_MAMBA, _CODESTRAL_MAMBA_CONFIG),
}
"""Short name → model, in the order in which `lmc models` shows them."""

_SHORT_NAMES = {model.hub_id: name for name, model in PUBLIC_MODELS.items()}


def public_name(name: str) -> str | None:
    """The short name of a public model, from that or from its hub id; None if it is none."""
    short = _SHORT_NAMES.get(name, name)
    return short if short in PUBLIC_MODELS else None


def public_config(name: str) -> ModelConfig:
    """The configuration of a public model by its short name."""
    return parse_config(PUBLIC_MODELS[name].config, name)
