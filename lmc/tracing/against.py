"""Two designs of one model on the same tokens: what each loses, and how far they are apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lmc.design.folder import Design
from lmc.diagnostics import LmcError
from lmc.evaluation.engines import design_program
from lmc.interpreter import RunResult, real_values
from lmc.numerics.distance import Distance
from lmc.numerics.errors import FLOAT_TOLERANCE, relative_error
from lmc.tracing.trace import PIECE, Trace, ValueTrace, describe, trace_design
from lmc.tracing.values import Run, Seen, ValueName


@dataclass(frozen=True)
class ValuePair:
    """A value that both designs have, and their float models too, each against its own."""

    first: ValueTrace
    second: ValueTrace
    between: Distance | None
    """The second's integers against the first's, at their real values; None where the float models
    differ in the value already: channels are rotated, scaled or ordered in another way."""


@dataclass(frozen=True)
class Comparison:
    """Two designs on the tokens of the first one's trace."""

    first: Trace
    second: Trace
    values: tuple[ValuePair, ...]
    logits: Distance
    """The second's logits against the first's."""
    agreeing: int
    """Tokens after which both choose the same."""


def compare_designs(first: Trace, other: Design, plugins: Sequence[Path] = ()) -> Comparison:
    """Trace another design on the tokens of a trace, and compare the two.

    Raises:
        LmcError: it is of another model, or as `trace_design`.
    """
    models = [design.manifest["model"]["fingerprint"] for design in (first.design, other)]
    if models[0] != models[1]:
        raise LmcError(
            f"{other.path} is of model {other.model} and {first.design.path} of "
            f"{first.design.model}, or their weights differ: only designs of one model compare"
        )
    second = trace_design(other, first.tokens, 1, plugins)
    pairs = _Pairs(first.design, other, plugins)
    for at in range(0, len(first.tokens), PIECE):
        pairs.piece(first.tokens[at : at + PIECE])
    theirs = {value.name: value for value in second.values}
    values = tuple(
        ValuePair(value, theirs[value.name], pairs.between.get(value.name))
        for value in first.values
        if value.distance is not None
        and (other_value := theirs.get(value.name)) is not None
        and other_value.distance is not None
    )
    return Comparison(first, second, values, pairs.logits, pairs.agreeing)


class _Pairs:
    """The float and integer modules of both designs while they run."""

    def __init__(self, first: Design, second: Design, plugins: Sequence[Path]) -> None:
        self._runs = [
            [Run(design_program(design, name, plugins)) for name in ("float", "integer")]
            for design in (first, second)
        ]
        self.between: dict[ValueName, Distance] = {}
        self._apart: set[ValueName] = set()
        self.logits = Distance()
        self.agreeing = 0

    def piece(self, ids: Sequence[int]) -> None:
        """Compare all values of more tokens."""
        (one, one_result), (two, two_result) = (self._run(runs, ids) for runs in self._runs)
        for name in one.keys() & two.keys():
            (seen, wanted, value), (_, other_wanted, other_value) = one[name], two[name]
            if not relative_error(wanted, other_wanted) <= FLOAT_TOLERANCE:
                self._apart.add(name)
            if name in self._apart:
                self.between.pop(name, None)
                continue
            if seen.is_state:  # of the last token alone
                self.between.pop(name, None)
            distance = self.between.setdefault(name, Distance())
            distance.add(value, other_value, describe(name))
        before, after = (
            real_values(result.logits, result.logits_format) for result in (one_result, two_result)
        )
        self.logits.add(before, after, "a logit")
        used = self._runs[0][1].tokens_in_use
        chosen = [logits[..., :used].argmax(axis=-1) for logits in (before, after)]
        self.agreeing += int((chosen[0] == chosen[1]).sum())

    def _run(
        self, runs: Sequence[Run], ids: Sequence[int]
    ) -> "tuple[dict[ValueName, _Both], RunResult]":
        """Each value of the float model and of the integers, by name; the integers' result."""
        floats: dict[ValueName, _Reals] = {}
        both: dict[ValueName, _Both] = {}

        def keep(seen: Seen) -> None:
            floats[seen.name] = real_values(seen.value, seen.element)

        def pair(seen: Seen) -> None:
            value, wanted = real_values(seen.value, seen.element), floats.get(seen.name)
            if wanted is not None and wanted.shape == value.shape:
                both[seen.name] = seen, wanted, value

        runs[0].next(ids, keep)
        return both, runs[1].next(ids, pair)


_Reals = NDArray[np.float64]
_Both = tuple[Seen, _Reals, _Reals]
"""A value as the integers have it, and the real values of both."""
