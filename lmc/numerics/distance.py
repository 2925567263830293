"""How far real values are apart, summed up piece by piece."""

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

    @property
    def decibels(self) -> str:
        """`23.4`; `no signal` where the values are all 0, else `exact` where there is no error."""
        if self.sqnr_db is None:
            return "exact" if self.signal else "no signal"
        return f"{self.sqnr_db:.1f}"
