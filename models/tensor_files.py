"""One file of tensors: safetensors, or PyTorch's zip of raw storages and a pickle.

Files are memory-mapped: loading a tensor reads that tensor's bytes and no others. Nothing in them
is ever executed.
"""

import pickle
import zipfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from lmc.diagnostics import LmcError
from lmc.models.spellings import CONTAINERS, advice_for, canonical_name

if TYPE_CHECKING:
    from torch import Tensor

_FLOAT_TYPES = ("F64", "F32", "F16", "BF16", "float64", "float32", "float16", "bfloat16")
_BFLOAT16 = "BF16"
_EMBEDDING = "backbone.embedding.weight"
_SHOWN_KEYS = 6


class TensorFile(Protocol):
    """The tensors of a file, by the names that they have there."""

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor."""
        ...

    def load(self, name: str) -> NDArray[np.float32]:
        """One tensor; raises LmcError if it is not floating-point."""
        ...


def open_tensor_file(path: Path) -> TensorFile:
    """Open a file by its suffix; raises LmcError if it is damaged or holds something else."""
    return _SafetensorsFile(path) if path.suffix == ".safetensors" else _TorchFile(path)


class _SafetensorsFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = safe_open(path, framework="numpy")
        except (SafetensorError, OSError, ValueError) as error:
            raise _damaged(path, error) from error

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {
            name: tuple(self._file.get_slice(name).get_shape())
            for name in sorted(cast("Iterable[str]", self._file.keys()))
        }

    def load(self, name: str) -> NDArray[np.float32]:
        dtype = self._file.get_slice(name).get_dtype()
        _require_float(self._path, name, dtype)
        if dtype == _BFLOAT16:
            return _to_float32(self._in_torch.get_tensor(name))
        with np.errstate(over="ignore"):  # an infinity, which who reads it refuses
            return self._file.get_tensor(name).astype(np.float32, copy=False)

    @cached_property
    def _in_torch(self) -> Any:
        """The file once more, for the type that numpy does not have."""
        return safe_open(self._path, framework="pt")


class _TorchFile:
    """Read with weights_only: no code in it is run."""

    def __init__(self, path: Path) -> None:
        import torch  # a second of start-up that only .bin files need

        self._path = path
        if not zipfile.is_zipfile(path):
            raise LmcError(
                f"{path} is truncated or older than PyTorch 1.6's format; fetch it again or save "
                f"the model as safetensors"
            )
        if _is_torchscript(path):
            raise LmcError(
                f"{path} is a TorchScript program, which lmc does not run; save the tensors of the "
                f"model it was made from, with `torch.save(model.state_dict(), ...)`"
            )
        try:
            loaded: object = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except pickle.UnpicklingError as error:
            raise _unsafe(path) from error
        except (RuntimeError, OSError, EOFError, ValueError) as error:
            raise _damaged(path, error) from error
        self._tensors = _tensors_of(path, loaded)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: tuple(tensor.shape) for name, tensor in sorted(self._tensors.items())}

    def load(self, name: str) -> NDArray[np.float32]:
        tensor = self._tensors[name]
        _require_float(self._path, name, str(tensor.dtype).removeprefix("torch."))
        return _to_float32(tensor)


def _is_torchscript(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def _tensors_of(path: Path, loaded: object) -> "dict[str, Tensor]":
    """The tensors of a loaded file: all that it holds, or what its one container holds."""
    if not isinstance(loaded, dict):
        raise LmcError(
            f"{path} does not hold a dictionary of tensors, but a {type(loaded).__name__}; save "
            f"the model with `torch.save(model.state_dict(), ...)`"
        )
    content = cast("dict[str, object]", loaded)
    if _other_than_tensors(content) is None:
        return cast("dict[str, Tensor]", content)
    container = _container(path, content)
    if container is None:
        raise LmcError(
            f"{path}: entry {_other_than_tensors(content)} is not a tensor; its keys are "
            f"{_some_of(content)}, and lmc reads a dictionary of tensors, alone or under one of "
            f"{', '.join(CONTAINERS)}"
        )
    tensors = cast("dict[str, object]", content[container])
    wrong = _other_than_tensors(tensors)
    if wrong is not None:
        raise LmcError(f"{path}: entry {wrong} under {container} is not a tensor; leave it out")
    return cast("dict[str, Tensor]", tensors)


def _container(path: Path, content: dict[str, object]) -> str | None:
    """The key of the one dictionary that holds a model; raises LmcError if there are two."""
    models = [key for key, value in content.items() if _holds_embedding(value)]
    if len(models) > 1:
        raise LmcError(
            f"{path} holds several models, under {' and '.join(models)}; save the one that you "
            f"mean alone, with `torch.save(checkpoint[{models[0]!r}], ...)`"
        )
    known = [key for key in CONTAINERS if isinstance(content.get(key), dict)]
    chosen = models or known
    return chosen[0] if len(chosen) == 1 and chosen[0] in CONTAINERS else None


def _holds_embedding(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return any(
        canonical_name(str(name)) == _EMBEDDING for name in cast("dict[object, object]", value)
    )


def _other_than_tensors(content: dict[str, object]) -> str | None:
    """The first key of something that is no tensor."""
    import torch

    return next((key for key, one in content.items() if not isinstance(one, torch.Tensor)), None)


def _some_of(content: dict[str, object]) -> str:
    keys = [str(key) for key in content]
    more = f" and {len(keys) - _SHOWN_KEYS} more" if len(keys) > _SHOWN_KEYS else ""
    return ", ".join(keys[:_SHOWN_KEYS]) + more


def _unsafe(path: Path) -> LmcError:
    """A pickle of other things than tensors; their names are read without making them."""
    from torch.serialization import get_unsafe_globals_in_checkpoint

    names = get_unsafe_globals_in_checkpoint(path)
    found = f" ({names[0]})" if names else ""
    return LmcError(
        f"{path} holds Python objects{found}, which is unsafe: reading them could run code, so lmc "
        f"does not; save the tensors alone, with `torch.save(model.state_dict(), ...)` or "
        f"`model.save_pretrained(folder)`"
    )


def _require_float(path: Path, name: str, dtype: str) -> None:
    if dtype not in _FLOAT_TYPES:
        advice = advice_for([name])
        raise LmcError(
            f"{path}: tensor {name} is stored as {dtype}; lmc reads float64, float32, float16 "
            f"and bfloat16" + (f"; {advice}" if advice else "")
        )


def _to_float32(tensor: "Tensor") -> NDArray[np.float32]:
    # The one copy there is: the array outlives the memory map and can be written to.
    converted = tensor.detach().float().contiguous()
    return (converted.clone() if converted.data_ptr() == tensor.data_ptr() else converted).numpy()


def _damaged(path: Path, error: Exception) -> LmcError:
    reason = str(error).strip().splitlines()
    return LmcError(
        f"{path} is truncated or damaged, fetch it again ({reason[0] if reason else 'empty file'})"
    )
