"""A torch module as a model folder, config.json and model.safetensors, to be found again."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from lmc.models.config import Mamba1Config, ModelConfig

if TYPE_CHECKING:
    from torch import nn


def save_module(module: "nn.Module", config: ModelConfig, folder: Path) -> None:
    """Write a module's weights (float32) and configuration to a folder that is made for them.

    With it goes the end token that the module generates by. Raises LmcError if a weight has no data
    or is not finite.
    """
    from safetensors.numpy import save_file

    from lmc.models.weights import ModuleWeights, check_weights

    weights = ModuleWeights(module)
    check_weights(config, weights)
    folder.mkdir(parents=True)
    text = json.dumps(config_json(config) | _end_token(module), indent=2, sort_keys=True)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
    tensors = {name: weights.load(name) for name in sorted(weights.names())}
    save_file(tensors, folder / "model.safetensors")


def _end_token(module: "nn.Module") -> dict[str, object]:
    """The end token of a module of transformers, as its generation or its configuration says."""
    for holder in ("generation_config", "config"):
        token: object = getattr(getattr(module, holder, None), "eos_token_id", None)
        if token is not None:
            return {"eos_token_id": token}
    return {}


def config_json(config: ModelConfig) -> dict[str, object]:
    """The contents of a config.json in Hugging Face's form that stands for `config`.

    The vocabulary is the padded one: what the tensors have.
    """
    common: dict[str, object] = {
        "vocab_size": config.padded_vocab_size,
        "hidden_size": config.d_model,
        "num_hidden_layers": config.n_layers,
        "expand": config.d_inner / config.d_model,
        "state_size": config.d_state,
        "conv_kernel": config.d_conv,
        "layer_norm_epsilon": config.eps,
        "tie_word_embeddings": config.tie_embeddings,
        "use_bias": config.use_bias,
        "use_conv_bias": config.conv_bias,
        "residual_in_fp32": config.residual_in_fp32,
    }
    if isinstance(config, Mamba1Config):
        ranks = {"intermediate_size": config.d_inner, "time_step_rank": config.dt_rank}
        if config.projection_eps is not None:
            norms = {"model_type": "falcon_mamba", "mixer_rms_eps": config.projection_eps}
            return {**norms, **common, **ranks}
        return {"model_type": "mamba", **common, **ranks}
    return {
        "model_type": "mamba2",
        **common,
        "num_heads": config.n_heads,
        "head_dim": config.head_dim,
        "n_groups": config.n_groups,
        "norm_group_size": config.norm_group_size,
        "time_step_limit": [_json_number(limit) for limit in config.dt_limit],
    }


def _json_number(value: float) -> object:
    # JSON has no infinity; this is how transformers writes it.
    return {"__float__": "Infinity"} if math.isinf(value) else value
