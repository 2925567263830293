"""Design folders: what a compile leaves, its manifest, and how it gets there in one piece."""

import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp, StringAttr

from lmc.diagnostics import LmcError
from lmc.ir.attributes import ARTIFACTS, WEIGHTS
from lmc.targets import Target, load_target

MANIFEST = "manifest.json"
SCHEDULE = "schedule.json"
TARGET_FILE = "target.toml"
"""The target that a design was compiled for, as its file had it then."""
RTL = "rtl"
"""The folder of the SystemVerilog, in designs that were compiled with it."""
GOLDEN_FILE = "weights/golden.txt"
"""What a few launches of a design have to compute; not every design has it."""
MEASURED = "measured.json"
"""What each pass of the compile took. It differs each time, so the manifest does not name it."""
EVALUATION = "evaluation.json"
"""What `lmc eval` measured of the design; see `lmc.design.evaluation`."""
REWRITES = "rewrites.json"
"""Which pattern made or changed which op of the IR files."""
SAVED_WEIGHTS = "weights/source"
"""Where a design keeps the weights of a module that has no name or folder of its own."""
SAVED_ARTIFACTS = "weights/artifacts"
"""Where a design keeps the integers that passes have found."""
_IR_FILE = re.compile(r"ir/(\d+)-(.+)\.mlir")


@dataclass(frozen=True)
class Design:
    """A design folder on disk."""

    path: Path

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What the compile wrote down; raises LmcError if it cannot be read."""
        return _read_json(self.path / MANIFEST)

    @cached_property
    def resources(self) -> Mapping[str, Any] | None:
        """`resources` of schedule.json, None for a design above the dataflow level.

        Raises LmcError if the file cannot be read.
        """
        return self._scheduled("resources")

    @property
    def loops(self) -> Mapping[str, Any] | None:
        """Loops by kernel and task, as schedule.json has them; None as for `resources`.

        Raises LmcError if the file cannot be read.
        """
        return self._scheduled("kernels")

    @cached_property
    def measured(self) -> Sequence[Mapping[str, Any]] | None:
        """What making the first module took, and each pass after it; None where it is not known.

        `name`, `seconds`, `processor_seconds` and `peak_bytes` of each. Raises LmcError if the
        file cannot be read, or is of another compile.
        """
        path = self.path / MEASURED
        if not path.is_file():
            return None
        content = _read_json(path)
        if "design" not in content:
            return None  # An older lmc did not write which compile it is of.
        if content["design"] != self.digest:
            raise LmcError(
                f"{path} is of another compile than the design; remove it, or compile the model "
                "again"
            )
        return content["passes"]

    @cached_property
    def digest(self) -> str:
        """What tells compiles apart: a SHA-256 of model, target, passes and last module."""
        manifest = self.manifest
        last = max(manifest["ir"].items(), key=lambda item: int(item[0]), default=("", ""))[1]
        parts = [
            *(manifest[key] for key in ("model", "target", "preset", "pipeline")),
            manifest["files"].get(last),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @cached_property
    def rewrites(self) -> Mapping[str, Any]:
        """By IR file, pass and pattern, runs of ops: a first one in the order of the text, a count.

        Empty for a design of an lmc that did not keep it. Raises LmcError if the file cannot be
        read.
        """
        path = self.path / REWRITES
        return _read_json(path) if path.is_file() else {}

    @property
    def clock_mhz(self) -> int | None:
        """The clock that the design is planned with, None for one above the dataflow level.

        Raises LmcError if the file cannot be read.
        """
        return self._scheduled("clock_mhz")

    def _scheduled(self, key: str) -> Any:
        path = self.path / SCHEDULE
        return _read_json(path)[key] if path.exists() else None

    @cached_property
    def target(self) -> Target:
        """The target that the design was compiled for; raises LmcError if its file is not right."""
        return load_target(str(self.path / TARGET_FILE))

    @property
    def model(self) -> str:
        """The name of the model."""
        return self.manifest["model"]["name"]

    @property
    def is_random(self) -> bool:
        """Whether the weights were drawn at random."""
        return str(self.manifest["model"]["weights"]).startswith("random:")

    @property
    def weights(self) -> str:
        """The reference of the weights, as `lmc.weights.source.resolve_reference` takes it."""
        reference = str(self.manifest["model"]["weights"])
        return str(self.path / SAVED_WEIGHTS) if reference == SAVED_WEIGHTS else reference

    @property
    def ir_files(self) -> list[tuple[int, str, str]]:
        """All IR that was kept, in order: how many passes made it, the last one, and the file."""
        found = (_IR_FILE.fullmatch(file) for file in self.manifest["files"])
        return sorted((int(match[1]), match[2], match[0]) for match in found if match)

    @property
    def has_rtl(self) -> bool:
        """Whether the design was compiled with its SystemVerilog."""
        return any(name.startswith(f"{RTL}/") for name in self.manifest["files"])

    def has_ir(self, level: int) -> bool:
        """Whether the design has a module of a level."""
        return str(level) in self.manifest["ir"]

    def ir_file(self, level: int) -> Path:
        """The last module of a level; raises LmcError if the design has none."""
        name = self.manifest["ir"].get(str(level))
        if name is None:
            raise LmcError(f"the design {self.path} was compiled without IR of level {level}")
        return self.path / name


def open_design(path: Path) -> Design:
    """The design in a folder; raises LmcError if there is none."""
    if not (path / MANIFEST).is_file():
        raise LmcError(f"{path} is not a design folder (it has no {MANIFEST}); compile one first")
    design = Design(path)
    if "lmc" not in design.manifest:
        raise LmcError(f"{path / MANIFEST} was not written by lmc")
    return design


def attach_weights(module: ModuleOp, folder: Path) -> None:
    """Let a module of the design in `folder` find the weights and artifacts kept in that folder."""
    if module.attributes.get(WEIGHTS) == StringAttr(SAVED_WEIGHTS):
        module.attributes[WEIGHTS] = StringAttr(str(folder / SAVED_WEIGHTS))
    if ARTIFACTS not in module.attributes and (folder / SAVED_ARTIFACTS).is_dir():
        module.attributes[ARTIFACTS] = StringAttr(str(folder / SAVED_ARTIFACTS))


@contextmanager
def detached_weights(module: ModuleOp, folder: Path) -> Generator[None]:
    """Undo `attach_weights` for the block: text that is written must not name the folder."""
    before = dict(module.attributes)
    if before.get(WEIGHTS) == StringAttr(str(folder / SAVED_WEIGHTS)):
        module.attributes[WEIGHTS] = StringAttr(SAVED_WEIGHTS)
    if before.get(ARTIFACTS) == StringAttr(str(folder / SAVED_ARTIFACTS)):
        del module.attributes[ARTIFACTS]
    yield
    module.attributes.clear()
    module.attributes.update(before)


@contextmanager
def new_folder(output: Path) -> Generator[Path]:
    """A folder to fill, which becomes `output` if the block ends well and vanishes if not.

    An older design at `output` is replaced then. Raises LmcError if something else is there, or
    nothing can be written there.
    """
    output = output.absolute()
    _refuse_foreign(output)
    base = next(parent for parent in output.parents if parent.exists())
    _refuse_read_only(base, output)
    try:
        scratch = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=base))
    except OSError as error:
        raise _cannot_write(output, error) from error
    try:
        made = scratch / "new"
        made.mkdir()
        yield made
        _replace(made, output, scratch / "old")
    except OSError as error:
        raise _cannot_write(output, error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_manifest(folder: Path, content: Mapping[str, Any]) -> list[str]:
    """Write the manifest with the SHA-256 of every file in `folder`; returns the files' names."""
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    files = {name: file_digest(folder / name) for name in names}
    text = json.dumps({**content, "files": files}, indent=2, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return sorted([*names, MANIFEST])


def write_measured(folder: Path, passes: Sequence[Mapping[str, Any]]) -> None:
    """Write what the first module and each pass took, after the manifest; see `Design.measured`."""
    text = json.dumps({"design": Design(folder).digest, "passes": passes}, indent=1)
    (folder / MEASURED).write_text(text + "\n", encoding="utf-8")


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LmcError(f"{path} cannot be read: {error}") from error


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(made: Path, output: Path, old: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.exists():
        output.rename(old)
    made.rename(output)


def _refuse_foreign(output: Path) -> None:
    if not output.exists() and not output.is_symlink():
        return
    if not output.is_dir():
        raise LmcError(f"{output} exists and is not a folder; choose another output with -o")
    if not os.stat(output).st_mode & stat.S_IWUSR:
        raise LmcError(f"the output folder {output} is read-only; choose another with -o")
    if any(output.iterdir()):
        try:
            open_design(output)
        except LmcError as error:
            raise LmcError(
                f"{output} holds files that are not a design of lmc; choose another output with -o"
            ) from error


def _refuse_read_only(base: Path, output: Path) -> None:
    if not base.is_dir():
        raise LmcError(f"{output} cannot be made: {base} is not a folder")
    # The mode counts even for a superuser, whom the system would let write.
    if not os.stat(base).st_mode & stat.S_IWUSR:
        raise LmcError(f"{output} cannot be made: the folder {base} is read-only")


def _cannot_write(output: Path, error: OSError) -> LmcError:
    return LmcError(f"{output} cannot be written: {error.strerror or error}")
