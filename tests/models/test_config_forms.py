"""Configuration files as libraries write them: read whole, or refused by key."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from small_mamba2 import HF_MAMBA2

from lmc.diagnostics import LmcError
from lmc.models import config_harmless
from lmc.models.config import Mamba1Config, Mamba2Config, parameter_count
from lmc.models.config_parsing import find_config, load_config, parse_config
from lmc.models.other_families import OTHER_FAMILIES
from lmc.models.public_models import public_config

Values = dict[str, Any]

# As transformers' conversion of a mamba_ssm checkpoint wrote it: keys of both.
CONVERTED: Values = {
    "architectures": ["MambaForCausalLM"],
    "bos_token_id": 0,
    "conv_kernel": 4,
    "d_inner": 1536,
    "d_model": 768,
    "eos_token_id": 0,
    "expand": 2,
    "fused_add_norm": True,
    "hidden_act": "silu",
    "hidden_size": 768,
    "initializer_range": 0.1,
    "intermediate_size": 1536,
    "layer_norm_epsilon": 1e-05,
    "model_type": "mamba",
    "n_layer": 24,
    "num_hidden_layers": 24,
    "pad_token_id": 0,
    "pad_vocab_size_multiple": 8,
    "rescale_prenorm_residual": False,
    "residual_in_fp32": True,
    "rms_norm": True,
    "ssm_cfg": {},
    "state_size": 16,
    "time_step_floor": 0.0001,
    "time_step_init_scheme": "random",
    "time_step_max": 0.1,
    "time_step_min": 0.001,
    "time_step_rank": 48,
    "time_step_scale": 1.0,
    "torch_dtype": "float32",
    "transformers_version": "4.39.0.dev0",
    "use_bias": False,
    "use_cache": True,
    "use_conv_bias": True,
    "vocab_size": 50280,
}
# A Mamba-2 of transformers 4.44, whose class had norm_before_gate, true, and did not read it.
RELEASE_4_44: Values = {
    "architectures": ["Mamba2ForCausalLM"],
    "bos_token_id": 0,
    "chunk_size": 256,
    "conv_kernel": 4,
    "eos_token_id": 0,
    "expand": 2,
    "head_dim": 64,
    "hidden_act": "silu",
    "hidden_size": 4096,
    "initializer_range": 0.1,
    "intermediate_size": 8192,
    "layer_norm_epsilon": 1e-05,
    "model_type": "mamba2",
    "n_groups": 8,
    "norm_before_gate": True,
    "num_heads": 128,
    "num_hidden_layers": 64,
    "pad_token_id": 0,
    "rescale_prenorm_residual": False,
    "residual_in_fp32": True,
    "rms_norm": True,
    "state_size": 128,
    "tie_word_embeddings": False,
    "time_step_floor": 0.0001,
    "time_step_init_scheme": "random",
    "time_step_limit": [0.0, math.inf],
    "time_step_max": 0.1,
    "time_step_min": 0.001,
    "time_step_rank": 256,
    "time_step_scale": 1.0,
    "torch_dtype": "bfloat16",
    "transformers_version": "4.44.0.dev0",
    "use_bias": False,
    "use_cache": True,
    "use_conv_bias": True,
    "vocab_size": 32768,
}
MISTRAL: Values = {
    "dim": 4096,
    "n_layers": 64,
    "vocab_size": 32768,
    "n_groups": 8,
    "rms_norm": True,
    "residual_in_fp32": True,
    "fused_add_norm": True,
    "pad_vocab_size_multiple": 1,
    "tie_embeddings": False,
    "model_type": "mamba",
}
FLA: Values = {
    "model_type": "mamba2",
    "A_init_range": [1, 16],
    "D_has_hdim": False,
    "conv_init": None,
    "conv_kernel": 4,
    "dt_init_floor": 0.0001,
    "dt_limit": [0.0, math.inf],
    "dt_max": 0.1,
    "dt_min": 0.001,
    "expand": 2,
    "fuse_cross_entropy": True,
    "fuse_linear_cross_entropy": False,
    "fuse_norm": True,
    "head_dim": 8,
    "hidden_act": "silu",
    "hidden_size": 24,
    "n_groups": 2,
    "norm_before_gate": False,
    "norm_eps": 1e-3,
    "num_heads": 6,
    "num_hidden_layers": 2,
    "rmsnorm": True,
    "state_size": 8,
    "tie_word_embeddings": False,
    "use_l2warp": False,
    "vocab_size": 40,
}
_DT_KEYS = ("dt_limit", "rmsnorm", "norm_before_gate", "D_has_hdim", "A_init_range", "conv_init")
OLD_FLA: Values = {k: v for k, v in FLA.items() if k not in _DT_KEYS} | {
    "rms_norm": True,
    "time_step_limit": [0.01, 0.2],
    "time_step_rank": 2,
}
FALCON: Values = {
    "model_type": "falcon_mamba",
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "vocab_size": 40,
    "mixer_rms_eps": 1e-6,
}
STATE_SPACES: Values = {"d_model": 40, "n_layer": 2, "vocab_size": 30}


def test_a_converted_checkpoint_has_the_keys_of_two_libraries() -> None:
    config = parse_config({**CONVERTED, "time_step_limit": [0.0, math.inf]}, "config.json")
    assert isinstance(config, Mamba1Config)
    assert (config.d_inner, config.dt_rank, config.tie_embeddings) == (1536, 48, True)


def test_codestral_is_the_same_model_in_both_forms() -> None:
    config = parse_config(RELEASE_4_44, "config.json")
    assert isinstance(config, Mamba2Config)
    assert (config.n_groups, config.norm_group_size, config.d_state) == (8, 1024, 128)
    assert config == parse_config(MISTRAL, "params.json")


def test_fla_takes_its_norm_over_groups_since_its_keys_are_called_dt() -> None:
    config, old = parse_config(FLA, "config.json"), parse_config(OLD_FLA, "config.json")
    assert isinstance(config, Mamba2Config)
    assert isinstance(old, Mamba2Config)
    assert (config.eps, config.norm_group_size, config.dt_limit) == (1e-3, 24, (0.0, math.inf))
    assert (old.eps, old.norm_group_size, old.dt_limit) == (1e-3, 48, (0.01, 0.2))


def without(values: Values, *keys: str) -> Values:
    return {key: value for key, value in values.items() if key not in keys}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        # Nobody's keys, and another library's that say something else.
        ({**CONVERTED, "rope_theta": 1e4}, "the key 'rope_theta' (10000.0) is not known"),
        ({**CONVERTED, "num_heads": 4}, "the key 'num_heads'"),
        ({**CONVERTED, "norm_eps": 1e-2}, "norm_eps is 0.01, but layer_norm_epsilon"),
        ({**CONVERTED, "time_step_limit": [0.0, 0.1]}, "time_step_limit is a key of Mamba-2"),
        ({**CONVERTED, "n_layer": 12}, "n_layer is 12, but num_hidden_layers"),
        ({**CONVERTED, "tie_embeddings": False}, "tie_embeddings is False, but tie_word_embed"),
        ({**CONVERTED, "ssm_cfg": {"d_state": 8}}, "ssm_cfg: d_state is 8, but state_size"),
        ({**CONVERTED, "ssm_cfg": {"rope": 1}}, "ssm_cfg: the key 'rope'"),
        ({**CONVERTED, "use_bcdt_rms": True}, "use_bcdt_rms True"),
        ({**HF_MAMBA2, "dt_limit": [0.1, 0.2]}, "dt_limit is [0.1, 0.2], but time_step_limit"),
        ({**HF_MAMBA2, "norm_before_gate": True}, "norm_before_gate True"),
        ({**HF_MAMBA2, "rmsnorm": False}, "rmsnorm False"),
        ({**HF_MAMBA2, "D_has_hdim": True}, "D_has_hdim True"),
        ({**HF_MAMBA2, "intermediate_size": 64}, "intermediate_size is 64, but expand times"),
        ({**HF_MAMBA2, "expand": 2.01}, "expand times hidden_size"),
        # Of any library.
        ({**HF_MAMBA2, "auto_map": {"AutoModel": "m.M"}}, "code of its own"),
        ({**HF_MAMBA2, "architectures": ["MyMamba"]}, "architectures names 'MyMamba'"),
        ({**HF_MAMBA2, "layer_types": ["mamba", "full_attention"]}, "'full_attention'"),
        ({**HF_MAMBA2, "per_layer_config": {"1": {}}}, "per_layer_config"),
        (
            {**HF_MAMBA2, "quantization_config": {"quant_method": "bitsandbytes"}},
            "quantization_config says bitsandbytes; lmc quantizes models itself",
        ),
        ({**HF_MAMBA2, "quantization": {"bits": 4}}, "quantization {'bits': 4}"),
        ({**FALCON, "mixer_rms_eps": "x"}, "mixer_rms_eps is 'x', not a number"),
        ({**FALCON, "mixer_rms_eps": 1.0}, "epsilon of the norms of dt, B and C is 1.0"),
        ({**FALCON, "use_bcdt_rms": False}, "use_bcdt_rms False"),
        ({**FALCON, "architectures": ["JambaForCausalLM"]}, "'JambaForCausalLM'"),
        # Other families.
        *(
            ({**HF_MAMBA2, "model_type": model_type}, f"is {family.name}: {family.reason}; lmc")
            for family in OTHER_FAMILIES
            for model_type in family.model_types
        ),
        ({**STATE_SPACES, "ssm_cfg": {"layer": "Mamba3"}}, "ssm_cfg: layer 'Mamba3' is Mamba-3"),
        # flash-linear-attention's.
        ({**FLA, "norm_before_gate": True}, "norm_before_gate True"),
        ({**FLA, "rmsnorm": False}, "rmsnorm False"),
        ({**FLA, "D_has_hdim": True}, "D_has_hdim True"),
        ({**FLA, "layer_norm_epsilon": 1e-5}, "layer_norm_epsilon is 1e-05, but norm_eps"),
        ({**FLA, "time_step_limit": [0.0, 1.0]}, "dt_limit is"),
        ({**FLA, "attn": {"layers": [1]}}, "attn "),
        ({**FLA, "num_householder": 2}, "'num_householder'"),
        (without(FLA, "dt_limit", "rmsnorm"), "add norm_group_size"),
        (without(FLA, "state_size"), "state_size is missing"),
        # mamba_ssm's, which refuses other keys itself.
        ({**STATE_SPACES, "norm_epsilon": 1e-3}, "'norm_epsilon'"),
        ({**STATE_SPACES, "ssm_cfg": {"headdim": 8}}, "'headdim'"),
        ({**STATE_SPACES, "ssm_cfg": {"layer": "Mamba2", "d_ssm": 40}}, "d_ssm 40"),
        (
            {**STATE_SPACES, "ssm_cfg": {"layer": "Mamba2", "headdim": 8, "dt_rank": 4}},
            "'dt_rank'",
        ),
        # Mistral's.
        ({**MISTRAL, "model_type": "transformer"}, "'transformer'"),
        ({**MISTRAL, "head_dim": 64}, "'head_dim'"),
        (without(MISTRAL, "tie_embeddings"), "tie_embeddings is missing"),
        (without(MISTRAL, "n_groups"), "n_groups is missing"),
    ],
)
def test_what_is_not_understood_is_refused_by_key(values: Values, named: str) -> None:
    with pytest.raises(LmcError) as caught:
        parse_config(values, "config.json")
    message = str(caught.value)
    assert message.startswith("config.json: ")
    assert named in message
    assert "\n" not in message


def test_falcon_mamba_has_norms_of_projections() -> None:
    config = parse_config({**FALCON, "use_bcdt_rms": True}, "config.json")
    assert isinstance(config, Mamba1Config)
    assert (config.projection_eps, config.eps) == (1e-6, 1e-5)
    # Its published file does not say the epsilon; that of its class counts.
    assert parse_config(without(FALCON, "mixer_rms_eps"), "config.json") == config
    mamba = parse_config({**FALCON, "model_type": "mamba"}, "config.json")
    assert isinstance(mamba, Mamba1Config)
    assert mamba.projection_eps is None


def test_the_named_models_are_those_of_the_published_files() -> None:
    falcon = public_config("falcon-mamba-7b")
    assert isinstance(falcon, Mamba1Config)
    assert (falcon.d_inner, falcon.dt_rank, falcon.projection_eps) == (8192, 256, 1e-6)
    assert round(parameter_count(falcon) / 1e6) == 7273
    assert public_config("codestral-mamba-7b") == parse_config(RELEASE_4_44, "config.json")


def test_keys_that_change_nothing_are_not_looked_at() -> None:
    keys = (*config_harmless.OF_TRANSFORMERS, *config_harmless.INITIAL_VALUES)
    expected = parse_config(HF_MAMBA2, "config.json")
    assert parse_config({**HF_MAMBA2, **dict.fromkeys(keys, "x")}, "config.json") == expected


def test_params_json_is_read_where_there_is_no_config_json(tmp_path: Path) -> None:
    assert find_config(tmp_path) is None
    (tmp_path / "params.json").write_text(json.dumps(MISTRAL))
    path = find_config(tmp_path)
    assert path is not None
    assert load_config(path).d_model == 4096
    (tmp_path / "config.json").write_text(json.dumps(HF_MAMBA2))
    assert find_config(tmp_path) == tmp_path / "config.json"
