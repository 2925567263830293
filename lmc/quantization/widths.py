"""Checks that every sum and product of a quantized module fits 63 bits, from its formats alone."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import TableOp, WeightOp
from lmc.ir.editing import refuse, weights_of
from lmc.ir.levels import is_quantized
from lmc.quantization import op_rules
from lmc.quantization.rules import width_rule

_OWN_RULES = op_rules
"""Registers the rules of lmc's ops when it is imported."""


def check_widths(module: ModuleOp) -> None:
    """Raise LmcError naming the first op whose exact intermediate would need more than 63 bits.

    An integer op whose widths no rule checks is refused as well.
    """
    weights = weights_of(module)
    for op in module.walk():
        if _computes(op):
            rule = width_rule(op)
            if rule is None:
                raise refuse(
                    op,
                    "nothing checks the widths of this op; a plugin can do so with "
                    "lmc.quantization.rules.checks_widths",
                )
            try:
                rule(op, weights)
            except LmcError as error:
                raise refuse(op, str(error)) from error


def _computes(op: Operation) -> bool:
    """Whether an op makes integers itself, and no region of it."""
    return is_quantized(op) and not op.regions and not isinstance(op, WeightOp | TableOp)
