"""What limits the speed of a simulated launch, in sentences."""

from lmc.simulation.launch import Launch

_LIMITS = 0.9
"""From this share of a new token's time on, what is in use is said to limit the speed."""
_IDLE = 0.5
"""A task that needs less than this share of a new token's time has time to wait."""


def limits(launch: Launch) -> list[str]:
    """Sentences about the busiest memory, the busiest task, and the waits that don't matter."""
    memory = max(launch.decode_bytes, key=launch.utilization)
    used, task = launch.utilization(memory), launch.slowest_task
    busy = launch.occupancy(task)
    sentences: list[str] = []
    if used >= max(_LIMITS, busy):
        sentences.append(
            f"The memory {memory} does: it moves data in {used:.1%} of the time that its sustained "
            f"rate allows. Fewer bits of what is read for a token, or a part of it in another "
            f"memory, make it faster; faster tasks don't. The busiest task, {task}, needs "
            f"{busy:.1%} of the time."
        )
    elif busy >= _LIMITS:
        sentences.append(
            f"The task {task} does: it needs {busy:.1%} of a new token's cycles. More lanes, or "
            f"more work in a cycle, make it faster; more bandwidth doesn't, since {memory}, the "
            f"busiest memory, is used {used:.1%}."
        )
    else:
        sentences.append(
            f"Nothing by itself: the busiest memory, {memory}, is used {used:.1%}, and the busiest "
            f"task, {task}, needs {busy:.1%} of a new token's cycles. The rest is waiting for each "
            f"other, as between the end of a layer and the beginning of the next one."
        )
    idle = [name for name in launch.result.tasks if launch.occupancy(name) < _IDLE]
    sentences.append(
        f"{len(idle)} of {len(launch.result.tasks)} tasks need less than {_IDLE:.0%} of the time. "
        f"They wait for others, and their waits don't limit the design."
    )
    return sentences
