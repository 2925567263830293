"""A design's resources beside the budget, for people to read."""

from collections.abc import Mapping
from typing import Any

from lmc.dataflow.resources.counts import NAMES, Resources

SOURCE = "estimated (docs/resources.md)"
"""Where the figures of resources come from."""


def budget_rows(resources: Mapping[str, Any]) -> list[tuple[str, float, int, str, str]]:
    """(resource, used, budget, share, source) of what `backends.schedule.design_resources` says."""
    rows: list[tuple[str, float, int, str, str]] = []
    for name, shown in NAMES.items():
        used, budget = resources[name]["used"], resources[name]["budget"]
        rows.append((shown, used, budget, share_of(used, budget), SOURCE))
    return rows


def budget_line(resources: Mapping[str, Any]) -> str:
    """The shares of the budget in one line."""
    parts = [f"{used:,g} {shown} ({share})" for shown, used, _, share, _ in budget_rows(resources)]
    return f"resources, estimated, and shares of the budget: {', '.join(parts)}"


def excess(resources: Mapping[str, Any]) -> str | None:
    """What the budget is short of, as one sentence; None when all fits."""
    used = Resources(**{name: resources[name]["used"] for name in NAMES})
    return used.over({name: resources[name]["budget"] for name in NAMES})


def share_of(used: float, budget: int) -> str:
    """A part of the budget in percent; `none there` where the target has none of what is used."""
    if budget == 0:
        return "none there" if used else "0.0%"
    return f"{used / budget:.1%}"
