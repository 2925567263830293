"""Puts the nodes of an iteration into stages: as soon as possible, streams where lmc has them.

Memory keeps its order. A load sees what an earlier iteration has stored, a cycle after it at the
soonest, and nothing that a later one will store.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from lmc.dataflow.netlist.memories import meet
from lmc.dataflow.netlist.nodes import Datapath, Effect, Node, Store, reachable
from lmc.dataflow.timing import START, Clock
from lmc.diagnostics import LmcError

Offsets: TypeAlias = Mapping[tuple[str, bool], int]
"""The stage of a stream's first access, by its name and whether it is written."""
Distance: TypeAlias = Callable[[Node, Store], int | None]
"""Iterations from a store to a later load of the same place; None where there is none."""

_ROUNDS = 200
"""More than any loop's stages: a schedule that has not settled by then never does."""


@dataclass
class Scheduler:
    """The schedule of a datapath whose iterations begin every `interval` cycles.

    `label` is what is scheduled, for messages.
    """

    label: str
    path: Datapath
    clock: Clock
    interval: int = 1
    offsets: Offsets = field(default_factory=dict[tuple[str, bool], int])
    distance: Distance = lambda _load, _store: 1

    def run(self, roots: Sequence[Node] = ()) -> int:
        """Sets all stages; how many there are at the least. `roots` are needed beside the effects.

        Raises LmcError where no schedule has the streams' accesses in the stages that lmc's own
        timing has them in.
        """
        self._prune(roots)
        for access in self.path.accesses:
            first = self.offsets[access.stream, access.written]
            access.stage = first + access.position
        pairs = self._pairs()
        for _ in range(_ROUNDS):
            self._times()
            if not self._settle(pairs):
                break
        else:
            raise LmcError(f"{self.label}: a recurrence is slower than its interval")
        for access in self.path.accesses:
            self._check(access)
        _sink(self.path)
        ends = [node.done[0] + (node.done[1] > 0) for node in self.path.nodes if not node.is_still]
        return max([1, *ends, *(effect.stage + 1 for effect in self.path.effects)])

    def _prune(self, roots: Sequence[Node]) -> None:
        path = self.path
        used = reachable([*roots, *(node for effect in path.effects for node in effect.operands)])
        path.nodes = [node for node in path.nodes if node in used]

    def _check(self, effect: Effect) -> None:
        ready = _ready(effect.operands)
        if ready <= effect.stage:
            return
        assert not isinstance(effect, Store)
        what = "written" if effect.written else "read"
        raise LmcError(
            f"{self.label}: stream {effect.stream} is {what} in stage {effect.stage}, but what "
            f"that takes is there in stage {ready} at the soonest"
        )

    def _times(self) -> None:
        """Moments of all nodes for the effects' stages."""
        for node in self.path.nodes:
            moving = [arg.done for arg in node.args if not arg.is_still]
            ready = max(moving, default=START)
            if node.access is not None:
                guard = node.access.guard
                known = START if guard is None or guard.is_still else guard.done
                node.start = node.done = max(known, (node.access.stage, 0.0))
                node.stage = node.done[0]
                continue
            if node.is_still or node.kind == "counter":
                continue
            if node.at_least > ready[0]:
                ready = (node.at_least, 0.0)
            node.start = self.clock.start(ready, node.delay)
            node.done = self.clock.after(ready, node.delay)
            node.stage = node.start[0]
            if node.is_multicycle:
                node.stage += 1
            elif node.memory is not None:
                node.stage += node.memory.latency

    def _pairs(self) -> list[tuple[Node, Store, int | None]]:
        """Loads and the stores that may be of the same place, with their distance."""
        pairs: list[tuple[Node, Store, int | None]] = []
        for load in self.path.nodes:
            if load.kind != "load":
                continue
            for store in self.path.stores:
                if store.memory is load.memory and meet(store.place, load.args):
                    pairs.append((load, store, self.distance(load, store)))
        return pairs

    def _settle(self, pairs: Sequence[tuple[Node, Store, int | None]]) -> bool:
        """Moves what is too early; whether anything was."""
        moved = False
        for store in self.path.stores:
            soonest = max(_ready(store.operands), self._together(store))
            if soonest > store.stage:
                store.stage, moved = soonest, True
        for load, store, distance in pairs:
            if distance is not None:
                soonest = store.stage + 1 - distance * self.interval
                if soonest > load.at_least:
                    load.at_least, moved = soonest, True
            slack = 0 if load.order < store.order else self.interval
            if load.start[0] - slack > store.stage:
                store.stage, moved = load.start[0] - slack, True
        return moved

    def _together(self, store: Store) -> int:
        """Stores that may be to one place happen in one stage, so that the last one counts."""
        return max(
            other.stage
            for other in self.path.stores
            if other.memory is store.memory and meet(other.place, store.place)
        )


def _ready(operands: Sequence[Node]) -> int:
    return max((node.done[0] for node in operands if not node.is_still), default=0)


def _sink(path: Datapath) -> None:
    """Puts nodes that widen as late as their users allow: what waits in registers is narrow."""
    users: dict[Node, list[Node]] = {}
    for node in path.nodes:
        for arg in node.args:
            users.setdefault(arg, []).append(node)
    fixed: dict[Node, int] = {}
    for effect in path.effects:
        for node in effect.operands:
            fixed[node] = min(fixed.get(node, effect.stage), effect.stage)
    for node in path.nodes:
        if node.access is not None and node.access.guard is not None:
            guard = node.access.guard
            fixed[guard] = min(fixed.get(guard, node.stage), node.stage)
    for node in reversed(path.nodes):
        if node.is_still or node.kind in ("element", "load", "counter"):
            continue
        limits = [user.needed for user in users.get(node, ())]
        if node in fixed:
            limits.append(fixed[node])
        late = min(limits, default=0) - node.done[0]
        if late > 0 and _is_better_late(node, users, fixed):
            node.start = (node.start[0] + late, node.start[1])
            node.done = (node.done[0] + late, node.done[1])
            node.stage += late


def _is_better_late(
    node: Node, users: Mapping[Node, Sequence[Node]], fixed: Mapping[Node, int]
) -> bool:
    if node.is_multicycle:
        # A product of a cascade is in one DSP with the sum that it goes into.
        return node not in fixed and all(user.delay.cycles == 1 for user in users.get(node, ()))
    moving = [arg for arg in dict.fromkeys(node.args) if not arg.is_still]
    inside = sum(arg.bits.width for arg in moving)
    if inside < node.bits.width or (
        node.kind in ("resize", "concat") and inside == node.bits.width
    ):
        return True
    own = all(
        arg.kind == "counter" or (len(users.get(arg, ())) == 1 and arg not in fixed)
        for arg in moving
    )
    return inside == node.bits.width and own
