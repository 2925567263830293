import pytest
import torch

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig, state_shapes, tensor_shapes
from lmc.models.language_model import build_module, load_module
from lmc.models.weights import RandomWeights


@pytest.fixture(params=["mamba1_config", "mamba2_config"])
def config(request: pytest.FixtureRequest) -> ModelConfig:
    return request.getfixturevalue(request.param)


def test_parameters_have_the_names_and_shapes_of_the_config(config: ModelConfig) -> None:
    module = build_module(config)
    found = {name: tuple(parameter.shape) for name, parameter in module.named_parameters()}
    assert found == tensor_shapes(config)
    assert all(parameter.is_meta for parameter in module.parameters())


def test_step_equals_prefill(config: ModelConfig) -> None:
    module = load_module(config, RandomWeights(config, 1)).double()
    ids = torch.randint(0, config.vocab_size, (2, 7), generator=torch.manual_seed(0))
    expected, expected_states = module.prefill(ids)
    states = module.zero_states(2)
    for position, token in enumerate(ids.unbind(1)):
        logits, *states = module(token, *states)
        torch.testing.assert_close(logits, expected[:, position], rtol=1e-12, atol=1e-12)
    for state, last in zip(states, expected_states, strict=True):
        torch.testing.assert_close(state, last, rtol=1e-12, atol=1e-12)


def test_states_are_listed_layer_by_layer(
    mamba1_config: Mamba1Config, mamba2_config: Mamba2Config
) -> None:
    assert state_shapes(mamba1_config) == [(48, 3), (48, 6)] * 2
    assert state_shapes(mamba2_config) == [(80, 3), (6, 8, 8)] * 2
    states = build_module(mamba2_config).zero_states(5)
    assert [tuple(state.shape) for state in states] == [(5, 80, 3), (5, 6, 8, 8)] * 2


def test_a_tied_head_shares_the_embedding(mamba2_config: Mamba2Config) -> None:
    module = load_module(mamba2_config, RandomWeights(mamba2_config, 0))
    assert module.lm_head.weight is module.backbone.embedding.weight


def test_every_node_of_the_exported_step_lies_in_a_module_region(config: ModelConfig) -> None:
    module = build_module(config)
    ids = torch.zeros(1, dtype=torch.int64, device="meta")
    program = torch.export.export(module, (ids, *module.zero_states(1)))
    regions: list[str] = []
    for node in program.graph.nodes:
        if node.op == "call_function":
            path = list(node.meta["nn_module_stack"].values())[-1][0]
            regions += [path] if not regions or regions[-1] != path else []
    parts = {path for path, _ in module.named_modules() if path}
    assert set(regions) == parts - {"backbone", "backbone.layers"}
    # Leaves are entered once each: no other module's nodes lie between.
    leaves = [path for path in regions if not list(module.get_submodule(path).children())]
    assert len(leaves) == len(set(leaves))


def test_loading_refuses_weights_of_another_shape(
    mamba1_config: Mamba1Config, mamba2_config: Mamba2Config
) -> None:
    with pytest.raises(LmcError, match=r"mixer\.in_proj"):
        load_module(mamba1_config, RandomWeights(mamba2_config, 0))
