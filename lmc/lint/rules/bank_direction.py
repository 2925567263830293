"""bank-direction: a bank is used in the direction that it says, for the host goes by that."""

from collections.abc import Iterator

from lmc.dataflow.kernel_ports import kernel_ports
from lmc.dialects.dataflow import BankOp
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    uses: dict[BankOp, set[str]] = {}
    for port in kernel_ports(subject.design):
        uses.setdefault(port.bank, set()).update(port.kinds)
    for bank, kinds in uses.items():
        direction = bank.direction.data
        for kind in sorted(kinds - set(direction.split("_"))):
            yield (
                f"bank {bank.sym_name.data} has direction {direction} and is used to {kind}: "
                "make it read_write, or use another bank"
            )


RULE = Rule("bank-direction", 'docs/dataflow-level.md, "Structure"', _check)
