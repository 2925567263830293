"""port-owner: a memory port of a kernel belongs to one task."""

from collections.abc import Iterator

from lmc.dataflow.kernel_ports import kernel_ports
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    for port in kernel_ports(subject.design):
        tasks = {task for task, _ in port.uses}
        if len(tasks) != 1:
            yield (
                f"kernel {port.kernel}, bank {port.bank.sym_name.data}: a port is used by exactly "
                f"one task, this one by {len(tasks)}: give each task that uses it a port of its own"
            )


RULE = Rule("port-owner", 'UG1399, "M_AXI Bundles"', _check)
