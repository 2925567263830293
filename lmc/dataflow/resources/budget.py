"""A design's resources beside the budget, for people to read."""

from collections.abc import Mapping
from math import inf
from typing import Any

from lmc.dataflow.resources.counts import NAMES, Resources, amount
from lmc.labels import assumed, estimated

SOURCE = "docs/resources.md"
"""What figures of resources are computed by."""
BUDGET_SOURCE = assumed("the target file")
"""The label of what is to be planned with."""

PLACED = ("slrs", "crossings")
"""What the resources of a design that is placed in SLRs have besides."""
CALIBRATION = "calibration"
"""What the resources of a design that is calibrated have besides: what the factors are from."""


def source_of(resources: Mapping[str, Any]) -> str:
    """The label of figures of resources, of what `backends.schedule.design_resources` says."""
    calibration = resources.get(CALIBRATION)
    return estimated(SOURCE if calibration is None else f"{SOURCE}, calibrated: {calibration}")


def budget_rows(resources: Mapping[str, Any]) -> list[tuple[str, float, int, str, str]]:
    """(resource, used, budget, share, source) of what `backends.schedule.design_resources` says."""
    rows: list[tuple[str, float, int, str, str]] = []
    source = source_of(resources)
    for name, shown in NAMES.items():
        used, budget = resources[name]["used"], resources[name]["budget"]
        rows.append((shown, used, budget, share_of(used, budget), source))
    return rows


def budget_line(resources: Mapping[str, Any]) -> str:
    """The shares of the budget in one line."""
    parts = [
        f"{amount(used)} {shown} ({share})" for shown, used, _, share, _ in budget_rows(resources)
    ]
    return f"resources ({source_of(resources)}) and shares of the budget: {', '.join(parts)}"


def slr_line(resources: Mapping[str, Any]) -> str | None:
    """What of each SLR is used most, and the wires between them, in one line; None without SLRs."""
    if "slrs" not in resources:
        return None
    parts = [f"{slr} {_most_used(kinds)}" for slr, kinds in resources["slrs"].items()]
    parts += [
        f"{item['wires']:,} wires of {item['limit']:,} between {' and '.join(item['slrs'])}"
        for item in resources["crossings"]
    ]
    return f"by SLR, the largest share of the budget: {', '.join(parts)}"


def excess(resources: Mapping[str, Any]) -> str | None:
    """What the budget is short of, in all and by SLR, as one sentence; None when all fits."""
    short = _short(resources)
    parts = [] if short is None else [f"the budget by {short}"]
    parts += [
        f"the budget of {slr} by {of_slr}"
        for slr, kinds in resources.get("slrs", {}).items()
        if (of_slr := _short(kinds))
    ]
    parts += [
        f"the limit of wires between {' and '.join(item['slrs'])} by "
        f"{item['wires'] - item['limit']:,} ({item['wires']:,} of {item['limit']:,})"
        for item in resources.get("crossings", ())
        if item["wires"] > item["limit"]
    ]
    return f"the design is estimated to exceed {', '.join(parts)}" if parts else None


def _short(resources: Mapping[str, Any]) -> str | None:
    used = Resources(**{name: resources[name]["used"] for name in NAMES})
    return used.short({name: resources[name]["budget"] for name in NAMES})


def _most_used(kinds: Mapping[str, Any]) -> str:
    def share(name: str) -> float:
        used, budget = kinds[name]["used"], kinds[name]["budget"]
        return used / budget if budget else inf if used else 0.0

    name = max(NAMES, key=share)
    return f"{share_of(kinds[name]['used'], kinds[name]['budget'])} {NAMES[name]}"


def share_of(used: float, budget: int) -> str:
    """A part of the budget in percent; `none there` where the target has none of what is used."""
    if budget == 0:
        return "none there" if used else "0.0%"
    return f"{used / budget:.1%}"
