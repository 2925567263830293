"""What a design plans, in the units that synthesis reports: functions of kernels, and their loops.

Tasks that call the same function with the same numbers are one unit: reports do not say which
instance of it is whose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xdsl.dialects import scf
from xdsl.ir import Operation

from lmc.backends.hls.printer import design_instances
from lmc.dataflow.clocks import design_clock, schedule_clock
from lmc.dataflow.graph import design_graph
from lmc.dataflow.implementations import DSP_SIZES
from lmc.dataflow.kernel_ports import kernel_ports
from lmc.dataflow.resources import kernel_parts
from lmc.dataflow.resources.counts import Resources
from lmc.dataflow.resources.tasks import Parts, parts_of_tasks
from lmc.dialects.dataflow import (
    BurstReadOp,
    BurstWriteOp,
    DesignOp,
    KernelOp,
    TaskOp,
    constant_value,
    is_pipelined,
    is_unrolled,
    loop_of,
)
from lmc.targets import Target


@dataclass(frozen=True)
class PlannedLoop:
    """A loop as C++ names it. `path` are the labels of the loops around it and its own; `ii` and
    `latency` are None where it is not pipelined, `latency` also for a burst."""

    path: tuple[str, ...]
    own: tuple[str, ...]
    """Its labels in the IR, one for each task."""
    trips: int | None
    around: tuple[int | None, ...]
    """Iterations of the loops around it, as `path` has them."""
    ii: int | None
    latency: int | None

    @property
    def label(self) -> str:
        """Its label in the C++."""
        return self.path[-1]

    def names(self) -> Iterator[tuple[str, int | None]]:
        """What reports may call it, with its iterations: its label, or for a nest that the tool has
        made one loop of the labels from an outer loop to it, joined by `_`."""
        count = self.trips
        yield self.label, count
        for start in reversed(range(len(self.around))):
            outer = self.around[start]
            count = None if outer is None or count is None else outer * count
            yield "_".join(self.path[start:]), count


@dataclass(frozen=True)
class PlannedUnit:
    """A function and the tasks that are it."""

    kernel: str
    function: str
    arguments: tuple[int, ...]
    tasks: tuple[str, ...]
    loops: tuple[PlannedLoop, ...]
    parts: Parts
    """What all of the tasks take together, by kind, not calibrated."""

    @property
    def call(self) -> str:
        """`function`, or `function<1, 2>`."""
        numbers = ", ".join(map(str, self.arguments))
        return f"{self.function}<{numbers}>" if numbers else self.function


@dataclass(frozen=True)
class PlannedKernel:
    """A kernel: its units, and what it takes beside them, by kind, not calibrated."""

    name: str
    units: tuple[PlannedUnit, ...]
    rest: Parts


def planned_kernels(design: DesignOp, target: Target) -> dict[str, PlannedKernel]:
    """The plan of a scheduled design with sized FIFOs, by kernel."""
    clock, size = schedule_clock(design, design_clock(design, target)), DSP_SIZES[target.dsp.kind]
    ports = list(kernel_ports(design))
    parts = parts_of_tasks(design_graph(design).tasks, clock, size)
    planned: dict[str, PlannedKernel] = {}
    for name, instances in design_instances(design).items():
        groups: dict[tuple[str, tuple[int, ...]], list[TaskOp]] = {}
        for instance in instances:
            groups.setdefault((instance.function, instance.arguments), []).append(instance.task)
        kernel = next(iter(groups.values()))[0].parent_op()
        assert isinstance(kernel, KernelOp)
        planned[name] = PlannedKernel(
            name,
            tuple(
                PlannedUnit(
                    name,
                    function,
                    arguments,
                    tuple(task.sym_name.data for task in tasks),
                    tuple(_loops(function, tasks)),
                    add_parts([parts[task.sym_name.data] for task in tasks]),
                )
                for (function, arguments), tasks in groups.items()
            ),
            kernel_parts(kernel, [port for port in ports if port.kernel == name], target),
        )
    return planned


def add_parts(all_parts: Sequence[Parts]) -> dict[str, Resources]:
    """What several things take together, by kind."""
    added: dict[str, Resources] = {}
    for parts in all_parts:
        for kind, taken in parts.items():
            added[kind] = added.get(kind, Resources()) + taken
    return dict(sorted(added.items()))


def _loops(function: str, tasks: Sequence[TaskOp]) -> Iterator[PlannedLoop]:
    """The loops of all tasks of a unit, which are the same but for their labels."""
    names = [task.sym_name.data for task in tasks]
    walks = [list(_walk(task, ())) for task in tasks]
    for same in zip(*walks, strict=True):
        first = same[0]
        printed = tuple(_printed(label, names[0], function) for label in first.path)
        yield replace(first, path=printed, own=tuple(one.label for one in same))


def _walk(
    op: Operation, path: tuple[str, ...], around: tuple[int | None, ...] = ()
) -> Iterator[PlannedLoop]:
    """The loops of a task, named as in the IR."""
    for inner in (one for region in op.regions for block in region.blocks for one in block.ops):
        if isinstance(inner, BurstReadOp | BurstWriteOp):
            here, trips = (*path, inner.label.data), constant_value(inner.length)
            if trips == 1:
                continue  # The C++ has no loop for one word.
            yield PlannedLoop(here, (), trips, around, 1, None)
        elif isinstance(inner, scf.ForOp) and not is_unrolled(inner):
            loop, trips = loop_of(inner), constant_value(inner.ub)
            here, ii = (*path, loop.label), loop.ii if is_pipelined(inner) else None
            yield PlannedLoop(here, (), trips, around, ii, loop.latency)
            yield from _walk(inner, here, (*around, trips))
        else:
            yield from _walk(inner, path, around)


def _printed(label: str, task: str, function: str) -> str:
    """A label in the C++: a template's begins with the template's name."""
    return f"{function}{label.removeprefix(task)}" if label.startswith(f"{task}_") else label
