"""What each step costs in accuracy, as `lmc.tracing.steps` finds it by running the steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lmc.explorer.steps import Step
from lmc.numerics.distance import Distance


@dataclass(frozen=True)
class Deviation:
    """The logits of a step against those of another one, over all tokens."""

    distance: Distance
    is_equal: bool
    """Whether they are equal bit for bit, in one number format."""
    agreeing: int
    """Tokens after which both choose the same."""


@dataclass(frozen=True)
class ValueNoise:
    """A result of an op of level 2 against the float model's value of that name.

    `layers` has a distance for each layer, a single one for an op outside of them.
    """

    value: str
    is_state: bool
    layers: tuple[Distance, ...]


@dataclass(frozen=True)
class StepNumerics:
    """What a step's module computed.

    `of_float` is against the first module of level 1, None for that one and where there is none;
    `of_before` against the last step before that was run, None for the first one. `noise` has the
    results of ops, by the ops' numbers, for steps of level 2.
    """

    of_float: Deviation | None
    of_before: Deviation | None
    noise: Mapping[int, tuple[ValueNoise, ...]]


@dataclass(frozen=True)
class Numerics:
    """The steps that were run, by number: those of levels 0 to 3, and the last one as C++.

    `remarks` are sentences about those that should have been and were not.
    """

    tokens: tuple[int, ...]
    steps: Mapping[int, StepNumerics]
    remarks: tuple[str, ...] = ()


Measure = Callable[[Sequence[Step]], Numerics]
"""Runs the steps of a design."""
