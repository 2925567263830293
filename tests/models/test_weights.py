from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, Mamba2Config, tensor_shapes
from lmc.models.language_model import build_module, load_module
from lmc.models.weights import ModuleWeights, RandomWeights, check_weights


def test_random_weights_depend_on_seed_and_name_only(mamba1_config: Mamba1Config) -> None:
    first, second = RandomWeights(mamba1_config, 5), RandomWeights(mamba1_config, 5)
    for name in reversed(second.names()):
        np.testing.assert_array_equal(first.load(name), second.load(name))
    assert first.fingerprint == second.fingerprint
    other = RandomWeights(mamba1_config, 6)
    name = "backbone.layers.1.mixer.in_proj.weight"
    assert not np.array_equal(first.load(name), other.load(name))
    assert not np.array_equal(first.load(name), first.load(name.replace("1", "0")))
    assert first.fingerprint != other.fingerprint


@pytest.mark.parametrize("fixture", ["mamba1_config", "mamba2_config"])
def test_random_weights_have_the_statistics_of_mamba(
    fixture: str, request: pytest.FixtureRequest
) -> None:
    config = request.getfixturevalue(fixture)
    source = RandomWeights(config, 0)
    check_weights(config, source)
    for name, shape in tensor_shapes(config).items():
        array = source.load(name)
        assert array.shape == shape
        assert array.dtype == np.float32
    mixer = "backbone.layers.0.mixer."
    dt_bias = source.load(mixer + ("dt_proj.bias" if config.arch == "mamba1" else "dt_bias"))
    dt = np.log1p(np.exp(dt_bias))
    assert (dt > 0.99e-3).all()
    assert (dt < 1.01e-1).all()
    assert (source.load(mixer + "A_log") >= 0).all()
    assert np.abs(source.load(mixer + "in_proj.weight")).max() <= 24**-0.5
    assert np.abs(source.load(mixer + "out_proj.weight")).max() <= (48 * 2) ** -0.5
    assert np.abs(source.load("backbone.norm_f.weight") - 1).max() <= 0.05 + 1e-6


def test_a_tied_head_is_the_embedding_but_not_listed(mamba2_config: Mamba2Config) -> None:
    random = RandomWeights(mamba2_config, 0)
    module = ModuleWeights(load_module(mamba2_config, random))
    for source in (random, module):
        assert "lm_head.weight" not in source.names()
        embedding = source.load("backbone.embedding.weight")
        np.testing.assert_array_equal(source.load("lm_head.weight"), embedding)
        np.testing.assert_array_equal(source.load("backbone.embeddings.weight"), embedding)


def test_an_untied_head_is_its_own_tensor(mamba1_config: Mamba1Config) -> None:
    random = RandomWeights(mamba1_config, 0)
    module = ModuleWeights(load_module(mamba1_config, random))
    np.testing.assert_array_equal(module.load("lm_head.weight"), random.load("lm_head.weight"))
    assert "lm_head.weight" in module.names()


def test_weights_of_a_module_follow_its_content(mamba2_config: Mamba2Config) -> None:
    module = load_module(mamba2_config, RandomWeights(mamba2_config, 0))
    again = load_module(mamba2_config, RandomWeights(mamba2_config, 0))
    assert ModuleWeights(module).fingerprint == ModuleWeights(again).fingerprint
    again.backbone.norm_f.weight[3] += 1
    assert ModuleWeights(module).fingerprint != ModuleWeights(again).fingerprint


def test_nan_in_a_module_is_named_when_it_is_loaded(mamba2_config: Mamba2Config) -> None:
    module = load_module(mamba2_config, RandomWeights(mamba2_config, 0))
    module.backbone.norm_f.weight[3] = torch.nan
    source = ModuleWeights(module)
    source.load("backbone.embedding.weight")
    with pytest.raises(LmcError, match=r"backbone\.norm_f\.weight holds 1 values"):
        source.load("backbone.norm_f.weight")


def test_a_module_without_data_is_refused(mamba2_config: Mamba2Config) -> None:
    with pytest.raises(LmcError, match="meta device"):
        ModuleWeights(build_module(mamba2_config)).load("backbone.norm_f.weight")


def test_unknown_tensors_are_refused(mamba2_config: Mamba2Config) -> None:
    random = RandomWeights(mamba2_config, 0)
    module = ModuleWeights(build_module(mamba2_config))
    for source in (random, module):
        with pytest.raises(LmcError, match="no tensor named nonsense"):
            source.shape("nonsense")


def test_a_config_that_does_not_match_its_tensors_is_refused(mamba2_config: Mamba2Config) -> None:
    source = RandomWeights(mamba2_config, 0)
    with pytest.raises(LmcError, match=r"layers\.2\.norm\.weight of shape \[24\] is missing"):
        check_weights(replace(mamba2_config, n_layers=3), source)
    with pytest.raises(LmcError, match=r"layers\.1\..* belongs to no part"):
        check_weights(replace(mamba2_config, n_layers=1), source)
    with pytest.raises(LmcError, match=r"in_proj\.bias of shape \[134\] is missing"):
        check_weights(replace(mamba2_config, use_bias=True), source)
    with pytest.raises(LmcError, match=r"conv1d\.weight has shape \[80, 1, 4\].*\[80, 1, 3\]"):
        check_weights(replace(mamba2_config, d_conv=3), source)


def test_an_embedding_is_drawn_once(
    mamba1_config: Mamba1Config, mamba2_config: Mamba2Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    own = RandomWeights.draw

    def spy(source: RandomWeights, stored: str) -> NDArray[np.float32]:
        drawn.append(stored)
        return own(source, stored)

    monkeypatch.setattr(RandomWeights, "draw", spy)
    name = "backbone.embedding.weight"
    first = RandomWeights(mamba2_config, 11).load(name)
    for _ in range(2):
        assert RandomWeights(mamba2_config, 11).load("lm_head.weight") is first
    assert drawn == [name]
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1
    assert not np.array_equal(RandomWeights(mamba2_config, 12).load(name), first)
    assert RandomWeights(mamba1_config, 11).load(name).shape == tensor_shapes(mamba1_config)[name]
    np.testing.assert_array_equal(RandomWeights(mamba2_config, 11).load(name), first)
    assert drawn == [name] * 4
