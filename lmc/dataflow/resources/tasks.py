"""What a task takes, by kind of part: from its netlist, or from its ops where it has none."""

from collections.abc import Hashable, Iterable, Mapping

from lmc.dataflow.alike import task_shape
from lmc.dataflow.graph import TaskNode
from lmc.dataflow.implementations import DspSize
from lmc.dataflow.netlist.task import task_netlist
from lmc.dataflow.resources.netlists import netlist_tally
from lmc.dataflow.resources.operations import Parts, operation_parts
from lmc.dataflow.timing import Clock
from lmc.diagnostics import LmcError

_MOST = 1024
"""Shapes to remember: a design has some dozens, which several passes and the emission ask for."""
_COUNTED: dict[tuple[Hashable, Clock, DspSize], Parts] = {}


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
    """`task_parts` of all tasks by name; those that are alike are counted once in this process."""
    return {task.name: _parts(task, clock, size) for task in tasks}


def _parts(task: TaskNode, clock: Clock, size: DspSize) -> Parts:
    key = task_shape(task), clock, size
    parts = _COUNTED.get(key)
    if parts is None:
        parts = task_parts(task, clock, size)
        if len(_COUNTED) >= _MOST:
            _COUNTED.clear()
        _COUNTED[key] = parts
    return parts


__all__ = ["Parts", "parts_of_tasks", "task_parts"]
