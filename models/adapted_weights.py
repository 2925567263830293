"""A checkpoint of another family as a lazy weight source: an adapter says what is made of what."""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lmc.diagnostics import LmcError
from lmc.models.adapters import Adapter, Made, make_weight, weights_of
from lmc.models.config import ModelConfig, tensor_shapes
from lmc.models.spellings import canonical_name, without_wrappers
from lmc.models.weight_files import StoredTensor, WeightFiles, stored_twice
from lmc.models.weights import EMBEDDING, LM_HEAD, FloatArray, require_finite
from lmc.plugins.offers import Offer


class AdaptedWeights:
    """The weights of lmc's model, made of the tensors of a folder that an adapter reads.

    A tied LM head is the embedding's weight; one that is stored or made has to be equal to it.
    """

    def __init__(
        self,
        adapter: Offer[Adapter],
        values: Mapping[str, object],
        folder: Path,
        config: ModelConfig,
    ) -> None:
        """Open the folder's weight files, and find what each weight is made of.

        `config` is what the adapter has read of the configuration file, `values` what that holds.

        Raises LmcError if there are none or one is damaged, for a weight that the adapter does not
        give, one that the model does not have, a stored tensor that is missing, and one that no
        weight is made of.
        """
        self._files = WeightFiles(folder)
        self._adapter = adapter
        self._shapes = tensor_shapes(config)
        self._fingerprint = ""
        self._stored: dict[str, StoredTensor] = {}
        for tensor in self._files.tensors():
            name = without_wrappers(tensor.name)
            if name in self._stored:
                raise stored_twice(folder, name, self._stored[name].name, tensor.name)
            self._stored[name] = tensor
        self._sources = weights_of(adapter, config, values)
        self._check_sources(tied=config.tie_embeddings)
        if config.tie_embeddings and LM_HEAD in self._sources:
            self._drop_tied_head()

    @property
    def description(self) -> str:
        """The file or the folder of the shards, and the adapter."""
        return f"{self._files.description}, read by the adapter {self._adapter.value.name}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the bytes of all files and of the adapter's module, at the first call."""
        if not self._fingerprint:
            digest = hashlib.sha256(self._files.digest())
            code = sys.modules[self._adapter.module].__file__
            assert code is not None, "an adapter is defined in a file"
            digest.update(Path(code).read_bytes())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    def names(self) -> list[str]:
        """Canonical names, sorted."""
        return sorted(self._sources)

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape of a weight, as it is stored or as the model asks for what is made."""
        name = self._named(name)
        source = self._sources[name]
        return self._shapes[name] if isinstance(source, Made) else self._stored[source].shape

    def load(self, name: str) -> FloatArray:
        """Read or make one weight; raises LmcError if it has another shape or is not finite."""
        name = self._named(name)
        source = self._sources[name]
        if not isinstance(source, Made):
            return require_finite(self._stored[source].load(), name, self.description)
        parts = [self._stored[one].load() for one in source.stored]
        made = make_weight(self._adapter, source, parts)
        # A head that is tied is no weight of the model's own, but as large as the embedding.
        wanted = self._shapes[EMBEDDING if name == LM_HEAD else name]
        if made.shape != wanted:
            raise LmcError(
                f"{self.description}: the adapter makes {name} of shape {list(made.shape)}, but "
                f"its configuration asks for {list(wanted)}"
            )
        return require_finite(made, name, self.description)

    def _named(self, name: str) -> str:
        name = canonical_name(name)
        if name == LM_HEAD and name not in self._sources:
            name = EMBEDDING
        if name not in self._sources:
            raise LmcError(f"{self.description}: there is no tensor named {name}")
        return name

    def _check_sources(self, *, tied: bool) -> None:
        given = self._sources.keys() - ({LM_HEAD} if tied else set())
        wrong = sorted(given ^ self._shapes.keys())
        if wrong:
            verb = "gives no" if wrong[0] in self._shapes else "gives a weight that is none:"
            raise LmcError(f"{self.description}: the adapter {verb} {wrong[0]}")
        used: set[str] = set()
        for name, source in self._sources.items():
            for stored in source.stored if isinstance(source, Made) else (source,):
                used.add(stored)
                if stored not in self._stored:
                    held = ", ".join(sorted(self._stored)[:3]) or "nothing"
                    raise LmcError(
                        f"{self.description}: tensor {stored} is missing, of which {name} is "
                        f"made; there are {len(self._stored)} tensors: {held}, ..."
                    )
        unused = sorted(self._stored.keys() - used)
        if unused:
            raise LmcError(f"{self.description}: no weight is made of the tensor {unused[0]}")

    def _drop_tied_head(self) -> None:
        if not np.array_equal(self.load(LM_HEAD), self.load(EMBEDDING)):
            raise LmcError(
                f"{self.description}: {LM_HEAD} differs from {EMBEDDING}, but the configuration "
                "says that they are tied"
            )
        del self._sources[LM_HEAD]
