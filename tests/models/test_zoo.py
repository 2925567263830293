import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import constants
from safetensors.numpy import load_file, save_file

from lmc.diagnostics import LmcError
from lmc.models.tokenizer import ByteTokenizer
from lmc.models.zoo import list_models, resolve

WriteModel = Callable[[Path], Path]


@pytest.fixture(autouse=True)
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Hugging Face cache, whatever the machine holds."""
    cache = tmp_path / "hf" / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    return cache


def put_in_cache(cache: Path, hub_id: str, write: WriteModel) -> Path:
    """Lay a model out as the hub's library does: blobs, and a snapshot of links to them."""
    repo = cache / f"models--{hub_id.replace('/', '--')}"
    snapshot = repo / "snapshots" / "0123456789abcdef0123456789abcdef01234567"
    snapshot.mkdir(parents=True)
    blobs = repo / "blobs"
    for file in sorted(write(blobs).iterdir()):
        (snapshot / file.name).symlink_to(Path("../../blobs") / file.name)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(snapshot.name)
    return snapshot


@pytest.mark.parametrize(("name", "layers"), [("bookbyte-mamba1", 8), ("bookbyte-mamba2", 8)])
def test_bundled_models_come_with_weights_and_tokenizer(name: str, layers: int) -> None:
    model = resolve(name)
    assert model.name == name
    assert model.config.n_layers == layers
    assert isinstance(model.tokenizer, ByteTokenizer)
    assert not model.is_random
    for tensor in model.weights.names():
        model.weights.load(tensor)


def test_a_local_folder(tmp_path: Path, write_model: WriteModel) -> None:
    model = resolve(str(write_model(tmp_path / "mine")))
    assert model.name == "mine"
    assert model.config.d_model == 24
    assert model.tokenizer is None


def test_a_hub_id_is_found_in_the_cache(hub_cache: Path, write_model: WriteModel) -> None:
    put_in_cache(hub_cache, "someone/small-mamba", write_model)
    model = resolve("someone/small-mamba")
    assert model.name == "someone/small-mamba"
    assert model.weights.load("backbone.norm_f.weight").shape == (24,)


def test_a_public_size_is_found_in_the_cache(hub_cache: Path, write_model: WriteModel) -> None:
    snapshot = put_in_cache(hub_cache, "state-spaces/mamba2-130m", write_model)
    assert resolve("mamba2-130m").config.d_model == 24
    assert resolve("state-spaces/mamba2-130m").config.d_model == 24
    locations = {info.name: info.location for info in list_models()}
    assert locations["mamba2-130m"] == str(snapshot)
    assert locations["mamba-130m"] == "not downloaded"


def test_the_cache_is_where_the_environment_says(tmp_path: Path, write_model: WriteModel) -> None:
    put_in_cache(tmp_path / "elsewhere" / "hub", "someone/small-mamba", write_model)
    code = "from lmc.models.zoo import resolve; print(resolve('someone/small-mamba').name)"
    environment = {**os.environ, "HF_HOME": str(tmp_path / "elsewhere")}
    environment.pop("HF_HUB_CACHE", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "someone/small-mamba"


@pytest.mark.parametrize(
    "name",
    [
        "mamba-2.8b",
        "state-spaces/mamba2-130m",
        "falcon-mamba-7b",
        "mistralai/Mamba-Codestral-7B-v0.1",
    ],
)
def test_random_weights_need_no_files(name: str) -> None:
    model = resolve(name, random_weights=True, seed=7)
    assert model.is_random
    assert model.weights.description == "random weights (seed 7)"
    assert model.weights.shape("backbone.norm_f.weight") == (model.config.d_model,)


def test_random_weights_of_a_folder_need_its_config_only(
    tmp_path: Path, write_model: WriteModel
) -> None:
    folder = write_model(tmp_path / "mine")
    (folder / "model.safetensors").unlink()
    assert resolve(str(folder), random_weights=True).is_random
    with pytest.raises(LmcError, match="put the weights there or use --random-weights"):
        resolve(str(folder))


@pytest.mark.parametrize("name", ["mamba-130m", "state-spaces/mamba-130m"])
def test_without_weights_the_error_says_how_to_get_them(name: str) -> None:
    with pytest.raises(LmcError, match=r"`hf download state-spaces/mamba-130m`.*--random-weights"):
        resolve(name)


def test_a_public_model_is_found_by_both_names(hub_cache: Path, write_model: WriteModel) -> None:
    put_in_cache(hub_cache, "mistralai/Mamba-Codestral-7B-v0.1", write_model)
    for name in ("codestral-mamba-7b", "mistralai/Mamba-Codestral-7B-v0.1"):
        assert resolve(name).config.d_model == 24
    with pytest.raises(LmcError, match="`hf download tiiuae/falcon-mamba-7b`"):
        resolve("falcon-mamba-7b")


def test_a_cached_model_without_weights(hub_cache: Path, write_model: WriteModel) -> None:
    snapshot = put_in_cache(hub_cache, "someone/small-mamba", write_model)
    (snapshot / "model.safetensors").unlink()
    with pytest.raises(LmcError, match="`hf download someone/small-mamba`, or use --random"):
        resolve("someone/small-mamba")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("mamba2-27b", "did you mean 'mamba2-2.7b'"),
        ("bookbyte-mamba", "did you mean 'bookbyte-mamba"),
        ("qqq", "`lmc models` lists"),
        ("./no/such/folder", "no model or folder"),
        ("someone/unheard-of", "neither a folder nor in the Hugging Face cache"),
    ],
)
def test_an_unknown_name_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(LmcError) as caught:
        resolve(name)
    assert hint in str(caught.value)


def test_a_folder_without_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LmcError, match=r"holds no config\.json"):
        resolve(str(tmp_path))


def test_weights_that_do_not_fit_the_config_are_refused(
    tmp_path: Path, write_model: WriteModel
) -> None:
    folder = write_model(tmp_path / "mine")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "vocab_size": 41}))
    with pytest.raises(LmcError, match=r"embedding\.weight has shape \[40, 24\].*\[41, 24\]"):
        resolve(str(folder))
    (folder / "config.json").write_text(json.dumps({**config, "tie_word_embeddings": False}))
    with pytest.raises(LmcError, match=r"lm_head\.weight of shape \[40, 24\] is missing"):
        resolve(str(folder))


def test_tensors_that_belong_to_nothing_are_refused(
    tmp_path: Path, write_model: WriteModel
) -> None:
    folder = write_model(tmp_path / "mine")
    tensors = load_file(folder / "model.safetensors")
    extra = {"backbone.layers.1.attn.weight": np.ones(3, np.float32)}
    save_file({**tensors, **extra}, folder / "model.safetensors")
    with pytest.raises(LmcError, match=r"backbone\.layers\.1\.attn\.weight belongs to no part"):
        resolve(str(folder))


def test_all_known_models_are_listed() -> None:
    models = list_models()
    assert [info.location for info in models[:2]] == ["bundled"] * 2
    assert [info.name for info in models[-2:]] == ["falcon-mamba-7b", "codestral-mamba-7b"]
    assert {info.arch for info in models} == {"mamba1", "mamba2"}
    assert models[0].parameters == 2063040
