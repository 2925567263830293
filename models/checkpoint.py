"""Checkpoint files as a lazy weight source: safetensors, single or sharded, and PyTorch's .bin."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np

from lmc.diagnostics import LmcError
from lmc.models.spellings import WEIGHT_FILES, canonical_name
from lmc.models.tensor_files import TensorFile, open_tensor_file
from lmc.models.weights import EMBEDDING, LM_HEAD, FloatArray, require_finite


def find_weight_files(folder: Path) -> list[Path]:
    """Weight files of a checkpoint folder, by the table of spellings, shards in order of name.

    Empty if the folder holds no weights. Raises LmcError if an index names a shard that is absent.
    """
    for single in WEIGHT_FILES:
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
            raise LmcError(f"{folder} holds no {' or '.join(WEIGHT_FILES)}")
        self._folder = folder
        self._tied = tied
        self._fingerprint = ""
        self._where: dict[str, tuple[TensorFile, str, tuple[int, ...]]] = {}
        for path in self._paths:
            file = open_tensor_file(path)
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
                stat = path.stat()
                digest.update(_file_digest(path.resolve(), stat.st_size, stat.st_mtime_ns))
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

    def _add(self, name: str, file: TensorFile, stored: str, shape: tuple[int, ...]) -> None:
        if name in self._where:
            first = self._where[name][1]
            spelled = f", as {first} and as {stored}" if first != stored else ""
            raise LmcError(
                f"{self._folder}: tensor {name} is stored twice{spelled}; leave one of them out"
            )
        self._where[name] = (file, stored, shape)

    def _drop_tied_head(self) -> None:
        head, stored, shape = self._where.pop(LM_HEAD)
        same = shape == self.shape(EMBEDDING)
        if not same or not np.array_equal(head.load(stored), self.load(EMBEDDING)):
            raise LmcError(
                f"{self.description}: {LM_HEAD} differs from {EMBEDDING}, but the config says that "
                f"they are tied; set tie_word_embeddings (or tie_embeddings) to false"
            )

    def _find(self, name: str) -> tuple[TensorFile, str, tuple[int, ...]]:
        name = canonical_name(name)
        if name == LM_HEAD and self._tied:
            name = EMBEDDING
        if name not in self._where:
            raise LmcError(f"{self.description}: there is no tensor named {name}")
        return self._where[name]


@lru_cache(maxsize=256)
def _file_digest(path: Path, _size: int, _modified: int) -> bytes:
    """SHA-256 of a file, taken again when it has changed: passes open a checkpoint anew."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


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
