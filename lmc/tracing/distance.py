"""How far values are apart, summed up piece by piece."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmc.diagnostics import LmcError


@dataclass
class Distance:
    """Real values against those that they stand for."""

    elements: int = 0
    largest: float = 0.0
    """The largest absolute error."""
    signal: float = 0.0
    noise: float = 0.0

    def add(self, wanted: NDArray[np.float64], found: NDArray[np.float64], what: str) -> None:
        """Count more values, of one shape. Raises LmcError, naming `what`, if one is not finite."""
        error = np.abs(wanted - found)
        if not np.isfinite(error).all():
            raise LmcError(f"{what} is not finite, so there is nothing to compare")
        self.elements += error.size
        self.largest = max(self.largest, float(error.max(initial=0.0)))
        self.signal += float(np.sum(np.square(wanted)))
        self.noise += float(np.sum(np.square(error)))

    @property
    def sqnr_db(self) -> float | None:
        """10 · log10(signal / noise); None where the values are equal or all zero."""
        if not self.signal or not self.noise:
            return None
        return 10 * float(np.log10(self.signal / self.noise))


@dataclass
class Difference:
    """Integers of the interpreter against those of the C++."""

    integers: int = 0
    different: int = 0
    largest: int = 0
    """The largest absolute difference, in units of the integers."""
    first_token: int | None = None
    """The first token of the run with a difference."""

    def add(self, wanted: NDArray[np.int64], found: NDArray[np.int64], first: int) -> None:
        """Count the integers [T, ...] of the tokens from `first` on."""
        error = np.abs(wanted - found).reshape(len(wanted), -1)
        self.integers += error.size
        self.different += int(np.count_nonzero(error))
        self.largest = max(self.largest, int(error.max(initial=0)))
        tokens = np.flatnonzero(error.any(axis=1))
        if self.first_token is None and tokens.size:
            self.first_token = first + int(tokens[0])
