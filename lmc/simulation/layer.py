"""One layer in steady state: which part of a launch it is, and what each task does then."""

from dataclasses import dataclass

from lmc.simulation.activity import Activity, record_activity
from lmc.simulation.launch import Launch, simulate_launch

_PROMPT, _NEW = 3, 2
"""The smallest launch with a step without logits that has another one before and after it."""


@dataclass(frozen=True)
class LayerActivity:
    """The cycles from `start` to `end` of a launch, as many as a layer takes on average."""

    start: int
    end: int
    activity: Activity


def layer_activity(launch: Launch, layers: int, slices: int) -> LayerActivity:
    """A window as long as one of `layers` layers in the middle of the second step.

    The step is one of the prompt, which is nothing but layers, one after the other, so the window
    sees each task's work on a layer once, wherever it begins. Where the prompt is too short for
    that, it is a step of another launch of the same design.

    Raises:
        LmcError: as `simulate_launch`.
    """
    if launch.prompt_length < _PROMPT:
        launch = simulate_launch(launch.design, launch.target, _PROMPT, _NEW, launch.machine)
    first, second = launch.step_ends[:2]
    length = (second - first) // layers
    start = (first + second - length) // 2
    end = start + length
    return LayerActivity(start, end, record_activity(launch.simulator, start, end, slices))
