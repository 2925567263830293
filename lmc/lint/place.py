"""Where an op is, for the sentences of rules."""

from xdsl.ir import Operation

from lmc.dialects.dataflow import TaskOp


def task_of(op: Operation) -> str:
    """The name of the task that an op is in."""
    while not isinstance(op, TaskOp):
        parent = op.parent_op()
        assert parent is not None
        op = parent
    return op.sym_name.data
