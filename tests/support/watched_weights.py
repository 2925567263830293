"""Weights whose loads are noted, and a cache that keeps even small matrices."""

import threading
from pathlib import Path

import pytest
from integer_modules import DrawnWeights

from lmc.diagnostics import LmcError

LAYERS = 4
SHAPES = {f"w.{layer}": (4, 8) for layer in range(LAYERS)}


class WatchedWeights(DrawnWeights):
    """Notes which tensor is loaded on which thread, and lacks a tensor."""

    def __init__(self, lacks: str = "") -> None:
        super().__init__(SHAPES)
        self.loads: list[tuple[str, int]] = []
        self._lacks = lacks

    def load(self, name: str):
        self.loads.append((name, threading.get_ident()))
        if name == self._lacks:
            raise LmcError(f"there is no tensor {name}")
        return super().load(name)


def keep_small_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a cache of its own keep matrices of any size."""
    monkeypatch.setenv("LMC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("lmc.weights.store._WORTH_KEEPING", 1)
    # Nothing is kept where other tests of this process have loaded plugins.
    monkeypatch.setattr("lmc.cache.entries.has_plugins", lambda: False)
