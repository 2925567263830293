"""Sums over lanes: a balanced tree of adders, or a chain of DSPs."""

from collections.abc import Sequence

from lmc.dataflow.delays import Delay, operator_delay
from lmc.dataflow.netlist.nodes import Node
from lmc.dataflow.netlist.operations import bits_of
from lmc.dataflow.netlist.wires import Wires
from lmc.dialects import dataflow
from lmc.dialects.dataflow import type_range

_PRODUCT = Delay(2, 0.0)
"""A DSP's registers before and after its multiplier."""
_STEP = Delay(1, 0.0)
"""The register after a DSP's adder."""


def tree(wires: Wires, terms: Sequence[Node], step: dataflow.AddOp) -> Node:
    """The sum of terms, which fits the type of `step`."""
    left = [term for term in terms if not (term.is_constant and term.number == 0)]
    within = type_range(step.result.type)
    while len(left) > 1:
        pairs = [
            wires.arithmetic("add", pair, operator_delay(step), within)
            for pair in zip(left[::2], left[1::2], strict=False)
        ]
        left = pairs + ([left[-1]] if len(left) % 2 else [])
    return left[0] if left else wires.constant(0)


def cascade(
    wires: Wires,
    total: Node,
    factors: Sequence[tuple[Node, Node]],
    product: dataflow.MulOp,
    step: dataflow.AddOp,
) -> Node:
    """The sum of products and `total`, a DSP for each: a cycle from one to the next."""
    bits, within = bits_of(step.result.type), type_range(step.result.type)
    chain = None if total.is_constant and total.number == 0 else total
    lane, name = wires.lane, wires.wish
    for number, pair in enumerate(factors):
        wires.lane, wires.wish = (*lane, number), name
        term = wires.arithmetic("mul", pair, _PRODUCT, type_range(product.result.type), "dsp")
        wires.wish = f"{name}_sum"
        if chain is None:
            chain = wires.make("resize", (term,), term.range, bits=bits, delay=_STEP)
        else:
            chain = wires.make("add", (chain, term), within, bits=bits, delay=_STEP)
    wires.lane = lane
    assert chain is not None
    return chain
