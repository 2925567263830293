"""port-width: words of a memory port are as wide as an AXI port can be."""

from collections.abc import Iterator

from lmc.dialects.dataflow import BankOp
from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    for op in subject.design.body.block.ops:
        if isinstance(op, BankOp):
            bits = op.port.type.word_type.width.data
            if bits & (bits - 1):
                yield (
                    f"bank {op.sym_name.data}: a port has 8, 16, 32 ... 1024 bits, not {bits}: "
                    "give its words the next larger width"
                )


RULE = Rule("port-width", 'UG1399, "AXI4 Master Interface" (port widths)', _check)
