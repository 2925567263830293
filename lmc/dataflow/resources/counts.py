"""Amounts of a device's resources, of a part or of a whole design."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from math import ceil

NAMES = {"lut": "LUT", "ff": "FF", "dsp": "DSP", "bram36": "BRAM36", "uram": "URAM"}
"""How messages write the resources of a budget."""


@dataclass(frozen=True)
class Resources:
    """LUTs, flip-flops, DSP blocks, BRAM in blocks of 36 Kbit (halves count), URAM blocks."""

    lut: float = 0
    ff: float = 0
    dsp: float = 0
    bram36: float = 0
    uram: float = 0

    def __add__(self, other: "Resources") -> "Resources":
        return Resources(
            *(getattr(self, item.name) + getattr(other, item.name) for item in fields(self))
        )

    def __mul__(self, count: float) -> "Resources":
        return Resources(*(getattr(self, item.name) * count for item in fields(self)))

    def as_dict(self) -> dict[str, float]:
        """By name, in whole numbers; bram36 in halves."""
        halves = ceil(2 * self.bram36)
        return {
            "lut": ceil(self.lut),
            "ff": ceil(self.ff),
            "dsp": ceil(self.dsp),
            "bram36": halves / 2 if halves % 2 else halves // 2,
            "uram": ceil(self.uram),
        }

    def over(self, budget: Mapping[str, int]) -> str | None:
        """What a budget (`Target.budget()`) is short of, as one sentence; None when all fits."""
        short = self.short(budget)
        return short and f"the design is estimated to exceed the budget by {short}"

    def short(self, budget: Mapping[str, int]) -> str | None:
        """What a budget is short of, listed; None when all fits."""
        short = {
            name: (amount, budget[name])
            for name, amount in self.as_dict().items()
            if amount > budget[name]
        }
        if not short:
            return None
        parts = [
            f"{amount(used - have)} {NAMES[name]} ({amount(used)} of {amount(have)})"
            for name, (used, have) in short.items()
        ]
        return ", ".join(parts)


def amount(count: float) -> str:
    """How messages write an amount of a resource; of BRAM36 with its half."""
    return f"{count:,.1f}".removesuffix(".0")


def total(parts: Iterable[Resources]) -> Resources:
    """The sum of all parts."""
    return sum(parts, start=Resources())


@dataclass(frozen=True)
class DesignResources:
    """What a design takes: tasks by kernel and name; streams, ports and kernel control by name."""

    tasks: Mapping[str, Mapping[str, Resources]]
    streams: Mapping[str, Resources]
    ports: Mapping[str, Resources]
    control: Mapping[str, Resources]

    @property
    def total(self) -> Resources:
        """All of it together."""
        parts = [part for tasks in self.tasks.values() for part in tasks.values()]
        for group in (self.streams, self.ports, self.control):
            parts += group.values()
        return total(parts)

    def over(self, budget: Mapping[str, int]) -> str | None:
        """As `Resources.over` of the total."""
        return self.total.over(budget)
