"""Models by name: the bundled ones, the ten public sizes, local folders and the hub's cache.

Nothing is downloaded here: hub ids are looked up in the local Hugging Face cache only.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lmc.diagnostics import LmcError, suggestion
from lmc.models.checkpoint import CheckpointWeights, find_weight_files
from lmc.models.config import Arch, ModelConfig, parameter_count
from lmc.models.config_parsing import CONFIG_FILES, find_config, load_config, parse_config
from lmc.models.generation_config import end_tokens
from lmc.models.model_folder import check_folder, no_weights, refuse_file
from lmc.models.tokenizer import JsonTokenizer, Tokenizer, load_tokenizer
from lmc.models.vocabulary import tokens_in_use
from lmc.models.weights import RandomWeights, WeightSource, check_weights

BUNDLED_ROOT = Path(__file__).resolve().parent / "bundled"
_BUNDLED = ("bookbyte-mamba1", "bookbyte-mamba2")
# name: (d_model, layers), of the checkpoints that go with arXiv 2312.00752 and 2405.21060.
_PUBLIC_SIZES = {
    "mamba-130m": (768, 24),
    "mamba-370m": (1024, 48),
    "mamba-790m": (1536, 48),
    "mamba-1.4b": (2048, 48),
    "mamba-2.8b": (2560, 64),
    "mamba2-130m": (768, 24),
    "mamba2-370m": (1024, 48),
    "mamba2-780m": (1536, 48),
    "mamba2-1.3b": (2048, 48),
    "mamba2-2.7b": (2560, 64),
}
_PUBLIC_OWNER = "state-spaces"
_PUBLIC_TOKENIZER = "EleutherAI/gpt-neox-20b"
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
    config = _find_config(name_or_path, folder)
    tokenizer = _find_tokenizer(name_or_path, folder, config)
    config = replace(config, vocab_size=tokens_in_use(config.vocab_size, tokenizer, folder))
    weights: WeightSource
    if random_weights:
        weights = RandomWeights(config, seed)
    else:
        if folder is None or not find_weight_files(folder):
            raise _no_weights(name_or_path, folder)
        weights = CheckpointWeights(folder, tied=config.tie_embeddings)
        check_weights(config, weights)
    return ResolvedModel(
        name=_display_name(name_or_path),
        config=config,
        weights=weights,
        tokenizer=tokenizer,
        is_random=random_weights,
        end_tokens=end_tokens(folder) if folder is not None else (),
    )


def list_models() -> list[ModelInfo]:
    """The models known by name, the bundled ones first."""
    infos: list[ModelInfo] = []
    for name in (*_BUNDLED, *_PUBLIC_SIZES):
        bundled = name in _BUNDLED
        config = (
            load_config(BUNDLED_ROOT / name / "config.json") if bundled else public_config(name)
        )
        infos.append(ModelInfo(name, config.arch, parameter_count(config), _location(name)))
    return infos


def public_config(name: str) -> ModelConfig:
    """Config of one of the ten public sizes, as state-spaces published it."""
    d_model, n_layer = _PUBLIC_SIZES[name]
    mamba2 = name.startswith("mamba2-")
    return parse_config(
        {
            "d_model": d_model,
            "n_layer": n_layer,
            "vocab_size": 50277,
            "ssm_cfg": {"layer": "Mamba2"} if mamba2 else {},
            "rms_norm": True,
            "residual_in_fp32": True,
            "fused_add_norm": True,
            "pad_vocab_size_multiple": 16 if mamba2 else 8,
            "tie_embeddings": True,
        },
        name,
    )


def _find_folder(name: str) -> Path | None:
    """Folder of a model; None for a public size whose checkpoint is not in the cache."""
    if name in _BUNDLED:
        return BUNDLED_ROOT / name
    if name in _PUBLIC_SIZES:
        return _cached_folder(f"{_PUBLIC_OWNER}/{name}")
    if Path(name).is_dir():
        return Path(name)
    if Path(name).is_file():
        raise refuse_file(Path(name))
    folder = _cached_folder(name) if _HUB_ID.fullmatch(name) else None
    if folder is not None or _public_name(name) is not None:
        return folder
    raise _unknown_model(name)


def _find_config(name: str, folder: Path | None) -> ModelConfig:
    if folder is not None:
        check_folder(folder)
        path = find_config(folder)
        assert path is not None, "a folder that was checked has a configuration"
        return load_config(path)
    public = _public_name(name)
    assert public is not None, "only public sizes have no folder"
    return public_config(public)


def _find_tokenizer(name: str, folder: Path | None, config: ModelConfig) -> Tokenizer | None:
    tokenizer = load_tokenizer(folder, config) if folder is not None else None
    if tokenizer is not None or _public_name(name) is None:
        return tokenizer
    # The public checkpoints come without a tokenizer; they were trained with this one.
    path = _cached_file(_PUBLIC_TOKENIZER, "tokenizer.json")
    return JsonTokenizer(path, config.padded_vocab_size) if path is not None else None


def _public_name(name: str) -> str | None:
    short = name.removeprefix(f"{_PUBLIC_OWNER}/")
    return short if short in _PUBLIC_SIZES else None


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
    public = _public_name(name)
    if folder is not None and public is None and Path(name).is_dir():
        return no_weights(folder)
    hub_id = f"{_PUBLIC_OWNER}/{public}" if public else name
    return LmcError(
        f"the weights of {name} are not on this machine; fetch them with `hf download {hub_id}`, "
        f"or use --random-weights"
    )


def _unknown_model(name: str) -> LmcError:
    if _HUB_ID.fullmatch(name):
        return LmcError(
            f"{name} is neither a folder nor in the Hugging Face cache; fetch it with "
            f"`hf download {name}`"
        )
    known = (*_BUNDLED, *_PUBLIC_SIZES)
    hint = suggestion(name, known, "`lmc models` lists the known names")
    return LmcError(f"there is no model or folder named {name!r}; {hint}")
