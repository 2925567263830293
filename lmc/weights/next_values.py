"""Values of weights that are made on another thread, as they will be asked for next."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import Attribute

FloatArray = NDArray[np.float32]
Key: TypeAlias = tuple[str, str, int | None]
"""A kind of value, a symbol and a layer."""


class NextValues:
    """Values that are being made, or wait to be taken; several threads may use it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(1)
        self._begun: dict[Key, tuple[Attribute, Future[FloatArray]]] = {}

    def make(self, key: Key, recipe: Attribute, function: Callable[[], FloatArray]) -> None:
        """Begin with the value of a recipe, unless it has begun."""
        with self._lock:
            begun = self._begun.get(key)
            if begun is None or begun[0] is not recipe:
                self._begun[key] = recipe, self._pool.submit(function)

    def take(self, key: Key, recipe: Attribute) -> FloatArray | None:
        """The value, waiting for it, or what its making has raised; None if it has not begun."""
        with self._lock:
            begun = self._begun.pop(key, None)
        return begun[1].result() if begun is not None and begun[0] is recipe else None
