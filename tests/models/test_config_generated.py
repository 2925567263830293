"""Configurations with real keys and random values: refused by lmc, or the library's own model.

transformers runs its own classes. The other libraries' published rules are in `published_rules`.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from published_rules import Rules, fla_rules, mistral_rules, state_spaces_rules
from torch import Tensor
from transformers import (
    FalconMambaConfig,
    FalconMambaForCausalLM,
    Mamba2Config,
    Mamba2ForCausalLM,
    MambaConfig,
    MambaForCausalLM,
)

from lmc.diagnostics import LmcError
from lmc.models.config_parsing import parse_config
from lmc.models.language_model import load_module
from lmc.models.weights import ModuleWeights, check_weights

Values = dict[str, Any]
IDS = torch.tensor([3, 0, 7, 7, 1, 5, 2])
TRIES = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
MANY = settings(TRIES, max_examples=500)

BOOLEAN = st.booleans()
EPS = st.sampled_from([1e-6, 1e-5, 1e-3, 1e-2])
LIMIT = st.sampled_from([[0.0, math.inf], [0.01, 0.02], [0.0, 0.05]])
ACTIVATION = st.sampled_from(["silu", "silu", "swish", "gelu", "relu"])
# A key at its harmless value more often than not, so that most examples reach the comparison.
MOSTLY_TRUE, MOSTLY_FALSE = (st.sampled_from([one] * 5 + [not one]) for one in (True, False))


def optional(required: Values, extra: Values) -> st.SearchStrategy[Values]:
    return st.fixed_dictionaries(required, optional=extra)


COMMON: Values = {
    "vocab_size": st.sampled_from([8, 11]),
    "hidden_size": st.sampled_from([8, 12]),
    "num_hidden_layers": st.integers(1, 2),
    "state_size": st.sampled_from([2, 4]),
}
COMMON_EXTRA: Values = {
    "conv_kernel": st.integers(2, 4),
    "layer_norm_epsilon": EPS,
    "hidden_act": ACTIVATION,
    "use_bias": BOOLEAN,
    "use_conv_bias": BOOLEAN,
    "tie_word_embeddings": BOOLEAN,
    "residual_in_fp32": BOOLEAN,
    "initializer_range": st.sampled_from([0.02, 0.1]),
    "rescale_prenorm_residual": BOOLEAN,
    "time_step_min": st.just(0.002),
    "time_step_floor": st.just(1e-3),
    "use_cache": BOOLEAN,
    # Of other libraries: kept by transformers, and read by nobody.
    "norm_eps": EPS,
    "rms_norm": MOSTLY_TRUE,
    "use_bcdt_rms": MOSTLY_FALSE,
    "d_model": st.sampled_from([8, 12]),
    "n_layer": st.integers(1, 2),
    "fused_add_norm": BOOLEAN,
    "pad_vocab_size_multiple": st.sampled_from([1, 8]),
    "tie_embeddings": BOOLEAN,
    "ssm_cfg": st.sampled_from([{}, {"d_state": 4}, {"layer": "Mamba2"}, {"headdim": 4}]),
    "attn_layer_idx": st.sampled_from([[], [], [1]]),
    "d_intermediate": st.sampled_from([0, 0, 16]),
}
MAMBA1 = optional(
    COMMON | {"model_type": st.just("mamba")},
    COMMON_EXTRA
    | {
        "expand": st.integers(1, 3),
        "intermediate_size": st.sampled_from([12, 16, 24]),
        "time_step_rank": st.sampled_from(["auto", 1, 3]),
        "time_step_limit": LIMIT,
        "use_mambapy": BOOLEAN,
        "use_associative_scan": BOOLEAN,
        "num_heads": st.just(4),
        "dt_rank": st.sampled_from([1, 3]),
    },
)


FALCON = optional(
    COMMON | {"model_type": st.just("falcon_mamba")},
    COMMON_EXTRA
    | {
        "expand": st.integers(1, 3),
        "intermediate_size": st.sampled_from([12, 16, 24]),
        "time_step_rank": st.sampled_from(["auto", 2, 3]),
        "mixer_rms_eps": EPS,
        "use_bcdt_rms": MOSTLY_TRUE,
        "use_falcon_mambapy": BOOLEAN,
    },
)


def _with_heads(values: Values) -> Values:
    width = values.get("expand", 2) * values["hidden_size"]
    return values | {"head_dim": width // values["num_heads"]}


MAMBA2 = optional(
    COMMON
    | {
        "model_type": st.just("mamba2"),
        "num_heads": st.sampled_from([2, 4]),
        "n_groups": st.sampled_from([1, 2]),
    },
    COMMON_EXTRA
    | {
        "expand": st.integers(1, 2),
        "intermediate_size": st.sampled_from([16, 24]),
        "time_step_rank": st.sampled_from(["auto", 5]),
        "time_step_limit": LIMIT,
        "chunk_size": st.sampled_from([2, 8]),
        "dt_limit": LIMIT,
        "rmsnorm": MOSTLY_TRUE,
        "norm_before_gate": MOSTLY_FALSE,
        "D_has_hdim": MOSTLY_FALSE,
    },
).map(_with_heads)


def agrees_with_transformers(values: Values) -> None:
    kinds = {
        "mamba": (MambaConfig, MambaForCausalLM),
        "mamba2": (Mamba2Config, Mamba2ForCausalLM),
        "falcon_mamba": (FalconMambaConfig, FalconMambaForCausalLM),
    }
    make_config, make_model = kinds[values["model_type"]]
    try:
        config = parse_config(values, "config.json")
    except LmcError:
        assume(False)
        raise
    torch.manual_seed(0)
    model = make_model(make_config(**values)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
        weights = ModuleWeights(model)
        check_weights(config, weights)
        found = load_module(config, weights).prefill(IDS[None])[0]
        np.testing.assert_allclose(found, model(IDS[None]).logits, rtol=2e-4, atol=2e-4)


@TRIES
@given(MAMBA1)
def test_mamba1_is_refused_or_transformers(values: Values) -> None:
    agrees_with_transformers(values)


@TRIES
@given(FALCON)
def test_falcon_mamba_is_refused_or_transformers(values: Values) -> None:
    agrees_with_transformers(values)


@TRIES
@given(MAMBA2)
def test_mamba2_is_refused_or_transformers(values: Values) -> None:
    agrees_with_transformers(values)


STATE_SPACES = optional(
    {
        "d_model": st.sampled_from([8, 12]),
        "n_layer": st.integers(1, 2),
        "vocab_size": st.sampled_from([8, 11]),
        "ssm_cfg": optional(
            {"layer": st.sampled_from(["Mamba1", "Mamba2"])},
            {
                "d_state": st.sampled_from([2, 4]),
                "d_conv": st.integers(2, 4),
                "expand": st.integers(1, 2),
                "bias": BOOLEAN,
                "conv_bias": BOOLEAN,
                "dt_min": st.just(0.01),
            },
        ),
    },
    {
        "pad_vocab_size_multiple": st.sampled_from([1, 8, 16]),
        "tie_embeddings": BOOLEAN,
        "residual_in_fp32": BOOLEAN,
        "fused_add_norm": BOOLEAN,
        "rms_norm": st.just(True),
        "attn_layer_idx": st.just([]),
        "attn_cfg": st.just({}),
        "d_intermediate": st.just(0),
    },
)
SSM_MAMBA1 = st.fixed_dictionaries({}, optional={"dt_rank": st.sampled_from(["auto", 1, 3])})
SSM_MAMBA2 = st.fixed_dictionaries(
    {"headdim": st.sampled_from([2, 4])},
    optional={
        "ngroups": st.sampled_from([1, 2]),
        "dt_limit": LIMIT,
        "rmsnorm": MOSTLY_TRUE,
        "norm_before_gate": MOSTLY_FALSE,
        "D_has_hdim": MOSTLY_FALSE,
        "chunk_size": st.just(64),
        "A_init_range": st.just([1, 8]),
    },
)


@st.composite
def state_spaces(draw: Callable[[Any], Any]) -> Values:
    values = draw(STATE_SPACES)
    mamba2 = values["ssm_cfg"]["layer"] == "Mamba2"
    return values | {"ssm_cfg": values["ssm_cfg"] | draw(SSM_MAMBA2 if mamba2 else SSM_MAMBA1)}


MISTRAL = st.fixed_dictionaries(
    {
        "dim": st.sampled_from([64, 128]),
        "n_layers": st.just(1),
        "vocab_size": st.sampled_from([8, 11]),
        "n_groups": st.sampled_from([1, 2]),
        "rms_norm": st.just(True),
        "residual_in_fp32": BOOLEAN,
        "fused_add_norm": BOOLEAN,
        "pad_vocab_size_multiple": st.sampled_from([1, 8]),
        "tie_embeddings": BOOLEAN,
        "model_type": st.just("mamba"),
    }
)

FLA: Values = {
    **COMMON,
    "norm_eps": EPS,
    "expand": st.integers(1, 2),
    "conv_kernel": st.integers(2, 4),
    "hidden_act": ACTIVATION,
    "use_bias": BOOLEAN,
    "use_conv_bias": BOOLEAN,
    "fuse_norm": BOOLEAN,
    "fuse_cross_entropy": BOOLEAN,
    "residual_in_fp32": BOOLEAN,
    "tie_word_embeddings": BOOLEAN,
}
FLA_MAMBA2: Values = {
    **FLA,
    "model_type": st.just("mamba2"),
    "n_groups": st.sampled_from([1, 2]),
    "num_heads": st.sampled_from([2, 4]),
}
FLA_FORMS = st.one_of(
    optional(FLA | {"model_type": st.just("mamba")}, {"dt_rank": st.sampled_from(["auto", 3])}),
    optional(
        FLA | {"model_type": st.just("mamba")}, {"time_step_rank": st.sampled_from(["auto", 3])}
    ),
    st.fixed_dictionaries(
        FLA_MAMBA2
        | {
            "dt_limit": LIMIT,
            "rmsnorm": MOSTLY_TRUE,
            "norm_before_gate": MOSTLY_FALSE,
            "D_has_hdim": MOSTLY_FALSE,
        }
    ).map(_with_heads),
    st.fixed_dictionaries(
        FLA_MAMBA2 | {"time_step_limit": LIMIT, "time_step_rank": st.just(1)}
    ).map(_with_heads),
)


class _Tensors:
    """Tensors in memory as a weight source."""

    description = "the rules' weights"
    fingerprint = ""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self._tensors = tensors

    def names(self) -> list[str]:
        return list(self._tensors)

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self._tensors[name].shape)

    def load(self, name: str) -> np.ndarray:
        return self._tensors[name].numpy()


def agrees_with_rules(values: Values, read: Callable[[Values], Rules]) -> None:
    try:
        config = parse_config(values, "config.json")
    except LmcError:
        assume(False)
        raise
    rules = read(values)
    weights = rules.weights(seed=1)
    source = _Tensors(weights)
    check_weights(config, source)
    found = load_module(config, source).prefill(IDS[None])[0][0]
    np.testing.assert_allclose(found, rules.logits(weights, IDS), rtol=2e-4, atol=2e-4)
    assert config.padded_vocab_size == rules.rows


@TRIES
@given(state_spaces())
def test_state_spaces_is_refused_or_its_rules(values: Values) -> None:
    agrees_with_rules(values, state_spaces_rules)


@settings(TRIES, max_examples=20)
@given(MISTRAL)
def test_mistral_is_refused_or_its_rules(values: Values) -> None:
    agrees_with_rules(values, mistral_rules)


@TRIES
@given(FLA_FORMS)
def test_fla_is_refused_or_its_rules(values: Values) -> None:
    agrees_with_rules(values, fla_rules)


@pytest.mark.slow
@MANY
@given(st.one_of(MAMBA1, MAMBA2, FALCON))
def test_transformers_in_500_tries(values: Values) -> None:
    agrees_with_transformers(values)


@pytest.mark.slow
@MANY
@given(st.one_of(state_spaces(), FLA_FORMS))
def test_other_libraries_in_500_tries(values: Values) -> None:
    read = fla_rules if "model_type" in values else state_spaces_rules
    agrees_with_rules(values, read)
