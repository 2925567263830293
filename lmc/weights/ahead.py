"""Matrices of integers that are made before they are asked for, on other threads."""

from collections import deque
from contextlib import suppress
from threading import Thread

from lmc.diagnostics import LmcError
from lmc.weights.store import WeightStore


class MatricesAhead:
    """Makes the matrices of a store that the cache lacks, where they are then found.

    The store's module must not change meanwhile. A matrix that cannot be made is left out: who asks
    for it is told why.
    """

    def __init__(self, store: WeightStore, threads: int) -> None:
        """Start the threads; there may be none."""
        self._store = store
        self._left = deque(store.missing() if threads else ())
        self._threads = [Thread(target=self._make) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Help, and return when all are made."""
        self._make()
        self._join()

    def stop(self) -> None:
        """Begin no more of them, and wait for those that are being made."""
        self._left.clear()
        self._join()

    def _join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _make(self) -> None:
        while True:
            try:
                symbol, layer = self._left.popleft()
            except IndexError:
                return
            with suppress(LmcError):
                self._store.matrix(symbol, layer)
