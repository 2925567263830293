"""Presets: the number formats of the linear layers, by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lmc.diagnostics import UsageError


@dataclass(frozen=True)
class Preset:
    """Widths of weights and activations in bits; groups count consecutive elements."""

    summary: str
    weight_bits: int
    """Weights of in_proj and out_proj."""
    activation_bits: int
    """Operands of in_proj and out_proj."""
    activation_group: int
    """Elements of such an operand that share an exponent."""
    rounding: Literal["up", "nearest"]
    """How a group's exponent follows from its largest magnitude (docs/number-formats.md)."""
    activation_mantissa: int = 1
    """Bits of the mantissa of such a group's scale: 8, or 1 for powers of two."""
    head_bits: int = 8
    """Weights of the LM head; its operand always has 8 bits."""
    embedding_bits: int = 8


DEFAULT_PRESET = "w4a8"
PRESETS: Mapping[str, Preset] = {
    "w4a8": Preset("4-bit weights, 8-bit activations in groups of 32", 4, 8, 32, "up"),
    "w4a4": Preset(
        "4-bit weights, 4-bit activations in groups of 8", 4, 4, 8, "nearest", activation_mantissa=8
    ),
    "w4a4-pot": Preset(
        "the same with power-of-two activation scales: shifts only", 4, 4, 8, "nearest"
    ),
    "w8a8": Preset("8-bit weights, 8-bit activations in groups of 32", 8, 8, 32, "up"),
}


def find_preset(name: str) -> Preset:
    """The preset of a name; raises UsageError listing the names if there is none."""
    if name not in PRESETS:
        raise UsageError(f"there is no preset {name!r}; known are {', '.join(PRESETS)}")
    return PRESETS[name]
