"""A model folder's configuration → `ModelConfig`: which library wrote it, and that one's reader.

Whatever lmc cannot compile (other architectures, attention layers, another activation, ...) is
refused by name with an LmcError; nothing that may change the model's values is skipped.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from lmc.diagnostics import LmcError
from lmc.models.config import ModelConfig
from lmc.models.config_fields import Fields
from lmc.models.config_fla import is_fla, read_fla
from lmc.models.config_mistral import is_mistral, read_mistral
from lmc.models.config_state_spaces import is_state_spaces, read_state_spaces
from lmc.models.config_transformers import MODEL_TYPES, read_transformers
from lmc.models.other_families import other_family

CONFIG_FILES = ("config.json", "params.json")
"""Where libraries put a model's configuration; the second is Mistral's. The first one counts."""


def find_config(folder: Path) -> Path | None:
    """The configuration file of a model folder, None if it has none."""
    paths = (folder / name for name in CONFIG_FILES)
    return next((path for path in paths if path.is_file()), None)


def load_config(path: Path) -> ModelConfig:
    """Read a config.json or params.json; raises LmcError if it cannot be read or compiled."""
    return parse_config(read_json(path), str(path))


def read_json(path: Path) -> dict[str, object]:
    """The object in a JSON file; raises LmcError if there is none."""
    try:
        values: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LmcError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise LmcError(f"{path} is not valid JSON: {error}") from error
    if not isinstance(values, dict):
        raise LmcError(f"{path} does not hold a JSON object")
    return cast("dict[str, object]", values)


def parse_config(values: Mapping[str, object], where: str) -> ModelConfig:
    """Make a config from the contents of a configuration file of any library that lmc knows.

    `where` names the file in errors. Raises LmcError for anything that lmc does not compile.
    """
    try:
        return _parse(Fields(values))
    except LmcError as error:
        raise LmcError(f"{where}: {error}") from error


def is_own_form(values: Mapping[str, object]) -> bool:
    """Whether a configuration is of a form that lmc reads itself, if not always compiles."""
    fields = Fields(values)
    return is_state_spaces(fields) or is_mistral(fields) or values.get("model_type") in MODEL_TYPES


def _parse(fields: Fields) -> ModelConfig:
    if is_state_spaces(fields):
        return read_state_spaces(fields)
    if is_mistral(fields):
        return read_mistral(fields)
    model_type = fields.values.get("model_type")
    known = (
        "lmc compiles 'mamba' and 'mamba2' of transformers and of flash-linear-attention, and "
        "'falcon_mamba'"
    )
    if model_type is None:
        raise fields.error(f"model_type is missing; {known}")
    family = other_family(model_type)
    if family is not None:
        raise family.error(f"model_type {model_type!r}")
    if model_type not in MODEL_TYPES:
        raise fields.error(f"model_type {model_type!r} is not supported; {known}")
    return read_fla(fields) if is_fla(fields) else read_transformers(fields)
