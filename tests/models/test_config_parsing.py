import json
import math
from pathlib import Path
from typing import Any

import pytest
from small_mamba2 import HF_MAMBA2

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, Mamba2Config, parameter_count
from lmc.models.config_parsing import load_config, parse_config
from lmc.models.public_models import public_config

HF_MAMBA1 = {"model_type": "mamba", "hidden_size": 40, "num_hidden_layers": 2, "vocab_size": 30}
STATE_SPACES = {"d_model": 40, "n_layer": 2, "vocab_size": 30}


def test_hugging_face_mamba1_has_the_defaults_of_its_class() -> None:
    config = parse_config(HF_MAMBA1, "config.json")
    assert isinstance(config, Mamba1Config)
    assert (config.d_inner, config.d_state, config.d_conv, config.dt_rank) == (80, 16, 4, 3)
    assert config.tie_embeddings
    assert config.conv_bias
    assert config.arch == "mamba1"


def test_hugging_face_mamba2_reads_infinity_as_transformers_writes_it() -> None:
    config = parse_config(HF_MAMBA2, "config.json")
    assert isinstance(config, Mamba2Config)
    assert config.dt_limit == (0.0, math.inf)
    assert (config.d_inner, config.n_heads, config.norm_group_size) == (48, 6, 24)
    assert config.conv_dim == 48 + 2 * 2 * 8


def test_the_width_of_the_gated_norm_can_be_said() -> None:
    config = parse_config({**HF_MAMBA2, "norm_group_size": 48}, "config.json")
    assert isinstance(config, Mamba2Config)
    assert config.norm_group_size == 48


def test_state_spaces_configs_pad_the_vocabulary() -> None:
    values = {**STATE_SPACES, "ssm_cfg": {"layer": "Mamba2", "headdim": 20, "ngroups": 2}}
    config = parse_config({**values, "pad_vocab_size_multiple": 16}, "config.json")
    assert isinstance(config, Mamba2Config)
    assert (config.vocab_size, config.padded_vocab_size) == (30, 32)
    assert (config.n_heads, config.n_groups, config.d_state) == (4, 2, 128)
    assert isinstance(parse_config(STATE_SPACES, "config.json"), Mamba1Config)


@pytest.mark.parametrize(
    ("name", "padded", "millions"),
    [("mamba-130m", 50280, 129), ("mamba2-2.7b", 50288, 2703), ("mamba-2.8b", 50280, 2768)],
)
def test_public_sizes(name: str, padded: int, millions: int) -> None:
    config = public_config(name)
    assert config.padded_vocab_size == padded
    assert round(parameter_count(config) / 1e6) == millions


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({**HF_MAMBA1, "model_type": "jamba"}, "'jamba'"),
        ({"hidden_size": 8}, "model_type"),
        ({**HF_MAMBA1, "hidden_act": "gelu"}, "hidden_act 'gelu'"),
        ({**HF_MAMBA1, "hidden_size": None}, "hidden_size is missing"),
        ({**HF_MAMBA1, "num_hidden_layers": -1}, "num_hidden_layers is -1"),
        ({**HF_MAMBA1, "use_bias": "yes"}, "use_bias is 'yes'"),
        ({**HF_MAMBA1, "layer_norm_epsilon": "small"}, "layer_norm_epsilon"),
        ({**HF_MAMBA1, "conv_kernel": 1}, "convolution of 1"),
        ({**HF_MAMBA1, "quantization_config": {"bits": 4}}, "quantization_config"),
        ({**HF_MAMBA2, "rms_norm": False}, "rms_norm False"),
        ({**HF_MAMBA2, "num_heads": 5}, "5 heads of 8 channels"),
        ({**HF_MAMBA2, "n_groups": 4}, "6 heads cannot be shared by 4 groups"),
        ({**HF_MAMBA2, "norm_group_size": 7}, "norm groups of 7"),
        ({**HF_MAMBA2, "time_step_limit": [0.1]}, "time_step_limit"),
        ({**HF_MAMBA2, "time_step_limit": [0.1, "much"]}, "time_step_limit"),
        ({**HF_MAMBA2, "time_step_limit": [0.2, 0.1]}, "time step limits"),
        ({**STATE_SPACES, "attn_layer_idx": [1]}, "attn_layer_idx"),
        ({**STATE_SPACES, "attn_cfg": {"num_heads": 4}}, "attn_cfg"),
        ({**STATE_SPACES, "d_intermediate": 64}, "d_intermediate"),
        ({**STATE_SPACES, "rms_norm": False}, "rms_norm"),
        ({**STATE_SPACES, "moe": 4}, "'moe'"),
        ({**STATE_SPACES, "ssm_cfg": 3}, "ssm_cfg is 3"),
        ({**STATE_SPACES, "ssm_cfg": {"layer": "Mamba3"}}, "'Mamba3'"),
        ({**STATE_SPACES, "ssm_cfg": {"rope": True}}, "'rope'"),
        ({**STATE_SPACES, "ssm_cfg": {"layer": "Mamba2", "rmsnorm": False}}, "rmsnorm"),
    ],
)
def test_what_lmc_cannot_compile_is_refused_by_name(values: dict[str, Any], named: str) -> None:
    with pytest.raises(LmcError) as caught:
        parse_config(values, "some/config.json")
    message = str(caught.value)
    assert message.startswith("some/config.json: ")
    assert named in message
    assert "\n" not in message


def test_a_file_that_is_no_config_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    with pytest.raises(LmcError, match="cannot read"):
        load_config(path)
    path.write_text("{")
    with pytest.raises(LmcError, match="not valid JSON"):
        load_config(path)
    path.write_text(json.dumps([1]))
    with pytest.raises(LmcError, match="JSON object"):
        load_config(path)
