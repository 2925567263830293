"""What logic is counted in: terms with the LUTs of one unit, fitted to synthesis by yosys.

`python benchmarks/synthesis_fit.py` fits them by least squares to what yosys makes of whole tasks,
and prints them beside those that are here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lmc.dataflow.resources.counts import Resources


@dataclass(frozen=True)
class Term:
    """LUTs of one unit, what the unit is, and why it takes them."""

    luts: float
    unit: str
    reason: str


REGISTERS: Final = "registers"
"""The kind of registers between cycles; all else is of the kind of the op that it is there for."""

FIXED: Final = "memory"
"""The term of LUTs as memory: they follow from a memory's shape, and are not fitted."""

TERMS: Final[Mapping[str, Term]] = {
    FIXED: Term(1, "LUT", "a RAM32M16 is 8 LUTs, and holds 32 words of 14 bits"),
    "sum": Term(0.99, "bit", "a LUT and a carry for each bit that is not a wire"),
    "sum with a constant": Term(0.3, "bit", "carries alone where the constant is zero"),
    "negation": Term(1.53, "bit", "inverters, carries, and the choice of the sign"),
    "extreme": Term(1.5, "bit", "a comparison, and a choice"),
    "clamp": Term(0.74, "bit", "the comparison looks at few bits"),
    "equality": Term(0.88, "bit", "a LUT compares three bits"),
    "equality with a constant": Term(0.47, "bit", "a LUT compares six bits"),
    "comparison": Term(0.43, "bit", "a LUT and a carry for two bits"),
    "comparison with a constant": Term(0.1, "bit", "a LUT for six bits, with few carries"),
    "gate": Term(0.36, "gate", "mostly part of the next LUT"),
    "choice": Term(0.99, "bit", "a LUT for each bit, or part of the next one"),
    "choice of a constant": Term(0.09, "bit", "mostly part of the next LUT"),
    "left shift": Term(0.72, "bit", "a LUT chooses one of four, and zeros are not moved"),
    "right shift": Term(0.34, "bit and bit of the amount", "a LUT chooses one of four"),
    "rounding shift": Term(0.61, "bit and bit of the amount", "a LUT chooses one of four"),
    "rounding": Term(1.22, "bit", "the sum with the half"),
    "rounding by a constant": Term(0.05, "bit", "carries alone"),
    "saturation": Term(0.99, "bit", "what is beyond the limits, and the choice of these"),
    "saturation of a shift": Term(0.15, "bit", "mostly part of the shift's last choice"),
    "bit length": Term(1.1, "bit", "a priority encoder"),
    "multiplexer": Term(0.33, "LUT", "a LUT chooses one of four, mostly with what it chooses from"),
    "insert": Term(1.5, "bit", "a choice for each bit of the word, and the decoded place"),
    "product": Term(0.95, "LUT", "partial products, and a tree of their sums"),
    "product by a constant": Term(0.35, "bit and digit", "a sum for each digit but the first"),
    "register write": Term(0.65, "element", "the decoded place"),
    "writers of a register": Term(0.2, "LUT", "the choice of what is stored"),
    "writers of a stream": Term(1.1, "LUT", "the choice of what is written"),
    "memory port": Term(0.43, "port", "its enables"),
    "ports of a memory": Term(0.98, "LUT", "the choice between statements"),
    "ring": Term(1.25, "memory", "the enables of its counters"),
    "ring counter": Term(1.24, "bit", "two counters that wrap around"),
    "stage": Term(0.81, "stage", "whether an iteration is there"),
    "stage network": Term(0.51, "stage and level", "whether it may go on: a prefix network"),
    "access": Term(3.52, "access", "valid and ready of a stream"),
    "counter": Term(1.27, "bit", "its sum, and back to zero"),
    "loop counter": Term(0.12, "bit", "its sum, and back to zero"),
    "state": Term(0.57, "state", "which state comes next"),
    "burst": Term(53, "burst", "the words that are left, and the request"),
    "kept": Term(1.94, "bit", "the choice between a register and what is kept of it"),
}
"""All terms, each with what it is a part of."""


@dataclass
class Tally:
    """Amounts of terms, and resources that are counted as they are, by kind of part."""

    amounts: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    counted: dict[str, Resources] = field(default_factory=dict[str, Resources])

    def logic(self, kind: str, term: str, amount: float) -> None:
        """So many units of a term."""
        if amount:
            self.amounts[kind, term] = self.amounts.get((kind, term), 0) + amount

    def add(self, kind: str, taken: Resources) -> None:
        """What is counted as it is."""
        self.counted[kind] = self.counted.get(kind, Resources()) + taken

    def parts(self) -> dict[str, Resources]:
        """What each kind takes, in the order of their names."""
        found = dict(self.counted)
        for (kind, term), amount in self.amounts.items():
            taken = Resources(lut=TERMS[term].luts * amount)
            found[kind] = found.get(kind, Resources()) + taken
        return {kind: found[kind] for kind in sorted(found) if found[kind] != Resources()}

    def terms(self) -> dict[str, float]:
        """Amounts by term, of all kinds together."""
        found: dict[str, float] = {}
        for (_, term), amount in self.amounts.items():
            found[term] = found.get(term, 0) + amount
        return found
