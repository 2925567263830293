"""lmc's models against transformers' Mamba, Mamba2 and FalconMambaForCausalLM, same weights."""

from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import (
    FalconMambaConfig,
    FalconMambaForCausalLM,
    Mamba2Config,
    Mamba2ForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    PreTrainedModel,
)

from lmc.models.config_parsing import parse_config
from lmc.models.language_model import MambaLM, load_module
from lmc.models.weights import ModuleWeights, check_weights
from lmc.models.zoo import BUNDLED_ROOT, resolve

SIZES: dict[str, Any] = {"vocab_size": 40, "num_hidden_layers": 3, "state_size": 8}
MAMBA1: dict[str, dict[str, Any]] = {
    "plain": {},
    "biases-untied": {"use_bias": True, "tie_word_embeddings": False},
    "no-conv-bias": {"use_conv_bias": False, "conv_kernel": 3},
    "wide": {"expand": 3, "state_size": 5, "time_step_rank": 7},
}
FALCON: dict[str, dict[str, Any]] = {
    "plain": {},
    "biases-untied": {"use_bias": True, "tie_word_embeddings": False, "time_step_rank": 7},
    "epsilon": {"mixer_rms_eps": 0.1, "layer_norm_epsilon": 1e-3, "expand": 3},
}
MAMBA2: dict[str, dict[str, Any]] = {
    "plain": {"n_groups": 1},
    "two-groups": {"n_groups": 2},
    "three-groups-biases-untied": {"n_groups": 3, "use_bias": True},
    "tied-no-conv-bias": {"n_groups": 1, "tie_word_embeddings": True, "use_conv_bias": False},
    "dt-limit": {"n_groups": 2, "time_step_limit": (0.01, 0.05)},
}


def randomized(model: PreTrainedModel) -> PreTrainedModel:
    """Move every parameter off its initial value: zero biases would hide mistakes."""
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return model.eval()


def own(model: PreTrainedModel) -> MambaLM:
    config = parse_config(model.config.to_dict(), "config")
    weights = ModuleWeights(model)
    check_weights(config, weights)
    return load_module(config, weights)


def steps(module: MambaLM, ids: Tensor) -> Tensor:
    states, logits = module.zero_states(ids.shape[0]), []
    for token in ids.unbind(1):
        out, *states = module(token, *states)
        logits.append(out)
    return torch.stack(logits, 1)


def assert_close(found: Tensor, expected: Tensor) -> None:
    error = (found - expected).norm() / expected.norm()
    assert error < 1e-4, f"relative error {error:.1e}"


def compare(model: PreTrainedModel, *, cached_step: bool = True) -> None:
    module = own(model)
    ids = torch.randint(0, model.config.vocab_size, (2, 11), generator=torch.manual_seed(2))
    with torch.no_grad():
        expected = model(ids).logits
        assert_close(module.prefill(ids)[0], expected)
        assert_close(steps(module, ids), expected)
        if not cached_step:
            return
        cache = model(ids[:, :-1], use_cache=True).cache_params
        last = model(ids[:, -1:], cache_params=cache, use_cache=True).logits[:, 0]
        logits, *_ = module(ids[:, -1], *module.prefill(ids[:, :-1])[1])
        assert_close(logits, last)


@pytest.mark.parametrize("options", MAMBA1.values(), ids=MAMBA1.keys())
def test_mamba1_agrees_with_transformers(options: dict[str, Any]) -> None:
    sizes: dict[str, Any] = {**SIZES, "hidden_size": 20, **options}
    compare(randomized(MambaForCausalLM(MambaConfig(**sizes))))


@pytest.mark.parametrize("options", FALCON.values(), ids=FALCON.keys())
def test_falcon_mamba_agrees_with_transformers(options: dict[str, Any]) -> None:
    sizes: dict[str, Any] = {**SIZES, "hidden_size": 20, **options}
    compare(randomized(FalconMambaForCausalLM(FalconMambaConfig(**sizes))))


@pytest.mark.parametrize("options", MAMBA2.values(), ids=MAMBA2.keys())
def test_mamba2_agrees_with_transformers(options: dict[str, Any]) -> None:
    heads = {"hidden_size": 24, "num_heads": 6, "head_dim": 8, "chunk_size": 4}
    sizes: dict[str, Any] = {**SIZES, **heads, **options}
    config = Mamba2Config(**sizes)
    # transformers' cached step leaves the time step limits out.
    compare(randomized(Mamba2ForCausalLM(config)), cached_step="time_step_limit" not in options)


@pytest.mark.parametrize(
    ("name", "reference"),
    [("bookbyte-mamba1", MambaForCausalLM), ("bookbyte-mamba2", Mamba2ForCausalLM)],
)
def test_bundled_models_agree_with_transformers(name: str, reference: Any) -> None:
    model = reference.from_pretrained(BUNDLED_ROOT / name, dtype=torch.float32).eval()
    resolved = resolve(name)
    assert resolved.tokenizer is not None
    module = load_module(resolved.config, resolved.weights)
    ids = torch.tensor([resolved.tokenizer.encode("It was a dark night, and the captain ")])
    with torch.no_grad():
        expected = model(ids).logits
        assert_close(module.prefill(ids)[0], expected)
        assert_close(steps(module, ids), expected)


def test_bundled_mamba2_continues_a_prompt_in_english() -> None:
    resolved = resolve("bookbyte-mamba2")
    assert resolved.tokenizer is not None
    module = load_module(resolved.config, resolved.weights)
    ids = torch.tensor([resolved.tokenizer.encode("It was a dark night, and the captain ")])
    tokens: list[int] = []
    with torch.no_grad():
        logits, states = module.prefill(ids)
        logits = logits[:, -1]
        for _ in range(48):
            tokens.append(int(logits.argmax()))
            logits, *states = module(torch.tensor(tokens[-1:]), *states)
    assert resolved.tokenizer.decode(tokens).startswith("was standing on the stairs and standing")
