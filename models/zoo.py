"""Models by name: the bundled ones, public ones, local folders and the hub's cache.

Nothing is downloaded here: hub ids are looked up in the local Hugging Face cache only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lmc.diagnostics import LmcError, suggestion
from lmc.models.adapted_weights import AdaptedWeights
from lmc.models.adapters import adapter_of, read_adapted
from lmc.models.checkpoint import CheckpointWeights
from lmc.models.config import Arch, ModelConfig, parameter_count
from lmc.models.config_parsing import (
    CONFIG_FILES,
    find_config,
    load_config,
    parse_config,
    read_json,
)
from lmc.models.generation_config import end_tokens
from lmc.models.model_folder import check_folder, no_weights, refuse_file
from lmc.models.public_models import PUBLIC_MODELS, public_config, public_name
from lmc.models.tokenizer import JsonTokenizer, Tokenizer, load_tokenizer
from lmc.models.vocabulary import tokens_in_use
from lmc.models.weight_files import find_weight_files
from lmc.models.weights import RandomWeights, WeightSource, check_weights

_OpenWeights = Callable[[Path, ModelConfig], WeightSource]

BUNDLED_ROOT = Path(__file__).resolve().parent / "bundled"
_BUNDLED = ("bookbyte-mamba1", "bookbyte-mamba2")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


@dataclass(frozen=True)
class ResolvedModel:
    """A model that can be compiled; `tokenizer` is None if only token ids can be given."""

    name: str
    config: ModelConfig
    weights: WeightSource
    tokenizer: Tokenizer | None
    is_random: bool
    end_tokens: tuple[int, ...]
    """Ids after which a text ends."""
    adapter: str | None
    """The name of the adapter that reads it; None if lmc does."""


@dataclass(frozen=True)
class ModelInfo:
    """A line of `lmc models`; `location` is 'bundled', a cache folder or 'not downloaded'."""

    name: str
    arch: Arch
    parameters: int
    location: str


def resolve(name_or_path: str, *, random_weights: bool = False, seed: int = 0) -> ResolvedModel:
    """Find a model by known name, local folder or hub id (`owner/name`), in that order.

    With `random_weights`, weights are drawn with `seed` and only the config is needed. Raises
    LmcError if there is no such model, it has no weights here, or its weights do not fit.
    """
    folder = _find_folder(name_or_path)
    config, open_weights, adapter = _find_config(name_or_path, folder)
    tokenizer = _find_tokenizer(name_or_path, folder, config)
    config = replace(config, vocab_size=tokens_in_use(config.vocab_size, tokenizer, folder))
    weights: WeightSource
    if random_weights:
        weights = RandomWeights(config, seed)
    else:
        if folder is None or not find_weight_files(folder):
            raise _no_weights(name_or_path, folder)
        weights = open_weights(folder, config)
        check_weights(config, weights)
    return ResolvedModel(
        name=_display_name(name_or_path),
        config=config,
        weights=weights,
        tokenizer=tokenizer,
        is_random=random_weights,
        end_tokens=end_tokens(folder) if folder is not None else (),
        adapter=adapter,
    )


def list_models() -> list[ModelInfo]:
    """The models known by name, the bundled ones first."""
    infos: list[ModelInfo] = []
    for name in (*_BUNDLED, *PUBLIC_MODELS):
        bundled = name in _BUNDLED
        config = (
            load_config(BUNDLED_ROOT / name / "config.json") if bundled else public_config(name)
        )
        infos.append(ModelInfo(name, config.arch, parameter_count(config), _location(name)))
    return infos


def _find_folder(name: str) -> Path | None:
    """Folder of a model; None for a public model whose checkpoint is not in the cache."""
    if name in _BUNDLED:
        return BUNDLED_ROOT / name
    if name in PUBLIC_MODELS:
        return _cached_folder(PUBLIC_MODELS[name].hub_id)
    if Path(name).is_dir():
        return Path(name)
    if Path(name).is_file():
        raise refuse_file(Path(name))
    folder = _cached_folder(name) if _HUB_ID.fullmatch(name) else None
    if folder is not None or public_name(name) is not None:
        return folder
    raise _unknown_model(name)


def _find_config(name: str, folder: Path | None) -> tuple[ModelConfig, _OpenWeights, str | None]:
    """The configuration, what opens the weights, and the adapter's name if it isn't lmc itself."""
    if folder is None:
        public = public_name(name)
        assert public is not None, "only public models have no folder"
        return public_config(public), _own_weights, None
    check_folder(folder)
    path = find_config(folder)
    assert path is not None, "a folder that was checked has a configuration"
    values = read_json(path)
    adapter = adapter_of(values, str(path))
    if adapter is None:
        return parse_config(values, str(path)), _own_weights, None
    open_weights = partial(AdaptedWeights, adapter, values)
    return read_adapted(adapter, values, str(path)), open_weights, adapter.value.name


def _own_weights(folder: Path, config: ModelConfig) -> WeightSource:
    return CheckpointWeights(folder, tied=config.tie_embeddings)


def _find_tokenizer(name: str, folder: Path | None, config: ModelConfig) -> Tokenizer | None:
    tokenizer = load_tokenizer(folder, config) if folder is not None else None
    public = public_name(name)
    if tokenizer is not None or public is None:
        return tokenizer
    path = _cached_file(PUBLIC_MODELS[public].tokenizer, "tokenizer.json")
    return JsonTokenizer(path, config.padded_vocab_size) if path is not None else None


def _display_name(name_or_path: str) -> str:
    path = Path(name_or_path)
    return path.resolve().name if path.is_dir() else name_or_path


def _cached_folder(hub_id: str) -> Path | None:
    found = (_cached_file(hub_id, name) for name in CONFIG_FILES)
    return next((path.parent for path in found if path is not None), None)


def _cached_file(hub_id: str, filename: str) -> Path | None:
    # Imported late: `lmc targets` and the like need no hub library.
    from huggingface_hub import constants, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        found = try_to_load_from_cache(hub_id, filename, cache_dir=constants.HF_HUB_CACHE)
    except HFValidationError:
        return None
    return Path(found) if isinstance(found, str) else None


def _location(name: str) -> str:
    if name in _BUNDLED:
        return "bundled"
    folder = _find_folder(name)
    if folder is None or not find_weight_files(folder):
        return "not downloaded"
    return str(folder)


def _no_weights(name: str, folder: Path | None) -> LmcError:
    public = public_name(name)
    if folder is not None and public is None and Path(name).is_dir():
        return no_weights(folder)
    hub_id = PUBLIC_MODELS[public].hub_id if public else name
    return LmcError(
        f"the weights of {name} are not on this machine; fetch them with `hf download {hub_id}`, "
        f"or use --random-weights"
    )


def _unknown_model(name: str) -> LmcError:
    if _HUB_ID.fullmatch(name):
        return LmcError(
            f"{name} is neither a folder nor in the Hugging Face cache: if it is a folder or a "
            f"design, look at its name, and if it is a model of the hub, `hf download {name}`"
        )
    known = (*_BUNDLED, *PUBLIC_MODELS)
    hint = suggestion(name, known, "`lmc models` lists the known names")
    return LmcError(f"there is no model or folder named {name!r}; {hint}")
