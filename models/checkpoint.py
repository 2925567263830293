"""Checkpoint files as a lazy weight source: safetensors, single or sharded, and PyTorch's .bin."""

from pathlib import Path

import numpy as np

from lmc.diagnostics import LmcError
from lmc.models.spellings import canonical_name
from lmc.models.weight_files import StoredTensor, WeightFiles, stored_twice
from lmc.models.weights import EMBEDDING, LM_HEAD, FloatArray, require_finite


class CheckpointWeights:
    """The tensors of a checkpoint folder under canonical names; `tied` drops a stored LM head."""

    def __init__(self, folder: Path, *, tied: bool) -> None:
        """Open the folder's weight files.

        Raises LmcError if there are none, or if one is truncated, damaged or of an unknown kind.
        """
        self._files = WeightFiles(folder)
        self._tied = tied
        self._fingerprint = ""
        self._where: dict[str, StoredTensor] = {}
        for stored in self._files.tensors():
            name = canonical_name(stored.name)
            if name in self._where:
                raise stored_twice(folder, name, self._where[name].name, stored.name)
            self._where[name] = stored
        if tied and LM_HEAD in self._where:
            self._drop_tied_head()

    @property
    def description(self) -> str:
        """The file, or the folder of the shards."""
        return self._files.description

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the bytes of all files in order of name, streamed at the first call."""
        if not self._fingerprint:
            self._fingerprint = self._files.digest().hex()
        return self._fingerprint

    def names(self) -> list[str]:
        """Canonical names, sorted."""
        return sorted(self._where)

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a tensor; raises LmcError if there is none of that name."""
        return self._find(name).shape

    def load(self, name: str) -> FloatArray:
        """Read one tensor; raises LmcError if it is missing, not floating-point or not finite."""
        return require_finite(self._find(name).load(), name, self.description)

    def _drop_tied_head(self) -> None:
        head = self._where.pop(LM_HEAD)
        same = head.shape == self.shape(EMBEDDING)
        if not same or not np.array_equal(head.load(), self.load(EMBEDDING)):
            raise LmcError(
                f"{self.description}: {LM_HEAD} differs from {EMBEDDING}, but the config says that "
                f"they are tied; set tie_word_embeddings (or tie_embeddings) to false"
            )

    def _find(self, name: str) -> StoredTensor:
        name = canonical_name(name)
        if name == LM_HEAD and self._tied:
            name = EMBEDDING
        if name not in self._where:
            raise LmcError(f"{self.description}: there is no tensor named {name}")
        return self._where[name]
