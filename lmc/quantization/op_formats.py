"""What is decided of an op when it is quantized, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xdsl.ir import Attribute, SSAValue

from lmc.dialects.ssm import BlockType, FixedType, RecipeStepAttr, TableOp
from lmc.quantization.config import ActivationScale


@dataclass(frozen=True)
class ActivationFormat:
    """The format in which a linear layer takes an activation, and how its scale is found."""

    fmt: FixedType | BlockType
    scale: ActivationScale


@dataclass(frozen=True)
class WeightFormat:
    """The element format of a weight, and the step of its recipe that makes the integers.

    `bits` are the widths in each layer where these differ.
    """

    fmt: Attribute
    step: RecipeStepAttr
    bits: tuple[int, ...] = ()


@dataclass(frozen=True)
class OpFormats:
    """What a quantization rule decides of an op."""

    values: Mapping[SSAValue, Attribute]
    """Formats of its results, and of states that enter it."""
    weights: Mapping[str, WeightFormat] = field(default_factory=dict[str, WeightFormat])
    """By symbol name. Two ops that read one weight have to agree."""
    activations: Mapping[int, ActivationFormat] = field(default_factory=dict[int, ActivationFormat])
    """Operands, by number, that are converted before they enter the op."""
    tables: Mapping[str, TableOp] = field(default_factory=dict[str, TableOp])
    """New tables by the property that is to name them; equal ones are shared."""
    properties: Mapping[str, Attribute] = field(default_factory=dict[str, Attribute])
    """What the integer op has as properties, such as the format of an intermediate."""
