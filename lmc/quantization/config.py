"""What a quantized model is made of, as data: the formats that `quantize` gives to its tensors.

Presets are such configurations, and a user's TOML file is another. One matrix unit runs all layers,
so only the width of a layer's weights may differ from layer to layer: everything else of a tensor
is the same in all of them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lmc.diagnostics import LmcError, unreadable
from lmc.file_faults import first_fault

WeightScale = Literal["mantissa", "two-shifts", "power-of-two", "float"]
ActivationScale = Literal["mantissa", "power-of-two", "power-of-two-up", "static", "float"]
Clip = Literal["mse", "none"]
Bits = Annotated[int, Field(ge=2, le=8)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WeightConfig(_Data):
    """Integers of a weight matrix: groups of a row's columns share a scale."""

    bits: Bits | Annotated[tuple[Bits, ...], Field(min_length=1)] = 8
    """Of every layer, or a number for each layer."""
    group: Annotated[int, Field(ge=1, le=1024)] = 64
    """The largest power of two up to this that divides the columns, from 32 on; else the largest
    divisor. 64 is a head of Mamba-2, so that groups of out_proj do not join heads."""
    scale: WeightScale = "mantissa"
    """8-bit mantissa and 3-bit exponent; 2^a + 2^b; a power of two; or float, for study."""
    clip: Clip = "mse"
    """Whether the largest weights may be clipped for a smaller squared error of all."""

    @property
    def widest(self) -> int:
        """The largest width of a layer."""
        return self.bits if isinstance(self.bits, int) else max(self.bits)


class ActivationConfig(_Data):
    """Integers of what a weight matrix is multiplied with."""

    bits: Bits = 8
    group: Annotated[int, Field(ge=1)] | Literal["token"] = 32
    """Elements that share a scale, the largest power of two up to this; `token`: all of them."""
    scale: ActivationScale = "power-of-two-up"
    """8-bit mantissa; nearest power of two; the next one; one static power of two; or float."""


class StateConfig(_Data):
    """The SSM state: block floating point with power-of-two scales."""

    bits: Literal[8, 16] = 8
    group: Annotated[int, Field(ge=1)] = 8


class WeightConfigs(_Data):
    """The weight matrices, by the name of their module."""

    embedding: WeightConfig = WeightConfig()
    in_proj: WeightConfig = WeightConfig(bits=4)
    x_proj: WeightConfig = WeightConfig()
    dt_proj: WeightConfig = WeightConfig()
    out_proj: WeightConfig = WeightConfig(bits=4)
    lm_head: WeightConfig = WeightConfig()

    def __iter__(self) -> Iterator[tuple[str, WeightConfig]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Names and configurations."""
        for name in type(self).model_fields:
            yield name, getattr(self, name)


class ActivationConfigs(_Data):
    """What the weight matrices are multiplied with, by the same names."""

    in_proj: ActivationConfig = ActivationConfig()
    x_proj: ActivationConfig = ActivationConfig()
    dt_proj: ActivationConfig = ActivationConfig()
    out_proj: ActivationConfig = ActivationConfig()
    lm_head: ActivationConfig = ActivationConfig()


class QuantizationConfig(_Data):
    """How a model is quantized."""

    rotation: Literal["block", "full", "none"] = "block"
    """The online Hadamard in front of out_proj: blocks of 64, its whole length, or none. `none`
    leaves the residual stream unrotated too."""
    deferred_norm: bool = True
    """Whether the gated norm's 1/rms is applied after out_proj."""
    fold_gated_scale: Literal["measured", "none"] = "measured"
    """Whether layers may fold the gated norm's scale into out_proj."""
    optimize: Literal["gptq", "none"] = "gptq"
    """How the integers of weights are chosen: for the activations they meet, or by rounding."""
    weights: WeightConfigs = WeightConfigs()
    activations: ActivationConfigs = ActivationConfigs()
    state: StateConfig = StateConfig()

    def layer_bits(self) -> Mapping[str, tuple[int, ...]]:
        """The weights whose width is given for each layer."""
        return {name: one.bits for name, one in self.weights if not isinstance(one.bits, int)}


def load_config(path: Path) -> QuantizationConfig:
    """The configuration in a TOML file; raises LmcError saying what in it is not right."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable("quantization config", path, error) from error
    except tomllib.TOMLDecodeError as error:
        raise LmcError(f"{path} is not TOML: {error}") from error
    try:
        return QuantizationConfig.model_validate(data)
    except ValidationError as error:
        raise LmcError(f"{path}: {first_fault(QuantizationConfig, data, error)}") from error
