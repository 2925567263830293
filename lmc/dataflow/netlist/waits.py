"""What waits in a datapath from the stage that makes it to the stages that need it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lmc.dataflow.netlist.nodes import Datapath, Node

RING = 3
"""Values that wait so many stages or more wait in LUT RAM."""


@dataclass(frozen=True)
class Wait:
    """A value on its way from one stage to the next one that needs it.

    It is in registers up to stage `pinned`, and from there in LUT RAM where that is before `last`.
    """

    node: Node
    first: int
    pinned: int
    last: int


def waits(path: Datapath) -> Iterator[Wait]:
    """All ways of all values, those of a value in order."""
    for node, stages in _needs(path).items():
        here = node.stage
        for stage in sorted(stages):
            yield way(node, here, stage)
            here = stage


def way(node: Node, first: int, last: int) -> Wait:
    """How a value gets from a stage to a later one."""
    pinned = min(max(node.done[0], first), last)
    is_far = last - pinned >= RING and node.bits.width > 1
    return Wait(node, first, pinned if is_far else last, last)


def _needs(path: Datapath) -> dict[Node, set[int]]:
    """The stages after its own in which each value is needed."""
    needs: dict[Node, set[int]] = defaultdict(set)

    def at(node: Node, stage: int) -> None:
        if not node.is_still and stage > node.stage:
            needs[node].add(stage)

    for node in path.nodes:
        for arg in node.args:
            at(arg, node.needed if node.kind == "load" else node.stage)
    for effect in path.effects:
        for node in effect.operands:
            at(node, effect.stage)
    return needs
