"""Resources of a design by kernel, as `backends.schedule.design_resources` gives them by task."""

from collections.abc import Iterable, Mapping
from typing import Any

from lmc.dataflow.resources.counts import NAMES

_GROUPS = {"FIFOs": "streams", "memory ports": "ports", "control": "control"}


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
