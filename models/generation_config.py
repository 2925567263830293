"""Where generation ends: the end tokens that a model folder's files name."""

from pathlib import Path
from typing import cast

from lmc.diagnostics import LmcError
from lmc.models.config_parsing import read_json

_FILES = ("generation_config.json", "config.json")
_KEY = "eos_token_id"


def end_tokens(folder: Path) -> tuple[int, ...]:
    """Ids after which a text ends, in the order of the file; none if no file names one.

    `eos_token_id`, an id or a list, of generation_config.json, else of config.json. Raises LmcError
    if it is something else.
    """
    for name in _FILES:
        path = folder / name
        value = read_json(path).get(_KEY) if path.is_file() else None
        if value is not None:
            return _ids(value, path)
    return ()


def _ids(value: object, path: Path) -> tuple[int, ...]:
    given = cast("list[object]", value) if isinstance(value, list) else [value]
    ids = tuple(one for one in given if isinstance(one, int) and not isinstance(one, bool))
    if len(ids) != len(given):
        raise LmcError(f"{path}: {_KEY} is {value!r}, not a token id or a list of them")
    return ids
