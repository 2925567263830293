"""Checkpoint files as a lazy weight source: safetensors, single or sharded, and PyTorch's .bin.

Files are memory-mapped: loading a tensor reads that tensor's bytes and no others.
"""

import hashlib
import json
import pickle
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from safetensors import SafetensorError, safe_open

from lmc.diagnostics import LmcError
from lmc.models.weights import EMBEDDING, LM_HEAD, FloatArray, canonical_name, require_finite

if TYPE_CHECKING:
    from torch import Tensor

_SINGLE_FILES = ("model.safetensors", "pytorch_model.bin")
_FLOAT_TYPES = ("F64", "F32", "F16", "BF16", "float64", "float32", "float16", "bfloat16")


class _TensorFile(Protocol):
    def shapes(self) -> dict[str, tuple[int, ...]]: ...

    def load(self, name: str) -> FloatArray: ...


def find_weight_files(folder: Path) -> list[Path]:
    """Weight files of a checkpoint folder, safetensors before .bin, shards in order of name.

    Empty if the folder holds no weights. Raises LmcError if an index names a shard that is absent.
    """
    for single in _SINGLE_FILES:
        if (folder / single).is_file():
            return [folder / single]
        index = folder / f"{single}.index.json"
        if index.is_file():
            return _shards(index)
    return []


class CheckpointWeights:
    """The tensors of a checkpoint folder under canonical names; `tied` drops a stored LM head."""

    def __init__(self, folder: Path, *, tied: bool) -> None:
        """Open the folder's weight files.

        Raises LmcError if there are none, or if one is truncated, damaged or of an unknown kind.
        """
        self._paths = find_weight_files(folder)
        if not self._paths:
            raise LmcError(f"{folder} holds no {' or '.join(_SINGLE_FILES)}")
        self._folder = folder
        self._tied = tied
        self._fingerprint = ""
        self._where: dict[str, tuple[_TensorFile, str, tuple[int, ...]]] = {}
        for path in self._paths:
            file = _open_file(path)
            for stored, shape in file.shapes().items():
                self._add(canonical_name(stored), file, stored, shape)
        if tied and LM_HEAD in self._where:
            self._drop_tied_head()

    @property
    def description(self) -> str:
        """The file, or the folder of the shards."""
        return str(self._paths[0] if len(self._paths) == 1 else self._folder)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the bytes of all files in order of name, streamed at the first call."""
        if not self._fingerprint:
            digest = hashlib.sha256()
            for path in self._paths:
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def names(self) -> list[str]:
        """Canonical names, sorted."""
        return sorted(self._where)

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor; raises LmcError if there is none of that name."""
        return self._find(name)[2]

    def load(self, name: str) -> FloatArray:
        """Read one tensor; raises LmcError if it is missing, not floating-point or not finite."""
        file, stored, _ = self._find(name)
        return require_finite(file.load(stored), name, self.description)

    def _add(self, name: str, file: _TensorFile, stored: str, shape: tuple[int, ...]) -> None:
        if name in self._where:
            raise LmcError(f"{self._folder}: tensor {name} is stored twice")
        self._where[name] = (file, stored, shape)

    def _drop_tied_head(self) -> None:
        head, stored, shape = self._where.pop(LM_HEAD)
        same = shape == self.shape(EMBEDDING)
        if not same or not np.array_equal(head.load(stored), self.load(EMBEDDING)):
            raise LmcError(
                f"{self.description}: {LM_HEAD} differs from {EMBEDDING}, but the config says that "
                f"they are tied; set tie_word_embeddings (or tie_embeddings) to false"
            )

    def _find(self, name: str) -> tuple[_TensorFile, str, tuple[int, ...]]:
        name = canonical_name(name)
        if name == LM_HEAD and self._tied:
            name = EMBEDDING
        if name not in self._where:
            raise LmcError(f"{self.description}: there is no tensor named {name}")
        return self._where[name]


class _SafetensorsFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = safe_open(path, framework="pt")
        except (SafetensorError, OSError, ValueError) as error:
            raise _damaged(path, error) from error

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {
            name: tuple(self._file.get_slice(name).get_shape())
            for name in sorted(cast("Iterable[str]", self._file.keys()))
        }

    def load(self, name: str) -> FloatArray:
        _require_float(self._path, name, self._file.get_slice(name).get_dtype())
        return _to_float32(self._file.get_tensor(name))


class _TorchFile:
    """A zip of raw storages and a pickle, read with weights_only: no code in it is run."""

    def __init__(self, path: Path) -> None:
        import torch  # a second of start-up that only .bin files need

        self._path = path
        if not zipfile.is_zipfile(path):
            raise LmcError(
                f"{path} is truncated or older than PyTorch 1.6's format; fetch it again or save "
                f"the model as safetensors"
            )
        try:
            loaded: object = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except pickle.UnpicklingError as error:
            raise LmcError(f"{path} holds something else than tensors, which is unsafe") from error
        except (RuntimeError, OSError, EOFError, ValueError) as error:
            raise _damaged(path, error) from error
        if not isinstance(loaded, dict):
            raise LmcError(f"{path} does not hold a dictionary of tensors")
        self._tensors = cast("dict[str, Tensor]", loaded)
        for name, value in self._tensors.items():
            if not isinstance(cast(object, value), torch.Tensor):
                raise LmcError(f"{path}: entry {name} is not a tensor")

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: tuple(tensor.shape) for name, tensor in sorted(self._tensors.items())}

    def load(self, name: str) -> FloatArray:
        tensor = self._tensors[name]
        _require_float(self._path, name, str(tensor.dtype).removeprefix("torch."))
        return _to_float32(tensor)


def _open_file(path: Path) -> _TensorFile:
    return _SafetensorsFile(path) if path.suffix == ".safetensors" else _TorchFile(path)


def _shards(index: Path) -> list[Path]:
    try:
        weight_map: object = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        shards = sorted(set(cast("dict[str, str]", weight_map).values()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LmcError(f"{index} is not an index of weight files") from error
    for shard in shards:
        if not (index.parent / shard).is_file():
            raise LmcError(f"{index.parent} lacks {shard}, which {index.name} names")
    return [index.parent / shard for shard in shards]


def _require_float(path: Path, name: str, dtype: str) -> None:
    if dtype not in _FLOAT_TYPES:
        raise LmcError(
            f"{path}: tensor {name} is stored as {dtype}; lmc reads float64, float32, float16 "
            f"and bfloat16"
        )


def _to_float32(tensor: "Tensor") -> FloatArray:
    # The one copy there is: the array outlives the memory map and can be written to.
    converted = tensor.detach().float().contiguous()
    return (converted.clone() if converted.data_ptr() == tensor.data_ptr() else converted).numpy()


def _damaged(path: Path, error: Exception) -> LmcError:
    reason = str(error).strip().splitlines()
    return LmcError(
        f"{path} is truncated or damaged, fetch it again ({reason[0] if reason else 'empty file'})"
    )
