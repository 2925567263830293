"""How far integers are apart, summed up piece by piece."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
