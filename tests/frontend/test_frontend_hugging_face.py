"""Unmodified Mamba, Mamba2 and FalconMambaForCausalLM: the same model as lmc's own.

The graph of transformers' code is another; what raising makes of it must be equal, and compute
what the PyTorch module computes.
"""

from io import StringIO
from typing import Any

import numpy as np
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
from xdsl.dialects.builtin import ModuleOp
from xdsl.printer import Printer

from lmc.diagnostics import LmcError
from lmc.driver.pipeline import Pipeline
from lmc.frontend import config_of, import_module
from lmc.frontend.hugging_face import DecodeStep
from lmc.interpreter import run
from lmc.ir.registry import load_registry
from lmc.ir.text import make_context, module_text
from lmc.models.config import state_shapes
from lmc.models.language_model import build_module, load_module
from lmc.models.weights import ModuleWeights
from lmc.weights import WeightStore

SIZES: dict[str, Any] = {"vocab_size": 40, "num_hidden_layers": 2, "state_size": 4}
HEADS: dict[str, Any] = {"hidden_size": 12, "num_heads": 6, "head_dim": 4}
MODELS = {
    "mamba1": lambda: MambaForCausalLM(MambaConfig(**SIZES, hidden_size=20)),
    "mamba1-biases-untied-no-conv-bias": lambda: MambaForCausalLM(
        MambaConfig(
            **SIZES,
            hidden_size=12,
            use_bias=True,
            tie_word_embeddings=False,
            use_conv_bias=False,
            conv_kernel=3,
            time_step_rank=5,
            layer_norm_epsilon=1e-3,
        )
    ),
    "falcon": lambda: FalconMambaForCausalLM(FalconMambaConfig(**SIZES, hidden_size=20)),
    "falcon-biases-untied": lambda: FalconMambaForCausalLM(
        FalconMambaConfig(
            **SIZES,
            hidden_size=12,
            use_bias=True,
            tie_word_embeddings=False,
            time_step_rank=5,
            mixer_rms_eps=1e-2,
        )
    ),
    "mamba2-groups": lambda: Mamba2ForCausalLM(Mamba2Config(**SIZES, **HEADS, n_groups=2)),
    "mamba2-biases-tied": lambda: Mamba2ForCausalLM(
        Mamba2Config(**SIZES, **HEADS, n_groups=1, use_bias=True, tie_word_embeddings=True)
    ),
}


def randomized(model: PreTrainedModel) -> PreTrainedModel:
    generator = torch.manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=generator))
    return model.eval()


def raised(traced: ModuleOp, passes: str = "raise-to-ssm") -> ModuleOp:
    registry, result = load_registry(), traced.clone()
    Pipeline.parse(registry, passes).run(make_context(registry), result)
    return result


def text_without_locations(module: ModuleOp) -> str:
    stream = StringIO()
    Printer(stream).print_op(module)
    return stream.getvalue()


@pytest.fixture(scope="module", params=MODELS.values(), ids=MODELS.keys())
def model(request: pytest.FixtureRequest) -> PreTrainedModel:
    return randomized(request.param())


@pytest.fixture(scope="module")
def traced(model: PreTrainedModel) -> ModuleOp:
    return import_module(model, name="m")


def random_states(model: PreTrainedModel) -> list[Tensor]:
    generator = torch.manual_seed(4)
    shapes = state_shapes(config_of(model))
    return [torch.randn((1, *shape), generator=generator) for shape in shapes]


def test_the_wrapped_step_is_the_own_models_step(model: PreTrainedModel) -> None:
    config, ids, states = config_of(model), torch.tensor([7]), random_states(model)
    before = [state.clone() for state in states]
    own = load_module(config, ModuleWeights(model))
    with torch.no_grad():
        found, expected = DecodeStep(model)(ids, *states), own(ids, *states)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    assert all(map(torch.equal, states, before))


def test_raising_gives_the_own_models_module(model: PreTrainedModel, traced: ModuleOp) -> None:
    own = raised(import_module(build_module(config_of(model)), name="m"))
    foreign = raised(traced)
    assert text_without_locations(foreign) == text_without_locations(own)
    assert 'loc("transformers/models/' in module_text(foreign)


@pytest.mark.parametrize("passes", ["raise-to-ssm", "raise-to-ssm,roll-layers"])
def test_the_raised_module_computes_what_the_model_does(
    model: PreTrainedModel, traced: ModuleOp, passes: str
) -> None:
    module = raised(traced, passes)
    store = WeightStore(module, ModuleWeights(model))
    tokens = [3, 39, 0, 7]
    states = [torch.zeros((1, *shape)) for shape in state_shapes(config_of(model))]
    expected: list[Tensor] = []
    with torch.no_grad():
        for token in tokens:
            logits, *states = DecodeStep(model)(torch.tensor([token]), *states)
            expected.append(logits)
    found = run(module, [[token] for token in tokens], weights=store)
    np.testing.assert_allclose(found.logits, torch.stack(expected).numpy(), rtol=1e-4, atol=1e-4)
    assert len(found.states) == (2 if "roll-layers" in passes else 4)


def test_another_activation_is_refused() -> None:
    model = MambaForCausalLM(MambaConfig(**SIZES, hidden_size=12, hidden_act="relu"))
    with pytest.raises(LmcError, match=r"layers\.0\.mixer\.act is a ReLU"):
        import_module(model, name="m")


def test_a_norm_over_all_channels_is_seen() -> None:
    # Older releases of transformers have no groups in the gated norm.
    model = Mamba2ForCausalLM(Mamba2Config(**SIZES, **HEADS, n_groups=2))
    assert config_of(model).norm_group_size == 12
    for layer in model.backbone.layers:
        del layer.mixer.norm.group_size
    assert config_of(model).norm_group_size == 24


def test_half_precision_is_refused() -> None:
    model = MambaForCausalLM(MambaConfig(**SIZES, hidden_size=12)).half()
    with pytest.raises(LmcError, match=r"torch\.float16; lmc compiles float32"):
        import_module(model, name="m")
