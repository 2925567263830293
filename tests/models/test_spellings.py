"""Checkpoints as training and other libraries leave them: the same model, or advice.

Every entry of the table of spellings is tried, and stands in the docs.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from safetensors.torch import save_file as save_torch_file
from small_mamba2 import HF_MAMBA2

from lmc.diagnostics import LmcError
from lmc.models import spellings
from lmc.models.spellings import canonical_name
from lmc.models.zoo import resolve

Tensors = dict[str, np.ndarray]
WriteModel = Callable[[Path], Path]
DOCS = Path(__file__).parents[2] / "docs" / "models.md"
PLAIN = "backbone.layers.1.mixer.in_proj.weight"


@pytest.fixture
def model(tmp_path: Path, write_model: WriteModel) -> Path:
    return write_model(tmp_path / "mine")


def renamed(folder: Path, change: Callable[[str], str]) -> None:
    file = folder / "model.safetensors"
    save_file({change(name): tensor for name, tensor in load_file(file).items()}, file)


def as_bin(folder: Path, make: Callable[[dict[str, torch.Tensor]], Any]) -> None:
    """Replace the folder's file by a .bin with what `make` makes of the tensors."""
    tensors = {k: torch.from_numpy(v) for k, v in load_file(folder / "model.safetensors").items()}
    (folder / "model.safetensors").unlink()
    torch.save(make(tensors), folder / "pytorch_model.bin")


def set_config(folder: Path, **values: object) -> None:
    (folder / "config.json").write_text(json.dumps({**HF_MAMBA2, **values}))


def assert_loads(folder: Path, tensors: Tensors) -> None:
    weights = resolve(str(folder)).weights
    assert {canonical_name(name) for name in tensors} == set(weights.names())
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(weights.load(canonical_name(name)), tensor)


def refusal(path: Path) -> str:
    with pytest.raises(LmcError) as caught:
        resolve(str(path))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "spelled",
    [
        PLAIN,
        *(f"{prefix}.{PLAIN}" for prefix in spellings.PREFIXES),
        *(f"{wrapper}.{PLAIN}" for wrapper in spellings.WRAPPERS),
        *(f"backbone.layers.1.{wrapper}.mixer.in_proj.weight" for wrapper in spellings.WRAPPERS),
        f"module._orig_mod.model.{PLAIN}",
        PLAIN.removeprefix("backbone."),
    ],
)
def test_a_name_is_the_same_in_every_spelling(spelled: str) -> None:
    assert canonical_name(spelled) == PLAIN


def test_names_of_nothing_keep_their_parts() -> None:
    assert canonical_name("transformer.h.0.attn.weight") == "transformer.h.0.attn.weight"
    assert canonical_name("model.lm_head.weight") == "lm_head.weight"
    assert canonical_name("embeddings.weight") == "backbone.embedding.weight"
    assert canonical_name("model") == "model"


@pytest.mark.parametrize("prefix", ["_orig_mod.", "module.", "model.", "module.model."])
def test_prefixes_are_left_out(prefix: str, model: Path, tensors: Tensors) -> None:
    renamed(model, lambda name: prefix + name)
    assert_loads(model, tensors)


def test_a_backbone_alone_has_its_tied_head(model: Path, tensors: Tensors) -> None:
    renamed(model, lambda name: name.removeprefix("backbone."))
    assert_loads(model, tensors)


def test_two_spellings_of_a_tensor_are_refused(model: Path) -> None:
    file = model / "model.safetensors"
    tensors = load_file(file)
    save_file({**tensors, "model.backbone.norm_f.weight": tensors["backbone.norm_f.weight"]}, file)
    assert "norm_f.weight is stored twice, as" in refusal(model)


@pytest.mark.parametrize("key", spellings.CONTAINERS)
def test_containers_are_opened(key: str, model: Path, tensors: Tensors) -> None:
    as_bin(model, lambda state: {"epoch": 1, "optimizer": {"state": {}, "lr": 0.1}, key: state})
    assert_loads(model, tensors)


def test_several_models_in_a_file_are_refused(model: Path) -> None:
    as_bin(model, lambda state: {"model": state, "ema": state})
    assert "holds several models, under model and ema; save the one" in refusal(model)


def test_a_container_by_another_name_is_refused_with_its_keys(model: Path) -> None:
    as_bin(model, lambda state: {"epoch": 1, "weights": state})
    message = refusal(model)
    assert "entry epoch is not a tensor; its keys are epoch, weights, and lmc reads" in message
    assert all(key in message for key in spellings.CONTAINERS)


def test_something_else_within_a_container_is_refused(model: Path) -> None:
    as_bin(model, lambda state: {"state_dict": {**state, "step": 3}})
    assert "entry step under state_dict is not a tensor" in refusal(model)


class _Bomb:
    """Unpickling one would run its function."""

    exploded = False

    def __reduce__(self) -> tuple[Any, ...]:
        return _explode, ()


def _explode() -> "_Bomb":
    _Bomb.exploded = True
    return _Bomb()


@pytest.mark.parametrize("make", [lambda state: _Bomb(), lambda state: {"a": _Bomb(), **state}])
def test_pickled_objects_are_named_and_never_run(make: Callable[[Any], Any], model: Path) -> None:
    as_bin(model, make)
    message = refusal(model)
    assert "test_spellings._explode" in message
    assert "save the tensors alone, with `torch.save(model.state_dict(), ...)`" in message
    assert not _Bomb.exploded


def test_a_pickled_module_is_refused_with_advice(model: Path) -> None:
    as_bin(model, lambda state: torch.nn.Linear(2, 2))
    assert "Python objects (torch.nn.modules.linear.Linear)" in refusal(model)


@pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning")
def test_torchscript_is_refused_with_advice(model: Path) -> None:
    (model / "model.safetensors").unlink()
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(model / "pytorch_model.bin"))
    assert "is a TorchScript program" in refusal(model)


def test_mistrals_folder_is_opened(tmp_path: Path) -> None:
    params = {
        "dim": 64,
        "n_layers": 1,
        "vocab_size": 10,
        "n_groups": 2,
        "rms_norm": True,
        "residual_in_fp32": True,
        "fused_add_norm": True,
        "pad_vocab_size_multiple": 1,
        "tie_embeddings": False,
    }
    (tmp_path / "params.json").write_text(json.dumps(params))
    shapes = resolve(str(tmp_path), random_weights=True).weights
    tensors = {f"model.{name}": shapes.load(name) for name in shapes.names()}
    save_file(tensors, tmp_path / "consolidated.safetensors")
    assert_loads(tmp_path, tensors)


@pytest.mark.parametrize("file", spellings.WEIGHT_FILES)
def test_every_file_name_is_found(file: str, model: Path, tensors: Tensors) -> None:
    if file.endswith(".bin"):
        as_bin(model, lambda state: state)
    else:
        (model / "model.safetensors").rename(model / file)
    assert_loads(model, tensors)


def test_a_head_that_is_not_stored(model: Path) -> None:
    set_config(model, tie_word_embeddings=False)
    message = refusal(model)
    assert "lm_head.weight of shape [40, 24] is missing; there are" in message
    assert "set tie_word_embeddings (or tie_embeddings) to true if" in message


def test_names_of_another_model_are_shown(model: Path) -> None:
    renamed(model, lambda name: f"transformer.h.{name}")
    message = refusal(model)
    assert re.search(r"there are \d+ tensors, the first is transformer\.h\.backbone", message)
    assert "docs/models.md" in message


@pytest.mark.parametrize("suffix", ["base_layer.weight", "lora_A.default.weight"])
def test_an_unmerged_adapter_is_refused(suffix: str, model: Path) -> None:
    renamed(model, lambda name: f"base_model.model.{name.replace('weight', suffix)}")
    assert "`model = model.merge_and_unload()`" in refusal(model)


def test_quantized_tensors_are_refused(model: Path) -> None:
    file = model / "model.safetensors"
    state = {name: torch.from_numpy(value) for name, value in load_file(file).items()}
    packed = torch.zeros(100, 1, dtype=torch.uint8)
    save_torch_file({**state, PLAIN: packed, f"{PLAIN}.absmax": torch.ones(4)}, file)
    message = refusal(model)
    assert "in_proj.weight has shape [100, 1]" in message
    assert "`model.dequantize()`" in message


@pytest.mark.parametrize("method", ["bitsandbytes", "gptq"])
def test_a_quantized_models_config_is_refused(method: str, model: Path) -> None:
    set_config(model, quantization_config={"quant_method": method, "load_in_4bit": True})
    assert f"quantization_config says {method}; lmc quantizes models itself" in refusal(model)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.gguf", b"GGUF" + bytes(60), "is a GGUF file"),
        ("x.txt", b"hello", "is a file, not a model; lmc wants a folder with config.json"),
        ("x.safetensors", b"", "is one file of a model; lmc wants a folder"),
    ],
)
def test_a_file_is_no_model(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_of_a_model_names_its_folder(name: str, model: Path) -> None:
    assert f"give lmc its folder, {model}" in refusal(model / name)


def test_an_adapters_folder_names_its_model(tmp_path: Path, model: Path) -> None:
    adapter = json.dumps({"base_model_name_or_path": "someone/mamba"})
    for folder in (tmp_path, model):
        (folder / "adapter_config.json").write_text(adapter)
        message = refusal(folder)
        assert "an adapter of someone/mamba" in message
        assert "merge_and_unload" in message


def test_weights_by_another_name_are_seen(model: Path) -> None:
    (model / "model.safetensors").rename(model / "last.ckpt")
    assert "but last.ckpt; if that is the model, rename it to pytorch_model.bin" in refusal(model)
    (model / "last.ckpt").rename(model / "q4.gguf")
    assert "q4.gguf is a GGUF file" in refusal(model)


def test_a_folder_of_something_else_says_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("")
    assert "holds no config.json or params.json, but notes.md" in refusal(tmp_path)


def test_the_docs_show_the_table() -> None:
    text = DOCS.read_text(encoding="utf-8")
    tables: tuple[Mapping[str, str], ...] = (
        spellings.WRAPPERS,
        spellings.PREFIXES,
        spellings.CONTAINERS,
        spellings.WEIGHT_FILES,
    )
    for table in tables:
        for name, who in table.items():
            assert f"| `{name}` | {who} |" in text
    for part in spellings.BACKBONE_PARTS:
        assert f"`{part}`" in text
