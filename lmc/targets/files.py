"""Where target files are: lmc's own lie beside this module, others in installed packages.

A package offers a board through the entry point group `lmc.targets`. An entry's name is the
target's, its value the package in which NAME.toml lies; nothing of the package is executed.
"""

from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from lmc.diagnostics import LmcError

GROUP = "lmc.targets"
"""The entry point group of packages with targets."""

_FOLDER = Path(__file__).resolve().parent


def target_files() -> dict[str, Path]:
    """The file of each target by its name, sorted.

    Raises LmcError where a package has not the file that it offers, or offers a name that exists.
    """
    files = {path.stem: path for path in _FOLDER.glob("*.toml")}
    for entry in entry_points(group=GROUP):
        path = _file(entry)
        if files.setdefault(entry.name, path) != path:
            raise LmcError(
                f"the package {entry.value} offers the target {entry.name!r}, which exists already "
                f"as {files[entry.name]}; give it another name or remove the package"
            )
    return dict(sorted(files.items()))


def _file(entry: EntryPoint) -> Path:
    if "." in entry.value or ":" in entry.value:  # find_spec would import what is before the dot
        raise LmcError(
            f"the entry point {entry.name!r} of {GROUP} is {entry.value!r}: it is the name of a "
            "package, without a dot"
        )
    try:
        spec = find_spec(entry.value)
    except (ModuleNotFoundError, ValueError):
        spec = None
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / f"{entry.name}.toml"
        if path.is_file():
            return path
    raise LmcError(
        f"the package {entry.value} offers the target {entry.name!r}, but has no {entry.name}.toml"
    )
