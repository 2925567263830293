"""What products and their sums are made of, and the sizes of DSP blocks.

A product is made of `dsp` or of `fabric` (LUTs) where its `impl` says so. A sum of products over an
unrolled loop may be a `cascade`: product and sum are of one DSP for each term, chained. A cascade
is what HLS tools match in `sum + a * b`; they match less where the product is bound too, so its
products have no `impl` of their own.
"""

from dataclasses import dataclass, replace
from typing import Literal

from xdsl.dialects import scf
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import SSAValue

from lmc.dialects.dataflow import MulOp, cascade_product, loop_of, set_loop


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


def implement(product: SSAValue, impl: Literal["dsp", "fabric"]) -> None:
    """Says what the op that makes a value, a product, is made of."""
    assert isinstance(product.owner, MulOp)
    product.owner.impl = StringAttr(impl)


def make_cascade(total: SSAValue) -> None:
    """Says that a sum of products over lanes is a chain of DSPs."""
    assert isinstance(total.owner, scf.ForOp)
    set_loop(total.owner, replace(loop_of(total.owner), cascade=True))


def in_cascade(op: MulOp) -> bool:
    """Whether a product is a term of a cascade."""
    loop = op.parent_op()
    return isinstance(loop, scf.ForOp) and loop_of(loop).cascade and cascade_product(loop) is op
