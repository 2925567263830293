"""Artifacts: what passes have found for weights, in files named by the SHA-256 of their content.

The recipe of a weight whose integers are kept has `#ssm.step<artifact, {hashes = [...]}>`, a
hash for each layer, in place of `quantize`. Other steps may name a real tensor of an artifact, as
`artifact:HASH/KEY`, where they could name one of the checkpoint. Files are looked up in the folder
of the module attribute `lmc.artifacts`, if it has one, and in the cache of this machine:
`$LMC_CACHE/artifacts`, by default `~/.cache/lmc/artifacts`.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute

from lmc.cache import artifacts_folder, touch, write_whole
from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RecipeStepAttr, WeightOp
from lmc.dialects.ssm.step_kinds import ARTIFACT, ARTIFACT_TENSOR
from lmc.ir.attributes import ARTIFACTS
from lmc.numerics.weight_quantization import QuantizedMatrix, WeightFormat
from lmc.weights.integer_step import integer_step

FloatArray = NDArray[np.float32]


def artifact_step(hashes: Sequence[str], widths: Attribute | None = None) -> RecipeStepAttr:
    """The recipe step that names the integers of each layer; `widths` where they differ."""
    options: dict[str, Attribute] = {"hashes": ArrayAttr([StringAttr(name) for name in hashes])}
    if widths is not None:
        options["bits"] = widths
    return RecipeStepAttr.of(ARTIFACT, **options)


def artifact_folders(module: ModuleOp) -> list[Path]:
    """Where a module's artifacts may lie; new ones are put into the first."""
    own = module.attributes.get(ARTIFACTS)
    common = artifacts_folder()
    return [Path(own.data), common] if isinstance(own, StringAttr) else [common]


def save_artifact(matrix: QuantizedMatrix, folder: Path) -> str:
    """Store integers and return their hash; raises LmcError if the folder cannot be written."""
    content = {"q": matrix.q, "mantissa": matrix.mantissa, "exponent": matrix.exponent}
    return _save(save(content), folder)


def find_artifact(name: str, folders: Sequence[Path]) -> QuantizedMatrix | None:
    """Integers by their hash; None where they are missing or damaged."""
    path = _find(name, folders)
    content = b"" if path is None else path.read_bytes()
    if path is None or hashlib.sha256(content).hexdigest() != name:
        return None
    touch(path)
    tensors = load(content)
    return QuantizedMatrix(tensors["q"], tensors["mantissa"], tensors["exponent"])


def save_tensors(tensors: Mapping[str, FloatArray], folder: Path) -> str:
    """Store real tensors; `artifact:HASH/` with a key of them after it names one in a recipe.

    Returns that prefix, and raises LmcError if the folder cannot be written.
    """
    return f"{ARTIFACT_TENSOR}{_save(save(dict(tensors)), folder)}/"


def _save(content: bytes, folder: Path) -> str:
    name = hashlib.sha256(content).hexdigest()
    path = folder / _file(name)
    try:
        # One that is damaged is written anew.
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)
        touch(path)
    except OSError as error:
        raise LmcError(
            f"artifacts cannot be written to {folder} ({error.strerror}); "
            f"set LMC_CACHE to a folder that can be"
        ) from error
    return name


def load_artifact(weight: WeightOp, layer: int | None, folders: Sequence[Path]) -> QuantizedMatrix:
    """The integers of one layer of a weight, without a look at whether they fit its type.

    Raises LmcError if the step names none for the layer, or the file is missing or damaged.
    """
    where = f"weight @{weight.sym_name.data}" + ("" if layer is None else f", layer {layer}")
    hashes = _hashes(weight)
    if (layer or 0) >= len(hashes):
        raise LmcError(f"{where}: its recipe names {len(hashes)} artifacts, too few")
    content = _read(hashes[layer or 0], folders, where, "the pass optimize-weights")
    try:
        tensors = load(content)
        return QuantizedMatrix(tensors["q"], tensors["mantissa"], tensors["exponent"])
    except (SafetensorError, KeyError) as error:
        raise LmcError(
            f"{where}: the artifact {hashes[layer or 0]} holds no integers of a weight: {error}"
        ) from error


def is_artifact(tensor: str) -> bool:
    """Whether the name of a tensor in a recipe is that of an artifact's."""
    return tensor.startswith(ARTIFACT_TENSOR)


def load_tensor(tensor: str, folders: Sequence[Path]) -> FloatArray:
    """A real tensor by the name `artifact:HASH/KEY`; raises LmcError if it is not there."""
    name, _, key = tensor.removeprefix(ARTIFACT_TENSOR).partition("/")
    content = _read(name, folders, f"tensor {key!r}", "the pass that named it")
    try:
        return load(content)[key].astype(np.float32, copy=False)
    except (SafetensorError, KeyError) as error:
        raise LmcError(f"the artifact {name} holds no tensor {key!r}: {error}") from error


def _read(name: str, folders: Sequence[Path], where: str, maker: str) -> bytes:
    path = _find(name, folders)
    if path is None:
        raise LmcError(
            f"{where}: the artifact {name} is not in {' or '.join(map(str, folders))}; "
            f"make it again with {maker}"
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != name:
        raise LmcError(f"{where}: the artifact {path} is damaged; delete it and make it again")
    touch(path)
    return content


def check_artifact(matrix: QuantizedMatrix, shape: tuple[int, ...], fmt: WeightFormat) -> bool:
    """Whether integers are those of a weight of this shape and format."""
    limit = 1 << (fmt.bits - 1)
    groups = (shape[0], shape[1] // fmt.group)
    kinds = (matrix.q.dtype, matrix.mantissa.dtype, matrix.exponent.dtype)
    return (
        kinds == (np.int8, np.uint16, np.uint8)
        and matrix.q.shape == shape
        and matrix.mantissa.shape == matrix.exponent.shape == groups
        and -limit <= int(matrix.q.min()) <= int(matrix.q.max()) < limit
        and int(matrix.mantissa.max()) < 1 << fmt.mantissa
        and int(matrix.exponent.max()) < 1 << fmt.exponent
    )


def has_artifacts(weight: WeightOp) -> bool:
    """Whether the integers of a weight are kept as artifacts."""
    step = integer_step(weight.recipe.data)
    return step is not None and step.kind.data == ARTIFACT


def copy_artifacts(module: ModuleOp, folder: Path) -> None:
    """Copy all artifacts that a module names into a folder; raises LmcError if one is missing."""
    folders = artifact_folders(module)
    for name in sorted(set(_names(module))):
        path, target = _find(name, folders), folder / _file(name)
        if path is None:
            raise LmcError(f"the artifact {name} is not in {' or '.join(map(str, folders))}")
        folder.mkdir(parents=True, exist_ok=True)
        if path != target:
            shutil.copyfile(path, target)


def _names(module: ModuleOp) -> Iterator[str]:
    for op in module.body.block.ops:
        if isinstance(op, WeightOp):
            yield from _tensors(op.recipe)
            if has_artifacts(op):
                yield from _hashes(op)


def _tensors(steps: ArrayAttr) -> Iterator[str]:
    """The artifacts whose tensors the steps name."""
    for step in steps:
        for value in step.options.data.values() if isinstance(step, RecipeStepAttr) else ():
            if isinstance(value, ArrayAttr):
                yield from _tensors(value)
            elif isinstance(value, StringAttr) and is_artifact(value.data):
                yield value.data.removeprefix(ARTIFACT_TENSOR).partition("/")[0]


def _hashes(weight: WeightOp) -> list[str]:
    step = integer_step(weight.recipe.data)
    named = None if step is None else step.options.data.get("hashes")
    if not isinstance(named, ArrayAttr):
        raise LmcError(f"weight @{weight.sym_name.data}: recipe step artifact lacks its hashes")
    return [name.data for name in named if isinstance(name, StringAttr)]


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    return next((path for path in (each / _file(name) for each in folders) if path.is_file()), None)


def _file(name: str) -> str:
    return f"{name}.safetensors"
