"""The weight files of a folder: their tensors by the names that they have there."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from lmc.diagnostics import LmcError
from lmc.models.spellings import WEIGHT_FILES
from lmc.models.tensor_files import TensorFile, open_tensor_file
from lmc.models.weights import FloatArray


@dataclass(frozen=True)
class StoredTensor:
    """A tensor of a file, by its name there."""

    file: TensorFile
    name: str
    shape: tuple[int, ...]

    def load(self) -> FloatArray:
        """Read it; raises LmcError if it is not floating-point."""
        return self.file.load(self.name)


class WeightFiles:
    """The weight files of a folder."""

    def __init__(self, folder: Path) -> None:
        """Find them; raises LmcError if there are none."""
        self.folder = folder
        self._paths = find_weight_files(folder)
        if not self._paths:
            raise LmcError(f"{folder} holds no {' or '.join(WEIGHT_FILES)}")

    @property
    def description(self) -> str:
        """The file, or the folder of the shards."""
        return str(self._paths[0] if len(self._paths) == 1 else self.folder)

    def tensors(self) -> Iterator[StoredTensor]:
        """All tensors; raises LmcError for a file that is truncated, damaged or of another kind."""
        for path in self._paths:
            file = open_tensor_file(path)
            for name, shape in file.shapes().items():
                yield StoredTensor(file, name, shape)

    def digest(self) -> bytes:
        """SHA-256 over the bytes of all files in order of name, streamed."""
        digest = hashlib.sha256()
        for path in self._paths:
            stat = path.stat()
            digest.update(_file_digest(path.resolve(), stat.st_size, stat.st_mtime_ns))
        return digest.digest()


def stored_twice(folder: Path, name: str, first: str, second: str) -> LmcError:
    """The error for two tensors, by their names in the files, that come to the same name."""
    spelled = f", as {first} and as {second}" if first != second else ""
    return LmcError(f"{folder}: tensor {name} is stored twice{spelled}; leave one of them out")


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
