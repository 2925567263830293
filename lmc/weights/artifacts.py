"""Artifacts: integer weights that a pass has found, in files named by the SHA-256 of their content.

The recipe of such a weight ends in `#ssm.step<artifact, {hashes = [...]}>`, a hash for each layer,
in place of `quantize`. Files are looked up in the folder of the module attribute `lmc.artifacts`,
if it has one, and in the store of this machine: `$LMC_CACHE/artifacts`, by default
`~/.cache/lmc/artifacts`.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr

from lmc.diagnostics import LmcError
from lmc.dialects.ssm import RecipeStepAttr, WeightOp
from lmc.numerics.weight_quantization import QuantizedMatrix, WeightFormat

ARTIFACT = "artifact"
"""The step that ends the recipe of a weight whose integers are kept."""
FOLDER = "lmc.artifacts"
"""Module attribute: the folder that is looked in first."""


def artifact_step(hashes: Sequence[str]) -> RecipeStepAttr:
    """The recipe step that names the integers of each layer."""
    return RecipeStepAttr.of(ARTIFACT, hashes=ArrayAttr([StringAttr(name) for name in hashes]))


def artifact_folders(module: ModuleOp) -> list[Path]:
    """Where a module's artifacts may lie; new ones are put into the first."""
    own = module.attributes.get(FOLDER)
    cache = os.environ.get("LMC_CACHE") or Path.home() / ".cache" / "lmc"
    common = Path(cache) / "artifacts"
    return [Path(own.data), common] if isinstance(own, StringAttr) else [common]


def save_artifact(matrix: QuantizedMatrix, folder: Path) -> str:
    """Store integers and return their hash; raises LmcError if the folder cannot be written."""
    content = save({"q": matrix.q, "mantissa": matrix.mantissa, "exponent": matrix.exponent})
    name = hashlib.sha256(content).hexdigest()
    path = folder / _file(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write(path, content)
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
    name = hashes[layer or 0]
    path = _find(name, folders)
    if path is None:
        raise LmcError(
            f"{where}: the artifact {name} is not in {' or '.join(map(str, folders))}; "
            f"make it again with the pass optimize-weights"
        )
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != name:
        raise LmcError(f"{where}: the artifact {path} is damaged; delete it and make it again")
    try:
        tensors = load(content)
        return QuantizedMatrix(tensors["q"], tensors["mantissa"], tensors["exponent"])
    except (SafetensorError, KeyError) as error:
        raise LmcError(f"{where}: {path} holds no integers of a weight: {error}") from error


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
    return weight.recipe.data[-1].kind.data == ARTIFACT


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
        if isinstance(op, WeightOp) and has_artifacts(op):
            yield from _hashes(op)


def _hashes(weight: WeightOp) -> list[str]:
    named = weight.recipe.data[-1].options.data.get("hashes")
    if not isinstance(named, ArrayAttr):
        raise LmcError(f"weight @{weight.sym_name.data}: recipe step artifact lacks its hashes")
    return [name.data for name in named if isinstance(name, StringAttr)]


def _find(name: str, folders: Sequence[Path]) -> Path | None:
    return next((path for path in (each / _file(name) for each in folders) if path.is_file()), None)


def _file(name: str) -> str:
    return f"{name}.safetensors"


def _write(path: Path, content: bytes) -> None:
    """All or nothing, whoever else writes the same file."""
    handle, scratch = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(scratch, path)
