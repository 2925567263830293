"""Modules that compute something else than their configuration says are refused by name."""

import functools
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import (
    FalconMambaConfig,
    FalconMambaForCausalLM,
    JambaConfig,
    JambaForCausalLM,
    Mamba2Config,
    Mamba2ForCausalLM,
    MambaConfig,
    MambaForCausalLM,
)
from transformers.models.mamba.modeling_mamba import MambaMixer, MambaRMSNorm

from lmc.diagnostics import LmcError
from lmc.frontend import config_of
from lmc.models.config import Mamba2Config as OwnConfig
from lmc.models.language_model import build_module

SIZES: dict[str, Any] = {"vocab_size": 40, "num_hidden_layers": 2, "hidden_size": 16}


def mamba1() -> MambaForCausalLM:
    return MambaForCausalLM(MambaConfig(**SIZES, state_size=4))


def mamba2() -> Mamba2ForCausalLM:
    heads = {"num_heads": 4, "head_dim": 8, "n_groups": 2, "state_size": 4}
    return Mamba2ForCausalLM(Mamba2Config(**SIZES, **heads))


def _set(path: str, name: str, value: object) -> Callable[[nn.Module], None]:
    return lambda model: setattr(model.get_submodule(path), name, value)


def _config(name: str, value: object) -> Callable[[nn.Module], None]:
    return lambda model: setattr(model.config, name, value)


MIXER = "backbone.layers.1.mixer"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("backbone.layers.1.norm", "variance_epsilon", 0.5), "layers.1.norm.variance_epsilon"),
        (_set("backbone.norm_f", "variance_epsilon", 0.5), "norm_f.variance_epsilon is 0.5"),
        (_set(f"{MIXER}.norm", "variance_epsilon", 0.5), "mixer.norm.variance_epsilon is 0.5"),
        (_set(f"{MIXER}.norm", "group_size", 32), "mixer.norm.group_size is 32"),
        (_set(MIXER, "time_step_limit", (0.1, 0.2)), "mixer.time_step_limit is (0.1, 0.2)"),
        (_set(MIXER, "activation", "relu"), "mixer.activation is 'relu'"),
        (_set(MIXER, "n_groups", 1), "mixer.n_groups is 1"),
        (_set(MIXER, "layer_idx", 0), "layers.1.mixer was built as layer 0"),
        (_set(f"{MIXER}.conv1d", "dilation", (2,)), "conv1d.dilation is (2,)"),
        (_set("backbone.embeddings", "max_norm", 1.0), "embeddings.max_norm is 1.0"),
        (_config("layer_norm_epsilon", 0.3), "variance_epsilon is 1e-05, but the model's config"),
        (_config("time_step_limit", (0.1, 0.2)), "mixer.time_step_limit is (0.0, inf)"),
        (_config("num_hidden_layers", 3), "the module has 2 layers, but its configuration says 3"),
        (_config("rope", True), "the key 'rope'"),
    ],
)
def test_numbers_unlike_the_configuration(change: Callable[[nn.Module], None], words: str) -> None:
    model = mamba2()
    config_of(model)
    change(model)
    with pytest.raises(LmcError) as caught:
        config_of(model)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set(f"{MIXER}.b_layernorm", "eps", 0.5), "layers.1.mixer.b_layernorm.eps is 0.5"),
        (_set(MIXER, "rms_eps", 0.5), "layers.1.mixer.rms_eps is 0.5"),
        (_config("mixer_rms_eps", 0.5), "rms_eps is 1e-06, but the model's configuration says 0.5"),
    ],
)
def test_norms_of_projections(change: Callable[[nn.Module], None], words: str) -> None:
    model = FalconMambaForCausalLM(FalconMambaConfig(**SIZES, state_size=4))
    config_of(model)
    change(model)
    with pytest.raises(LmcError, match=re.escape(words)):
        config_of(model)


def test_another_family_says_why() -> None:
    sizes = {"num_attention_heads": 2, "num_key_value_heads": 2, "intermediate_size": 16}
    model = JambaForCausalLM(JambaConfig(**SIZES, **sizes, use_mamba_kernels=False))
    with pytest.raises(LmcError, match=r"JambaForCausalLM .*; Jamba: between its .*lmc compiles p"):
        config_of(model)


def test_a_layer_that_stands_twice() -> None:
    model = mamba1()
    model.backbone.layers[1] = model.backbone.layers[0]
    with pytest.raises(LmcError, match=r"layers\.1 was built as layer 0, whose state it uses"):
        config_of(model)


def _centered(self: MambaRMSNorm, x: Tensor) -> Tensor:
    return (1 + self.weight) * x


@functools.wraps(MambaRMSNorm.forward)
def _disguised(self: MambaRMSNorm, x: Tensor) -> Tensor:
    return (1 + self.weight) * x


@pytest.mark.parametrize(
    ("kind", "name", "patch"),
    [
        (MambaRMSNorm, "forward", _centered),
        (MambaRMSNorm, "forward", _disguised),
        (MambaMixer, "forward", _centered),
        (MambaMixer, "slow_forward", _centered),
        (nn.Linear, "forward", _centered),
    ],
)
def test_a_patched_class(
    kind: type, name: str, patch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, name, patch, raising=False)
    words = rf"has {kind.__name__}\.{name} from test_module_facts\.py, not the code of its library"
    with pytest.raises(LmcError, match=words):
        config_of(mamba1())


@pytest.mark.parametrize("name", ["forward", "init_mamba_weights"])
def test_a_patched_instance(name: str) -> None:
    model = mamba1()
    setattr(model.backbone.layers[1].mixer, name, lambda *_: None)
    with pytest.raises(LmcError, match=rf"layers\.1\.mixer has .*{name}.* of its own"):
        config_of(model)


def test_an_own_module_unlike_its_configuration() -> None:
    config = OwnConfig(
        vocab_size=40,
        padded_vocab_size=40,
        d_model=16,
        n_layers=2,
        d_inner=32,
        d_state=4,
        d_conv=4,
        n_heads=4,
        head_dim=8,
        n_groups=1,
        norm_group_size=32,
    )
    module = build_module(config)
    assert config_of(module) == config
    module.get_submodule("backbone.layers.0.norm").eps = 1e-3
    with pytest.raises(LmcError, match=r"layers\.0\.norm\.eps is 0\.001"):
        config_of(module)


def _stand_in(module: str, name: str, base: type[nn.Module] = nn.Module) -> nn.Module:
    """An instance of a class of a library that is not installed where the tests run."""
    return type(name, (base,), {"__module__": module})()


class _Linear(nn.Linear):
    def __init__(self) -> None:
        super().__init__(16, 64)


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (lambda: torch.compile(mamba1()), "`module._orig_mod`"),
        (lambda: nn.DataParallel(mamba1()), "`module.module`"),
        (lambda: _stand_in("peft.peft_model", "PeftModelForCausalLM"), "merge_and_unload"),
        (lambda: _stand_in("mamba_ssm.models", "MambaLMHeadModel"), "`module.save_pretrained"),
        (lambda: _stand_in("fla.models.mamba2", "Mamba2ForCausalLM"), "`module.save_pretrained"),
        (lambda: mamba1().backbone, "give it one of MambaLM, MambaForCausalLM, Mamba2ForCausalLM"),
    ],
)
def test_a_wrapper_is_refused_with_what_to_give(
    module: Callable[[], nn.Module], words: str
) -> None:
    with pytest.raises(LmcError) as caught:
        config_of(module())
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("package", "words"),
    [("peft.tuners.lora.layer", "merge_and_unload"), ("bitsandbytes.nn.modules", "dequantize")],
)
def test_a_replaced_layer_is_refused_with_what_to_do(package: str, words: str) -> None:
    model = mamba1()
    model.backbone.layers[0].mixer.in_proj = _stand_in(package, "Linear", _Linear)
    with pytest.raises(LmcError, match=rf"layers\.0\.mixer\.in_proj is a Linear.*{words}"):
        config_of(model)
