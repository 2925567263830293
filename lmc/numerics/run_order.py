"""The order in which pieces of a vector are laid out: runs of elements of one piece after another.

A vector of pieces may be consecutive, or, as in LightMamba's in_proj (arXiv 2502.15260), some
pieces first and then, head by head, a run of each of the others.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Run(NamedTuple):
    """The next `length` elements of the piece with this index."""

    piece: int
    length: int


@dataclass(frozen=True)
class RunOrder:
    """The runs of `prologue`, then `repeat` times those of `repeated`.

    Pieces are numbered from 0; the runs of a piece, in turn, are all of it.
    """

    prologue: tuple[Run, ...]
    repeat: int = 0
    repeated: tuple[Run, ...] = ()

    @classmethod
    def of(
        cls, prologue: Sequence[Run], repeat: int = 0, repeated: Sequence[Run] = ()
    ) -> "RunOrder":
        """The order with runs joined where one piece follows itself."""
        body = _joined(repeated) if repeat else ()
        if repeat == 1 or len(body) == 1:
            first = tuple(Run(piece, length * repeat) for piece, length in body)
            return cls(_joined([*prologue, *first]))
        return cls(_joined(prologue), repeat if body else 0, body)

    @property
    def runs(self) -> Iterator[Run]:
        """All runs, in order."""
        yield from self.prologue
        for _ in range(self.repeat):
            yield from self.repeated

    @property
    def lengths(self) -> tuple[int, ...]:
        """Elements of each piece; 0 for one that is left out."""
        counted = Counter[int]()
        for piece, length in self.prologue:
            counted[piece] += length
        for piece, length in self.repeated:
            counted[piece] += length * self.repeat
        return tuple(counted[piece] for piece in range(1 + max(counted, default=-1)))

    @property
    def is_consecutive(self) -> bool:
        """Whether the pieces lie one after the other, by number."""
        pieces = [run.piece for run in self.runs]
        return pieces == sorted(set(pieces))

    def indices(self) -> NDArray[np.int64]:
        """For each place of the laid-out vector, which element of the consecutive pieces it is."""
        lengths = self.lengths
        next_of = [sum(lengths[:piece]) for piece in range(len(lengths))]
        found: list[NDArray[np.int64]] = []
        for piece, length in self.runs:
            found.append(np.arange(next_of[piece], next_of[piece] + length))
            next_of[piece] += length
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def places(self) -> NDArray[np.int64]:
        """The inverse of `indices`: where each element of the consecutive pieces is laid out."""
        return np.argsort(self.indices())

    def only(self, pieces: Collection[int]) -> "RunOrder":
        """What is left of the order without the other pieces; the numbers stay."""

        def kept(runs: Sequence[Run]) -> list[Run]:
            return [run for run in runs if run.piece in pieces]

        return RunOrder.of(kept(self.prologue), self.repeat, kept(self.repeated))

    def renamed(self, numbers: Mapping[int, int]) -> "RunOrder":
        """The same places under other numbers; pieces may become one."""

        def changed(runs: Sequence[Run]) -> list[Run]:
            return [Run(numbers[piece], length) for piece, length in runs]

        return RunOrder.of(changed(self.prologue), self.repeat, changed(self.repeated))


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].piece == run.piece:
            joined[-1] = Run(run.piece, joined[-1].length + run.length)
        elif run.length:
            joined.append(run)
    return tuple(joined)
