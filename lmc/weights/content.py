"""What a module computes, as text to look entries of the cache up by."""

from io import StringIO

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.printer import Printer

from lmc.dialects.ssm import WeightOp
from lmc.ir.attributes import ARTIFACTS, FINGERPRINT, MODEL, PASSES, WEIGHTS
from lmc.weights.recipes import is_own_step

_NAMES = (MODEL, WEIGHTS, FINGERPRINT, ARTIFACTS, PASSES)
"""What a module is called, where its weights lie and how it came about change no number."""


def module_content(module: ModuleOp) -> str | None:
    """All that numbers depend on beside the weights; None where code that is not lmc's computes.

    The ops with the recipes of weights, without the places in the source that they came from.
    """
    if not all(_is_own(op) for op in module.walk()):
        return None
    stream = StringIO()
    printer = Printer(stream)
    for name in sorted(set(module.attributes) - set(_NAMES)):
        printer.print_string(f"{name} = ")
        printer.print_attribute(module.attributes[name])
        printer.print_string("\n")
    for op in module.body.block.ops:
        printer.print_op(op)
        printer.print_string("\n")
    return stream.getvalue()


def _is_own(op: Operation) -> bool:
    of_lmc = type(op).__module__.partition(".")[0] in ("lmc", "xdsl")
    return of_lmc and (not isinstance(op, WeightOp) or all(map(is_own_step, op.recipe)))
