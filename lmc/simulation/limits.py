"""What limits the speed of a simulated launch, and what to change, in sentences."""

from dataclasses import dataclass
from enum import StrEnum

from lmc.simulation.launch import Launch
from lmc.simulation.work import Purpose, purpose_of

_LIMITS = 0.9
"""From this share of a new token's time on, what is in use is said to limit the speed."""
HAS_TIME = 0.5
"""A task that needs less than this share of a new token's time has time to wait."""

_FASTER = {
    Purpose.WEIGHTS: "more lanes (option lanes of allocate-resources)",
    Purpose.STATE: "more blocks of the state in a cycle (option state_blocks of "
    "allocate-resources), if its rows have more",
    Purpose.OTHER: "more elements in a cycle (option vector_lanes of allocate-resources), if the "
    "model's vectors can be cut so",
}
"""What lets a task do more in a cycle."""


class Kind(StrEnum):
    """What can limit a design."""

    MEMORY = "memory"
    TASK = "task"
    NOTHING = "nothing"
    """Nothing alone: parts of the design wait for each other."""


@dataclass(frozen=True)
class Limit:
    """What limits a design: the memory `name`, the task `name`, or (`name` is a task) neither.

    `what` says so in one sentence, `change` what makes it faster, `beside` what does not.
    """

    kind: Kind
    name: str
    what: str
    change: str
    beside: str


def has_time(launch: Launch, task: str) -> bool:
    """Whether a task needs so little of a new token's time that its waits limit nothing."""
    return launch.occupancy(task) < HAS_TIME


def limits(launch: Launch) -> list[str]:
    """Sentences about the busiest memory, the busiest task, and the waits that don't matter."""
    limit = limit_of(launch)
    return [f"{limit.what} {limit.change} {limit.beside}", idle_tasks(launch)]


def idle_tasks(launch: Launch) -> str:
    """How many tasks wait without limiting anything, as a sentence."""
    idle = [name for name in launch.result.tasks if has_time(launch, name)]
    return (
        f"{len(idle)} of {len(launch.result.tasks)} tasks need less than {HAS_TIME:.0%} of a new "
        "token's time. They wait for others, and their waits don't limit the design."
    )


def limit_of(launch: Launch) -> Limit:
    """The memory or the task that is used most, if it is used in nearly all of a token's time."""
    memory = max(launch.decode_bytes, key=launch.utilization)
    used, task = launch.utilization(memory), launch.slowest_task
    busy = launch.occupancy(task)
    if used >= max(_LIMITS, busy):
        return Limit(
            Kind.MEMORY,
            memory,
            f"The memory {memory} limits it: new tokens use {used:.1%} of its sustained rate.",
            "Fewer bits of what is read for a token, or a part of it in another memory, make it "
            "faster.",
            f"Faster tasks don't: the busiest one, {task}, needs {busy:.1%} of the time.",
        )
    if busy >= _LIMITS:
        return Limit(
            Kind.TASK,
            task,
            f"The task {task} limits it: it needs {busy:.1%} of a new token's cycles.",
            f"A faster clock makes it faster, or {_FASTER[purpose_of(launch.design, task)]}.",
            f"More bandwidth doesn't: new tokens use {used:.1%} of the sustained rate of {memory}, "
            "the busiest memory.",
        )
    return Limit(
        Kind.NOTHING,
        task,
        f"Nothing limits it alone: {task}, the busiest task, needs {busy:.1%} of a new token's "
        f"cycles, and new tokens use {used:.1%} of the sustained rate of {memory}, the busiest "
        "memory.",
        f"A faster clock makes all of it faster, and so do faster tasks where {task} waits for "
        "them.",
        "More bandwidth alone doesn't.",
    )
