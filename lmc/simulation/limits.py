"""What limits the speed of a simulated launch, in sentences."""

from lmc.simulation.launch import Launch

_LIMITS = 0.9
"""From this share of a new token's time on, what is in use is said to limit the speed."""
HAS_TIME = 0.5
"""A task that needs less than this share of a new token's time has time to wait."""


def has_time(launch: Launch, task: str) -> bool:
    """Whether a task needs so little of a new token's time that its waits limit nothing."""
    return launch.occupancy(task) < HAS_TIME


def limits(launch: Launch) -> list[str]:
    """Sentences about the busiest memory, the busiest task, and the waits that don't matter."""
    memory = max(launch.decode_bytes, key=launch.utilization)
    used, task = launch.utilization(memory), launch.slowest_task
    busy = launch.occupancy(task)
    idle = [name for name in launch.result.tasks if has_time(launch, name)]
    return [
        _bottleneck(memory, used, task, busy),
        f"{len(idle)} of {len(launch.result.tasks)} tasks need less than {HAS_TIME:.0%} of a new "
        "token's time. They wait for others, and their waits don't limit the design.",
    ]


def _bottleneck(memory: str, used: float, task: str, busy: float) -> str:
    if used >= max(_LIMITS, busy):
        return (
            f"The memory {memory} limits it: new tokens use {used:.1%} of its sustained rate. "
            "Fewer bits of what is read for a token, or a part of it in another memory, make it "
            f"faster; faster tasks don't. The busiest task, {task}, needs {busy:.1%} of the time."
        )
    if busy >= _LIMITS:
        return (
            f"The task {task} limits it: it needs {busy:.1%} of a new token's cycles. More lanes, "
            "or more work in a cycle, make it faster; more bandwidth doesn't: new tokens use "
            f"{used:.1%} of the sustained rate of {memory}, the busiest memory."
        )
    return (
        f"Nothing limits it alone: new tokens use {used:.1%} of the sustained rate of {memory}, "
        f"the busiest memory, and {task}, the busiest task, needs {busy:.1%} of their cycles. "
        "In the rest, parts of the design wait for each other."
    )
