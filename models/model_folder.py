"""What a path holds that was given for a model and is none, and what to do about it."""

from pathlib import Path

from lmc.diagnostics import LmcError
from lmc.models.config_parsing import CONFIG_FILES, find_config, read_json
from lmc.models.spellings import MERGE, WEIGHT_FILES

_ADAPTER = "adapter_config.json"
_TENSORS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")
_WANTED = f"a folder with {' or '.join(CONFIG_FILES)} and {', '.join(WEIGHT_FILES)}"


def refuse_file(path: Path) -> LmcError:
    """The error for a file where a model's folder is wanted."""
    if path.suffix == ".gguf":
        return LmcError(
            f"{path} is a GGUF file, whose weights are llama.cpp's, renamed and mostly quantized; "
            f"lmc wants the checkpoint that it was made from: {_WANTED}"
        )
    if path.suffix not in (*_TENSORS, ".json"):
        return LmcError(f"{path} is a file, not a model; lmc wants {_WANTED}")
    folder = path.parent
    if find_config(folder) is not None and (path.suffix == ".json" or path.name in WEIGHT_FILES):
        return LmcError(f"{path} is one file of a model; give lmc its folder, {folder}")
    return LmcError(
        f"{path} is one file of a model; lmc wants {_WANTED}, so put it there by one of these names"
    )


def check_folder(folder: Path) -> None:
    """Refuse folders whose files say that the model is not in them, or not alone."""
    adapter = folder / _ADAPTER
    if adapter.is_file():
        base = read_json(adapter).get("base_model_name_or_path", "another model")
        raise LmcError(f"{folder} holds an adapter of {base}, not a model of its own; {MERGE}")
    if find_config(folder) is None:
        held = _first_file(folder)
        raise LmcError(
            f"{folder} holds no {' or '.join(CONFIG_FILES)}{held}, so it is not a model folder; "
            f"lmc wants {_WANTED}"
        )


def no_weights(folder: Path) -> LmcError:
    """The error for a folder with a configuration and no weights by a known name."""
    others = sorted(path.name for path in folder.iterdir() if path.suffix in (*_TENSORS, ".gguf"))
    if others and not others[0].endswith(".gguf"):
        name = "model.safetensors" if others[0].endswith(".safetensors") else "pytorch_model.bin"
        return LmcError(
            f"{folder} holds no {' or '.join(WEIGHT_FILES)}, but {others[0]}; if that is the "
            f"model, rename it to {name}"
        )
    if others:
        return refuse_file(folder / others[0])
    return LmcError(
        f"{folder} holds no {' or '.join(WEIGHT_FILES)}; put the weights there or use "
        f"--random-weights"
    )


def _first_file(folder: Path) -> str:
    first = min((path.name for path in folder.iterdir()), default="")
    return f", but {first}" if first else ""
