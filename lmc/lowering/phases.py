"""The matrix unit's phases: one matrix-vector product after the other, the same for each token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.dialects.dataflow.names import legal_name
from lmc.lowering.launch import Scalars
from lmc.memory_layout.tiling import MatrixTiling, MatrixUnitShape

KERNEL = "matrix"
"""The kernel of the matrix unit."""


@dataclass(frozen=True)
class Phase:
    """One matrix-vector product: what goes in, what comes out, and its matrix.

    Sums are shifted to the right first, where rows are joined; what is shifted to the left is,
    where results are dealt out. `planes` are passes over a tile in each layer: nibbles of its
    weights there.
    """

    weight: str
    tiling: MatrixTiling
    tiles: Handle
    result: Handle
    shift: int
    left: int
    sum_bits: int
    planes: tuple[int, ...]
    result_bits: int
    in_layers: bool

    @property
    def label(self) -> str:
        """What loops of the phase are called after."""
        return legal_name(self.weight)


@dataclass(frozen=True)
class PhaseOrder:
    """Phases of a token: each layer's, then those after the layers if the token has logits."""

    layered: list[Phase]
    final: list[Phase]
    layers: int
    scalars: Scalars

    @property
    def kinds(self) -> list[Phase]:
        """All different phases, in the order in which `kind` counts them."""
        return [*self.layered, *self.final]

    @property
    def sum_bits(self) -> int:
        """Width of a row's sum in any phase."""
        return max(phase.sum_bits for phase in self.kinds)

    def count(self, task: TaskBuilder, token: Value) -> Value:
        """Number of phases of the token."""
        layered = self.layers * len(self.layered)
        return self.scalars.has_logits(task, token).select(
            task.to_index(layered + len(self.final)), task.to_index(layered)
        )

    def kind(self, phase: Value) -> Value:
        """Which of `kinds` a phase is."""
        layered = self.layers * len(self.layered)
        if not layered:
            return phase
        return (phase < layered).select(
            phase % len(self.layered), phase - (layered - len(self.layered))
        )

    def words(self, shape: MatrixUnitShape, lane: int, phases: Sequence[Phase]) -> int:
        """Memory words of one lane over all layers of some phases."""
        return sum(
            phase.tiling.words(shape, lane, planes) for phase in phases for planes in phase.planes
        )

    def planes(self, task: TaskBuilder, phase: Value, kind: Value) -> Value:
        """Passes over each tile in the phase `phase` of a token, which is one of this kind."""
        chosen = self.pick(task, kind, [one.planes[0] for one in self.kinds])
        layer = phase // max(len(self.layered), 1)
        for index, one in enumerate(self.layered):
            if len(set(one.planes)) > 1:
                chosen = kind.eq(index).select(planes_of_layer(task, one, layer), chosen)
        return chosen

    def pick(self, task: TaskBuilder, kind: Value, numbers: Sequence[int]) -> Value:
        """The number of this kind of phase."""
        chosen = task.to_index(numbers[-1])
        for index in range(len(numbers) - 2, -1, -1):
            if numbers[index] != numbers[-1] or len(set(numbers[index:])) > 1:
                chosen = kind.eq(index).select(task.to_index(numbers[index]), chosen)
        return chosen


def planes_of_layer(task: TaskBuilder, phase: Phase, layer: Value) -> Value:
    """Passes over each tile of a phase in a layer."""
    chosen = task.to_index(phase.planes[0])
    for first, last in _runs(phase.planes):
        in_run = (layer >= first) & (layer <= last)
        chosen = in_run.select(task.to_index(phase.planes[first]), chosen)
    return chosen


def _runs(planes: Sequence[int]) -> list[tuple[int, int]]:
    """First and last layer of each run of layers that have other planes than layer 0."""
    runs: list[tuple[int, int]] = []
    for layer, count in enumerate(planes):
        if count == planes[0]:
            continue
        if runs and runs[-1][1] == layer - 1 and planes[layer - 1] == count:
            runs[-1] = (runs[-1][0], layer)
        else:
            runs.append((layer, layer))
    return runs


def each_phase(task: TaskBuilder, order: PhaseOrder, work: Callable[[Phase, Value], None]) -> None:
    """`work` for each phase of each token, in order, with the layer it is in (0 after them)."""
    with task.loop("token", order.scalars.tokens) as token:
        if order.layered:
            with task.loop("layer", order.layers) as layer:
                for phase in order.layered:
                    work(phase, layer)
        if order.final:
            with task.when(order.scalars.has_logits(task, token)):
                for phase in order.final:
                    work(phase, task.to_index(0))
