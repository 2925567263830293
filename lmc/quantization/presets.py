"""Presets: quantization configurations by name, lmc's own and those of packages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lmc.diagnostics import LmcError, suggestion
from lmc.plugins.data_files import DataFile, data_files
from lmc.quantization.config import (
    ActivationConfig,
    ActivationConfigs,
    ActivationScale,
    QuantizationConfig,
    WeightConfig,
    WeightConfigs,
    load_config,
)

GROUP = "lmc.presets"
"""The entry point group of packages with presets."""


@dataclass(frozen=True)
class Preset:
    """A configuration, what it is, in a line, and where it is from."""

    summary: str
    config: QuantizationConfig
    origin: str = "lmc"


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


def presets() -> dict[str, Preset]:
    """All presets by name: lmc's in their order, then those of packages, sorted.

    Raises LmcError as `data_files`, and for a file of a package that is wrong.
    """
    return {**PRESETS, **{name: _read(file) for name, file in _packaged().items()}}


def find_preset(name_or_path: str) -> QuantizationConfig:
    """A preset's configuration by name, or that of a .toml file.

    Raises LmcError if there is none, listing the names, and for a file that is wrong.
    """
    if name_or_path.endswith(".toml"):
        return load_config(Path(name_or_path))
    packaged = _packaged()
    if name_or_path in packaged:
        return load_config(packaged[name_or_path].path)
    if name_or_path in PRESETS:
        return PRESETS[name_or_path].config
    names = [*PRESETS, *packaged]
    hint = suggestion(name_or_path, names, f"known are {', '.join(names)}")
    raise LmcError(f"there is no preset {name_or_path!r}; {hint} (or name a .toml file)")


def _packaged() -> dict[str, DataFile]:
    own = dict.fromkeys(PRESETS, "a preset of lmc")
    return dict(sorted(data_files(GROUP, "preset", own).items()))


def _read(file: DataFile) -> Preset:
    config = load_config(file.path)
    layers = [
        f"{name}: weights of {_widths(config.weights, name)} bits, activations of "
        f"{_widths(config.activations, name)}"
        for name in ("in_proj", "out_proj")
    ]
    return Preset("; ".join(layers), config, file.origin)


def _widths(configs: WeightConfigs | ActivationConfigs, name: str) -> str:
    bits: int | tuple[int, ...] = getattr(configs, name).bits
    return str(bits) if isinstance(bits, int) else f"{min(bits)} to {max(bits)}"
