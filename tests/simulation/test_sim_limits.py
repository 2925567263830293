"""What limits a launch: the memory, the task, or neither, by the shares that they are used."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from lmc.dialects.dataflow import DesignOp
from lmc.simulation.launch import Launch
from lmc.simulation.limits import has_time, limits


def launch(memories: dict[str, float], tasks: dict[str, float]) -> Launch:
    """A launch in which memories and tasks are used by these shares."""
    found: Any = SimpleNamespace(
        decode_bytes=dict.fromkeys(memories, 1),
        utilization=memories.__getitem__,
        occupancy=tasks.__getitem__,
        slowest_task=max(tasks, key=tasks.__getitem__),
        result=SimpleNamespace(tasks=tasks),
        design=DesignOp("empty"),
    )
    return cast(Launch, found)


@pytest.mark.parametrize(
    ("memories", "tasks", "beginning"),
    [
        (
            {"DDR": 0.2, "HBM": 0.95},
            {"a": 0.4, "b": 0.7},
            "The memory HBM limits it: new tokens use 95.0%",
        ),
        ({"DDR": 0.2, "HBM": 0.91}, {"a": 0.4, "b": 0.97}, "The task b limits it: it needs 97.0%"),
        ({"DDR": 0.2, "HBM": 0.3}, {"a": 0.4, "b": 0.7}, "Nothing limits it alone"),
    ],
)
def test_the_most_used_is_named(
    memories: dict[str, float], tasks: dict[str, float], beginning: str
) -> None:
    found = limits(launch(memories, tasks))
    assert found[0].startswith(beginning)
    assert found[1].startswith("1 of 2 tasks")


def test_a_task_with_time_may_wait() -> None:
    found = launch({"DDR": 1.0}, {"a": 0.4, "b": 0.5})
    assert [has_time(found, task) for task in ("a", "b")] == [True, False]
