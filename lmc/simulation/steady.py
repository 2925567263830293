"""Launches that are long enough to tell how long a new token takes in the long run."""

from lmc.dataflow.machines import RTL, Machine
from lmc.dialects.dataflow import DesignOp
from lmc.simulation.launch import Launch, simulate_launch
from lmc.targets import Target

FIRST, MOST = 4, 64
"""New tokens of the first launch that is tried, and of the last one."""
SETTLED = 0.005
"""Steps are alike if one takes less than this share longer than the one before, or shorter."""


def steady_launch(
    design: DesignOp, target: Target, prompt_length: int, machine: Machine = RTL
) -> Launch:
    """A launch with so many new tokens that steps take equally long, `MOST` of them at the most.

    The number doubles until the last two steps are alike but for the very last one, after which
    nothing comes.

    Raises:
        LmcError: as `simulate_launch`.
    """
    new_tokens = FIRST
    while True:
        launch = simulate_launch(design, target, prompt_length, new_tokens, machine)
        if new_tokens >= MOST or _is_steady(launch):
            return launch
        new_tokens *= 2


def _is_steady(launch: Launch) -> bool:
    first, second, third = launch.step_ends[-4:-1]
    before, after = second - first, third - second
    return abs(after - before) < SETTLED * before
