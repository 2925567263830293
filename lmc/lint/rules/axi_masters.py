"""axi-masters: a memory's channel, and the network before it, take all masters that they are given.

Each port of a kernel is an AXI master. The limits are the target's, with their sources there.
"""

from collections import Counter
from collections.abc import Iterator

from lmc.dataflow.kernel_ports import kernel_ports
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    board = subject.board
    memories = {memory.name: memory for memory in board.memories}
    loads = Counter(
        (port.bank.memory.data, port.bank.channel_number) for port in kernel_ports(subject.design)
    )
    for (name, channel), masters in loads.items():
        memory = memories.get(name)
        if memory is None:
            known = ", ".join(memories)
            yield f"memory {name} has {masters} masters, but {board.name} has {known}: name one"
        elif channel >= memory.channels:
            yield (
                f"memory {name} has banks in channel {channel}, but {board.name} has channels 0 to "
                f"{memory.channels - 1} of it: put them there"
            )
        elif masters > memory.masters:
            yield (
                f"memory {name} channel {channel} has {masters} masters, and {board.name} takes "
                f"{memory.masters}: put some of their banks elsewhere"
            )
    if board.noc is not None and loads.total() > board.noc.masters:
        yield (
            f"the network on chip of {board.name} has {loads.total()} masters and takes "
            f"{board.noc.masters}: use fewer lanes, or keep states on the chip"
        )


RULE = Rule("axi-masters", 'UG1393, "Mapping Kernel Ports to Memory"', _check, needs_board=True)
