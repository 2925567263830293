"""What ops ask of a design besides vectors and tables: rules, lmc's own and those of plugins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from xdsl.ir import Operation

from lmc.allocation.demand import Packed
from lmc.diagnostics import LmcError
from lmc.memory_layout.words import WORD_BITS

OpT = TypeVar("OpT", bound=Operation)


@dataclass(frozen=True)
class Words:
    """How wide things are: `lanes` elements of a vector, `block` elements of the SSM state."""

    lanes: int
    block: int

    def packed(self, what: str, count: int, lanes: int, bits: int, extra: int = 0) -> Packed:
        """`count` values of `bits` bits, `lanes` to an element, which has `extra` bits more.

        Raises LmcError if an element is wider than a word of memory.
        """
        width = lanes * bits + extra
        if width > WORD_BITS:
            raise LmcError(
                f"{what} would take words of {width} bits with vector_lanes={self.lanes}, and "
                f"those of memory have {WORD_BITS}: pin fewer vector_lanes"
            )
        return Packed(count // lanes, width)


@dataclass(frozen=True)
class OpDemand:
    """What the lowering pattern of an op asks for.

    Nothing has to be said of weights that are taken like vectors, nor of the property `table`.
    """

    elements: Mapping[str, int] = field(default_factory=dict[str, int])
    """Elements that are taken at once of a weight, by its symbol, where these aren't the lanes."""
    blocks: Mapping[str, int] = field(default_factory=dict[str, int])
    """The same of a weight that goes with the SSM state, a block at a time."""
    conv_states: tuple[Packed, ...] = ()
    """What it keeps of past vectors in each layer, where convolutions keep it."""


DemandRule = Callable[[OpT, Words], OpDemand]

_RULES: dict[type[Operation], DemandRule[Any]] = {}


def demands(*kinds: type[OpT]) -> Callable[[DemandRule[OpT]], DemandRule[OpT]]:
    """Registers a function that says what ops ask for; without one an op asks for nothing more."""

    def register(rule: DemandRule[OpT]) -> DemandRule[OpT]:
        _RULES.update(dict.fromkeys(kinds, rule))
        return rule

    return register


def op_demand(op: Operation, words: Words) -> OpDemand:
    """What an op asks for; raises LmcError if an element of it is wider than a word of memory."""
    rule = _RULES.get(type(op))
    return OpDemand() if rule is None else rule(op, words)
