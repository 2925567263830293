"""What a task takes, by kind of part: from its netlist, or from its ops where it has none."""

from collections.abc import Iterable, Mapping

from lmc.dataflow.alike import first_alike
from lmc.dataflow.graph import TaskNode
from lmc.dataflow.implementations import DspSize
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.resources.netlists import netlist_tally
from lmc.dataflow.resources.operations import Parts, operation_parts
from lmc.dataflow.timing import Clock
from lmc.diagnostics import LmcError


def task_parts(task: TaskNode, clock: Clock, size: DspSize) -> Parts:
    """All that is in a scheduled task, by kind.

    What has no hardware in lmc's RTL is counted from its ops, as HLS tools may make it.
    """
    try:
        netlist = task_netlist(task, clock)
    except LmcError:
        return operation_parts(task.op, clock, size)
    return netlist_tally(netlist, size).parts()


def parts_of_tasks(tasks: Iterable[TaskNode], clock: Clock, size: DspSize) -> Mapping[str, Parts]:
    """`task_parts` of all tasks by name; those that are alike are counted once."""
    firsts = {name: first for name, (first, _) in first_alike(tasks).items()}
    counted = {
        name: task_parts(first, clock, size) for name, first in firsts.items() if name == first.name
    }
    return {name: counted[first.name] for name, first in firsts.items()}


__all__ = ["Parts", "parts_of_tasks", "task_parts"]
