"""config.json of Hugging Face and of state-spaces checkpoints → `ModelConfig`.

Whatever lmc cannot compile (other architectures, attention layers, another activation, ...) is
refused by name with an LmcError; nothing that changes the model's values is skipped.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from lmc.diagnostics import LmcError
from lmc.models.config import Mamba1Config, Mamba2Config, ModelConfig

_STATE_SPACES_KEYS = {
    "d_model",
    "d_intermediate",
    "n_layer",
    "vocab_size",
    "ssm_cfg",
    "attn_layer_idx",
    "attn_cfg",
    "rms_norm",
    "residual_in_fp32",
    "fused_add_norm",
    "pad_vocab_size_multiple",
    "tie_embeddings",
}
# What only matters to initialization or to a choice between equal kernels.
_SSM_NEUTRAL_KEYS = {
    "layer",
    "dt_min",
    "dt_max",
    "dt_init",
    "dt_scale",
    "dt_init_floor",
    "use_fast_path",
    "conv_init",
    "A_init_range",
    "chunk_size",
    "use_mem_eff_path",
}
_SSM_COMMON_KEYS = {"d_state", "d_conv", "expand", "conv_bias", "bias"}
_SSM_MAMBA1_KEYS = {"dt_rank"}
_SSM_MAMBA2_KEYS = {"headdim", "ngroups", "dt_limit"}
_SSM_MAMBA2_FIXED = {
    "rmsnorm": (True,),
    "norm_before_gate": (False,),
    "D_has_hdim": (False,),
    "activation": ("silu", "swish"),
}
_NEEDS_ABSENT = ("attn_layer_idx", "attn_cfg", "d_intermediate", "quantization_config")


class _Fields:
    """Typed look-ups in a JSON object; every mistake is an LmcError naming the key."""

    def __init__(self, values: Mapping[str, object], prefix: str = "") -> None:
        self.values = values
        self.prefix = prefix

    def number(self, key: str, default: float | None = None) -> float:
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{key} is {value!r}, not a number")
        return float(value)

    def size(self, key: str, default: int | None = None) -> int:
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.error(f"{key} is {value!r}, not a whole number above 0")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key} is {value!r}, not true or false")
        return value

    def size_or_auto(self, key: str, auto: int) -> int:
        return auto if self.values.get(key, "auto") == "auto" else self.size(key)

    def limits(self, key: str) -> tuple[float, float]:
        value = self._get(key, (0.0, math.inf))
        if not isinstance(value, list | tuple) or len(cast("list[object]", value)) != 2:
            raise self.error(f"{key} is {value!r}, not a pair of numbers")
        low, high = (self._float(key, item) for item in cast("list[object]", value))
        return low, high

    def refuse_unless(self, key: str, supported: tuple[object, ...]) -> None:
        value = self.values.get(key, supported[0])
        if value not in supported:
            raise self.error(f"{key} {value!r} is not supported; lmc compiles {supported[0]!r}")

    def refuse_present(self, key: str) -> None:
        value = self.values.get(key)
        if value:
            raise self.error(f"{key} {value!r} is not supported; lmc compiles pure Mamba models")

    def error(self, message: str) -> LmcError:
        return LmcError(f"{self.prefix}{message}")

    def _float(self, key: str, value: object) -> float:
        # transformers writes infinity as an object, because JSON has none.
        if isinstance(value, dict):
            value = cast("dict[str, object]", value).get("__float__")
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self.error(f"{key} holds {value!r}, not a number")
        try:
            return float(value)
        except ValueError:
            raise self.error(f"{key} holds {value!r}, not a number") from None

    def _get(self, key: str, default: object) -> object:
        value = self.values.get(key, default)
        if value is None:
            raise self.error(f"{key} is missing")
        return value


def load_config(path: Path) -> ModelConfig:
    """Read a config.json; raises LmcError if it cannot be read, parsed or compiled."""
    try:
        values: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LmcError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise LmcError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(values, dict):
        raise LmcError(f"{path} does not hold a JSON object")
    return parse_config(cast("dict[str, object]", values), str(path))


def parse_config(values: Mapping[str, object], where: str) -> ModelConfig:
    """Make a config from the contents of a config.json, Hugging Face's or state-spaces'.

    `where` names the file in errors. Raises LmcError for anything that lmc does not compile.
    """
    try:
        return _parse(_Fields(values))
    except LmcError as error:
        raise LmcError(f"{where}: {error}") from error


def _parse(fields: _Fields) -> ModelConfig:
    for key in _NEEDS_ABSENT:
        fields.refuse_present(key)
    fields.refuse_unless("rms_norm", (True,))
    if "model_type" not in fields.values and {"d_model", "n_layer"} <= fields.values.keys():
        return _parse_state_spaces(fields)
    return _parse_hugging_face(fields)


def _parse_hugging_face(fields: _Fields) -> ModelConfig:
    model_type = fields.values.get("model_type")
    if model_type is None:
        raise fields.error("model_type is missing; lmc compiles 'mamba' and 'mamba2'")
    if model_type not in ("mamba", "mamba2"):
        raise fields.error(
            f"model_type {model_type!r} is not supported; lmc compiles 'mamba' and 'mamba2'"
        )
    fields.refuse_unless("hidden_act", ("silu", "swish"))
    d_model = fields.size("hidden_size")
    d_inner = int(fields.number("expand", 2) * d_model)
    vocab_size = fields.size("vocab_size")
    mamba2 = model_type == "mamba2"
    # Keyword arguments common to both classes, typed loosely so that they can be spread.
    common = {
        "vocab_size": vocab_size,
        "padded_vocab_size": vocab_size,
        "d_model": d_model,
        "n_layers": fields.size("num_hidden_layers"),
        "d_inner": d_inner,
        "d_state": fields.size("state_size", 128 if mamba2 else 16),
        "d_conv": fields.size("conv_kernel", 4),
    }
    eps = fields.number("layer_norm_epsilon", 1e-5)
    flags = {
        "tie_embeddings": fields.flag("tie_word_embeddings", not mamba2),
        "use_bias": fields.flag("use_bias", False),
        "conv_bias": fields.flag("use_conv_bias", True),
        "residual_in_fp32": fields.flag("residual_in_fp32", True),
    }
    if not mamba2:
        dt_rank = fields.size_or_auto("time_step_rank", math.ceil(d_model / 16))
        return Mamba1Config(**common, **flags, eps=eps, dt_rank=dt_rank)
    n_groups = fields.size("n_groups", 8)
    return Mamba2Config(
        **common,
        **flags,
        eps=eps,
        n_heads=fields.size("num_heads", 128),
        head_dim=fields.size("head_dim", 64),
        n_groups=n_groups,
        norm_group_size=_norm_group_size(fields, d_inner, n_groups),
        dt_limit=fields.limits("time_step_limit"),
    )


def _parse_state_spaces(fields: _Fields) -> ModelConfig:
    unknown = sorted(fields.values.keys() - _STATE_SPACES_KEYS - {"norm_group_size"})
    if unknown:
        raise fields.error(f"the key {unknown[0]!r} is not known to lmc")
    ssm = _ssm_fields(fields)
    layer = ssm.values.get("layer", "Mamba1")
    if layer not in ("Mamba1", "Mamba2"):
        raise fields.error(
            f"ssm_cfg layer {layer!r} is not supported; lmc compiles 'Mamba1' and 'Mamba2'"
        )
    mamba2 = layer == "Mamba2"
    _check_ssm_keys(ssm, mamba2)
    d_model = fields.size("d_model")
    d_inner = int(ssm.number("expand", 2) * d_model)
    vocab_size = fields.size("vocab_size")
    multiple = fields.size("pad_vocab_size_multiple", 8)
    common = {
        "vocab_size": vocab_size,
        "padded_vocab_size": math.ceil(vocab_size / multiple) * multiple,
        "d_model": d_model,
        "n_layers": fields.size("n_layer"),
        "d_inner": d_inner,
        "d_state": ssm.size("d_state", 128 if mamba2 else 16),
        "d_conv": ssm.size("d_conv", 4),
    }
    flags = {
        "tie_embeddings": fields.flag("tie_embeddings", True),
        "use_bias": ssm.flag("bias", False),
        "conv_bias": ssm.flag("conv_bias", True),
        "residual_in_fp32": fields.flag("residual_in_fp32", True),
    }
    if not mamba2:
        dt_rank = ssm.size_or_auto("dt_rank", math.ceil(d_model / 16))
        return Mamba1Config(**common, **flags, dt_rank=dt_rank)
    head_dim = ssm.size("headdim", 64)
    n_groups = ssm.size("ngroups", 1)
    return Mamba2Config(
        **common,
        **flags,
        n_heads=d_inner // head_dim,
        head_dim=head_dim,
        n_groups=n_groups,
        norm_group_size=_norm_group_size(fields, d_inner, n_groups),
        dt_limit=ssm.limits("dt_limit"),
    )


def _ssm_fields(fields: _Fields) -> _Fields:
    ssm = fields.values.get("ssm_cfg") or {}
    if not isinstance(ssm, dict):
        raise fields.error(f"ssm_cfg is {ssm!r}, not a JSON object")
    return _Fields(cast("dict[str, object]", ssm), "ssm_cfg: ")


def _check_ssm_keys(ssm: _Fields, mamba2: bool) -> None:
    known = _SSM_NEUTRAL_KEYS | _SSM_COMMON_KEYS
    known |= _SSM_MAMBA2_KEYS | _SSM_MAMBA2_FIXED.keys() if mamba2 else _SSM_MAMBA1_KEYS
    unknown = sorted(ssm.values.keys() - known)
    if unknown:
        raise ssm.error(f"the key {unknown[0]!r} is not supported by lmc")
    for key, supported in _SSM_MAMBA2_FIXED.items():
        ssm.refuse_unless(key, supported)


def _norm_group_size(fields: _Fields, d_inner: int, n_groups: int) -> int:
    """Channels of a gated norm's group: d_inner / n_groups, as mamba_ssm and transformers 5 do.

    Older transformers normalized over the full width; a model trained so says it with the key
    `norm_group_size` in its config.json.
    """
    return fields.size("norm_group_size", max(1, d_inner // n_groups))
