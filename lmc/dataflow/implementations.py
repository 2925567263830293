"""What an op is made of: the attribute `lmc.impl`, and the sizes of DSP blocks.

A product is made of `dsp` or of `fabric` (LUTs) where the attribute says so. A sum of products over
an unrolled loop may be a `cascade`: product and sum are of one DSP for each term, chained. A
cascade is what HLS tools match in `sum + a * b`; they match less where the product is bound too, so
its products carry no attribute of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from xdsl.dialects import scf
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Operation, SSAValue

from lmc.dialects.dataflow import AddOp, MulOp

IMPL = "lmc.impl"
"""The attribute's name."""

CASCADE = "cascade"
"""Of an unrolled loop: its sum of products is a chain of DSPs."""


@dataclass(frozen=True)
class DspSize:
    """A DSP block: the two factors' widths, signed, and that of its sum."""

    wide: int
    narrow: int
    sum: int


DSP_SIZES = {"DSP48E2": DspSize(27, 18, 48), "DSP58": DspSize(27, 24, 58)}
"""By kind. AMD UG579 and AM004."""

SMALLEST_DSP = DSP_SIZES["DSP48E2"]
"""What every kind can hold."""


def implementation(op: Operation) -> str | None:
    """What the op's attribute says; None without one."""
    found = op.attributes.get(IMPL)
    return found.data if isinstance(found, StringAttr) else None


def implement(value: SSAValue, impl: Literal["dsp", "fabric", "cascade"]) -> None:
    """Sets the attribute of the op that makes a value: a product, or a sum over lanes."""
    assert isinstance(value.owner, Operation)
    value.owner.attributes[IMPL] = StringAttr(impl)


def cascade_product(loop: scf.ForOp) -> MulOp | None:
    """The product that a loop adds to its only carried value; None where it does not do that."""
    last = loop.body.block.last_op
    if last is None or len(last.operands) != 1:
        return None
    total, step = loop.body.block.args[1], last.operands[0].owner
    if not isinstance(step, AddOp) or total not in step.operands:
        return None
    other = step.rhs if step.lhs is total else step.lhs
    return other.owner if isinstance(other.owner, MulOp) else None


def in_cascade(op: MulOp) -> bool:
    """Whether a product is a term of a cascade."""
    loop = op.parent_op()
    if not isinstance(loop, scf.ForOp) or implementation(loop) != CASCADE:
        return False
    return cascade_product(loop) is op


def misplaced(op: Operation) -> Iterator[str]:
    """What is wrong with an op's attribute: a sentence each."""
    impl = implementation(op)
    if impl is None:
        return
    if isinstance(op, MulOp):
        if impl not in ("dsp", "fabric"):
            yield f"a product is made of dsp or fabric, not of {impl}"
    elif not isinstance(op, scf.ForOp) or impl != CASCADE:
        yield f"{op.name} can't be made of {impl}"
    elif "lmc.unroll" not in op.attributes or cascade_product(op) is None:
        yield "a cascade is an unrolled loop that adds one product to its only carried value"
