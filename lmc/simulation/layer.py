"""One layer in steady state: which part of a launch it is, and what each task does then."""

from dataclasses import dataclass

from lmc.dialects.dataflow import DesignOp
from lmc.simulation.activity import Activity, record_activity
from lmc.simulation.launch import simulate_launch
from lmc.targets import Target

_PROMPT, _NEW = 3, 2
"""The smallest launch with a step without logits that has another one before and behind it."""


@dataclass(frozen=True)
class LayerActivity:
    """The cycles from `start` to `end` of a launch, as many as a layer takes on average."""

    start: int
    end: int
    activity: Activity


def layer_activity(design: DesignOp, target: Target, layers: int, slices: int) -> LayerActivity:
    """A window as long as one of `layers` layers in the middle of the second step.

    The launch is a short one. A step of the prompt is nothing but layers, one
    after the other, so the window sees each task's work on a layer once, wherever it begins.

    Raises:
        LmcError: as `simulate_launch`.
    """
    short = simulate_launch(design, target, _PROMPT, _NEW)
    first, second = short.step_ends[:2]
    middle, half = (first + second) // 2, (second - first) // layers / 2
    start, end = round(middle - half), round(middle + half)
    return LayerActivity(start, end, record_activity(short.simulator, start, end, slices))
