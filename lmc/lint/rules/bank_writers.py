"""bank-writers: a bank is written through one port."""

from collections.abc import Iterator

from lmc.dataflow.kernel_ports import kernel_ports
from lmc.dialects.dataflow import BankOp
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    writers: dict[BankOp, int] = {}
    for port in kernel_ports(subject.design):
        writers[port.bank] = writers.get(port.bank, 0) + ("write" in port.kinds)
    for bank, count in writers.items():
        if count > 1:
            yield (
                f"bank {bank.sym_name.data} is written through {count} ports, not one, whose "
                "writes have no order: let one task write it"
            )


RULE = Rule("bank-writers", 'UG1399, "HLS Fence Library"', _check)
