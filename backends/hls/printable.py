"""What is printed exactly: all else is refused before the first line is written."""

from xdsl.utils.exceptions import VerifyException

from lmc.diagnostics import LmcError
from lmc.dialects.dataflow import DesignOp
from lmc.ir.text import one_line
from lmc.lint.rule import Subject
from lmc.lint.rules import cpp_numbers, port_width


def check_printable(design: DesignOp) -> None:
    """LmcError when a design does not verify, or says what its C++ could not say.

    The verifiers refuse what the printer does not know: other ops, types, attributes and names.
    What is left are the rules about sizes: words of ports that no AXI port has, and numbers too
    large for C++. All other rules are `lmc.lint.check_rules`.
    """
    try:
        design.verify()
    except VerifyException as error:
        raise LmcError(
            f"design {design.sym_name.data} can't be printed: {one_line(error)}"
        ) from error
    for rule in (port_width.RULE, cpp_numbers.RULE):
        for fault in rule.check(Subject(design)):
            raise LmcError(f"design {design.sym_name.data} can't be printed: {fault}")
