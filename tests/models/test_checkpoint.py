import json
import resource
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch_file

from lmc.diagnostics import LmcError
from lmc.models.checkpoint import CheckpointWeights
from lmc.models.config import Mamba2Config
from lmc.models.weights import RandomWeights, check_weights

Tensors = dict[str, np.ndarray]


def as_torch(tensors: Tensors) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(array) for name, array in tensors.items()}


def write_single(folder: Path, tensors: Tensors) -> None:
    save_file(tensors, folder / "model.safetensors")


def write_bin(folder: Path, tensors: Tensors) -> None:
    torch.save(as_torch(tensors), folder / "pytorch_model.bin")


def write_sharded(folder: Path, tensors: Tensors) -> None:
    names = sorted(tensors)
    shards = {"a.safetensors": names[:5], "b.safetensors": names[5:]}
    for shard, part in shards.items():
        save_file({name: tensors[name] for name in part}, folder / shard)
    index = {"weight_map": {name: shard for shard, part in shards.items() for name in part}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


@pytest.mark.parametrize("write", [write_single, write_bin, write_sharded])
def test_every_layout_gives_the_same_tensors(
    write: Callable[[Path, Tensors], None],
    tmp_path: Path,
    tensors: Tensors,
    mamba2_config: Mamba2Config,
) -> None:
    write(tmp_path, tensors)
    source = CheckpointWeights(tmp_path, tied=True)
    check_weights(mamba2_config, source)
    expected = RandomWeights(mamba2_config, seed=3)
    assert set(source.names()) == set(expected.names())
    for name in source.names():
        array = source.load(name)
        np.testing.assert_array_equal(array, expected.load(name))
        assert array.flags.writeable
    np.testing.assert_array_equal(
        source.load("lm_head.weight"), expected.load("backbone.embedding.weight")
    )
    assert source.fingerprint == CheckpointWeights(tmp_path, tied=True).fingerprint
    assert len(source.fingerprint) == 64


def test_a_stored_copy_of_a_tied_head_is_dropped(
    tmp_path: Path, tensors: Tensors, mamba2_config: Mamba2Config
) -> None:
    stored = as_torch(tensors)
    stored["lm_head.weight"] = stored["backbone.embeddings.weight"]
    torch.save(stored, tmp_path / "pytorch_model.bin")
    check_weights(mamba2_config, CheckpointWeights(tmp_path, tied=True))
    assert "lm_head.weight" in CheckpointWeights(tmp_path, tied=False).names()


def test_a_tied_head_that_differs_is_refused(tmp_path: Path, tensors: Tensors) -> None:
    head = tensors["backbone.embeddings.weight"] + 1
    write_single(tmp_path, {**tensors, "lm_head.weight": head})
    with pytest.raises(LmcError, match=r"lm_head\.weight differs from backbone\.embedding"):
        CheckpointWeights(tmp_path, tied=True)


def test_half_precision_is_widened(tmp_path: Path) -> None:
    values = torch.tensor([1.5, -3.0, 1e-3])
    save_torch_file(
        {"half": values.half(), "brain": values.bfloat16()}, tmp_path / "model.safetensors"
    )
    source = CheckpointWeights(tmp_path, tied=False)
    np.testing.assert_array_equal(source.load("half"), values.half().float())
    np.testing.assert_array_equal(source.load("brain"), values.bfloat16().float())


def test_loading_a_tensor_does_not_read_its_neighbours(tmp_path: Path) -> None:
    large = torch.ones(16 << 20, dtype=torch.float16)
    torch.save({"large": large, "small": torch.ones(3)}, tmp_path / "pytorch_model.bin")
    save_torch_file({"large": large, "small": torch.ones(3)}, tmp_path / "model.safetensors")
    for file in ("model.safetensors", "pytorch_model.bin"):
        source = CheckpointWeights(tmp_path, tied=False)
        before = resident_bytes()
        np.testing.assert_array_equal(source.load("small"), np.ones(3))
        assert resident_bytes() - before < 8 << 20
        (tmp_path / file).unlink()


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("write", [write_single, write_bin])
@pytest.mark.parametrize("keep", [0, 5, 1000, -1])
def test_a_truncated_file_is_one_sentence(
    write: Callable[[Path, Tensors], None], keep: int, tmp_path: Path, tensors: Tensors
) -> None:
    write(tmp_path, tensors)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(LmcError, match="truncated") as caught:
        CheckpointWeights(tmp_path, tied=True)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    torch.save({"step": 3}, tmp_path / "pytorch_model.bin")
    with pytest.raises(LmcError, match="entry step is not a tensor"):
        CheckpointWeights(tmp_path, tied=True)
    torch.save([1], tmp_path / "pytorch_model.bin")
    with pytest.raises(LmcError, match="dictionary of tensors"):
        CheckpointWeights(tmp_path, tied=True)
    torch.save({"path": tmp_path}, tmp_path / "pytorch_model.bin")
    with pytest.raises(LmcError, match="unsafe"):
        CheckpointWeights(tmp_path, tied=True)


def test_missing_files_are_named(tmp_path: Path, tensors: Tensors) -> None:
    with pytest.raises(LmcError, match=r"holds no model\.safetensors or pytorch_model\.bin"):
        CheckpointWeights(tmp_path, tied=True)
    write_sharded(tmp_path, tensors)
    (tmp_path / "b.safetensors").unlink()
    with pytest.raises(LmcError, match=r"lacks b\.safetensors"):
        CheckpointWeights(tmp_path, tied=True)
    (tmp_path / "model.safetensors.index.json").write_text("{}")
    with pytest.raises(LmcError, match="not an index"):
        CheckpointWeights(tmp_path, tied=True)


def test_a_tensor_in_two_shards_is_refused(tmp_path: Path, tensors: Tensors) -> None:
    write_sharded(tmp_path, tensors)
    save_file(tensors, tmp_path / "a.safetensors")
    with pytest.raises(LmcError, match="stored twice"):
        CheckpointWeights(tmp_path, tied=True)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("write", [write_single, write_bin])
def test_values_that_are_not_finite_are_named_when_loaded(
    write: Callable[[Path, Tensors], None], bad: float, tmp_path: Path, tensors: Tensors
) -> None:
    name = "backbone.layers.1.mixer.A_log"
    tensors[name][2] = bad
    write(tmp_path, tensors)
    source = CheckpointWeights(tmp_path, tied=True)
    source.load("backbone.norm_f.weight")
    with pytest.raises(LmcError, match=r"tensor backbone\.layers\.1\.mixer\.A_log holds 1 values"):
        source.load(name)


@pytest.mark.parametrize("write", [write_single, write_bin])
def test_integer_weights_are_refused(
    write: Callable[[Path, Tensors], None], tmp_path: Path
) -> None:
    write(tmp_path, {"packed": np.ones(4, np.int8)})
    with pytest.raises(LmcError, match=r"tensor packed is stored as (I8|int8)"):
        CheckpointWeights(tmp_path, tied=True).load("packed")


def test_a_file_that_has_changed_has_another_fingerprint(tmp_path: Path, tensors: Tensors) -> None:
    write_single(tmp_path, tensors)
    before = CheckpointWeights(tmp_path, tied=True).fingerprint
    write_single(tmp_path, {name: 2 * array for name, array in tensors.items()})
    assert CheckpointWeights(tmp_path, tied=True).fingerprint != before
