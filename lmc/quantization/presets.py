"""Presets: quantization configurations by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lmc.diagnostics import UsageError, suggestion
from lmc.quantization.config import (
    ActivationConfig,
    ActivationConfigs,
    ActivationScale,
    QuantizationConfig,
    WeightConfig,
    WeightConfigs,
    load_config,
)


@dataclass(frozen=True)
class Preset:
    """A configuration and what it is, in a line."""

    summary: str
    config: QuantizationConfig


def _config(
    weight: WeightConfig,
    activation: ActivationConfig,
) -> QuantizationConfig:
    """The same formats for in_proj and out_proj; all else has 8 bits."""
    return QuantizationConfig(
        weights=WeightConfigs(in_proj=weight, out_proj=weight),
        activations=ActivationConfigs(in_proj=activation, out_proj=activation),
    )


def _four_bits(scale: ActivationScale) -> ActivationConfig:
    return ActivationConfig(bits=4, group=8, scale=scale)


DEFAULT_PRESET = "w4a8"
PRESETS: Mapping[str, Preset] = {
    "w4a8": Preset(
        "4-bit weights, 8-bit activations in groups of 32",
        _config(WeightConfig(bits=4), ActivationConfig()),
    ),
    "w4a4": Preset(
        "4-bit weights, 4-bit activations in groups of 8 whose scales have a mantissa",
        _config(WeightConfig(bits=4), _four_bits("mantissa")),
    ),
    "w4a4-pot": Preset(
        "the same with power-of-two activation scales: shifts only",
        _config(WeightConfig(bits=4), _four_bits("power-of-two")),
    ),
    "w8a8": Preset(
        "8-bit weights, 8-bit activations in groups of 32",
        _config(WeightConfig(bits=8), ActivationConfig()),
    ),
    "lightmamba": Preset(
        "LightMamba's recipe: weight scales 2^a + 2^b in groups of 128, power-of-two activation "
        "scales that clip nothing, full-length Hadamard, no deferred norm, rounding",
        _config(
            WeightConfig(bits=4, group=128, scale="two-shifts", clip="none"),
            _four_bits("power-of-two-up"),
        ).model_copy(
            update={
                "rotation": "full",
                "deferred_norm": False,
                "fold_gated_scale": "none",
                "optimize": "none",
            }
        ),
    ),
}


def find_preset(name_or_path: str) -> QuantizationConfig:
    """A preset's configuration by name, or that of a .toml file.

    Raises UsageError listing the names if there is none, and LmcError for a file that is wrong.
    """
    if name_or_path.endswith(".toml"):
        return load_config(Path(name_or_path))
    if name_or_path not in PRESETS:
        hint = suggestion(name_or_path, PRESETS, f"known are {', '.join(PRESETS)}")
        raise UsageError(f"there is no preset {name_or_path!r}; {hint} (or name a .toml file)")
    return PRESETS[name_or_path].config
