"""The counts that make up the cost of a decode step, and the classes that they are kept by."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Multiplication(StrEnum):
    """What a multiplication is for, where it is no product of a weight and an activation.

    Multiplications by a power of two are shifts and never counted here.
    """

    WEIGHT_SCALE = "weight_scale"
    """A group's sum, or an element of an embedding, times the mantissa of its weight scale."""
    BLOCK_MANTISSA = "block_mantissa"
    """A block's sum in an accumulator times the mantissa of the operand's scale."""
    BLOCK_RECIPROCAL = "block_reciprocal"
    """An element times the reciprocal of its block's mantissa, when it is quantized."""
    BLOCK_CHOICE = "block_choice"
    """The largest magnitude of a block times a constant, to choose the block's scale."""
    REQUANTIZATION = "requantization"
    """A change between static scales whose ratio is no power of two."""
    NORM_RECIPROCAL = "norm_reciprocal"
    """An element times 1/rms, at the norm or deferred."""
    NORM_SQUARE = "norm_square"
    CONVOLUTION = "convolution"
    ELEMENTWISE = "elementwise"
    """`ssm.mul` and `ssm.scale_channels`."""
    DT_A = "dt_a"
    DT_X = "dt_x"
    DECAY_STATE = "decay_state"
    DTX_B = "dtx_b"
    C_STATE = "c_state"
    D_X = "d_x"
    INTERPOLATION = "interpolation"
    """A table's slope times the distance from the left end of its segment."""


GROUPS: Mapping[str, tuple[Multiplication, ...]] = {
    "scales": (
        Multiplication.WEIGHT_SCALE,
        Multiplication.BLOCK_MANTISSA,
        Multiplication.BLOCK_RECIPROCAL,
        Multiplication.BLOCK_CHOICE,
        Multiplication.REQUANTIZATION,
        Multiplication.NORM_RECIPROCAL,
    ),
    "recurrence": (
        Multiplication.DT_A,
        Multiplication.DT_X,
        Multiplication.DECAY_STATE,
        Multiplication.DTX_B,
        Multiplication.C_STATE,
        Multiplication.D_X,
    ),
    "convolution": (Multiplication.CONVOLUTION,),
    "element-wise": (Multiplication.ELEMENTWISE, Multiplication.NORM_SQUARE),
    "tables": (Multiplication.INTERPOLATION,),
}
"""The classes under the headings of a summary, each class once."""


class Shift(StrEnum):
    """Kinds of shifts. A shift to the left by a constant is wires and never counted."""

    ROUNDING = "rounding"
    """Round, shift by a constant and saturate."""
    VARIABLE = "variable"
    """Shift by a number found at run time or read with the weights, rounded or not."""


@dataclass(frozen=True)
class TokenCost:
    """What one decode step takes; counts of everything that happens in it, over all layers.

    Additions, comparisons and bit lengths are not counted.
    """

    products: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])
    """Weight times activation in linear layers, by (weight bits, activation bits)."""
    multiplications: Counter[Multiplication] = field(default_factory=Counter[Multiplication])
    """All others, by what they are for."""
    shifts: Counter[Shift] = field(default_factory=Counter[Shift])
    table_bits: int = 0
    """Size of all tables, each entry as wide as the table's values need."""
    table_bits_read: int = 0
    weight_bits: int = 0
    """Weights read: integers, scales and vectors; of the embedding one row."""
    state_bits: int = 0
    """States, read and written: twice their size."""

    def __add__(self, other: "TokenCost") -> "TokenCost":
        return TokenCost(
            self.products + other.products,
            self.multiplications + other.multiplications,
            self.shifts + other.shifts,
            self.table_bits + other.table_bits,
            self.table_bits_read + other.table_bits_read,
            self.weight_bits + other.weight_bits,
            self.state_bits + other.state_bits,
        )

    def multiplied_for(self, group: str) -> int:
        """Multiplications of one of the `GROUPS`."""
        return sum(self.multiplications[kind] for kind in GROUPS[group])

    def as_json(self) -> dict[str, int | dict[str, int]]:
        """Plain data: every class of multiplications and shifts, products by "4 x 8"."""
        return {
            "products": {f"{w} x {x}": self.products[w, x] for w, x in sorted(self.products)},
            "multiplications": {str(kind): self.multiplications[kind] for kind in Multiplication},
            "shifts": {str(kind): self.shifts[kind] for kind in Shift},
            "table_bits": self.table_bits,
            "table_bits_read": self.table_bits_read,
            "weight_bits": self.weight_bits,
            "state_bits": self.state_bits,
        }
