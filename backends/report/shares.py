"""Resources of a design by kernel, as `backends.schedule.design_resources` gives them by task."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lmc.dataflow.resources.budget import share_of
from lmc.dataflow.resources.counts import NAMES, amount

_GROUPS = {"FIFOs": "streams", "memory ports": "ports", "control": "control"}


@dataclass(frozen=True)
class Bar:
    """A resource beside its budget. `parts` are (part's number, what it is, percent of the bar).

    The bar is as long as the budget, or as what is used where that is more; `budget_at` is where
    the budget ends on it, in percent.
    """

    name: str
    used: str
    budget: str
    share: str
    parts: Sequence[tuple[int, str, float]]
    budget_at: float


def resource_bars(resources: Mapping[str, Any]) -> list[Bar]:
    """A bar for each resource, made up of kernels, FIFOs, memory ports and kernel control."""
    parts = kernel_shares(resources)
    bars: list[Bar] = []
    for name, shown in NAMES.items():
        used, budget = resources[name]["used"], resources[name]["budget"]
        length = max(1, used, budget)
        pieces = [
            (number, f"{part}: {amount(amounts[name])} {shown}", 100 * amounts[name] / length)
            for number, (part, amounts) in enumerate(parts.items())
            if amounts[name]
        ]
        share = share_of(used, budget)
        bars.append(Bar(shown, amount(used), amount(budget), share, pieces, 100 * budget / length))
    return bars


def kernel_shares(resources: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Resources of the tasks of each kernel, then of all FIFOs, memory ports and kernel control."""
    parts = {name: _sum(tasks.values()) for name, tasks in resources["kernels"].items()}
    return parts | {name: _sum(resources[group].values()) for name, group in _GROUPS.items()}


def _sum(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    amounts = dict.fromkeys(NAMES, 0.0)
    for part in parts:
        for name in NAMES:
            amounts[name] += part[name]
    return amounts
